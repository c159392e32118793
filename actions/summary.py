"""What is known of the company, in four or five lines: one for each part of the interview, and what stays open."""

from __future__ import annotations

from collections.abc import Mapping

from actions import cards
from actions.company import Answers, briefs, is_known, name_of
from actions.wording import Wording, capitalized
from advisor.fields import fields
from advisor.interview import questions

_FIRST_PART = "company_size"


def summary(wording: Wording, answers: Answers) -> str:
    """All that was told, and what stays open."""
    lines = [f"- {label}: {said}" for label, said in _lines(wording, answers).items()]
    return "\n".join([wording.text("utter_summary"), *lines])


def summary_card(wording: Wording, answers: Answers, question: str | None = None) -> cards.Card | None:
    """The same as a card; None where nothing is known."""
    rows = [cards.Row(label, capitalized(said)) for label, said in _lines(wording, answers).items()]
    return cards.summary(wording.text("utter_summary").rstrip(":"), rows, question) if rows else None


def grouped(
    wording: Wording,
    answers: Answers,
    products: Mapping[str, str] | None = None,
    own: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """What is known, in a few words for each part of the interview, by the name of the part.

    Args:
        wording: the wording.
        answers: by field.
        products: what the visitor calls a system, by its field: "HubSpot".
        own: the visitor's words for what they said of a field, as the item of a list.
    """
    parts: dict[str, list[str]] = {}
    of_field = {field: question.part for question in questions() for field in question.fields}
    for field in fields():
        if field in answers:
            said = [own[field]] if own and field in own else briefs(wording, {field: answers[field]})
            if products and field in products and said:
                said[-1] = f"{said[-1]} ({products[field]})"
            parts.setdefault(of_field.get(field, _FIRST_PART), []).extend(said)
    return {wording.text(f"utter_part_{part}"): ", ".join(said) for part, said in parts.items() if said}


def _lines(wording: Wording, answers: Answers) -> dict[str, str]:
    lines = grouped(wording, answers)
    if unanswered := [name_of(wording, field) for field, value in answers.items() if not is_known(value)]:
        lines[wording.text("utter_card_left_open")] = ", ".join(unanswered)
    return lines

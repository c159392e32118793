"""The verdict: one message and one card with the recommendation, its reasons, what it takes and what may change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.advice import (
    NO_ADVICE,
    builds_software,
    changed,
    changes,
    contingencies,
    deciding,
    engagement,
    firmness,
    flags,
    other_role,
    outcome,
    reasons,
    so_far,
    takes,
    technology,
    what_if_payload,
)
from actions.company import Answers, briefs, company_of
from actions.turn import ABOUT, ADVICE, ADVISED_ON, Events
from actions.wording import Wording, capitalized, listed
from advisor.advice import Advice, advise
from advisor.company import Company
from advisor.decision import grounds
from advisor.fields import fields
from advisor.framework import framework
from advisor.record import record

RECORD = "record"
"""The slot whose values are kept in the chain of records: see assistant/stores/records.py."""

_NOTES_IN_TEXT = 1
_FIRM = "firm"
_FEW = 4  # people: fewer hardly need an executive
_NEEDS_BOTH, _IN_THE_LONG_RUN = "MAY_NEED_BOTH", "END_STATE_BOTH"
"""Remarks that belong to the reasons, and to the card alone."""
_QUOTES_SHOWN = _SIGNS_SHOWN = 2
_PLAIN = ("business", "revenue_band", "leadership")
"""Fields whose names say as much as the visitor's words for them."""
_ALSO_AFTER = 2  # reasons at most
_ALSO_SHOWN = 1
_CONDITION, _CTO_IN_PLACE = "cto_", "CTO_IN_PLACE"
_REASONS_FOR = {"CAIO_FIRST": "F074", "ADD_CAIO": "F074", "CTO_FIRST": "F073", "ADD_CTO": "F073"}
"""The article's list of reasons for the role that is to be hired."""
_TWO_ROLES = ("BOTH_FRACTIONAL", "CTO_THEN_CAIO", "ADD_CAIO", "ADD_CTO", "ROLES_IN_PLACE")
_SPLIT = ("cto", "caio", "data", "tools", "security")


def give_advice(
    dispatcher: CollectingDispatcher, wording: Wording, answers: Answers, quotes: Mapping[str, str] | None = None
) -> Events:
    """Say the verdict for what was answered; the events remember that it was given.

    Args:
        dispatcher: takes what is said.
        wording: the wording.
        answers: by field.
        quotes: the visitor's own words for some of them.
    """
    company = company_of(answers)
    advice = advise(company)
    title = headline(wording, company, advice)
    shown = [*_sections(wording, company, answers, advice, quotes or {})]
    source = wording.source_line(list(advice.facts))
    disclosure = wording.text("utter_disclosure")
    dispatcher.utter_message(
        text="\n".join([*_paragraphs(title, shown), disclosure]),
        source=source,
        buttons=wording.buttons("utter_disclosure"),
        json_message=cards.verdict(
            advice,
            title,
            wording.text(f"utter_card_strength_{advice.strength}"),
            [*shown, *_folded(wording, advice)],
            date.today(),
            source,
            disclosure,
        ),
    )
    return _given(answers)


def say_that_some_is_open(dispatcher: CollectingDispatcher, wording: Wording, answers: Answers) -> None:
    """Before a verdict that open questions can still make firmer, say that they can be answered later."""
    if advise(company_of(answers)).strength != _FIRM:
        dispatcher.utter_message(text=wording.text("utter_reading_so_far"))


def _given(answers: Answers) -> Events:
    """What remembers that a verdict was given, and keeps the record of it."""
    return [SlotSet(ADVISED_ON, answers), SlotSet(ABOUT, ADVICE), SlotSet(RECORD, record(answers).body())]


def headline(wording: Wording, company: Company, advice: Advice) -> str:
    """The recommendation in one line, without a full stop."""
    if _is_tiny(company, advice):
        return wording.text("utter_verdict_tiny", outcome=outcome(wording, advice))
    terms = engagement(wording, advice)
    return wording.fitting(f"utter_verdict_{advice.role}", company, terms=f", {terms}" if terms else "")


def _is_tiny(company: Company, advice: Advice) -> bool:
    """Whether an executive is advised to a few people who build no technology of their own."""
    builds = builds_software(company) or company.get("dev_team")
    return _are_few(company) and bool(advice.words.terms) and not builds


def _are_few(answers: Mapping[str, Any]) -> bool:
    headcount = answers.get("headcount")
    return isinstance(headcount, int) and headcount < _FEW


def say_what_differs(
    dispatcher: CollectingDispatcher,
    wording: Wording,
    before: Answers,
    answers: Answers,
    quotes: Mapping[str, str] | None = None,
) -> Events:
    """After a change, say what is different; where the role or its terms are, give the whole advice again."""
    old, new = advise(company_of(before)), advise(company_of(answers))
    if (old.role, old.engagement) != (new.role, new.engagement):
        dispatcher.utter_message(text=wording.text("utter_reading_changes", was=outcome(wording, old)))
        return give_advice(dispatcher, wording, answers, quotes)
    lines = [wording.text("utter_reading_stays", outcome=outcome(wording, new))]
    if old.rule != new.rule:
        was, now = (wording.text(f"utter_feeds_{one.rule}") for one in (old, new))
        lines.append(wording.text("utter_rule_differs", was=was, now=now))
    if old.strength != new.strength:
        lines += firmness(wording, new)
    lines += [flag for flag in flags(wording, new) if flag not in flags(wording, old)]
    company = company_of(answers)
    if new.contingent_on and new.contingent_on != old.contingent_on:
        lines += contingencies(wording, company, new)
    dispatcher.utter_message(text=" ".join(lines), buttons=wording.buttons("utter_after_advice"))
    return _given(answers)


def say_that_it_stands(dispatcher: CollectingDispatcher, wording: Wording, answers: Answers) -> None:
    """Say the verdict in short to a visitor who asks for it again right after it was given."""
    company = company_of(answers)
    advice = advise(company)
    tiny = _is_tiny(company, advice)
    stands = wording.text("utter_tiny_stands" if tiny else "utter_stands", now=outcome(wording, advice))
    said = [stands, *([] if tiny else because(wording, advice))]
    dispatcher.utter_message(text=" ".join(said), buttons=wording.buttons("utter_after_advice"))


def because(wording: Wording, advice: Advice) -> list[str]:
    """What is behind a recommendation: why this role does what the company lacks."""
    response = f"utter_because_{advice.role}"
    return [wording.text(response)] if response in wording else []


def _sections(
    wording: Wording, company: Company, answers: Answers, advice: Advice, quotes: Mapping[str, str]
) -> Iterator[cards.Section]:
    """What is always shown, in order; a section without items is left out."""
    both = [wording.text(f"utter_flag_{_NEEDS_BOTH}")] if _may_need_both(advice) else []
    reasoned = [*why(wording, company, advice), *(both or other_role(wording, company, advice))]
    shown = [*reasoned, *quoted(wording, company, quotes)]
    yield from _section(wording, "why", shown, len(reasoned))
    if known := [*takes(company, advice)]:
        items = [
            cards.Item(capitalized(wording.text(f"utter_{kind}_{name}")), label=wording.text(f"utter_label_{kind}"))
            for kind, name in known
        ]
        lines = [wording.text(f"utter_takes_{kind}_{name}") for kind, name in known]
        yield cards.Section(wording.text("utter_section_takes"), items, lines)
    if advice.role != NO_ADVICE:
        firm = [*firmness(wording, advice), *contingencies(wording, company, advice)]
        yield from _section(wording, "firm", firm, 1 if advice.strength == _FIRM else None)
    if different := changes(wording, company, advice):
        items = [
            cards.Item(changed(wording, company, [one]), payload=what_if_payload(one))
            for led_to_one in different
            for one in led_to_one
        ]
        lines = [changed(wording, company, led_to_one) for led_to_one in different]
        yield cards.Section(wording.text("utter_section_changes"), items, lines)
    notes, asides = _notes(wording, answers, advice)
    yield from _section(wording, "notes", [*notes, *asides], min(len(notes), _NOTES_IN_TEXT))
    step = "utter_next_tiny" if _is_tiny(company, advice) else f"utter_next_{advice.role}"
    yield from _section(wording, "next", [wording.fitting(step, answers, deciding=deciding(wording, company))])


def _may_need_both(advice: Advice) -> bool:
    """Whether an advice that names one role comes with the remark that both may be needed."""
    return _NEEDS_BOTH in advice.words.flags and advice.role not in _TWO_ROLES


def _folded(wording: Wording, advice: Advice) -> Iterator[cards.Section]:
    """More for readers who want it: who does what where two roles meet, and the first year."""
    if advice.role in _TWO_ROLES:
        yield from _section(wording, "split", [wording.text(f"utter_split_{one}") for one in _SPLIT], folded=True)
    if advice.hours:
        year = [wording.text(f"utter_year_{phase}") for phase in ("start", "steady")]
        yield from _section(wording, "year", year, folded=True)


def _section(
    wording: Wording, name: str, texts: Sequence[str], in_text: int | None = None, *, folded: bool = False
) -> Iterator[cards.Section]:
    """A section if it has points; plain text shows at most so many of them."""
    if texts:
        title = wording.text(f"utter_section_{name}")
        lines = [capitalized(text) for text in texts]
        yield cards.Section(title, [cards.Item(line) for line in lines], lines[:in_text], folded=folded)


def _paragraphs(title: str, sections: Sequence[cards.Section]) -> Iterator[str]:
    """The verdict as plain text: the recommendation and why, then a paragraph for each of the other sections."""
    reasons, *others = sections
    yield f"**{title}.** {_sentences(reasons)}"
    yield from (f"**{section.title}:** {_sentences(section)}" for section in others if section.lines)


def _sentences(section: cards.Section) -> str:
    return " ".join(line if line.endswith((".", "?", "”")) else f"{line}." for line in section.lines)


def why(wording: Wording, company: Company, advice: Advice) -> list[str]:
    """The rule that decided, as it applies to this company, the warning signs, and what else speaks for the same."""
    values = {"reasons": reasons(wording, company, advice), "technology": technology(wording, advice)}
    if advice.role == NO_ADVICE:
        values["deciding"] = deciding(wording, company)
    lacking: Answers = {name: False for name in fields() if name.startswith(_CONDITION) and company.get(name) is False}
    values["missing"] = ", ".join(briefs(wording, lacking))
    said = [capitalized(wording.fitting(f"utter_rule_{advice.words.rule}", company, **values))]
    signs = (f"utter_sign_{fact}" for fact in advice.facts)
    said += [wording.text(sign) for sign in signs if sign in wording][:_SIGNS_SHOWN]
    if values["missing"] and advice.words.rule == "P30":
        said.append(wording.text("utter_also_missing", missing=values["missing"]))
    fit: Answers = {name: True for name in fields() if name.startswith(_CONDITION) and company.get(name) is True}
    if advice.role == _CTO_IN_PLACE and fit:
        said.append(wording.text("utter_also_has", facts=listed(briefs(wording, fit), "and")))
    if len(said) <= _ALSO_AFTER and (also := _also_in_favor(wording, company, advice)):
        said.append(wording.text("utter_also_in_favor", rules="; ".join(also[:_ALSO_SHOWN])))
    return said


def leaning(wording: Wording, answers: Answers, told: str = "") -> str:
    """Where the answers point before the advice is given, and why; empty if they settle nothing (see ``so_far``)."""
    lean = so_far(wording, answers, told)
    company = company_of(answers)
    return " ".join([lean, *why(wording, company, advise(company))[:1]]) if lean else ""


def quoted(wording: Wording, company: Company, quotes: Mapping[str, str]) -> list[str]:
    """The visitor's own words for what the decision rests on."""
    said = dict.fromkeys(quotes[field] for field in grounds(company) if field in quotes and field not in _PLAIN)
    shown = [wording.text("utter_quote", words=words) for words in list(said)[:_QUOTES_SHOWN]]
    return [wording.text("utter_quoted", quotes=listed(shown, "and"))] if shown else []


def _also_in_favor(wording: Wording, company: Company, advice: Advice) -> list[str]:
    """What speaks for the role besides the rule that decided."""
    wanted = _REASONS_FOR.get(advice.role)
    said = {*advice.words.reasons, *(fact for row in framework().roles if row.id == advice.rule for fact in row.facts)}
    said |= {*wording.facts_of(f"utter_rule_{advice.words.rule}", company)}
    facts = [fact for fact in advice.facts if fact.partition(".")[0] == wanted and fact not in said]
    rules = advice.matched[1:] if advice.role == "CAIO_FIRST" else ()
    responses = [*(f"utter_reason_{fact}" for fact in facts), *(f"utter_favor_{rule}" for rule in rules)]
    return [wording.text(response) for response in responses if response in wording]


def _notes(wording: Wording, answers: Answers, advice: Advice) -> tuple[list[str], list[str]]:
    """What to keep in mind, and what is worth a line on the card alone."""
    weighty = [flag for flag in advice.words.flags if flag not in (_NEEDS_BOTH, _IN_THE_LONG_RUN)]
    notes = [wording.text(f"utter_flag_{flag}") for flag in weighty]
    if answers.get("leadership") == "one_person_both":
        notes.append(wording.text("utter_hats"))
    if advice.words.terms and (_are_few(answers) or answers.get("revenue_band") == "lt_1m"):
        notes.append(wording.text("utter_tiny"))
    asides = [wording.text(f"utter_flag_{flag}") for flag in advice.words.flags if flag == _IN_THE_LONG_RUN]
    if "headcount" in answers and advice.role != NO_ADVICE:
        asides.append(wording.text("utter_headcount_unused"))
    return notes, asides

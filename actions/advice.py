"""The advice in words: the role and its rule, what it rests on and depends on, its terms, cost and hours."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import cards
from actions.company import Answers, clauses, company_of, name_of
from actions.turn import ABOUT, ADVICE, ADVISED_ON, Events
from actions.wording import Wording
from advisor.advice import Advice, advise
from advisor.company import Company
from advisor.decision import grounds
from advisor.fields import fields
from advisor.whatif import Change, Situation, changeable

_CHANGES_SHOWN = 4
_NO_ADVICE = "NOT_ENOUGH_KNOWN"  # to know less is nothing that would change the advice
_DECIDING_SHOWN = 3
_UNKNOWNS_SHOWN = 5
_GROUNDS_SHOWN = 9
_REASONS_SHOWN = 4
_WORDS_A_BUBBLE = 95

Said = tuple[str, cards.Card | None]
"""A message, and the card that says the same."""


def give_advice(dispatcher: CollectingDispatcher, wording: Wording, answers: Answers) -> Events:
    """Say the advice for what was answered, in a few short messages; the events remember that it was given."""
    company = company_of(answers)
    advice = advise(company)
    for text, card in (
        *_verdict(wording, company, advice),
        *_grounds(wording, company, advice),
        *_terms(wording, advice),
        *((bubble, None) for bubble in _bubbles(_notes(wording, answers, advice))),
    ):
        dispatcher.utter_message(text=text, json_message=card)
    dispatcher.utter_message(response="utter_disclosure")
    return [SlotSet(ADVISED_ON, answers), SlotSet(ABOUT, ADVICE)]


def say_what_differs(dispatcher: CollectingDispatcher, wording: Wording, before: Answers, answers: Answers) -> Events:
    """After a change, say what is different; where the role or its terms are, give the whole advice again."""
    old, new = advise(company_of(before)), advise(company_of(answers))
    if (old.role, old.engagement) != (new.role, new.engagement):
        was, now = outcome(wording, old), outcome(wording, new)
        dispatcher.utter_message(text=wording.text("utter_reading_changes", was=was, now=now))
        return give_advice(dispatcher, wording, answers)
    lines = [wording.text("utter_reading_stays", outcome=outcome(wording, new))]
    if old.rule != new.rule:
        was, now = (wording.text(f"utter_feeds_{one.rule}") for one in (old, new))
        lines.append(wording.text("utter_rule_differs", was=was, now=now))
    if old.strength != new.strength:
        lines += firmness(wording, new)
    lines += new_flags(wording, old, new)
    if new.contingent_on and new.contingent_on != old.contingent_on:
        lines.append(contingencies(wording, new))
    dispatcher.utter_message(text="\n".join(lines), buttons=wording.buttons("utter_after_advice"))
    return [SlotSet(ADVISED_ON, answers), SlotSet(ABOUT, ADVICE)]


def outcome(wording: Wording, advice: Advice) -> str:
    """The role and its terms in a few words."""
    role = wording.text(f"utter_role_{advice.role}")
    terms = f"utter_engagement_{advice.words.terms}"  # "both, each fractional" says its terms already
    return f"{role}, {wording.text(terms)}" if terms in wording else role


def firmness(wording: Wording, advice: Advice) -> list[str]:
    """How firm the advice is; a firm rule presumes that nobody holds the role today, where that is not known."""
    presumes = "_if_nobody" if "leadership" in advice.contingent_on else ""
    responses = (f"utter_strength_{advice.strength}{presumes}", f"utter_strength_{advice.strength}")
    return [wording.text(response) for response in responses if response in wording][:1]


def new_flags(wording: Wording, old: Advice, new: Advice) -> list[str]:
    """The remarks that come with an advice and did not come with another."""
    return [wording.text(f"utter_flag_{flag}") for flag in new.words.flags if flag not in old.words.flags]


def contingencies(wording: Wording, advice: Advice) -> str:
    """What is not known and could still change the advice."""
    unknown = ", ".join(name_of(wording, field) for field in advice.contingent_on[:_UNKNOWNS_SHOWN])
    return wording.text("utter_contingent_on", unknown=unknown)


def _bubbles(paragraphs: list[str]) -> Iterator[str]:
    """Paragraphs in messages that are short enough to be read in one go."""
    bubble: list[str] = []
    for paragraph in paragraphs:
        if bubble and len(" ".join([*bubble, paragraph]).split()) > _WORDS_A_BUBBLE:
            yield "\n".join(bubble)
            bubble = []
        bubble.append(paragraph)
    if bubble:
        yield "\n".join(bubble)


def _verdict(wording: Wording, company: Company, advice: Advice) -> Iterator[Said]:
    values = {"reasons": _reasons(wording, company, advice)}
    if advice.role == _NO_ADVICE:
        values["deciding"] = deciding(wording, company)
    reason = wording.text(f"utter_rule_{advice.words.rule}", **values)
    strength = firmness(wording, advice)
    source = wording.source_line(list(advice.facts))
    recommendation = [wording.text(f"utter_verdict_{advice.role}"), reason, *strength]
    first, *rest = _bubbles(["\n".join(recommendation), source])
    firm = strength[0] if strength else None
    yield first, cards.verdict(advice, outcome(wording, advice), [reason], firm, "" if rest else source)
    yield from ((bubble, None) for bubble in rest)
    if signs := _signs(wording, advice):
        yield "\n".join(signs), cards.points(wording.text("utter_card_signs"), signs)


def deciding(wording: Wording, company: Company) -> str:
    """The first answers that are not known and would settle the role."""
    named = [name_of(wording, field) for field in Situation(company).would_settle()[:_DECIDING_SHOWN]]
    return " or ".join(filter(None, [", ".join(named[:-1]), *named[-1:]]))


def _reasons(wording: Wording, company: Company, advice: Advice) -> str:
    """The reasons that the answers give for the rule, in words."""
    no_strategy = "F068" in advice.facts and company.get("ai_strategy") == "none"
    said = clauses(wording, {"ai_strategy": "none"} if no_strategy else {})
    said += [wording.text(f"utter_reason_{reason}") for reason in advice.words.reasons]
    return "; ".join(said[:_REASONS_SHOWN])


def _signs(wording: Wording, advice: Advice) -> list[str]:
    """The warning signs that the answers name, with what follows from each."""
    named = [f"utter_sign_{fact}" for fact in advice.facts]
    return [wording.text(response) for response in named if response in wording]


def _grounds(wording: Wording, company: Company, advice: Advice) -> Iterator[Said]:
    """What the advice rests on, what is not known, and what would change it."""
    known = clauses(wording, {field: company[field] for field in grounds(company) if field in company})
    if known := known[:_GROUNDS_SHOWN]:
        text = wording.text("utter_rests_on", facts="; ".join(known))
        yield text, cards.points(wording.text("utter_card_rests_on"), known)
    if advice.contingent_on:
        yield contingencies(wording, advice), None
    for said in changes(wording, company, advice):
        items = [line.removeprefix("- ") for line in said.splitlines() if line.startswith("- ")]
        yield said, cards.points(wording.text("utter_card_would_change"), items)


def changes(wording: Wording, company: Company, advice: Advice) -> list[str]:
    """What would lead to another role, if anything that was answered would."""
    answered = [field for field in _negotiable() if field in company]
    found = [
        change
        for change in Situation(company).would_change(answered)
        if change.role not in (advice.role, _NO_ADVICE) and _fact(wording, company, change)
    ]
    return _shown(wording, company, "utter_would_change", found)


def changes_to(wording: Wording, company: Company, roles: Collection[str]) -> list[str]:
    """What would lead to one of these roles, if an answer or two of them would."""
    found = [
        change for change in Situation(company).would_lead_to(roles, _negotiable()) if _fact(wording, company, change)
    ]
    return _shown(wording, company, "utter_would_lead_there", found)


def _negotiable() -> list[str]:
    """The fields whose answer a company might change to get another advice."""
    return [field for field in changeable() if not fields()[field].given]


def _shown(wording: Wording, company: Company, response: str, found: list[Change]) -> list[str]:
    """The first of some changes, a line each; nothing where there are none."""
    shown = "\n".join(_change(wording, company, change) for change in _one_a_field(found)[:_CHANGES_SHOWN])
    return [wording.text(response, changes=shown)] if shown else []


def _one_a_field(changes: list[Change]) -> list[Change]:
    """The first change of each field, other roles before other terms."""
    first: dict[tuple[str, ...], Change] = {}
    for change in changes:
        first.setdefault(tuple(change.set), change)
    return list(first.values())


def _change(wording: Wording, company: Company, change: Change) -> str:
    outcome = wording.text(f"utter_role_{change.role}")
    return wording.text("utter_change", fact=_fact(wording, company, change), outcome=outcome)


def _fact(wording: Wording, company: Company, change: Change) -> str:
    """What would be different, or nothing: of kinds of business only what comes in addition can be said in a clause."""
    held = company.get("business", ())
    new = {
        field: [kind for kind in value if not (isinstance(held, tuple) and kind in held)]
        if isinstance(value, tuple)
        else value
        for field, value in change.set.items()
    }
    said = [clauses(wording, {field: value}) for field, value in new.items()]
    return " and ".join(clause for clause_of_field in said for clause in clause_of_field) if all(said) else ""


def terms(wording: Wording, advice: Advice) -> list[str]:
    """The terms, cost and hours, as far as the article states them."""
    if advice.words.terms is None:
        return []
    responses = [
        f"utter_terms_{advice.words.terms}",
        *(f"utter_cost_{name}" for name in advice.words.costs),
        *(f"utter_hours_{name}" for name in advice.words.hours),
    ]
    return [wording.text(response) for response in responses]


def terms_card(wording: Wording, advice: Advice, title: str, notes: Sequence[str]) -> cards.Card | None:
    """The figures of the terms, drawn, where there are any."""
    return cards.bars(wording, title, [figure.name for figure in (*advice.costs, *advice.hours)], notes)


def _terms(wording: Wording, advice: Advice) -> Iterator[Said]:
    *before, last = [*_bubbles(terms(wording, advice))] or [""]
    yield from ((bubble, None) for bubble in before)
    if last:
        yield last, terms_card(wording, advice, wording.text("utter_card_terms"), last.splitlines())


def _notes(wording: Wording, answers: Answers, advice: Advice) -> list[str]:
    notes = [f"utter_flag_{flag}" for flag in advice.words.flags]
    if answers.get("leadership") == "one_person_both":
        notes.append("utter_hats")
    if "headcount" in answers:
        notes.append("utter_headcount_unused")
    return [wording.text(note) for note in notes]

"""The brief of a conversation, section by section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone

from actions.advice import NO_ADVICE, UNSETTLED, listed
from actions.company import is_known, name_of
from actions.summary import grouped
from actions.turn import asks_something
from actions.wording import Wording, capitalized
from advisor.article import clashes
from advisor.brief import FOLDED, SHOWN, Brief, Line, brief, quotable
from advisor.interview import Question, question_of
from assistant.briefing.case import Case, says_something
from assistant.briefing.opening import openings
from assistant.briefing.questions import NO_HIRE, asked_for, missing, open_fields, pivots
from assistant.briefing.signs import sign_of, signs
from assistant.dossier import Asked, Dossier
from assistant.stores.leads import Lead

_OF_LEAD = ("objective", "next", "contact")
_TOUCHED = 2  # facts of a contradiction that an answer has to hold both or more of
_LONGEST_DESCRIPTION = 40  # words of it that are shown
_WORDS_SHOWN = 2  # quotes about the company
_QUOTED_TOGETHER = 2
_ANSWERED_SHOWN = 4
_READ = ("why", "firm", "takes")  # sections of the verdict that are worth reading again
_LONGEST_ITEM = 60  # words of one of their items
_CHECKED = 1  # answers that are worth asking for again


def brief_of(dossier: Dossier, wording: Wording) -> Brief:
    """The brief of a conversation; without the answers where the visitor did not want them passed on."""
    case = Case(dossier, wording)
    wanted = _OF_LEAD if case.withheld else (*SHOWN, FOLDED)
    titles = {name: wording.text(f"utter_brief_section_{name}") for name in (*SHOWN, FOLDED)}
    who = ", ".join(_names(dossier.lead)) or wording.text("utter_brief_nobody")
    title = wording.text("utter_brief_title", who=who, date=_date(dossier.began))
    return brief(title, titles, {name: list(_SECTIONS[name](case)) for name in wanted})


def _objective(case: Case) -> Iterator[Line]:
    text, verdict = case.wording.text, case.dossier.verdict
    if case.withheld:
        yield Line(text("utter_brief_objective_contact"), case.decided)
        return
    objective = text(f"utter_brief_objective_{verdict.output['role'] if verdict else NO_ADVICE}")
    if verdict and verdict.output["role"] not in UNSETTLED and any(ask.turns_role for ask in missing(case)):
        objective = text("utter_brief_objective_checked", objective=objective)
    yield Line(objective, case.decided)


def _opening(case: Case) -> Iterator[Line]:
    yield next(openings(case))


def _recommendation(case: Case) -> Iterator[Line]:
    text, advice = case.wording.text, case.advice
    if not any(map(is_known, case.answers.values())):
        yield Line(text("utter_brief_nothing_told"), case.decided)
        return
    if case.dossier.verdict:
        yield Line(text("utter_brief_recommended", role=capitalized(case.role)), case.decided)
    else:
        yield Line(text("utter_brief_not_told", role=case.role), case.decided)
    strength = text(f"utter_card_strength_{advice['strength']}")
    means = text(f"utter_feeds_{advice['rule']}")
    yield Line(text("utter_brief_rule", strength=strength, rule=advice["rule"], means=means), case.decided)
    for item in case.card_items("utter_section_takes"):
        if item.get("label") == text("utter_label_cost"):
            yield Line(text("utter_brief_price", words=item["text"]), case.shown)


def _ask(case: Case) -> Iterator[Line]:
    text, asks = case.wording.text, missing(case)
    for ask in asks:
        yield Line(text("utter_brief_ask", question=ask.question, turns="; ".join(ask.turns)), case.decided)
    if not case.dossier.verdict:
        return
    if not asks:
        names = ", ".join(name_of(case.wording, name) for name in open_fields(case))
        weaker = text("utter_brief_weaker", names=names) if names else text("utter_brief_nothing_open")
        yield Line(weaker, case.decided)
    for name in pivots(case)[:_CHECKED]:
        ask = asked_for(case, Question(question_of(name).part, (name,)))
        if ask.turns:
            values = {"question": ask.question, "turns": "; ".join(ask.turns)}
            yield Line(text("utter_brief_check", **values), case.told([name]))


def _unanswered(case: Case) -> Iterator[Line]:
    for one in case.dossier.asked:
        if one.text and not one.answered and (sign_of(one) is None or asks_something(one.text)):
            yield Line(case.wording.text("utter_brief_unanswered", words=quotable(one.text)), (one.event,))


def _shown_signs(case: Case) -> Iterator[Line]:
    days = {_date(one.at): one for one in reversed(case.dossier.asked)}  # the first message of each
    if again := [one for day, one in reversed(days.items()) if day != _date(case.dossier.began)]:
        dates = listed([_date(one.at) for one in again], "and")
        yield Line(case.wording.text("utter_brief_returned", dates=dates), _events(again))
    for sign, asked in signs(case).items():
        if asked:
            quotes = _quotes(asked, _QUOTED_TOGETHER)
            yield Line(case.wording.text(f"utter_brief_sign_{sign}", quotes=quotes), _events(asked))


def _company(case: Case) -> Iterator[Line]:
    """Who they are, first in their own words as far as the opening has not said them."""
    wording, answers = case.wording, case.dossier.answers
    quotes = [quote for quote in case.dossier.quotes.values() if says_something(quote.words)]
    said = [*((one.text, one.event) for one in case.descriptions), *((quote.words, quote.event) for quote in quotes)]
    read, own = next(openings(case)).text, []
    for words, event in ((quotable(words, _LONGEST_DESCRIPTION), event) for words, event in said):
        if words.rstrip(".") not in read:
            read = f"{read} {words}"
            own.append(Line(wording.text("utter_brief_words", words=words), (event,)))
    yield from own[:_WORDS_SHOWN]
    for label, facts in grouped(wording, answers).items():
        names = [name for name, value in answers.items() if label in grouped(wording, {name: value})]
        yield Line(wording.text("utter_brief_facts", label=label, facts=facts), case.told(names))


def _clashes(case: Case) -> Iterator[Line]:
    """The contradictions of the article that an answer of ours holds both sides of."""
    stated = [
        (one.event, {fact for topic in one.topics if (cell := case.wording.cell(topic)) for fact in cell.facts})
        for one in case.dossier.asked
    ]
    if case.dossier.verdict:
        figures = [*case.advice["costs"], *case.advice["hours"]]
        facts = {*case.advice["facts"], *(fact for figure in figures for fact in figure["facts"])}
        stated.append((case.dossier.verdict.event, facts))
    for clash in clashes().values():
        response = f"utter_brief_clash_{clash.id}"
        events = tuple(event for event, facts in stated if len(facts.intersection(clash.facts)) >= _TOUCHED)
        if events and response in case.wording:
            yield Line(case.wording.text(response), events)


def _next(case: Case) -> Iterator[Line]:
    text, lead = case.wording.text, case.dossier.lead
    if lead and lead.call and lead.call_state:
        yield Line(text(f"utter_brief_next_{lead.call_state}", time=_time(lead.call)), _agreed(case, lead))
    if case.withheld:
        return
    for item in case.card_items("utter_section_next"):
        yield Line(text("utter_brief_next_told", words=item["text"]), case.shown)
    if not case.dossier.verdict or case.advice["role"] in UNSETTLED:
        yield Line(text("utter_brief_next_open"), case.decided)
    elif case.advice["role"] in NO_HIRE:
        yield Line(text("utter_brief_next_no_hire"), case.decided)
    else:
        yield Line(text("utter_brief_next_hire"), case.decided)


def _contact(case: Case) -> Iterator[Line]:
    text, lead = case.wording.text, case.dossier.lead
    if lead is None:
        yield Line(text("utter_brief_no_contact"), (case.dossier.last,))
    else:
        events, contact = _agreed(case, lead), lead.contact
        known = [*_names(lead), *(quotable(one) for one in (contact.email, contact.phone) if one)]
        yield Line(text("utter_brief_contact", contact=", ".join(known)), events)
        if contact.when:
            yield Line(text("utter_brief_when", when=quotable(contact.when)), events)
        if contact.topic:
            yield Line(text("utter_brief_topic", topic=quotable(contact.topic)), events)
        included = text("utter_brief_included" if lead.answers_included else "utter_brief_not_included")
        values = {"date": _date(lead.consented), "consent": lead.consent, "included": included}
        yield Line(text("utter_brief_consent", **values), events)
    for reference in case.dossier.calls:
        yield Line(text("utter_brief_call", reference=reference), (case.dossier.last,))


def _rest(case: Case) -> Iterator[Line]:
    text, verdict = case.wording.text, case.dossier.verdict
    said = {one.event for asked in signs(case).values() for one in asked} | {*case.dossier.told.values()}
    others = [one for one in case.dossier.asked if one.topics and one.answered and one.text and one.event not in said]
    if others:
        yield Line(text("utter_brief_answered", quotes=_quotes(others, _ANSWERED_SHOWN)), _events(others))
    if skipped := [name for name, value in case.dossier.answers.items() if not is_known(value)]:
        names = ", ".join(name_of(case.wording, name) for name in skipped)
        yield Line(text("utter_brief_left_open", names=names), case.told(skipped))
    if verdict:
        for item in [one for title in _READ for one in case.card_items(f"utter_section_{title}")]:
            if item.get("label") != text("utter_label_cost"):
                yield Line(text("utter_brief_reason", words=quotable(item["text"], _LONGEST_ITEM)), case.shown)
        yield Line(text("utter_brief_framework", version=case.advice["framework_version"]), case.decided)


_SECTIONS: Mapping[str, Callable[[Case], Iterable[Line]]] = {
    "objective": _objective,
    "opening": _opening,
    "recommendation": _recommendation,
    "company": _company,
    "ask": _ask,
    "unanswered": _unanswered,
    "signs": _shown_signs,
    "clashes": _clashes,
    "next": _next,
    "contact": _contact,
    FOLDED: _rest,
}


def _quotes(asked: Sequence[Asked], most: int) -> str:
    """The last of some messages, quoted."""
    return listed([f"“{quotable(one.text)}”" for one in asked[-most:]], "and")


def _events(asked: Sequence[Asked]) -> tuple[int, ...]:
    return tuple(one.event for one in asked)


def _agreed(case: Case, lead: Lead) -> tuple[int, ...]:
    """The message with which the visitor agreed to be contacted."""
    before = [one.event for one in case.dossier.asked if one.at <= lead.consented]
    return (before[-1] if before else case.dossier.last,)


def _names(lead: Lead | None) -> list[str]:
    return [quotable(one) for one in (lead.contact.name, lead.contact.company) if one] if lead else []


def _date(at: float) -> str:
    day = datetime.fromtimestamp(at, timezone.utc)
    return f"{day:%B} {day.day}, {day.year}"


def _time(at: float) -> str:
    return f"{_date(at)}, {datetime.fromtimestamp(at, timezone.utc):%H:%M} UTC"

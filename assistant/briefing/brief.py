"""The brief of a conversation, section by section."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timezone

from actions.advice import NO_ADVICE, UNSETTLED
from actions.company import is_known, name_of
from actions.turn import ASKING, WHICH, asks_something
from actions.wording import Wording, capitalized, listed, split_topic
from advisor.article import clashes
from advisor.brief import FOLDED, SHOWN, Brief, Line, brief, quotable
from assistant.briefing.asking import asks
from assistant.briefing.case import Case, says_something
from assistant.briefing.company import company
from assistant.briefing.left_out import without_left_out
from assistant.briefing.opening import PAINS, came_with, is_doubt, openings, troubles
from assistant.briefing.outlook import dates, deciding, reactions
from assistant.briefing.owed import is_request, owed, questions_in
from assistant.briefing.questions import missing
from assistant.briefing.sentences import LONGEST_CITED, about_them, cited, is_in, sentences, without
from assistant.briefing.signs import signs
from assistant.dossier import Asked, Dossier, Quote
from assistant.stores.leads import Lead

_OF_LEAD = ("objective", "next", "contact")
_TOUCHED = 2  # facts of a contradiction that an answer has to hold both or more of
_LONGEST_ASKED = 30  # words of a question
_SAYS_WHAT_ABOUT = re.compile(
    r"\b(?:talk|speak|chat)(?:\s+\w+){0,3}?\s+about\b|\bdiscuss\b|\b(?:topics?|agenda|subject|re):"
    r"|\bit(?:'s| is|s) about\b|\bi(?:'d| would)? (?:want|like) to (?!speak|talk)",
    re.I,
)
_QUOTED_TOGETHER = 2
_REACTIONS_SHOWN = 4
_ANSWERED_SHOWN = 4
_OPEN_SHOWN = 6
_READ = ("why", "firm")  # sections of the verdict that are worth reading again
_READ_SHOWN = 1  # of their items
_PAINS_SHOWN = 3
_STARTS_WITH_PAINS = ("BOTH_FRACTIONAL", "ADD_CAIO", "ADD_CTO", "CTO_FIRST", "CTO_THEN_CAIO", "CAIO_FIRST")
_LONGEST_ITEM = 60  # words of one of their items


def brief_of(dossier: Dossier, wording: Wording) -> Brief:
    """The brief of a conversation; without the answers where the visitor did not want them passed on."""
    case = Case(without_left_out(dossier), wording)
    wanted = _OF_LEAD if case.withheld else (*SHOWN, FOLDED)
    titles = {name: wording.text(f"utter_brief_section_{name}") for name in (*SHOWN, FOLDED)}
    who = ", ".join(_names(dossier.lead) or _addresses(dossier.lead)) or wording.text("utter_brief_nobody")
    title = wording.text("utter_brief_title", who=who, date=_date(dossier.began))
    lines = {name: list(_SECTIONS[name](case)) for name in wanted if name in _SECTIONS}
    if not case.withheld:
        quoted = " ".join(line.text for name, held in lines.items() if name != FOLDED for line in held)
        lines["company"] = list(company(case, quoted))
    return brief(title, titles, lines)


def _objective(case: Case) -> Iterator[Line]:
    """What they want to settle, and then what the advice asks for first."""
    text, verdict = case.wording.text, case.dossier.verdict
    came = came_with(case)
    if came and (left := without(came.words, next(openings(case)).text)):
        yield Line(text("utter_brief_objective_came", words=quotable(left, _LONGEST_ASKED)), (came.event,))
    if topic := _topic(case):
        yield Line(text("utter_brief_objective_theirs", words=quotable(topic.words, LONGEST_CITED)), (topic.event,))
    if case.withheld:
        yield Line(text("utter_brief_objective_contact"), case.decided)
        return
    role = verdict.output["role"] if verdict else NO_ADVICE
    other = next(filter(None, (ask.other_role for ask in missing(case))), None)
    if other and verdict and role not in UNSETTLED:
        values = {"role": case.role_in_words(role, None), "other": case.role_in_words(other, None)}
        yield Line(text("utter_brief_objective_checked", **values), case.decided)
    purpose = text(f"utter_brief_objective_{role}")
    named = [name for name, value in PAINS if case.answers.get(name) == value and case.fact(name)][:_PAINS_SHOWN]
    if named and role in _STARTS_WITH_PAINS:
        facts = listed([case.fact(name) for name in named], "and")
        yield Line(text("utter_brief_objective_from", purpose=purpose, facts=facts), case.told(named))
    else:
        yield Line(purpose, case.decided)


def _topic(case: Case) -> Quote | None:
    """What the visitor wants to talk about, in the sentence that says so.

    Where the answers are withheld, it is what they agreed to pass on, or nothing.
    """
    lead = case.dossier.lead
    if case.withheld:
        return Quote(lead.contact.topic, _agreed(case, lead)[0]) if lead and lead.contact.topic else None
    details = {*filter(None, [lead.contact.name, lead.contact.email, lead.contact.phone])} if lead else set()
    for one in reversed(case.wishes_for_contact):
        for sentence in sentences(one.text):
            if _SAYS_WHAT_ABOUT.search(sentence) and not any(detail in sentence for detail in details):
                return Quote(sentence, one.event)
    if lead and lead.contact.topic:
        return Quote(lead.contact.topic, _agreed(case, lead)[0])
    return None


def _opening(case: Case) -> Iterator[Line]:
    yield next(openings(case))


def _recommendation(case: Case) -> Iterator[Line]:
    text, advice = case.wording.text, case.advice
    if not any(map(is_known, case.answers.values())):
        yield Line(text("utter_brief_nothing_told"), case.decided)
        return
    if case.dossier.verdict:
        yield Line(text("utter_brief_recommended", role=capitalized(case.role)), case.decided)
    elif advice["role"] in UNSETTLED:
        yield Line(text("utter_brief_none_told"), case.decided)
        means = text(f"utter_feeds_{advice['rule']}")
        yield Line(text("utter_brief_no_role", means=means, rule=advice["rule"]), case.decided)
        return
    else:
        yield Line(text("utter_brief_not_told", role=case.role), case.decided)
    strength = text(f"utter_card_strength_{advice['strength']}")
    means = text(f"utter_feeds_{advice['rule']}")
    yield Line(text("utter_brief_rule", strength=strength, means=means, rule=advice["rule"]), case.decided)
    for item in case.card_items("utter_section_takes"):
        if item.get("label") == text("utter_label_cost"):
            yield Line(text("utter_brief_price", words=item["text"]), case.shown)


def _unanswered(case: Case) -> Iterator[Line]:
    opened = next(openings(case)).text
    for one in owed(case):
        if is_request(left := without(one.words, opened)):
            yield Line(case.wording.text("utter_brief_unanswered", words=quotable(left, _LONGEST_ASKED)), (one.event,))
    if answered := _answered(case):
        quotes = listed([f"“{quotable(one.words, _LONGEST_ASKED)}”" for one in answered], "and")
        yield Line(case.wording.text("utter_brief_answered", quotes=quotes), _events(answered))


def _answered(case: Case) -> list[Quote]:
    """The questions that had an answer and are shown nowhere else, in their order."""
    came = came_with(case)
    elsewhere = {*_events(owed(case)), *(one.event for found in signs(case).values() for one in found)}
    elsewhere |= {came.event} if came else set()
    quotes = [
        Quote(" ".join(q for q in questions_in(sentences(one.text)) if not case.is_about_contact(one, q)), one.event)
        for one in case.dossier.asked
        if one.topics and one.answered and one.text and one.event not in elsewhere and not _asks_for_advice(one)
    ]
    return [one for one in quotes if says_something(one.words)][-_ANSWERED_SHOWN:]


def _asks_for_advice(one: Asked) -> bool:
    """Whether a message asks for the recommendation, which the brief begins with."""
    return one.intent in ASKING or all(split_topic(topic)[1] in WHICH for topic in one.topics)


def _shown_signs(case: Case) -> Iterator[Line]:
    after = "utter_brief_after_recommendation" if case.dossier.verdict else "utter_brief_after_asking"
    if reacted := reactions(case)[-_REACTIONS_SHOWN:]:
        asking = {one.event: one.text for found in signs(case).values() for one in found}  # "but why not a CTO? …"
        said = {
            event: asking.get(event) or " ".join(one.words for one in reacted if one.event == event)
            for event in _events(reacted)
        }
        quotes = listed([f"“{cited(Quote(words, event))}”" for event, words in said.items()], "and")
        yield Line(case.wording.text(after, quotes=quotes), _events(reacted))
    days = {_date(one.at): one for one in reversed(case.dossier.asked)}  # the first message of each
    if again := [one for day, one in reversed(days.items()) if day != _date(case.dossier.began)]:
        returned = listed([_date(one.at) for one in again], "and")
        yield Line(case.wording.text("utter_brief_returned", dates=returned), _events(again))
    opened = next(openings(case)).text
    doubts = [one for one in troubles(case) if is_doubt(one) and cited(one) not in opened]
    if doubted := [one for one in doubts if one not in reacted]:
        quotes = listed([f"“{cited(one)}”" for one in doubted[:_QUOTED_TOGETHER]], "and")
        events = tuple(sorted(one.event for one in doubted[:_QUOTED_TOGETHER]))
        yield Line(case.wording.text("utter_brief_doubted", quotes=quotes), events)
    listed_before = {one.event for one in reacted} | {one.event for one in case.dossier.asked if one.gives_contact}
    listed_before |= {one.event for one in owed(case)} | {one.event for one in case.terms}
    listed_before |= {one.event for one in case.dossier.asked if _tells_only(case, one)}
    listed_before |= {one.event for one in (came_with(case), *dates(case), *deciding(case)) if one}
    for sign, found in signs(case).items():
        if asked := [one for one in found if one.event not in listed_before]:
            quotes = _quotes(asked, _QUOTED_TOGETHER)
            yield Line(case.wording.text(f"utter_brief_sign_{sign}", quotes=quotes), _events(asked))


def _tells_only(case: Case, one: Asked) -> bool:
    """Whether a message told us something of the company and asked nothing."""
    return one.event in case.dossier.told.values() and not asks_something(one.text)


def _clashes(case: Case) -> Iterator[Line]:
    """The contradictions of the article that an answer of ours holds both sides of."""
    stated = [
        (one.event, {fact for topic in one.topics if (cell := case.wording.cell(topic)) for fact in cell.facts})
        for one in case.dossier.asked
    ]
    if case.dossier.verdict:
        figures = [*case.advice["costs"], *case.advice["hours"]]
        facts = {fact for figure in figures for fact in figure["facts"]}
        stated.append((case.dossier.verdict.event, facts))
    for clash in clashes().values():
        response = f"utter_brief_clash_{clash.id}"
        events = tuple(event for event, facts in stated if len(facts.intersection(clash.facts)) >= _TOUCHED)
        if events and response in case.wording:
            yield Line(case.wording.text(response), events)


def _next(case: Case) -> Iterator[Line]:
    """The call that was agreed on, and what to bring: the answers that we could not give."""
    text, lead = case.wording.text, case.dossier.lead
    if lead and lead.call and lead.call_state:
        yield Line(text(f"utter_brief_next_{lead.call_state}", time=_time(lead.call)), _agreed(case, lead))
    if case.withheld:
        return
    asked_about = " ".join(line.text for line in [*asks(case)][: SHOWN["ask"]])
    in_time = [one for one in dates(case) if not is_in(one.words, asked_about)]
    for name, quotes in (("decide", deciding(case)), ("dates", in_time)):
        if quotes:
            words = listed([f"“{cited(one)}”" for one in quotes], "and")
            yield Line(text(f"utter_brief_next_{name}", quotes=words), _events(quotes))
    if asked := owed(case):
        bring = (
            text("utter_brief_next_bring_one") if len(asked) == 1 else text("utter_brief_next_bring", count=len(asked))
        )
        yield Line(bring, tuple(one.event for one in asked))


def _contact(case: Case) -> Iterator[Line]:
    text, lead = case.wording.text, case.dossier.lead
    if lead is None:
        yield Line(text("utter_brief_no_contact"), (case.dossier.last,))
    else:
        topic = _topic(case)
        if terms := [one for one in case.terms if topic is None or one != topic]:
            quotes = listed([f"“{cited(one)}”" for one in terms], "and")
            yield Line(text("utter_brief_terms", quotes=quotes), _events(terms))
        events, contact = _agreed(case, lead), lead.contact
        yield Line(text("utter_brief_contact", contact=", ".join([*_names(lead), *_addresses(lead)])), events)
        signed = case.signature
        if signed and not is_in(signed.words, next(openings(case)).text):
            yield Line(text("utter_brief_signed", words=cited(signed)), (signed.event,))
        when = case.when or (Quote(contact.when, events[0]) if contact.when else None)
        if when and not any(when.words in one.words for one in case.terms):
            yield Line(text("utter_brief_when", when=cited(when)), (when.event,))
        if contact.topic and not (topic and contact.topic in topic.words):
            yield Line(text("utter_brief_topic", topic=quotable(contact.topic)), events)
        included = text("utter_brief_included" if lead.answers_included else "utter_brief_not_included")
        values = {"date": _date(lead.consented), "consent": lead.consent, "included": included}
        yield Line(text("utter_brief_consent", **values), events)
    for reference in case.dossier.calls:
        yield Line(text("utter_brief_call", reference=reference), (case.dossier.last,))


def _rest(case: Case) -> Iterator[Line]:
    text, verdict = case.wording.text, case.dossier.verdict
    if skipped := [name for name, value in case.dossier.answers.items() if not is_known(value)]:
        names = listed([about_them(name_of(case.wording, name)) for name in skipped[:_OPEN_SHOWN]], "and")
        yield Line(text("utter_brief_left_open", names=names), case.told(skipped))
    if verdict:
        for item in case.card_items("utter_section_next")[:1] if case.advice["role"] not in UNSETTLED else ():
            yield Line(text("utter_brief_next_told", words=item["text"]), case.shown)
        yield Line(text("utter_brief_framework", version=case.advice["framework_version"]), case.decided)
        for item in [one for title in _READ for one in case.card_items(f"utter_section_{title}")[:_READ_SHOWN]]:
            yield Line(text("utter_brief_reason", words=quotable(item["text"], _LONGEST_ITEM)), case.shown)


_SECTIONS: Mapping[str, Callable[[Case], Iterable[Line]]] = {
    "objective": _objective,
    "opening": _opening,
    "recommendation": _recommendation,
    "ask": asks,
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


def _events(said: Sequence[Asked | Quote]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.event for one in said))


def _agreed(case: Case, lead: Lead) -> tuple[int, ...]:
    """The message with which the visitor agreed to be contacted."""
    before = [one.event for one in case.dossier.asked if one.at <= lead.consented]
    return (before[-1] if before else case.dossier.last,)


def _names(lead: Lead | None) -> list[str]:
    return [quotable(one) for one in (lead.contact.name, lead.contact.company) if one] if lead else []


def _addresses(lead: Lead | None) -> list[str]:
    return [quotable(one) for one in (lead.contact.email, lead.contact.phone) if one] if lead else []


def _date(at: float) -> str:
    day = datetime.fromtimestamp(at, timezone.utc)
    return f"{day:%B} {day.day}, {day.year}"


def _time(at: float) -> str:
    return f"{_date(at)}, {datetime.fromtimestamp(at, timezone.utc):%H:%M} UTC"

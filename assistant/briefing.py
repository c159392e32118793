"""From a dossier to the brief for the call: names of rules, answers and intents become words, each with its events.

Nothing is inferred. A line says what was said, done or answered, or what the decision table makes of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from actions.advice import NO_ADVICE, UNSETTLED, changes, listed
from actions.company import Answers, clauses, company_of, is_known, name_of
from actions.interview import response_of
from actions.summary import grouped
from actions.turn import asks_something
from actions.wording import Wording, capitalized, split_topic
from advisor.advice import advise
from advisor.article import clashes
from advisor.brief import FOLDED, SHOWN, Brief, Line, brief, quotable
from advisor.company import Company
from advisor.decision import decide, grounds
from advisor.fields import fields
from advisor.interview import Question, is_askable, question_of, questions
from assistant.dossier import Asked, Dossier, Quote
from assistant.stores.leads import Lead

_PAGES = Path(__file__).parent / "pages"

_PAINS: tuple[tuple[str, Any], ...] = (
    ("cto_bandwidth", False),
    ("warn_later", True),
    ("warn_cannot_keep_up", True),
    ("competitors_gaining", True),
    ("generic_tools_no_strategy", True),
    ("tech_works", False),
    ("tech_upgrades_needed", True),
    ("warn_no_metrics", True),
    ("warn_tools_first", True),
    ("build_vs_buy_pending", True),
    ("custom_tech_needed", True),
    ("ai_strategy_needed_now", True),
    ("cto_ai_expertise", False),
    ("cto_accountable", False),
    ("has_crm", False),
    ("leveraging_ai", False),
    ("leadership", "one_person_both"),
)
"""What a company suffers from, the most pressing first: a brief opens with the first one in the prospect's words."""
_STATES: tuple[tuple[str, Any], ...] = (("dev_team", True), ("ai_strategy", "none"), ("leadership", "none"))
"""What is no pain in itself, but worth a question."""
_SIGNS: Mapping[str, tuple[str, ...]] = {
    "talk_to_person": ("talk_to_person",),
    "complain": ("complain",),
    "deny": ("deny",),
    "why_not": ("why_not",),
    "ask_certainty": ("ask_certainty",),
    "cost": ("cost", "ask_cost_of_that", "year_cost", "price_gap", "budget", "negotiation"),
    "instead": ("cto_covers_ai", "engineer_instead", "tools_enough", "promote", "outsourced_it"),
    "threatened_cto": ("threatened_cto", "removing"),
    "persuade": ("persuade",),
    "board_pressure": ("board_pressure",),
    "burned": ("burned",),
    "sales_pitch": ("sales_pitch",),
    "roi": ("roi", "results_when"),
    "saving": ("saving",),
    "start": ("start", "ask_next_step"),
    "what_if": ("what_if",),
    "ask_what_would_change": ("ask_what_would_change",),
    "job_fears": ("job_fears",),
}
"""What shows interest or doubt, by the intents and aspects that say it, what matters most to a sales person first."""
_OF_LEAD = ("objective", "next", "contact")
_NO_HIRE = ("CTO_COVERS_AI", "CTO_IN_PLACE", "ROLES_IN_PLACE")
_TOUCHED = 2  # facts of a contradiction that an answer has to hold both or more of
_SAYS_SOMETHING = 3  # words of a quote
_DESCRIBES = 8  # words of a message that tells of the company
_LONGEST_DESCRIPTION = 40  # words of it that are shown
_WORDS_SHOWN = 2  # quotes about the company
_QUOTED_TOGETHER = 2
_ANSWERED_SHOWN = 4
_READ = ("why", "firm", "takes")  # sections of the verdict that are worth reading again
_LONGEST_ITEM = 60  # words of one of their items
_CHECKED = 1  # answers that are worth asking for again
_TURNS_SHOWN = _ANSWERS_SHOWN = 2


def brief_of(dossier: Dossier, wording: Wording) -> Brief:
    """The brief of a conversation; without the answers where the visitor did not want them passed on."""
    case = _Case(dossier, wording)
    wanted = _OF_LEAD if case.withheld else (*SHOWN, FOLDED)
    titles = {name: wording.text(f"utter_brief_section_{name}") for name in (*SHOWN, FOLDED)}
    who = ", ".join(filter(None, _names(dossier.lead))) or wording.text("utter_brief_nobody")
    title = wording.text("utter_brief_title", who=who, date=_date(dossier.began))
    return brief(title, titles, {name: list(_SECTIONS[name](case)) for name in wanted})


def page(made: Brief, wording: Wording) -> str:
    """The brief as a page of its own, without scripts; whatever a visitor wrote is text in it."""
    return _pages().get_template("brief.html").render(brief=made, legend=wording.text("utter_brief_legend"))


@cache
def _pages() -> Environment:
    loader = FileSystemLoader(_PAGES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@dataclass(frozen=True)
class _Ask:
    """A question for the call, and in words what its answers turn the advice to."""

    question: str
    is_list: bool  # of which one ticks what is true
    turns: tuple[str, ...]
    turns_role: bool  # and not only the terms


@dataclass(frozen=True)
class _Case:
    """A dossier, and what the decision table makes of it."""

    dossier: Dossier
    wording: Wording

    @property
    def withheld(self) -> bool:
        """Whether the firm may not see the answers."""
        return self.dossier.lead is not None and not self.dossier.lead.answers_included

    @cached_property
    def answers(self) -> Answers:
        """What the advice was given for; before there is one, what is known so far."""
        return self.dossier.verdict.inputs if self.dossier.verdict else self.dossier.answers

    @cached_property
    def company(self) -> Company:
        return company_of(self.answers)

    @cached_property
    def advice(self) -> Mapping[str, Any]:
        """The advice as it was given, or as it would be."""
        return self.dossier.verdict.output if self.dossier.verdict else advise(self.company).as_json()

    @property
    def decided(self) -> tuple[int, ...]:
        """The event with the verdict; without one, the last."""
        return (self.dossier.verdict.event if self.dossier.verdict else self.dossier.last,)

    @property
    def shown(self) -> tuple[int, ...]:
        """The event with the card of the verdict."""
        return (self.dossier.verdict.card_event,) if self.dossier.verdict else self.decided

    def card_items(self, response: str) -> list[Mapping[str, str]]:
        """The items of the section of the verdict with this title, as the visitor read them."""
        card = self.dossier.verdict.card if self.dossier.verdict else {}
        title = self.wording.text(response)
        return [item for section in card.get("sections", ()) if section["title"] == title for item in section["items"]]

    def told(self, names: Iterable[str]) -> tuple[int, ...]:
        """The events in which these fields were answered."""
        events = sorted({self.dossier.told[name] for name in names if name in self.dossier.told})
        return tuple(events) or self.decided

    @cached_property
    def asks(self) -> list[_Ask]:
        """What to ask of the missing answers."""
        return _missing(self)

    @cached_property
    def descriptions(self) -> list[Asked]:
        """The messages in which the visitor tells of the company at some length."""
        telling = {*self.dossier.told.values(), *(quote.event for quote in self.dossier.quotes.values())}
        return [
            one
            for one in self.dossier.asked
            if one.typed and one.event in telling and len(one.text.split()) >= _DESCRIBES and not one.replies
        ]

    @cached_property
    def signs(self) -> Mapping[str, list[Asked]]:
        """The messages that show interest or doubt, by sign."""
        found = [(_sign(one), one) for one in self.dossier.asked if one.typed or _says_something(one.text)]
        return {sign: [one for name, one in found if name == sign] for sign in _SIGNS}


def _objective(case: _Case) -> Iterator[Line]:
    text, verdict = case.wording.text, case.dossier.verdict
    if case.withheld:
        yield Line(text("utter_brief_objective_contact"), case.decided)
        return
    objective = text(f"utter_brief_objective_{verdict.output['role'] if verdict else NO_ADVICE}")
    if verdict and verdict.output["role"] not in UNSETTLED and any(ask.turns_role for ask in case.asks):
        objective = text("utter_brief_objective_checked", objective=objective)
    yield Line(objective, case.decided)


def _opening(case: _Case) -> Iterator[Line]:
    yield next(_openings(case))


def _openings(case: _Case) -> Iterator[Line]:
    """Every first sentence that there could be, the best one first."""
    text, wording, answers = case.wording.text, case.wording, case.dossier.answers
    pains, states = ([name for name, value in of if answers.get(name) == value] for of in (_PAINS, _STATES))
    yield from _quoted(case, pains)
    for one in case.descriptions:
        yield Line(text("utter_brief_opening_described", words=quotable(one.text)), (one.event,))
    yield from _quoted(case, [*states, *grounds(case.company)])
    doubts = [one for asked in case.signs.values() for one in asked]
    for one in sorted(doubts, key=lambda one: asks_something(one.text)):  # what they told before what they asked
        yield from _as_asked(case, one)
    for name in [*pains, *states]:
        fact = clauses(wording, {name: answers[name]})[0]
        yield Line(text("utter_brief_opening_told", fact=fact, question=_follow_up(case, name)), case.told([name]))
    for one in case.dossier.asked:
        if one.topics:
            yield from _as_asked(case, one)
    yield Line(text("utter_brief_opening_blank"), (case.dossier.last,))


def _quoted(case: _Case, names: Iterable[str]) -> Iterator[Line]:
    """First sentences with the visitor's words for these fields."""
    for name in names:
        quote = case.dossier.quotes.get(name)
        if quote and _says_something(quote.words):
            values = {"words": quotable(quote.words), "question": _follow_up(case, name)}
            yield Line(case.wording.text("utter_brief_opening_quoted", **values), (quote.event,))


def _as_asked(case: _Case, one: Asked) -> Iterator[Line]:
    """A first sentence with what the visitor asked or said of their own accord."""
    if one.typed and _says_something(one.text):
        response = "utter_brief_opening_asked" if asks_something(one.text) else "utter_brief_opening_said"
        yield Line(case.wording.text(response, words=quotable(one.text)), (one.event,))


def _follow_up(case: _Case, name: str) -> str:
    """What to ask about an answer once it was quoted."""
    response = f"utter_brief_opening_{name}_{str(case.dossier.answers.get(name)).lower()}"
    return case.wording.text(response if response in case.wording else "utter_brief_opening_anything")


def _recommendation(case: _Case) -> Iterator[Line]:
    text, advice = case.wording.text, case.advice
    if not any(map(is_known, case.answers.values())):
        yield Line(text("utter_brief_nothing_told"), case.decided)
        return
    role = _role(case.wording, advice["role"], advice["engagement"])
    response = "utter_brief_recommended" if case.dossier.verdict else "utter_brief_not_told"
    yield Line(text(response, role=capitalized(role) if case.dossier.verdict else role), case.decided)
    strength = text(f"utter_card_strength_{advice['strength']}")
    means = text(f"utter_feeds_{advice['rule']}")
    yield Line(text("utter_brief_rule", strength=strength, rule=advice["rule"], means=means), case.decided)
    for item in case.card_items("utter_section_takes"):
        if item.get("label") == text("utter_label_cost"):
            yield Line(text("utter_brief_price", words=item["text"]), case.shown)


def _ask(case: _Case) -> Iterator[Line]:
    text = case.wording.text
    for ask in case.asks:
        yield Line(text("utter_brief_ask", question=ask.question, turns="; ".join(ask.turns)), case.decided)
    if not case.dossier.verdict:
        return
    if not case.asks:
        yield Line(text("utter_brief_nothing_open"), case.decided)
    for name in _pivots(case)[:_CHECKED]:
        ask = _asked_for(case, Question(question_of(name).part, (name,)))
        if ask.turns:
            values = {"question": ask.question, "turns": "; ".join(ask.turns)}
            yield Line(text("utter_brief_check", **values), case.told([name]))


def _missing(case: _Case) -> list[_Ask]:
    """What to ask of those missing answers that turn the advice: what turns the role first, then one of each group."""
    open_fields = [name for name in case.advice["contingent_on"] if is_askable(name, case.company)]
    groups = []
    for question in questions():
        if left := tuple(name for name in question.fields if name in open_fields):
            groups.append(_turning(case, Question(question.part, left)))
    ranked = [(not one.turns_role, place, -len(one.turns), one) for group in groups for place, one in enumerate(group)]
    return [one for *_, one in sorted(ranked, key=lambda rank: rank[:3])]


def _turning(case: _Case, question: Question) -> list[_Ask]:
    """The ways to ask for what is missing that turn the advice; a list to tick only where no point of it does alone."""
    whole = _asked_for(case, question)
    alone = [_asked_for(case, Question(question.part, (name,))) for name in question.fields]
    turning = [one for one in alone if one.turns]
    return [whole] if whole.turns and not (whole.is_list and turning) else turning


def _asked_for(case: _Case, question: Question) -> _Ask:
    """A question as it is asked, and the other advice that its answers lead to."""
    wording, now = case.wording, (case.advice["role"], case.advice["engagement"])
    response = response_of(wording, question)
    led_to: dict[tuple[str, str | None], list[str]] = {}
    for button in wording.choices(response):
        given = json.loads(button["payload"].removeprefix("/answer"))
        then = decide(company_of({**case.answers, **given})).outcome
        if then != now and then[0] not in (UNSETTLED if now[0] in UNSETTLED else (NO_ADVICE,)):
            led_to.setdefault(then, []).append(wording.text("utter_brief_answer", answer=button["title"]))
    first, *items = wording.text(response).split("\n- ")
    turns = [
        wording.text("utter_brief_turn", answers=listed(answers[:_ANSWERS_SHOWN], "or"), role=_role(wording, *then))
        for then, answers in led_to.items()
    ]
    return _Ask(
        question=f"{first} ({'; '.join(items)})" if items else first,
        is_list=bool(items),
        turns=tuple(turns[:_TURNS_SHOWN]),
        turns_role=any(role != now[0] for role, _ in led_to),
    )


def _pivots(case: _Case) -> list[str]:
    """The answers that would lead to another role if they were different, first where that makes or ends a hire."""
    found = [one for led_to_one in changes(case.wording, case.company, advise(case.company)) for one in led_to_one]
    no_hire = case.advice["role"] in _NO_HIRE
    found.sort(key=lambda change: (change.role in _NO_HIRE) == no_hire)
    alone = [name for change in found if len(change.set) == 1 for name in change.set]
    return [name for name in alone if fields()[name].type != "kinds"]  # what a company sells, it knows


def _unanswered(case: _Case) -> Iterator[Line]:
    for one in case.dossier.asked:
        if one.text and not one.answered and (_sign(one) is None or asks_something(one.text)):
            yield Line(case.wording.text("utter_brief_unanswered", words=quotable(one.text)), (one.event,))


def _shown_signs(case: _Case) -> Iterator[Line]:
    days = {_date(one.at): one for one in reversed(case.dossier.asked)}  # the first message of each
    if again := [one for day, one in reversed(days.items()) if day != _date(case.dossier.began)]:
        dates = listed([_date(one.at) for one in again], "and")
        yield Line(case.wording.text("utter_brief_returned", dates=dates), _events(again))
    for sign, asked in case.signs.items():
        if asked:
            yield Line(
                case.wording.text(f"utter_brief_sign_{sign}", quotes=_quotes(asked, _QUOTED_TOGETHER)), _events(asked)
            )


def _sign(one: Asked) -> str | None:
    """What a message shows; a no to a question of the interview is an answer."""
    if one.replies and one.intent == "deny":
        return None
    meant = [split_topic(topic)[1] for topic in one.topics] or [one.intent]
    return next((sign for sign, names in _SIGNS.items() if not {*names}.isdisjoint(meant)), None)


def _company(case: _Case) -> Iterator[Line]:
    """Who they are, first in their own words as far as the opening has not said them."""
    wording, answers = case.wording, case.dossier.answers
    said = [Quote(quotable(one.text, _LONGEST_DESCRIPTION), one.event) for one in case.descriptions]
    said += [quote for quote in case.dossier.quotes.values() if _says_something(quote.words)]
    read = next(_openings(case)).text
    shown = 0
    for quote in said:
        words = quotable(quote.words, _LONGEST_DESCRIPTION)
        if words not in read and shown < _WORDS_SHOWN:
            read, shown = f"{read} {words}", shown + 1
            yield Line(wording.text("utter_brief_words", words=words), (quote.event,))
    for label, facts in grouped(wording, answers).items():
        names = [name for name, value in answers.items() if label in grouped(wording, {name: value})]
        yield Line(wording.text("utter_brief_facts", label=label, facts=facts), case.told(names))


def _clashes(case: _Case) -> Iterator[Line]:
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


def _next(case: _Case) -> Iterator[Line]:
    text, lead, role = case.wording.text, case.dossier.lead, case.advice["role"]
    if lead and lead.call and lead.call_state:
        yield Line(text(f"utter_brief_next_{lead.call_state}", time=_time(lead.call)), _agreed(case, lead))
    if case.withheld:
        return
    verdict = case.dossier.verdict
    for item in case.card_items("utter_section_next"):
        yield Line(text("utter_brief_next_told", words=item["text"]), case.shown)
    if not verdict or role in UNSETTLED:
        yield Line(text("utter_brief_next_open"), case.decided)
    else:
        yield Line(text("utter_brief_next_no_hire" if role in _NO_HIRE else "utter_brief_next_hire"), case.decided)


def _contact(case: _Case) -> Iterator[Line]:
    text, lead = case.wording.text, case.dossier.lead
    if lead is None:
        yield Line(text("utter_brief_no_contact"), (case.dossier.last,))
    else:
        events, contact = _agreed(case, lead), lead.contact
        known = [*_names(lead), contact.email, contact.phone]
        yield Line(text("utter_brief_contact", contact=", ".join(filter(None, known))), events)
        if contact.when:
            yield Line(text("utter_brief_when", when=quotable(contact.when)), events)
        if contact.topic:
            yield Line(text("utter_brief_topic", topic=quotable(contact.topic)), events)
        included = text("utter_brief_included" if lead.answers_included else "utter_brief_not_included")
        values = {"date": _date(lead.consented), "consent": lead.consent, "included": included}
        yield Line(text("utter_brief_consent", **values), events)
    for reference in case.dossier.calls:
        yield Line(text("utter_brief_call", reference=reference), (case.dossier.last,))


def _rest(case: _Case) -> Iterator[Line]:
    text, verdict = case.wording.text, case.dossier.verdict
    signs = {one.event for asked in case.signs.values() for one in asked}
    known = {*signs, *case.dossier.told.values()}
    others = [one for one in case.dossier.asked if one.topics and one.answered and one.text and one.event not in known]
    if others:
        yield Line(text("utter_brief_answered", quotes=_quotes(others, _ANSWERED_SHOWN)), _events(others))
    open_fields = [name for name, value in case.dossier.answers.items() if not is_known(value)]
    if open_fields:
        names = ", ".join(name_of(case.wording, name) for name in open_fields)
        yield Line(text("utter_brief_left_open", names=names), case.told(open_fields))
    if verdict:
        for item in [one for title in _READ for one in case.card_items(f"utter_section_{title}")]:
            if item.get("label") != text("utter_label_cost"):
                yield Line(text("utter_brief_reason", words=quotable(item["text"], _LONGEST_ITEM)), case.shown)
        yield Line(text("utter_brief_framework", version=case.advice["framework_version"]), case.decided)


_SECTIONS: Mapping[str, Callable[[_Case], Iterable[Line]]] = {
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


def _role(wording: Wording, role: str, engagement: str | None) -> str:
    """A role with its terms, as colleagues say it to each other."""
    terms = wording.text(f"utter_brief_terms_{engagement}") if engagement else ""
    return ", ".join(filter(None, [wording.text(f"utter_brief_role_{role}"), terms]))


def _quotes(asked: Sequence[Asked], most: int) -> str:
    """The last of some messages, quoted."""
    return listed([f"“{quotable(one.text)}”" for one in asked[-most:]], "and")


def _events(asked: Sequence[Asked]) -> tuple[int, ...]:
    return tuple(one.event for one in asked)


def _agreed(case: _Case, lead: Lead) -> tuple[int, ...]:
    """The message with which the visitor agreed to be contacted."""
    before = [one.event for one in case.dossier.asked if one.at <= lead.consented]
    return (before[-1] if before else case.dossier.last,)


def _names(lead: Lead | None) -> list[str]:
    return [one for one in (lead.contact.name, lead.contact.company) if one] if lead else []


def _says_something(words: str) -> bool:
    return len(words.split()) >= _SAYS_SOMETHING


def _date(at: float) -> str:
    day = datetime.fromtimestamp(at, timezone.utc)
    return f"{day:%B} {day.day}, {day.year}"


def _time(at: float) -> str:
    return f"{_date(at)}, {datetime.fromtimestamp(at, timezone.utc):%H:%M} UTC"

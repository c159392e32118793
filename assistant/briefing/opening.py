"""The sentence that a call opens with: it quotes the prospect, and asks about what they said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from actions.company import clauses
from actions.turn import asks_something
from advisor.brief import Line, quotable
from advisor.decision import grounds
from assistant.briefing.case import Case, says_something
from assistant.briefing.signs import signs
from assistant.dossier import Asked

PAINS: tuple[tuple[str, Any], ...] = (
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
STATES: tuple[tuple[str, Any], ...] = (("dev_team", True), ("ai_strategy", "none"), ("leadership", "none"))
"""What is no pain in itself, but worth a question."""

_LONGEST_DESCRIPTION = 30  # words that can be said in a breath or two


def openings(case: Case) -> Iterator[Line]:
    """Every first sentence that there could be, the best one first."""
    text, wording, answers = case.wording.text, case.wording, case.dossier.answers
    pains, states = ([name for name, value in of if answers.get(name) == value] for of in (PAINS, STATES))
    yield from _quoted(case, pains)
    for one in case.descriptions:
        yield Line(
            text("utter_brief_opening_described", words=quotable(one.text, _LONGEST_DESCRIPTION).rstrip(".")),
            (one.event,),
        )
    yield from _quoted(case, [*states, *grounds(case.company)])
    doubts = [one for asked in signs(case).values() for one in asked]
    for one in sorted(doubts, key=lambda one: asks_something(one.text)):  # what they told before what they asked
        yield from _as_asked(case, one)
    for name in [*pains, *states]:
        fact = clauses(wording, {name: answers[name]})[0]
        yield Line(text("utter_brief_opening_told", fact=fact, question=_follow_up(case, name)), case.told([name]))
    for one in case.dossier.asked:
        if one.topics:
            yield from _as_asked(case, one)
    yield Line(text("utter_brief_opening_blank"), (case.dossier.last,))


def _quoted(case: Case, names: Iterable[str]) -> Iterator[Line]:
    """First sentences with the visitor's words for these fields."""
    for name in names:
        quote = case.dossier.quotes.get(name)
        if quote and says_something(quote.words):
            values = {"words": quotable(quote.words).rstrip("."), "question": _follow_up(case, name)}
            yield Line(case.wording.text("utter_brief_opening_quoted", **values), (quote.event,))


def _as_asked(case: Case, one: Asked) -> Iterator[Line]:
    """A first sentence with what the visitor asked or said of their own accord."""
    if one.typed and says_something(one.text):
        response = "utter_brief_opening_asked" if asks_something(one.text) else "utter_brief_opening_said"
        yield Line(case.wording.text(response, words=quotable(one.text).rstrip(".")), (one.event,))


def _follow_up(case: Case, name: str) -> str:
    """What to ask about an answer once it was quoted."""
    response = f"utter_brief_opening_{name}_{str(case.dossier.answers.get(name)).lower()}"
    return case.wording.text(response if response in case.wording else "utter_brief_opening_anything")

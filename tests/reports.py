"""Verdicts as they are said, and the reports of them, in the real wording."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

from rasa_sdk.executor import CollectingDispatcher

from actions.company import company_of
from actions.summary import grouped
from actions.verdict import give_advice
from actions.wording import Wording, capitalized
from advisor.advice import advise
from advisor.report import Report, report_of
from advisor.whatif import distinct_values
from tests.actions.situations import ASKED
from tests.advisor.test_golden_cases import SITUATIONS
from tests.content import responses

WORDING = Wording(responses())
LONG_QUOTE = "our developers are buried, and nobody here has had time to look at any of it for over a year"


def golden() -> dict[str, dict[str, Any]]:
    """The answers of every golden case."""
    return {name: dict(situation["company"]) for name, situation in SITUATIONS.items()}


def talkative(number: int) -> Iterator[dict[str, Any]]:
    """So many companies that have answered every question."""
    chance = random.Random(number)
    values = {field: distinct_values(field) for field in ASKED} | {"business": (["service"], ["software_product"])}
    for _ in range(number):
        yield {field: chance.choice(values[field]) for field in ASKED}


def card_of(answers: Mapping[str, Any], quotes: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The card of the verdict for these answers."""
    dispatcher = CollectingDispatcher()
    give_advice(dispatcher, WORDING, dict(answers), quotes)
    card: dict[str, Any] = dispatcher.messages[0]["custom"]
    return card


def report_for(answers: Mapping[str, Any], quotes: Mapping[str, str] | None = None) -> Report:
    """The report of the verdict for these answers."""
    told = {part: capitalized(said) for part, said in grouped(WORDING, dict(answers)).items()}
    return report_of(card_of(answers, quotes), told, advise(company_of(dict(answers))), WORDING)

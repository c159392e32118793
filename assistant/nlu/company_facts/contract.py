"""The facts of a message under the names of the command line, which are other than those of the fields."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import Any

from assistant.nlu.company_facts.amounts import ALMOST
from assistant.nlu.company_facts.heard import Heard
from assistant.nlu.company_facts.names import denied_or_had, is_denied
from assistant.nlu.company_facts.reader import Answer, read_answer

_SAME = ("has_website", "has_crm", "has_cloud", "ai_initiatives")
_RENAMED = {"dev_team": "has_dev_team", "leveraging_ai": "uses_ai"}
_KINDS = {"software_product": "building_software_product", "ai_product": "ai_product"}
_LEADERS = {
    "none": {"has_cto": False},
    "cto": {"has_cto": True},
    "caio": {"has_caio": True},
    "both": {"has_cto": True, "has_caio": True},
    "one_person_both": {"has_cto": True, "has_caio": True},
}
_TOOLS = r"(?:ai|chatgpt|copilot|claude|gemini)"
_USES_AI = re.compile(
    r"\b(?:we|i|everyone|everybody|people|staff|team|our \w+)\b.{0,20}"
    rf"\b(?:use|uses|using|lives? in|rel(?:y|ies) on)\b.{{0,20}}\b{_TOOLS}\b|\b{_TOOLS} (?:is )?(?:used|in use)\b",
    re.I,
)
"""How one says that AI is used at all; the interview asks for real use."""


def stated(heard: Heard) -> dict[str, Any]:
    """What a message states by itself, while no question is open."""
    answer = read_answer(heard, ())
    read = answer.facts
    facts = {name: read[name] for name in _SAME if name in read}
    facts.update({name: read[field] for field, name in _RENAMED.items() if field in read})
    facts.update(dict.fromkeys((name for kind, name in _KINDS.items() if kind in read.get("business", ())), True))
    if "ai_product" in facts:
        facts["building_software_product"] = True
    facts.update(_LEADERS.get(read.get("leadership", ""), {}))
    ours = [clause for clause in heard.clauses if clause.states("leveraging_ai")]
    if any(denied_or_had(clause.text).get("caio") is False for clause in ours):
        facts.setdefault("has_caio", False)
    if read.get("generic_tools_no_strategy") is True:
        facts.setdefault("uses_ai", True)
    if facts and any(_USES_AI.search(clause.text) and not is_denied(clause.text) for clause in ours):
        facts.setdefault("uses_ai", True)
    if "ai_strategy" in read:
        facts["ai_strategy_exists"] = read["ai_strategy"] == "in_place"
    return {**facts, **dict(_figures(answer))}


def _figures(answer: Answer) -> Iterator[tuple[str, float]]:
    if answer.people is not None:
        yield from _span("headcount", *answer.people)
    revenue = answer.revenue
    if revenue is not None and revenue.currency in (None, "USD") and revenue.period in (None, "month"):
        yield from _span(f"{'monthly' if revenue.period else 'annual'}_revenue_usd", revenue.low, revenue.high)


def _span(name: str, low: float, high: float) -> Iterator[tuple[str, float]]:
    if low == high:
        yield name, _whole(low)
        return
    if low > 0 and low != high * ALMOST:
        yield f"{name}_min", _whole(low)
    if high < math.inf:
        yield f"{name}_max", _whole(high)


def _whole(number: float) -> float:
    return int(number) if number == int(number) else number

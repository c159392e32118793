"""Extracts facts that are expressed by phrases: AI use, technology needs, the CTO's relation to AI."""

from __future__ import annotations

import re

from assistant.nlu.budget import check

from .clauses import Clause
from .lexicon import Statement, lexicon, pattern
from .normalized_text import NormalizedText

_ABOUT_OTHERS = {"competitors_gaining"}  # facts about other companies
_COUNT = r"(?P<count>NUM|\bone|\bno|\bzero|\bany|\ba single)"
_INITIATIVES = (
    _COUNT
    + r"(?: (?!PEOPLE|of us)[\w-]+){0,3}? (?:AI|AITOOL)(?:[ -][\w-]+){0,2}? {initiative}|"
    + _COUNT.replace("count", "count2")
    + r"(?: [\w-]+){0,2}? {initiative}(?: [\w-]+){0,4}? (?:AI|AITOOL)\b|"
    r"\bAI {initiative} ?(?:[:=-]|is|are|going|running|underway|right now)* ?(?P<count3>NUM)"
)


def read_statements(clauses: list[Clause], normalized: NormalizedText) -> dict[str, bool | int]:
    facts: dict[str, bool | int] = {}
    no_plan = only_tries = False
    for clause in clauses:
        check()
        for field, statement in lexicon().statements.items():
            if not (clause.own or field in _ABOUT_OTHERS) or (clause.question and not statement.questions):
                continue
            stated = _stated(clause, statement)
            if field == "no_plan":
                no_plan = no_plan or stated is True
            elif field == "only_tries_ai":
                only_tries = only_tries or stated is True
            elif stated is not None:
                facts[field] = stated
    facts.update(_initiatives(clauses, normalized))
    facts = _with_strategy(facts, no_plan, normalized)
    if only_tries and facts.get("uses_ai") and not facts.get("generic_tools_no_strategy"):
        del facts["uses_ai"]
    return facts


def _stated(clause: Clause, statement: Statement) -> bool | None:
    text = clause.told
    if any(phrase.search(text) for phrase in statement.unless):
        return None
    moved = len(text) - len(clause.text)
    for patterns, value in ((statement.no, False), (statement.yes, True)):
        for phrase in patterns:
            match = phrase.search(text)
            if (
                match
                and not (clause.wished(match.start() - moved) and not statement.wished)
                and not _doubted(clause, match, statement)
            ):
                return value
    for phrase in statement.claim:
        match = phrase.search(text)
        if match is None or _doubted(clause, match, statement):
            continue
        if clause.supposed(match.end() - moved) and not statement.wished:  # "we might build an app"
            continue
        if clause.wished(match.end() - moved) and not statement.wished:
            continue
        denied = any(denial < match.end() - moved for denial in clause.denials) and clause.denied(match.end() - moved)
        return not denied
    return None


def _doubted(clause: Clause, match: re.Match[str], statement: Statement) -> bool:
    """Doubt does not undo a statement that is about a decision still open."""
    return clause.supposed(match.start()) and not statement.wished


def _with_strategy(facts: dict[str, bool | int], no_plan: bool, normalized: NormalizedText) -> dict[str, bool | int]:
    """A plan denied beside AI is the AI strategy; generic tools without it are a fact of their own."""
    if no_plan and re.search(r"\bAI(?:TOOL)?\b", normalized.text):
        facts.setdefault("ai_strategy_exists", False)
    tools = re.search(r"\bAITOOL\b", normalized.text) is not None
    if tools and facts.get("uses_ai") and facts.get("ai_strategy_exists") is False:
        facts["generic_tools_no_strategy"] = True
    return facts


def _initiatives(clauses: list[Clause], normalized: NormalizedText) -> dict[str, bool | int]:
    """The number of AI initiatives; of "5 or more" the floor, which is all the advice asks for."""
    for clause in clauses:
        match = pattern(_INITIATIVES).search(clause.text) if clause.own and not clause.question else None
        if match is None or clause.wished(match.start()) or clause.supposed(match.start()):
            continue
        group = next(name for name in ("count", "count2", "count3") if match[name])
        number = _count(match, group, clause, normalized)
        if number is not None:
            return {"ai_initiatives": number, **({"uses_ai": True} if number else {})}
    return {}


def _count(match: re.Match[str], group: str, clause: Clause, normalized: NormalizedText) -> int | None:
    if match[group] == "any":  # "we don't have any AI projects"
        return 0 if clause.denied(match.start()) else None
    if match[group] != "NUM":
        return 0 if match[group] in {"no", "zero"} else 1
    quantity = normalized.quantities.get(clause.offset + match.start(group))
    if quantity is None or quantity.low is None or not (quantity.exact or quantity.high is None):
        return None
    return int(quantity.low)

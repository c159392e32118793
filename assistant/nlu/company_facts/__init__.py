"""Extracts facts about the writer's company from a message: figures, systems, roles, use of AI.

Precision matters more than recall: a missed fact is asked for, a wrong one is not. Questions, wishes, hypotheticals and
facts about other companies are ignored. Deterministic; the vocabulary is in lexicon.yml.
"""

from __future__ import annotations

from .clauses import Clause, as_stated, clauses
from .headcount import read_headcount
from .hypotheticals import hypothetical_part
from .industry import read_industry
from .normalized_text import NormalizedText, normalize
from .presence import read_presence
from .replies import named_things, read_reply
from .revenue import read_revenue
from .statements import read_statements

Value = str | int | float | bool

__all__ = ["Value", "named_things", "read", "read_reply", "read_hypothetical"]


def read(text: str) -> dict[str, Value]:
    """The facts stated in a message, keyed by field name; empty if it states none."""
    normalized = normalize(text)
    return _facts(clauses(normalized), normalized)


def read_hypothetical(text: str) -> dict[str, Value]:
    """The facts that a hypothetical message assumes: "what if we had a CTO?" gives ``has_cto``.

    Keys are the same as in ``read``; empty if the message assumes nothing about the company."""
    part = hypothetical_part(text)
    normalized = normalize(part)
    facts = _facts([as_stated(clause) for clause in clauses(normalized)], normalized)
    if facts.get("ai_initiatives"):
        facts.pop("uses_ai", None)  # follows from the initiatives, but is not what was asked
    return facts


def _facts(parsed: list[Clause], normalized: NormalizedText) -> dict[str, Value]:
    told = read_statements(parsed, normalized)
    facts: dict[str, Value] = {
        **read_headcount(parsed, normalized),
        **read_revenue(parsed, normalized),
        **read_industry(parsed),
        **told,
        **read_presence(parsed, normalized),
    }
    if told.get("has_dev_team") is False:  # "contractors, but no employees who code"
        facts["has_dev_team"] = False
    if facts.get("has_cto") is False:  # nobody is there to have or lack expertise
        facts = {name: value for name, value in facts.items() if not name.startswith("cto_")}
    return facts

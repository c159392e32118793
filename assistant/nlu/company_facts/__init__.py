"""What a message states about the writer's own company: figures, systems, roles, use of AI.

The interview asks only for what nobody has told it yet, so a wrong reading costs more than a missed one: what is asked,
wished, supposed or told of somebody else is left out. Pure and deterministic; the words are in lexicon.yml.
"""

from __future__ import annotations

from .clauses import Clause, as_stated, clauses
from .gist import Gist, gist_of
from .industry import read_industry
from .money import read_revenue
from .people import read_headcount
from .presence import read_presence
from .replies import named_things, read_reply
from .statements import read_statements
from .supposition import supposed_part

Value = str | int | float | bool

__all__ = ["Value", "named_things", "read", "read_reply", "read_supposition"]


def read(text: str) -> dict[str, Value]:
    """The facts of one message under the contract's names; an empty dict where it states none."""
    gist = gist_of(text)
    return _facts(clauses(gist), gist)


def read_supposition(text: str) -> dict[str, Value]:
    """What a hypothetical message supposes of the writer's company: "what if we had a CTO?" gives ``has_cto``.

    The names are those of ``read``; an empty dict where nothing is supposed of the company."""
    part = supposed_part(text)
    gist = gist_of(part)
    facts = _facts([as_stated(clause) for clause in clauses(gist)], gist)
    if facts.get("ai_initiatives"):
        facts.pop("uses_ai", None)  # follows from the initiatives, but is not what was asked
    return facts


def _facts(pieces: list[Clause], gist: Gist) -> dict[str, Value]:
    told = read_statements(pieces, gist)
    facts: dict[str, Value] = {
        **read_headcount(pieces, gist),
        **read_revenue(pieces, gist),
        **read_industry(pieces),
        **told,
        **read_presence(pieces, gist),
    }
    if told.get("has_dev_team") is False:  # "contractors, but no employees who code"
        facts["has_dev_team"] = False
    if facts.get("has_cto") is False:  # nobody is there to have or lack expertise
        facts = {name: value for name, value in facts.items() if not name.startswith("cto_")}
    return facts

"""What a message states about the writer's own company: figures, systems, roles, use of AI.

The interview asks only for what nobody has told it yet, so a wrong reading costs more than a missed one: what is asked,
wished, supposed or told of somebody else is left out. Pure and deterministic; the words are in lexicon.yml.
"""

from __future__ import annotations

from .clauses import clauses
from .gist import gist_of
from .industry import read_industry
from .money import read_revenue
from .people import read_headcount
from .presence import read_presence
from .replies import read_reply
from .statements import read_statements

Value = str | int | float | bool

__all__ = ["Value", "read", "read_reply"]


def read(text: str) -> dict[str, Value]:
    """The facts of one message under the contract's names; an empty dict where it states none."""
    gist = gist_of(text)
    pieces = clauses(gist)
    return {
        **read_headcount(pieces, gist),
        **read_revenue(pieces, gist),
        **read_industry(pieces),
        **read_presence(pieces, gist),
        **read_statements(pieces, gist),
    }

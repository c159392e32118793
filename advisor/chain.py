"""The chain of records: every hash covers the one before it, so that one altered byte breaks it, wherever it is.

What is erased loses its body and keeps its digest, so the chain survives. It cannot show that records at its end are
missing, or that all of it was written anew: for that, the last hash is noted down elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from advisor.errors import InputError, SeatwiseError
from advisor.record import chained, digest_of


class BrokenChain(SeatwiseError):  # noqa: N818  # says more than "error"
    """A record is not what it was when it was stored, or is missing."""


@dataclass(frozen=True)
class Entry:
    """A record in the chain.

    ``body`` is None once it was erased; ``digest`` is its SHA-256, and ``hash`` that of everything up to here.
    """

    number: int  # from 1, without gaps
    at: float  # seconds since 1970
    body: str | None
    digest: str
    hash: str

    def line(self) -> str:
        """The entry as a line of an export; without spaces, so that every byte of it counts."""
        return json.dumps(asdict(self), separators=(",", ":"))


def read_entry(line: str) -> Entry:
    """The entry in a line of an export.

    Raises:
        InputError: it is not one.
    """
    try:
        given = json.loads(line)
        entry = Entry(**{name: given[name] for name in Entry.__dataclass_fields__})
        if all(isinstance(getattr(entry, name), kind) for name, kind in _KINDS.items()):
            return entry
    except (ValueError, TypeError, KeyError, RecursionError):
        pass  # answered like any other text
    raise InputError("not a record; wanted is what `python -m assistant records` printed")


def verify(entries: Iterable[Entry]) -> Entry | None:
    """Check a chain from its beginning; the last entry, or None if there is none.

    Raises:
        BrokenChain: it names the first record that is not as it was.
    """
    last = None
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            raise BrokenChain(f"record {number} is missing: what follows is record {entry.number}")
        if entry.body is not None and digest_of(entry.body) != entry.digest:
            raise BrokenChain(f"record {number} was altered: its digest is of another body")
        if chained(last.hash if last else "", entry.digest, entry.at) != entry.hash:
            raise BrokenChain(f"record {number} was altered: its hash is of another digest, time or record before it")
        last = entry
    return last


_KINDS = {"number": int, "at": float, "body": str | None, "digest": str, "hash": str}

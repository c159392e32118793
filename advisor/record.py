"""The record of a verdict: what was known, which rules and code decided, and what they said.

Records are kept so that a verdict can be proven later: ``replay`` decides again and compares byte for byte. Each is
chained to the one before it, so that none can be altered unnoticed (chain.py).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from advisor import VERSION
from advisor.advice import advise
from advisor.company import read_company
from advisor.edition import Edition, edition, find_edition, today
from advisor.errors import InputError, SeatwiseError

_KINDS = {"inputs": dict, "framework": str, "content": str, "code": str, "output": dict, "nonce": str}
_SHOWN = 12  # hexadecimal digits, which tell two digests apart


@dataclass(frozen=True)
class Record:
    """A verdict and all that it came from.

    ``inputs`` are the answers as ``read_company`` takes them, and ``output`` is the advice as JSON. ``framework`` is
    the version of the decision table, ``content`` the digest of its edition, ``code`` the version of this package.
    ``nonce`` is random: the digest of a record that was erased must not give away what it said.
    """

    inputs: Mapping[str, Any]
    framework: str
    content: str
    code: str
    output: Mapping[str, Any]
    nonce: str

    def body(self) -> str:
        """The record as the one JSON text that it can be: in ASCII, with sorted keys and no spaces."""
        return _canonical({name: getattr(self, name) for name in _KINDS})


@dataclass(frozen=True)
class Difference:
    """A version, or a part of the advice, that is not what it was; in JSON, so that it is printed in one line."""

    name: str
    was: str
    now: str

    def __str__(self) -> str:
        return f"{self.name}: {self.was}, now {self.now}"


@dataclass(frozen=True)
class Replay:
    """What came of deciding again: the versions and the parts of the advice that differ."""

    versions: tuple[Difference, ...]
    changes: tuple[Difference, ...]

    @property
    def same(self) -> bool:
        """Whether the bytes are the same; newer code may well give the same."""
        return not self.changes and all(one.name == "code" for one in self.versions)

    def __str__(self) -> str:
        if self.same:
            return "same"
        return "; ".join(map(str, (*self.versions, *(self.changes or ["the advice is the same"]))))


def record(inputs: Mapping[str, Any]) -> Record:
    """The record of the verdict for a company.

    Args:
        inputs: as ``read_company`` takes them; see there for the errors.
    """
    advice = advise(read_company(inputs))
    made = Record(
        inputs=inputs,
        framework=advice.framework_version,
        content=edition().digest,
        code=VERSION,
        output=advice.as_json(),
        nonce=secrets.token_hex(16),
    )
    return read_record(made.body())


def read_record(body: str) -> Record:
    """The record with this body.

    Raises:
        InputError: no record has it.
    """
    try:
        found = Record(**json.loads(body))
        if found.body() == body and all(isinstance(getattr(found, name), kind) for name, kind in _KINDS.items()):
            return found
    except (ValueError, TypeError, RecursionError):
        pass  # answered like any other text
    raise InputError("the body is not that of a record; wanted is what `python -m assistant records` printed")


def digest_of(body: str) -> str:
    """The SHA-256 of a body, in hexadecimal."""
    return hashlib.sha256(body.encode(errors="surrogatepass")).hexdigest()


def chained(previous: str, digest: str, at: float) -> str:
    """The hash of a record in its chain.

    Args:
        previous: the hash of the record before it; empty for the first.
        digest: of its body.
        at: when it was stored, in seconds since 1970.
    """
    return digest_of(f"{previous} {digest} {at!r}")


def replay(old: Record) -> Replay:
    """Decide again with today's code, by the edition of the record if it is kept, and by today's otherwise."""
    with (find_edition(old.content) or today()).in_use():
        versions = tuple(_versions(old, edition()))
        try:
            output = advise(read_company(old.inputs)).as_json()
        except SeatwiseError as error:
            return Replay(versions, (Difference("advice", "given", f"none: {error}"),))
    return Replay(versions, tuple(_changes(old.output, output)))


def _versions(old: Record, used: Edition) -> Iterator[Difference]:
    if old.framework != used.version:
        yield Difference("framework", _canonical(old.framework), _canonical(used.version))
    if old.content != used.digest:
        kept = f"{_canonical(old.content[:_SHOWN])}, of which no copy is kept"
        yield Difference("content", kept, _canonical(used.digest[:_SHOWN]))
    if old.code != VERSION:
        yield Difference("code", _canonical(old.code), _canonical(VERSION))


def _changes(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for name in dict.fromkeys([*was, *now]):
        before, after = _canonical(was.get(name)), _canonical(now.get(name))
        if before != after:
            yield Difference(_canonical(name).strip('"'), before, after)


def _canonical(content: Any) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)

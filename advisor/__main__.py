"""``python -m advisor``: companies in, advice out; records in, whether they hold. One JSON object a line.

``advise`` answers companies. ``replay`` decides exported records again, and ``verify`` checks their chain; ``python -m
assistant records`` exports them. ``edition`` prints what is kept of an edition.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TextIO, TypeVar

from advisor.advice import advise
from advisor.chain import BrokenChain, read_entry, verify
from advisor.company import read_company
from advisor.compiled import compiled
from advisor.edition import edition
from advisor.errors import InputError, SeatwiseError
from advisor.interview import questions
from advisor.record import Replay, read_record, replay

USAGE = "usage: python -m advisor advise | replay | verify  (one JSON object a line on standard input) | edition"

_Read = TypeVar("_Read")


def main(arguments: list[str], lines: Iterable[str], out: TextIO) -> int:
    """Run one command; 0 when all is well, 1 when a record is not, 2 when the input or a content file is wrong."""
    if len(arguments) != 1 or arguments[0] not in _COMMANDS:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        compiled()
        questions()
        return _COMMANDS[arguments[0]](lines, out)
    except BrokenChain as error:
        print(error, file=sys.stderr)
        return 1
    except SeatwiseError as error:
        print(error, file=sys.stderr)
        return 2


def _advise(lines: Iterable[str], out: TextIO) -> int:
    for advice in _each(lines, lambda line: advise(read_company(_object(line)))):
        out.write(json.dumps(advice.as_json(), ensure_ascii=False) + "\n")
    return 0


def _replay(lines: Iterable[str], out: TextIO) -> int:
    """An erased record says nothing that could differ."""
    all_same = True
    for number, replayed in _each(lines, _replayed):
        out.write(f"{number}: {replayed or 'erased'}\n")
        all_same = all_same and (replayed is None or replayed.same)
    return 0 if all_same else 1


def _replayed(line: str) -> tuple[int, Replay | None]:
    entry = read_entry(line)
    return entry.number, replay(read_record(entry.body)) if entry.body is not None else None


def _verify(lines: Iterable[str], out: TextIO) -> int:
    last = verify(_each(lines, read_entry))
    out.write(f"{last.number} records, intact; the last hash is {last.hash}\n" if last else "no records\n")
    return 0


def _edition(_: Iterable[str], out: TextIO) -> int:
    out.write(f"{edition().as_json()}\n")
    return 0


_COMMANDS: dict[str, Callable[[Iterable[str], TextIO], int]] = {
    "advise": _advise,
    "replay": _replay,
    "verify": _verify,
    "edition": _edition,
}


def _each(lines: Iterable[str], read: Callable[[str], _Read]) -> Iterator[_Read]:
    """What is read from every line that is not blank.

    Raises:
        InputError: it names the first line that cannot be read.
    """
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield read(line)
            except SeatwiseError as error:
                raise InputError(f"line {number}: {error}") from error


def _object(line: str) -> dict[str, object]:
    try:
        given = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise InputError(f"not JSON ({error}); wanted is one object of fields a line") from error
    if not isinstance(given, dict):
        raise InputError(f"a company is a JSON object of fields, and this is {type(given).__name__}")
    return given


if __name__ == "__main__":
    sys.stdin.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    try:
        sys.exit(main(sys.argv[1:], sys.stdin, sys.stdout))
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(1)

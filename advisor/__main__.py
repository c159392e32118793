"""``python -m advisor advise``: companies in, advice out, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TextIO

from advisor.advice import advise
from advisor.company import read_company
from advisor.compiled import compiled
from advisor.errors import ContentError, InputError, SeatwiseError
from advisor.interview import questions

USAGE = "usage: python -m advisor advise  (one JSON object a line on standard input)"


def main(arguments: list[str], lines: Iterable[str], out: TextIO) -> int:
    """Run one command; 0 when all is answered, 2 when the input or a content file is not what it must be."""
    if arguments != ["advise"]:
        print(USAGE, file=sys.stderr)
        return 2
    try:
        compiled()
        questions()
    except ContentError as error:
        print(error, file=sys.stderr)
        return 2
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            out.write(json.dumps(advise(read_company(_object(line))).as_json(), ensure_ascii=False) + "\n")
        except SeatwiseError as error:
            print(f"line {number}: {error}", file=sys.stderr)
            return 2
    return 0


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

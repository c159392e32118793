"""docs/faults.md: what was counted, one row for each fault and each file of attacks.

A run replaces the rows of its own tests and keeps all others, so that a single test can be run again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path

_BEFORE = """# What happens when something breaks

Written by `make faults`, with two real replicas on one real PostgreSQL behind a real nginx. Faults are injected into
the processes themselves. A visitor's page retries each message with the same id until it has an answer. *Lost* messages
were accepted but not stored, or neither accepted nor rejected. *Duplicated* messages have two entries in the
conversation, two answers or two webhook messages. Times are from one run on a shared machine with two cores.

| test | fault | sent | stored once | lost | duplicated | longest wait | result |
| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
"""
_ATTACKS = """
## Attacks

All are in `tests/security/`. None stops the assistant, writes an event or logs a visitor's words, and legitimate
visitors lose nothing meanwhile. Random requests are generated from `docs/openapi.yml` and from broken packets.

| what | cases | counted | result |
| --- | ---: | --- | --- |
"""


@dataclass
class Row:
    """One line of the table of faults; ``done`` says what varies between runs after a semicolon."""

    fault: str
    done: str
    sent: str
    stored: str
    lost: str
    duplicated: str
    longest: str
    result: str = "passed"

    @property
    def line(self) -> str:
        """As Markdown."""
        return f"| {' | '.join(astuple(self))} |"


def updated(path: Path, faults: Iterable[Row], attacks: Iterable[str]) -> str:
    """The page with these rows in place of those of the same tests.

    Args:
        path: of the page; it need not exist.
        faults: the rows of the faults that were tried.
        attacks: the lines of the attacks that were tried.
    """
    written = path.read_text(encoding="utf-8") if path.exists() else ""
    earlier, _, earlier_attacks = written.partition("## Attacks")
    rows = sorted((_rows(earlier) | _keyed(one.line for one in faults)).values(), key=_number)
    lines = (_rows(earlier_attacks) | _keyed(attacks)).values()
    return _BEFORE + "".join(f"{one}\n" for one in rows) + _ATTACKS + "".join(f"{one}\n" for one in lines)


def _rows(page: str) -> Mapping[str, str]:
    """The rows of a table, without its head."""
    return _keyed([line for line in page.splitlines() if line.startswith("| ")][2:])


def _keyed(lines: Iterable[str]) -> dict[str, str]:
    """Rows by what they are about: a fault and how it was made, or a sort of attacks."""
    return {_about(line): line for line in lines}


def _about(line: str) -> str:
    name, second = line.strip("| ").split(" | ")[:2]
    return f"{name} {second.partition(';')[0]}" if _is_fault(name) else name


def _is_fault(name: str) -> bool:
    return name[1:].isdigit()


def _number(line: str) -> tuple[str, int]:
    name = line.strip("| ").partition(" ")[0]
    return name[0], int(name[1:])

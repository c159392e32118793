"""One running system for all fault tests, and the table of their results (``make faults``)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import pytest

from tests.faults.records import Tally
from tests.faults.system import System, running

_TABLE = "faults_table"
_COUNTED = ("legitimate messages", "MB before")  # lines printed by tests that go into the table
_BEFORE = """# What happens when something breaks

Written by `make faults`, with two real replicas on one real PostgreSQL behind a real nginx. Faults are injected into
the processes themselves. A visitor's page retries each message with the same id until it has an answer. *Lost* messages
were accepted but not stored, or neither accepted nor rejected. *Duplicated* messages have two entries in the
conversation, two answers or two webhook messages. Times are from one run on a shared machine with two cores.

"""


_ATTACKS = """## Attacks

All are in `tests/security/`. None stops the assistant, writes an event or logs a visitor's words, and legitimate
visitors lose nothing meanwhile. Random requests are generated from `docs/openapi.yml` and from broken packets.

| what | cases | counted | result |
| --- | ---: | --- | --- |
"""


@dataclass
class Row:
    """One line of the table."""

    fault: str
    done: str
    sent: str
    stored: str
    lost: str
    duplicated: str
    longest: str
    result: str = "passed"


Report = Callable[..., None]
_rows = pytest.StashKey[list[Row]]()
_failed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults-table", type=Path, help="file for the table of faults")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_rows] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.failed:
        item.stash[_failed] = True
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    path: Path | None = config.getoption(_TABLE, None)
    if path is None:
        return
    rows = sorted(config.stash[_rows], key=lambda row: (row.fault[0], int(row.fault[1:])))
    head = ("test", "fault", "sent", "stored once", "lost", "duplicated", "longest wait", "result")
    lines = [head, ("---",) * 2 + ("---:",) * 5 + ("---",), *map(astuple, rows)]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    report = f"{table}\n{_ATTACKS}{''.join(_attacks(terminalreporter.stats))}"
    path.write_text(_BEFORE + report, encoding="utf-8")
    terminalreporter.write_line(f"\n{report}")


def _attacks(stats: dict[str, list[pytest.TestReport]]) -> Iterator[str]:
    """A line for each file of tests/security, with the counts printed by its tests."""
    ended = [one for outcome in ("passed", "failed", "error") for one in stats.get(outcome, ())]
    files = sorted({one.nodeid.partition("::")[0] for one in ended if one.nodeid.startswith("tests/security")})
    for file in files:
        cases = [one for one in ended if one.nodeid.startswith(file)]
        failed = sum(one.outcome != "passed" for one in cases)
        what = ast.get_docstring(ast.parse(Path(file).read_text(encoding="utf-8"))) or file
        printed = [
            line for one in cases for line in one.capstdout.splitlines() if any(part in line for part in _COUNTED)
        ]
        counts = "; ".join(dict.fromkeys(printed)) or "-"
        result = f"**{failed} failed**" if failed else "passed"
        yield f"| {' '.join(what.split())} | {len(cases)} | {counts} | {result} |\n"


@pytest.fixture(scope="package")
def shared_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The system shared by all tests, which use ``system``."""
    with running(tmp_path_factory.mktemp("faults")) as system:
        yield system


@pytest.fixture
def system(shared_system: System) -> System:
    """The running system, recovered from the previous test."""
    shared_system.recover()
    return shared_system


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """Add a row to the table; call it before the assertions."""
    rows: list[Row] = []

    def add(fault: str, done: str, tally: Tally, more: str = "") -> None:
        counts = [str(count) for count in (tally.sent, tally.stored, tally.lost, tally.duplicated)]
        rows.append(Row(fault, f"{done}{more and f'; {more}'}", *counts, f"{tally.longest:.1f} s"))

    yield add
    for row in rows:
        if request.node.stash.get(_failed, False):
            row.result = "**failed**"
    request.config.stash[_rows].extend(rows)

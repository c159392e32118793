"""One running system for all tests of faults, and the table of what they found (``make faults``)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import pytest

from tests.faults.records import Tally
from tests.faults.system import System, running

_TABLE = "faults_table"
_COUNTED = ("honest messages", "MB before")  # lines that tests print for the table
_BEFORE = """# What happens when something breaks

`make faults` wrote this table: two replicas on one PostgreSQL behind nginx, all of them real, with the faults brought
about in the processes themselves. A visitor's page sends a message again, under the same id, until it has an answer.
*Lost* is what was taken in and is not stored, or what was neither taken in nor refused; *doubled* is a message with two
entries in the conversation, two answers or two parcels. Times are of one run on a shared machine with two cores.

"""


_ATTACKS = """## Attacks

Each stands in `tests/security/`; none stops the assistant, writes an event or brings a visitor's words into a log, and
well-meaning visitors alongside lose nothing. The random ones are made from `docs/openapi.yml`, and from broken packets.

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
    doubled: str
    longest: str
    result: str = "passed"


Report = Callable[..., None]
_rows = pytest.StashKey[list[Row]]()
_failed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults-table", type=Path, help="where the table of the faults is written")


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
    head = ("test", "what was done", "sent", "stored once", "lost", "doubled", "longest wait", "result")
    lines = [head, ("---",) * 2 + ("---:",) * 5 + ("---",), *map(astuple, rows)]
    table = "".join(f"| {' | '.join(line)} |\n" for line in lines)
    told = f"{table}\n{_ATTACKS}{''.join(_attacks(terminalreporter.stats))}"
    path.write_text(_BEFORE + told, encoding="utf-8")
    terminalreporter.write_line(f"\n{told}")


def _attacks(stats: dict[str, list[pytest.TestReport]]) -> Iterator[str]:
    """A line for each file of tests/security, with the counts that its tests printed."""
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
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """The system that all tests share; they use ``system``."""
    with running(tmp_path_factory.mktemp("faults")) as system:
        yield system


@pytest.fixture
def system(everything: System) -> System:
    """The running system, without the faults of the test before."""
    everything.heal()
    return everything


@pytest.fixture
def report(request: pytest.FixtureRequest) -> Iterator[Report]:
    """Adds a line to the table, before a test asserts what the line is to say."""
    told: list[Row] = []

    def add(fault: str, done: str, tally: Tally, more: str = "") -> None:
        counts = [str(count) for count in (tally.sent, tally.stored, tally.lost, tally.doubled)]
        told.append(Row(fault, f"{done}{more and f'; {more}'}", *counts, f"{tally.longest:.1f} s"))

    yield add
    for row in told:
        if request.node.stash.get(_failed, False):
            row.result = "**failed**"
    request.config.stash[_rows].extend(told)

"""One running system for all fault tests; what they counted goes into docs/faults.md (see table.py)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.records import Tally
from tests.faults.system import System, running
from tests.faults.table import Row, updated

_TABLE = "faults_table"
_COUNTED = ("legitimate messages", "MB before")  # lines printed by tests that go into the table

Report = Callable[..., None]
_rows = pytest.StashKey[list[Row]]()
_failed = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults-table", type=Path, help="page whose rows of these tests are replaced")


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
    page = updated(path, config.stash[_rows], _attacks(terminalreporter.stats))
    path.write_text(page, encoding="utf-8")
    terminalreporter.write_line(f"\n{page}")


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
        yield f"| {' '.join(what.split())} | {len(cases)} | {counts} | {result} |"


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

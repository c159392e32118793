"""The page of faults keeps the rows of tests that did not run."""

from __future__ import annotations

from pathlib import Path

from tests.content import ROOT
from tests.faults.table import Row, updated

PAGE = ROOT / "docs" / "faults.md"


def test_page_stays_as_it_is_if_nothing_was_tried() -> None:
    assert updated(PAGE, [], []) == PAGE.read_text(encoding="utf-8")


def test_new_row_takes_the_place_of_the_same_fault_whatever_was_counted(tmp_path: Path) -> None:
    page = tmp_path / "faults.md"
    for seconds in ("1", "2"):
        away = Row("F5", f"the database was away; for {seconds} s", "3", "3", "0", "0", "1.0 s")
        frozen = Row("F5", "the database was frozen", "3", "3", "0", "0", "1.0 s")
        rows = [away, Row("F10", "a crowd", "1", "1", "0", "0", "1.0 s")] + [frozen] * (seconds == "1")
        page.write_text(updated(page, rows, [f"| Floods. | {seconds} | - | passed |"]), encoding="utf-8")
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| F")]
    assert [line.split(" | ")[:2] for line in lines] == [
        ["| F5", "the database was away; for 2 s"],
        ["| F5", "the database was frozen"],
        ["| F10", "a crowd"],
        ["| Floods.", "2"],
    ]

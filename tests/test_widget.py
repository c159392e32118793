"""The widget's own tests, in a real Chromium against the real assistant; its built files match its sources."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.npm import Script, running

LONGEST = 1800  # seconds


@pytest.mark.parametrize("script", ["check", "unit"])
def test_widget_passes_its_own_tests(script: str, tmp_path: Path) -> None:
    with running(script, tmp_path / "output") as started:
        code, printed = started.result(LONGEST)
    print(printed)
    assert code == 0, "see the output below"


def test_widget_passes_its_tests_in_a_browser(browser_tests: Script) -> None:
    code, printed = browser_tests.result(LONGEST)
    print(printed)
    assert code == 0, "see the output below"

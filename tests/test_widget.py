"""The widget's own tests, in a real Chromium against the real assistant; its built files match its sources."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

WIDGET = Path(__file__).parents[1] / "widget"
LONGEST = 1200  # seconds


@pytest.mark.parametrize("script", ["check", "unit", "e2e"])
def test_widget_passes_its_own_tests(script: str) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SEATWISE_")}
    environment["SCREENSHOTS"] = str(WIDGET.parent / "results" / "screenshots")
    ended = subprocess.run(
        ["npm", "run", "--silent", script],
        cwd=WIDGET,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    print(ended.stdout, ended.stderr)
    assert ended.returncode == 0, "see the output below"

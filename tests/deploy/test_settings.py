"""Settings used in deployment exist in the application."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [path for path in sorted((ROOT / "deploy").rglob("*")) if path.is_file()]
SETTINGS = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_settings_used_in_deployment_are_documented(path: Path) -> None:
    named = set(re.findall(r"\bSEATWISE_[A-Z_]+\b", path.read_text(encoding="utf-8")))
    assert named <= set(re.findall(r"^\| `(\w+)`", SETTINGS, flags=re.M))

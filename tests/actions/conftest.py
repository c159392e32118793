"""The real wording, and a talk that uses it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.stores.unanswered import PLACE
from tests.actions.talk import Talk
from tests.content import ROOT


@pytest.fixture(scope="session")
def domain() -> dict[str, Any]:
    """The domain as far as actions look at it: all responses of data/."""
    contents = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "data").rglob("*.yml")))
    return {"responses": {name: words for content in contents for name, words in content.get("responses", {}).items()}}


@pytest.fixture
def talk(domain: dict[str, Any]) -> Talk:
    return Talk(domain)


@pytest.fixture(autouse=True)
def unanswered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the questions of a test are kept that got no answer."""
    place = tmp_path / "unanswered.jsonl"
    monkeypatch.setenv(PLACE, str(place))
    return place

"""The real wording, and a talk that uses it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

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

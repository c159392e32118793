"""The real responses, and a conversation that uses them."""

from __future__ import annotations

import pytest
import yaml

from actions.wording import Wording
from tests.actions.talk import Talk
from tests.content import ROOT


@pytest.fixture(scope="session")
def wording() -> Wording:
    """All responses of data/."""
    contents = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "data").rglob("*.yml")))
    return Wording({name: words for content in contents for name, words in content.get("responses", {}).items()})


@pytest.fixture
def talk(wording: Wording) -> Talk:
    return Talk(wording)

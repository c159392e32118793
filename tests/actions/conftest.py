"""A conversation that uses the real responses."""

from __future__ import annotations

import pytest

from actions.wording import Wording
from tests.actions.talk import Talk


@pytest.fixture
def talk(wording: Wording) -> Talk:
    return Talk(wording)

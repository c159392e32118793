"""What the assistant says, once for all tests."""

from __future__ import annotations

from typing import Any

import pytest

from actions.wording import Wording
from tests.assistant.channels.slack.blocks.said import everything


@pytest.fixture(scope="session")
def emitted(wording: Wording) -> dict[str, dict[str, Any]]:
    """Every message that the assistant can emit, by a name for each."""
    return everything(wording)

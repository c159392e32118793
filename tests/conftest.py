"""What several tests share: one running assistant for the whole run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sanic  # noqa: F401  # at its import it quietens deprecations for everybody: here, before pytest sets its filters

from assistant.launcher import serving
from assistant.stores.unanswered import PLACE


@pytest.fixture(scope="session")
def assistant_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the real assistant with its real action server; trained first if the content changed."""
    logs = tmp_path_factory.mktemp("logs")
    with serving(logs=logs, environment={PLACE: str(logs / "unanswered.jsonl")}) as url:
        yield url

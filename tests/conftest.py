"""Shared fixtures: the real responses, and one running assistant for the whole session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sanic  # noqa: F401  # at its import it quietens deprecations for everybody: here, before pytest sets its filters
import yaml

from actions.wording import Wording
from assistant.launcher import serving
from tests.content import ROOT
from tests.slack_api import SlackApi, slack_settings


@pytest.fixture(scope="session")
def wording() -> Wording:
    """All responses of data/."""
    contents = (yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "data").rglob("*.yml")))
    return Wording({name: words for content in contents for name, words in content.get("responses", {}).items()})


@pytest.fixture(scope="session")
def slack_api() -> Iterator[SlackApi]:
    """What the running assistant takes for Slack."""
    made = SlackApi()
    yield made
    made.close()


@pytest.fixture(scope="session")
def assistant_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the running assistant keeps its files."""
    return tmp_path_factory.mktemp("assistant")


@pytest.fixture(scope="session")
def assistant_url(assistant_folder: Path, slack_api: SlackApi) -> Iterator[str]:
    """The address of a real assistant, which Slack reaches too; it is trained first if the content changed."""
    environment = {**own_files(assistant_folder), **slack_settings(slack_api)}
    with serving(logs=assistant_folder, environment=environment) as url:
        yield url


def own_files(folder: Path) -> dict[str, str]:
    """Settings that keep the files of an assistant under test in a separate folder and disable rate limits."""
    return {
        "SEATWISE_DATABASE_URL": f"sqlite:///{folder / 'seatwise.db'}",
        **NO_LIMITS,
    }


NO_LIMITS = {
    f"SEATWISE_{what}_A_MINUTE": "1000000"
    for what in ("MESSAGES", "ADDRESS_MESSAGES", "ADDRESS_VISITS", "CPU_SECONDS", "ADDRESS_CPU_SECONDS")
}
"""Rate limits high enough for tests."""

"""Shared fixtures: the real responses, and one running assistant for the whole session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sanic  # noqa: F401  # at its import it quietens deprecations for everybody: here, before pytest sets its filters

from actions.wording import Wording
from assistant.launcher import serving
from tests.content import responses
from tests.npm import Script, running


@pytest.fixture(scope="session")
def wording() -> Wording:
    """All responses of data/."""
    return Wording(responses())


@pytest.fixture(scope="session")
def assistant_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real assistant; it is trained first if the content changed."""
    logs = tmp_path_factory.mktemp("logs")
    with serving(logs=logs, environment=own_files(logs)) as url:
        yield url


@pytest.fixture(scope="session")
def browser_tests(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Script]:
    """The widget's tests in a browser."""
    with running("e2e", tmp_path_factory.mktemp("widget") / "output") as script:
        yield script


@pytest.fixture(scope="session", autouse=True)
def _browser_tests_run_beside_the_others(request: pytest.FixtureRequest) -> None:
    """Start them first if they are selected, since they take minutes and mostly wait."""
    if any("browser_tests" in getattr(item, "fixturenames", ()) for item in request.session.items):
        request.getfixturevalue("browser_tests")


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

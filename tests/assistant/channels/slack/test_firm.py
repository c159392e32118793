"""Whose press counts in the leads' channel, where it is shared with other workspaces or other organizations."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from actions.wording import Wording
from assistant.channels.slack.blocks.presses import CLAIM
from assistant.stores.database import Database
from assistant.stores.leads import Lead, lead_of
from tests.assistant.channels.slack.sales import ENVIRONMENT, System, Talk
from tests.slack_api import TEAM

ORGANIZATION, SISTER = "E0FIRM", "T0SISTER"
INSTALLED = {"team": {"id": TEAM, "domain": "firm", "enterprise_id": ORGANIZATION}, "enterprise": {"id": ORGANIZATION}}
"""Of the workspace where the app is installed, whoever presses."""


@pytest.fixture
def system(store: Database, wording: Wording, monkeypatch: pytest.MonkeyPatch) -> System:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return System(store, wording)


def claimed(system: System, team: str | None, more: dict[str, Any]) -> str | None:
    """Who has the lead after somebody of this workspace or organization has pressed Claim."""

    async def work() -> Lead | None:
        talk = Talk(1, "web")
        await system.say(talk, "hello")
        await system.agree(talk)
        await system.settle()
        await system.press("U0OLGA", team, CLAIM, talk, more)  # type: ignore[arg-type]
        await system.settle()
        return await system.store.run(lambda connection: lead_of(connection, talk.conversation))

    lead = asyncio.run(work())
    assert lead
    return lead.claimed_by


@pytest.mark.parametrize(
    ("team", "more"),
    [
        (TEAM, INSTALLED),
        (ORGANIZATION, INSTALLED),
        (SISTER, INSTALLED),
        (SISTER, {"team": {"id": SISTER, "enterprise_id": ORGANIZATION}}),
        (SISTER, {"team": None, "enterprise": {"id": ORGANIZATION}, "is_enterprise_install": True}),
    ],
    ids=["home", "organization", "listed", "named", "installed for all"],
)
def test_people_of_the_organization_claim_whatever_their_workspace(
    system: System, team: str, more: dict[str, Any]
) -> None:
    system.line.enterprise, system.line.workspaces = ORGANIZATION, ["T0ELSE", TEAM, SISTER]
    assert claimed(system, team, more) == "u0olga"


@pytest.mark.parametrize(
    ("team", "more"),
    [
        ("T0OTHER", INSTALLED),
        ("T0OTHER", {"team": {"id": "T0OTHER", "enterprise_id": "E0OTHER"}, "enterprise": {"id": ORGANIZATION}}),
        ("T0OTHER", {"team": {"id": "T0OTHER"}, "enterprise": {"id": ORGANIZATION}}),
        ("T0OTHER", {"team": None, "enterprise": {"id": ORGANIZATION}, "is_enterprise_install": True}),
        ("E0OTHER", INSTALLED),
        (None, INSTALLED),
    ],
    ids=["guest", "of another organization", "of none", "installed for all", "organization", "unknown"],
)
@pytest.mark.parametrize("enterprise", [ORGANIZATION, None])
def test_guests_of_others_never_claim(
    system: System, team: str | None, more: dict[str, Any], enterprise: str | None
) -> None:
    system.line.enterprise, system.line.workspaces = enterprise, [TEAM, SISTER]
    assert claimed(system, team, more) is None
    whispers = [fields["text"] for method, fields in system.line.calls if method == "chat_postEphemeral"]
    assert len(whispers) == 1 and "own workspace" in whispers[0]


def test_workspaces_are_asked_for_once(system: System) -> None:
    system.line.enterprise, system.line.workspaces = ORGANIZATION, [TEAM, SISTER]
    assert claimed(system, "T0OTHER", INSTALLED) is None
    assert claimed(system, SISTER, INSTALLED) == "u0olga"
    asked = [fields["cursor"] for method, fields in system.line.calls if method == "auth_teams_list"]
    assert asked == ["", "1"], "two pages"

"""``slack check`` says in one line each what Slack said, and never a token."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs

import pytest

from advisor.errors import SeatwiseError
from assistant.channels.slack.check import check
from assistant.settings import Settings
from tests.assistant.delivery.servers import Answer, Receiver

BOT, APP, CONFIG = "xoxb-bot-secret", "xapp-app-secret", "xoxe.xoxp-config-secret"
REQUIRED = "app_mentions:read,assistant:write,chat:write,commands,im:write"
OPTIONAL = "channels:history,groups:history,im:history,users:read,users:read.email"
SECTION = [{"type": "section", "text": {"type": "plain_text", "text": "Hire a CTO first."}}]


def said(scopes: str | None = None, status: int = 200, **answer: Any) -> Answer:
    headers = {"Content-Type": "application/json", **({"X-OAuth-Scopes": scopes} if scopes else {})}
    return Answer(status, json.dumps({"ok": True, **answer}).encode(), headers)


def whose(scopes: str = f"{REQUIRED},{OPTIONAL}") -> Answer:
    return said(scopes, user="seatwise", team="Acme", team_id="T01ACME")


def refused(error: str, **more: Any) -> Answer:
    return said(ok=False, error=error, **more)


@pytest.fixture
def slack() -> Iterator[Receiver]:
    made = Receiver()
    made.otherwise = said()
    yield made
    made.close()


def run(slack: Receiver, *answers: Answer, cards: dict[str, Any] | None = None, **more: str) -> list[str]:
    """The lines of a check, with the first answers of Slack."""
    slack.answers = list(answers)
    environment = {
        "SEATWISE_SLACK_API_URL": f"{slack.address}/api/",
        "SEATWISE_SLACK_APP_TOKEN": APP,
        "SEATWISE_SLACK_BOT_TOKEN": BOT,
        **more,
    }
    findings = asyncio.run(check(Settings.from_environment(environment), {"T01ACME": BOT}, cards or {}))
    lines = [str(finding) for finding in findings]
    assert not any(token in line for line in lines for token in (BOT, APP, CONFIG))
    return lines


def test_everything_is_in_place(slack: Receiver) -> None:
    lines = run(slack, whose(), cards={"verdict": SECTION}, SEATWISE_SLACK_CONFIG_TOKEN=CONFIG)
    assert lines == [
        "ok      auth.test: @seatwise in Acme",
        "ok      scopes: all 5 that are required",
        "ok      apps.connections.open: Socket Mode is on",
        "ok      apps.manifest.validate: deploy/slack/manifest.socket.yml is valid",
        "ok      blocks.validate verdict: 1 valid blocks",
    ]
    assert [request.path.removeprefix("/api/") for request in slack.got] == [
        *("auth.test", "apps.connections.open", "apps.manifest.validate", "blocks.validate"),
    ]
    assert [request.headers["authorization"] for request in slack.got] == [
        *(f"Bearer {BOT}", f"Bearer {APP}", f"Bearer {CONFIG}", f"Bearer {BOT}"),
    ]


def test_nothing_is_posted_and_the_manifest_is_asked_about_only_with_a_token(slack: Receiver) -> None:
    run(slack, whose(), cards={"verdict": SECTION})
    assert {request.path.removeprefix("/api/") for request in slack.got} == {
        *("auth.test", "apps.connections.open", "blocks.validate"),
    }


def test_blocks_and_manifest_are_not_in_the_address(slack: Receiver) -> None:
    run(slack, whose(), cards={"verdict": SECTION}, SEATWISE_SLACK_CONFIG_TOKEN=CONFIG)
    manifest, blocks = (parse_qs(request.body.decode()) for request in slack.got[-2:])
    assert json.loads(manifest["manifest"][0])["display_information"]["name"] == "Seatwise"
    assert json.loads(blocks["blocks"][0]) == SECTION


def test_missing_scopes_are_named(slack: Receiver) -> None:
    lines = run(slack, whose("app_mentions:read,commands,im:write"))
    assert lines[1].startswith("failed  scopes: assistant:write, chat:write missing")


def test_refused_optional_scopes_are_no_failure(slack: Receiver) -> None:
    lines = run(slack, whose(f"{REQUIRED},im:history,users:read,users:read.email,groups:history"))
    assert lines[1] == (
        "ok      scopes: all 5 that are required; without channels:history in channels, each question needs a mention"
    )


def test_scopes_that_nobody_needs_are_named(slack: Receiver) -> None:
    lines = run(slack, whose(f"{REQUIRED},{OPTIONAL},files:read"))
    assert lines[1].endswith("; not needed: files:read")


def test_token_that_slack_refuses_is_explained(slack: Receiver) -> None:
    lines = run(slack, refused("invalid_auth"), refused("not_allowed_token_type"))
    assert lines == [
        "failed  auth.test: invalid_auth: Slack does not know this token",
        "failed  apps.connections.open: not_allowed_token_type: this is a token of another kind",
    ]


def test_faults_of_blocks_are_passed_on(slack: Receiver) -> None:
    errors = [{"pointer": "/0/text", "code": "failed_constraint", "message": "must be less than 151 characters"}]
    lines = run(slack, whose(), said(), refused("invalid_blocks", errors=errors), cards={"verdict": SECTION})
    assert lines[-1] == "failed  blocks.validate verdict: invalid_blocks: /0/text must be less than 151 characters"


@pytest.mark.parametrize("answer", [Answer(500, b"<html>"), Answer(200, b"<html>", {"Content-Type": "text/html"})])
def test_answer_that_is_not_slacks_is_one_line(slack: Receiver, answer: Answer) -> None:
    [line, _] = run(slack, answer)
    assert line.startswith("failed  auth.test: ") and "\n" not in line and len(line) < 120


def test_slack_that_is_away_is_said(slack: Receiver) -> None:
    slack.close()
    lines = run(slack)
    assert lines == [
        "failed  auth.test: Slack cannot be reached (ClientConnectorError)",
        "failed  apps.connections.open: Slack cannot be reached (ClientConnectorError)",
    ]


def test_check_without_slack_says_where_to_begin() -> None:
    with pytest.raises(SeatwiseError, match="docs/slack.md"):
        asyncio.run(check(Settings.from_environment({}), {}, {}))

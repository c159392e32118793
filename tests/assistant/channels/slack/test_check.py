"""``slack check`` says in one line each what Slack said, and never a token."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from slack_sdk.oauth.installation_store.models.installation import Installation

from advisor.errors import SeatwiseError
from assistant.channels.slack import check
from assistant.channels.slack.installations import Installations
from assistant.channels.slack.samples import samples
from assistant.stores.database import Database
from tests.assistant.delivery.servers import Answer, Receiver
from tests.content import ROOT

BOT, APP, CONFIG = "xoxb-bot-secret", "xapp-app-secret", "xoxe.xoxp-config-secret"
REQUIRED = "app_mentions:read,assistant:write,chat:write,commands,im:write"
OPTIONAL = "channels:history,groups:history,im:history"
Run = Callable[..., list[str]]
SECTION = [{"type": "section", "text": {"type": "plain_text", "text": "Hire a CTO first."}}]


def said(scopes: str | None = None, status: int = 200, **answer: Any) -> Answer:
    headers = {"Content-Type": "application/json", **({"X-OAuth-Scopes": scopes} if scopes else {})}
    return Answer(status, json.dumps({"ok": True, **answer}).encode(), headers)


def whose(scopes: str = f"{REQUIRED},{OPTIONAL}") -> Answer:
    return said(scopes, user="seatwise", team="Acme", team_id="T01ACME")


def refused(error: str, **more: Any) -> Answer:
    return said(ok=False, error=error, **more)


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Receiver]:
    made = Receiver()
    made.otherwise = said()
    monkeypatch.setattr(check, "samples", lambda: {"verdict": {"blocks": SECTION}})
    monkeypatch.setenv("SEATWISE_SECRET", "s" * 32)
    monkeypatch.setenv("SEATWISE_SLACK_API_URL", f"{made.address}/api/")
    monkeypatch.setenv("SEATWISE_SLACK_APP_TOKEN", APP)
    monkeypatch.setenv("SEATWISE_SLACK_BOT_TOKEN", BOT)
    yield made
    made.close()


@pytest.fixture
def run(slack: Receiver, store: Database) -> Callable[..., list[str]]:
    """Runs the check, with the first answers of Slack; returns its lines."""

    def checked(*answers: Answer) -> list[str]:
        slack.answers = list(answers)
        lines = [str(finding) for finding in check.findings(store)]
        assert not any(token in line for line in lines for token in (BOT, APP, CONFIG))
        return lines

    return checked


def test_everything_is_in_place(slack: Receiver, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SLACK_CONFIG_TOKEN", CONFIG)
    lines = run(whose())
    assert lines == [
        "ok      auth.test: @seatwise in Acme",
        "ok      scopes: all 5 that are required",
        "ok      apps.connections.open: Socket Mode is on",
        "ok      apps.manifest.validate: deploy/slack/manifest.socket.yml is valid",
        "ok      blocks.validate verdict: valid",
    ]
    assert [request.path.removeprefix("/api/") for request in slack.got] == [
        *("auth.test", "apps.connections.open", "apps.manifest.validate", "blocks.validate"),
    ]
    assert [request.headers["authorization"] for request in slack.got] == [
        *(f"Bearer {BOT}", f"Bearer {APP}", f"Bearer {CONFIG}", f"Bearer {BOT}"),
    ]


def test_nothing_is_posted_and_the_manifest_is_asked_about_only_with_a_token(slack: Receiver, run: Run) -> None:
    run(whose())
    assert {request.path.removeprefix("/api/") for request in slack.got} == {
        *("auth.test", "apps.connections.open", "blocks.validate"),
    }


def test_blocks_and_manifest_are_not_in_the_address(slack: Receiver, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SLACK_CONFIG_TOKEN", CONFIG)
    run(whose())
    manifest, blocks = (parse_qs(request.body.decode()) for request in slack.got[-2:])
    assert json.loads(manifest["manifest"][0])["display_information"]["name"] == "Seatwise"
    assert json.loads(blocks["blocks"][0]) == SECTION


def test_missing_scopes_are_named(slack: Receiver, run: Run) -> None:
    lines = run(whose("app_mentions:read,commands,im:write"))
    assert lines[1].startswith("failed  scopes: assistant:write, chat:write missing")


def test_refused_optional_scopes_are_no_failure(slack: Receiver, run: Run) -> None:
    lines = run(whose(f"{REQUIRED},im:history,groups:history"))
    assert lines[1] == (
        "ok      scopes: all 5 that are required; without channels:history in channels, each question needs a mention"
    )


def test_scopes_that_nobody_needs_are_named(slack: Receiver, run: Run) -> None:
    lines = run(whose(f"{REQUIRED},{OPTIONAL},files:read"))
    assert lines[1].endswith("; not needed: files:read")


def test_token_that_slack_refuses_is_explained(slack: Receiver, run: Run) -> None:
    lines = run(refused("invalid_auth"), refused("not_allowed_token_type"))
    assert lines == [
        "failed  auth.test: invalid_auth: Slack does not know this token",
        "failed  apps.connections.open: not_allowed_token_type: this is a token of another kind",
    ]


def test_faults_of_blocks_are_passed_on(slack: Receiver, run: Run) -> None:
    errors = [{"pointer": "/0/text", "code": "failed_constraint", "message": "must be less than 151 characters"}]
    lines = run(whose(), said(), refused("invalid_blocks", errors=errors))
    assert lines[-1] == "failed  blocks.validate verdict: invalid_blocks: /0/text must be less than 151 characters"


@pytest.mark.parametrize("answer", [Answer(500, b"<html>"), Answer(200, b"<html>", {"Content-Type": "text/html"})])
def test_answer_that_is_not_slacks_is_one_line(slack: Receiver, run: Run, answer: Answer) -> None:
    line = run(answer, answer)[0]  # a failure of the server is tried again once
    assert line.startswith("failed  auth.test: ") and "\n" not in line and len(line) < 120


def test_slack_that_is_away_is_said(slack: Receiver, run: Run) -> None:
    slack.close()
    lines = run()
    assert lines == [
        "failed  auth.test: Slack cannot be reached (ClientConnectorError)",
        "failed  apps.connections.open: Slack cannot be reached (ClientConnectorError)",
    ]


def test_every_workspace_is_asked_about(
    slack: Receiver, store: Database, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SEATWISE_SLACK_BOT_TOKEN")
    monkeypatch.setenv("SEATWISE_SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SEATWISE_SLACK_CLIENT_SECRET", "client-secret")
    assert run()[0] == (
        "failed  auth.test: the app is installed nowhere yet; open http://localhost:5005/webhooks/slack/install"
    )
    for team in ("T01ACME", "T02BETA"):
        made = Installation(user_id="U1", team_id=team, bot_token=f"xoxb-{team}", bot_id="B1", bot_user_id="U2")
        asyncio.run(Installations(store).async_save(made))
    slack.got.clear()
    lines = run(whose(), refused("token_revoked"))
    assert lines[2] == "failed  auth.test: token_revoked: this token was revoked; install the app again"
    assert [request.headers["authorization"] for request in slack.got[:2]] == [
        "Bearer xoxb-T01ACME",
        "Bearer xoxb-T02BETA",
    ]


def test_command_prints_each_line_and_fails_if_one_does(slack: Receiver, tmp_path: Path) -> None:
    slack.answers = [whose("commands")]
    environment = {**os.environ, "SEATWISE_DATABASE_URL": f"sqlite:///{tmp_path / 'seatwise.db'}"}
    command = [sys.executable, "-m", "assistant", "slack", "check"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (1, "")
    assert lines[1].startswith("failed  scopes: app_mentions:read, assistant:write, chat:write, im:write missing")
    assert len(lines) == 3 + len(samples())


def test_check_without_slack_says_where_to_begin(store: Database) -> None:
    with pytest.raises(SeatwiseError, match="docs/slack.md"):
        check.findings(store)


def test_there_is_a_sample_of_every_card_and_view() -> None:
    made = samples()
    assert set(made) == {
        *("table", "bars", "progress", "summary", "verdict", "lead", "erased lead", "chat with a prospect"),
        *("home", "contact form", "interview form", "form of an answer"),
    }
    kinds = {block["type"] for one in made.values() for block in one.get("blocks", ())}
    assert {"data_table", "data_visualization", "container", "actions", "context_actions"} <= kinds
    assert {one["view"]["type"] for one in made.values() if "view" in one} == {"home", "modal"}

"""Requests that Slack sent to somebody else's app reach the real assistant: none fails, and each gets what it should.

They are collected from the folder that SEATWISE_FOREIGN names. Only the addresses for replies are replaced, and all are
signed anew. They are months old, so what is answered is answered late.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import requests
from slack_sdk.oauth.installation_store.models.installation import Installation

from assistant.channels.slack.blocks.words import words
from assistant.channels.slack.installations import Installations
from assistant.launcher import serving
from assistant.stores.database import Database
from assistant.stores.schema import upgrade
from tests.assistant.channels.web.server import KEY
from tests.conftest import own_files
from tests.slack_api import Bot, SlackApi
from tests.slack_user import SIGNING_SECRET, signed

FOLDER = Path(os.environ.get("SEATWISE_FOREIGN", "nowhere")) / "slack"
FILES = sorted(FOLDER.glob("*.json"))
FORM = "application/x-www-form-urlencoded"

Request = dict[str, Any]


def recorded(file: Path) -> list[Request]:
    """The requests of a file, in their order."""
    content = json.loads(file.read_text(encoding="utf-8"))
    found = [one for one in content.values() if isinstance(one, dict) and ("type" in one or "command" in one)]
    for one in found:
        for authorization in one.get("authorizations", ()):
            authorization.setdefault("team_id", one["team_id"])  # some recordings are abridged here
    return found


def is_event(request: Request) -> bool:
    return request.get("type") == "event_callback"


EVENTS = [file for file in FILES if any(map(is_event, recorded(file)))]
OTHERS = [file for file in FILES if not all(map(is_event, recorded(file)))]


def workspaces() -> dict[tuple[str | None, str], str]:
    """Organization and team -> the user id of the app there."""
    found: dict[tuple[str | None, str], str] = {}
    for file in FILES:
        bot = json.loads(file.read_text(encoding="utf-8"))["botUserId"]
        for one in recorded(file):
            enterprise = one.get("enterprise_id") or (one.get("enterprise") or {}).get("id")
            found.setdefault((enterprise, one.get("team_id") or one["team"]["id"]), bot)
    return found


@dataclass
class Served:
    """The assistant, installed wherever the requests come from."""

    address: str
    api: SlackApi

    def send(self, request: Request) -> requests.Response:
        """Send a recorded request as Slack did."""
        text = re.sub(r"https://hooks\.slack\.com/[^\"]+", f"{self.api.address}respond/somebody", json.dumps(request))
        kind = FORM
        if is_event(request):
            body, kind = text, "application/json"
        elif "command" in request:
            body = urlencode(json.loads(text))
        else:
            body = urlencode({"payload": text})
        return self.post(body, kind, signed(body))

    def post(self, body: str, kind: str, headers: dict[str, str]) -> requests.Response:
        return requests.post(
            f"{self.address}webhooks/slack/events", body.encode(), headers={"Content-Type": kind, **headers}, timeout=30
        )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("foreign")
    files = own_files(folder)
    api = SlackApi()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SEATWISE_SECRET", KEY)
        store = Database(files["SEATWISE_DATABASE_URL"])
        upgrade(store)
        for (enterprise, team), bot in workspaces().items():
            token = f"xoxb-{enterprise}-{team}"
            api.bots[token] = Bot(team, enterprise, bot)
            made = Installation(
                user_id="U0ADMIN", enterprise_id=enterprise, team_id=team, bot_token=token, bot_id="B1", bot_user_id=bot
            )
            asyncio.run(Installations(store).async_save(made))
    settings = {
        **files,
        "SEATWISE_SECRET": KEY,
        "SEATWISE_SLACK_API_URL": api.url,
        "SEATWISE_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SEATWISE_SLACK_CLIENT_ID": "1.2",
        "SEATWISE_SLACK_CLIENT_SECRET": "client-secret",
    }
    with serving(logs=folder, environment=settings) as address:
        yield Served(address, api)
    api.close()


def answered_at(request: Request, ours: set[str]) -> str | None:
    """The thread in which a message gets its answer; None if it gets none.

    Args:
        request: an event.
        ours: the threads in which we are already.
    """
    event = request["event"]
    thread: str | None = event.get("thread_ts")
    if event["type"] == "app_mention" or event.get("channel_type") == "im":
        return thread or str(event["ts"])
    if event["type"] == "message" and "bot_id" not in event and thread in ours:
        return thread
    return None  # a message that mentions us comes as another event too


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: file.stem)
def test_recorded_events_are_answered_once_in_their_threads_and_late(served: Served, file: Path) -> None:
    expected: Counter[str] = Counter()
    before = len(served.api.posts())
    for request in filter(is_event, recorded(file)):
        assert served.send(request).status_code == 200
        if thread := answered_at(request, set(expected)):
            expected[thread] += 1
            served.api.wait_for(lambda: len(served.api.posts()) - before == expected.total())
    time.sleep(0.3)
    posts = served.api.posts()[before:]
    assert Counter(post["thread_ts"] for post in posts) == expected
    late = words().text("utter_slack_late")
    assert all(post["text"].startswith(late) for post in posts)


@pytest.mark.parametrize("file", EVENTS, ids=lambda file: file.stem)
def test_recorded_events_that_come_again_change_nothing(served: Served, file: Path) -> None:
    before = len(served.api.posts())
    for request in filter(is_event, recorded(file)):
        assert served.send(request).status_code == 200
    time.sleep(0.3)
    assert len(served.api.posts()) == before


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.stem)
def test_recorded_buttons_and_forms_of_another_app_do_nothing_and_commands_are_answered_privately(
    served: Served, file: Path
) -> None:
    before, replies = len(served.api.posts()), len(served.api.of("respond"))
    others = [request for request in recorded(file) if not is_event(request)]
    for request in others:
        answer = served.send(request)
        assert (answer.status_code, answer.text) == (200, "")
    commands = {request["trigger_id"] for request in others if "command" in request}  # one of them is there twice
    served.api.wait_for(lambda: len(served.api.of("respond")) - replies == len(commands))
    time.sleep(0.3)
    assert len(served.api.posts()) == before
    assert all(reply["response_type"] == "ephemeral" for reply in served.api.of("respond")[replies:])


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_recorded_requests_with_another_signature_are_refused(served: Served, file: Path) -> None:
    for request in recorded(file):
        body = json.dumps(request)
        answer = served.post(body, "application/json", signed(body, "somebody else's secret"))
        assert (answer.status_code, answer.json()["error"]) == (401, "bad_signature")

"""Requests are checked before anything reads them: what is not Slack's gets a 401, what nobody can read a 400."""

from __future__ import annotations

import asyncio
import json
import time

import pytest
import requests
from rasa.core.channels.channel import UserMessage

from assistant.stores.database import StoreUnavailable
from tests.assistant.channels.slack.conftest import ONE_WORKSPACE, Serve, Served
from tests.slack_api import SIGNING_SECRET
from tests.slack_user import SlackUser, signed

CHALLENGE = json.dumps({"type": "url_verification", "token": "x", "challenge": "abc123"})
JSON = {"Content-Type": "application/json"}


def post(served: Served, body: bytes, headers: dict[str, str | bytes]) -> requests.Response:
    return requests.post(f"{served.address}webhooks/slack/events", body, headers=headers, timeout=10)


def test_url_is_verified_in_a_form_that_slack_documents(served: Served) -> None:
    answer = post(served, CHALLENGE.encode(), {**JSON, **signed(CHALLENGE)})
    assert (answer.status_code, answer.json()) == (200, {"challenge": "abc123"})
    answer = post(served, CHALLENGE.encode(), {"Content-Type": "application/json; charset=utf-8", **signed(CHALLENGE)})
    assert answer.json() == {"challenge": "abc123"}


def test_ssl_check_is_answered(served: Served) -> None:
    answer = post(served, b"ssl_check=1&token=x", {**signed("ssl_check=1&token=x")})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        signed(CHALLENGE, "another secret"),
        signed(CHALLENGE, at=time.time() - 301),
        signed(CHALLENGE, at=time.time() + 24 * 60 * 60),  # still ahead when the test runs
        signed("another body"),
        {**signed(CHALLENGE), "X-Slack-Request-Timestamp": "yesterday"},
        {**signed(CHALLENGE), "X-Slack-Request-Timestamp": ""},
        {**signed(CHALLENGE), "X-Slack-Request-Timestamp": "9" * 400},
        {**signed(CHALLENGE), "X-Slack-Signature": "v0=zzzz"},
        {**signed(CHALLENGE), "X-Slack-Signature": "v0=ü".encode()},
        {**signed(CHALLENGE), "X-Slack-Signature": ""},
    ],
)
def test_what_slack_has_not_signed_is_rejected(served: Served, headers: dict[str, str | bytes]) -> None:
    answer = post(served, CHALLENGE.encode(), {**JSON, **headers})
    assert (answer.status_code, answer.json()["error"]) == (401, "bad_signature")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"text"', b"payload=%7B", b"payload="])
@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", "text/plain"])
def test_garbage_is_never_a_fault_of_ours(served: Served, body: bytes, kind: str) -> None:
    unsigned = post(served, body, {"Content-Type": kind, "X-Slack-Signature": "v0=1"})
    assert unsigned.status_code == 401
    headers = signed(body.decode()) if body.isascii() else {}
    assert post(served, body, {"Content-Type": kind, **headers}).status_code in (200, 400, 401)


def test_secret_can_be_replaced_without_a_stop(serve: Serve) -> None:
    served = serve(**{**ONE_WORKSPACE, "SEATWISE_SLACK_SIGNING_SECRET": f"new-secret {SIGNING_SECRET}"})
    for secret in ("new-secret", SIGNING_SECRET):
        assert post(served, CHALLENGE.encode(), {**JSON, **signed(CHALLENGE, secret)}).status_code == 200
    assert post(served, CHALLENGE.encode(), {**JSON, **signed(CHALLENGE, "old")}).status_code == 401


def test_requests_are_acknowledged_at_once_though_an_answer_takes_five_seconds(served: Served, ann: SlackUser) -> None:
    async def take_long(message: UserMessage) -> None:
        await asyncio.sleep(5)
        await served.agent.offer(message)

    served.agent.turn = take_long
    begun = time.monotonic()
    thread = ann.say("hello")
    ann.mention("hello")
    assert ann.slash("hello").status_code == 200
    assert time.monotonic() - begun < 1
    assert served.api.posts() == [] and served.api.of("respond") == []
    served.api.wait_for(lambda: len(served.api.posts(ann.dm, thread)) == 2 and served.api.of("respond"))


def test_request_that_could_not_be_stored_is_not_acknowledged(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = ann.event(ann.written("hello", ann.dm))
    thread = ann.mention("to have something to press")
    asked = served.api.wait_for(lambda: len(found := served.api.posts()) == 2 and found)[-1]
    with monkeypatch.context() as broken:
        broken.setattr(served.store, "run", away)
        assert ann.tell(event).status_code == 500
        assert "just now" in json.loads(ann.slash("hello").text)["text"]
        ann.press(asked, "Nobody")
        assert "just now" in served.api.of("chat.postEphemeral")[0]["text"]
        for more in ({"thread_ts": thread, "channel": "C0ALL", "channel_type": "channel"}, {"type": "app_mention"}):
            assert ann.tell(ann.event({**ann.written("hello", ann.dm), **more})).status_code == 500
    assert ann.tell(event, **{"X-Slack-Retry-Num": "1"}).status_code == 200
    served.api.wait_for(lambda: len(served.api.posts()) == 4)


def test_nothing_is_mounted_without_settings(serve: Serve) -> None:
    served = serve(SEATWISE_NAME="Seatwise")
    assert post(served, CHALLENGE.encode(), {**JSON, **signed(CHALLENGE)}).status_code == 404
    assert served.api.calls == []


async def away(*_: object) -> None:
    raise StoreUnavailable("the database is away")

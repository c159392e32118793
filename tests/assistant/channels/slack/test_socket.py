"""Socket Mode: the same listeners, without an address of ours."""

from __future__ import annotations

import json
import time

import pytest
import requests

from tests.assistant.channels.slack.conftest import Serve, Served
from tests.assistant.channels.slack.test_requests import away
from tests.slack_api import BOT_TOKEN, TEAM
from tests.slack_user import SlackUser, now_ts

SOCKET = {"SEATWISE_SLACK_APP_TOKEN": "xapp-1", "SEATWISE_SLACK_BOT_TOKEN": BOT_TOKEN}


@pytest.fixture
def served(serve: Serve) -> Served:
    made = serve(**SOCKET)
    made.api.wait_for(made.api.connected)
    return made


def test_everything_arrives_over_the_socket(served: Served, ann: SlackUser) -> None:
    api = served.api
    event = ann.event(ann.written("hello", ann.dm))
    envelopes = [api.send("events_api", event) for _ in range(2)]
    thread = event["event"]["ts"]
    api.wait_for(lambda: len(api.posts(ann.dm, thread)) == 2)
    api.wait_for(lambda: {one["envelope_id"] for one in api.acknowledged} == set(envelopes))
    command = {"command": "/seatwise", "text": "hello", "team_id": TEAM, "user_id": ann.user, "trigger_id": "1.1"}
    api.send("slash_commands", {**command, "response_url": f"{api.address}respond/{ann.user}"})
    api.wait_for(lambda: len(api.of("respond")) == 1)
    view = {"type": "modal", "callback_id": "contact", "id": "V1", "private_metadata": '{"conversation": null}'}
    who = {"user": {"id": ann.user, "team_id": TEAM}, "team": {"id": TEAM}}
    sent = api.send("interactive", {"type": "view_submission", "view": {**view, "state": {"values": {}}}, **who})
    answer = api.wait_for(lambda: next((one for one in api.acknowledged if one["envelope_id"] == sent), None))
    assert answer["payload"]["response_action"] == "errors"


def test_no_route_is_mounted(served: Served) -> None:
    assert requests.post(f"{served.address}webhooks/slack/events", json={}, timeout=5).status_code == 404


def test_connection_is_made_again_when_slack_asks(served: Served, ann: SlackUser) -> None:
    first = served.api._sockets[-1]
    served.api.ask_to_reconnect()
    served.api.wait_for(lambda: served.api._sockets[-1] is not first)
    event = ann.event(ann.written("hello", ann.dm))
    served.api.send("events_api", event)
    served.api.wait_for(lambda: len(served.api.posts(ann.dm)) == 2)


def test_first_connection_is_tried_until_it_succeeds(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.channels.slack.socket._PAUSE", 0.2)
    api = serve().api  # to have the stand-in
    api.fail("apps.connections.open", "internal_error", status=500, times=2)
    served = serve(**SOCKET)
    served.api.wait_for(served.api.connected)


def test_message_that_could_not_be_stored_is_not_acknowledged(
    served: Served, ann: SlackUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(served.store, "run", away)
        lost = served.api.send("events_api", ann.event(ann.written("hello", ann.dm, ts=now_ts())))
        time.sleep(0.5)
    assert lost not in json.dumps(served.api.acknowledged)

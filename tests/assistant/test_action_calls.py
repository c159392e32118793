"""An action server that is away, slow or wrong costs one try a turn, and the turn knows."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from assistant import action_server
from assistant.channels.messages import Message
from assistant.stores.turns import Turn, current


class Actions:
    """An action server that does as it is told, and counts its calls."""

    def __init__(self) -> None:
        self.calls = 0
        self.status = 200
        self.body: object = {"events": [], "responses": []}
        self.seconds = 0.0
        actions = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                actions.calls += 1
                time.sleep(actions.seconds)
                body = json.dumps(actions.body).encode()
                self.send_response(actions.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/webhook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def actions() -> Iterator[Actions]:
    action_server.apply()
    made = Actions()
    yield made
    made.server.shutdown()
    made.server.server_close()


def turn_with(url: str, *names: str) -> Turn:
    """A turn that calls these actions; Rasa goes on after each that fails."""
    turn = Turn("visitor", "m1", [], Message(text="otherwise"))

    async def work() -> None:
        current.set(turn)
        domain = Domain.empty()
        tracker = DialogueStateTracker("visitor", [])
        for name in names:
            action = RemoteAction(name, EndpointConfig(url))
            speaks = TemplatedNaturalLanguageGenerator({})
            try:
                await action.run(CollectingOutputChannel(), speaks, tracker, domain)
            except (RasaException, ActionExecutionRejection):
                continue

    asyncio.run(work())
    return turn


def test_an_action_that_works_leaves_the_turn_alone(actions: Actions) -> None:
    turn = turn_with(actions.url, "action_a", "action_b")
    assert (turn.failed, actions.calls) == (False, 2)


@pytest.mark.parametrize(("status", "body"), [(500, {}), (200, {"events": "none"}), (200, [])])
def test_an_action_that_fails_is_noted_and_no_other_is_tried(actions: Actions, status: int, body: object) -> None:
    actions.status, actions.body = status, body
    turn = turn_with(actions.url, "action_a", "action_b", "action_c")
    assert (turn.failed, actions.calls) == (True, 1)
    assert [one["text"] for one in turn.said()] == ["otherwise"]


def test_an_action_server_that_hangs_is_waited_for_once(actions: Actions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_server, "LONGEST_ACTION", 0.2)
    actions.seconds = 1.0
    turn = turn_with(actions.url, "action_a", "action_b")
    assert (turn.failed, actions.calls) == (True, 1)


def test_an_action_server_that_is_away_is_noted() -> None:
    action_server.apply()
    assert turn_with("http://127.0.0.1:1/webhook", "action_a").failed


def test_a_form_that_rejects_has_not_failed(actions: Actions) -> None:
    actions.status, actions.body = 400, {"error": "rejected", "action_name": "action_a"}
    assert not turn_with(actions.url, "action_a").failed

"""Failed, slow or unreachable actions, local or remote, cost one attempt per turn and are recorded."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from assistant import action_runner
from assistant.stores.turns import Turn, current
from assistant.turns.messages import Message


class Actions:
    """A configurable action server that counts its calls."""

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


@pytest.fixture(autouse=True)
def where_actions_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run actions on a server, except in tests of local actions; patches are undone afterwards."""
    for name in ("run", "_validate_action_result"):
        monkeypatch.setattr(RemoteAction, name, getattr(RemoteAction, name))
    monkeypatch.setattr(action_runner, "local_actions", lambda: None)
    action_runner.apply()


@pytest.fixture
def actions() -> Iterator[Actions]:
    made = Actions()
    yield made
    made.server.shutdown()
    made.server.server_close()


def turn_with(url: str, *names: str) -> Turn:
    """Run a turn that calls these actions; Rasa continues after failures."""
    turn = Turn("web", "visitor", "m1", [], Message(text="otherwise"))

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


def test_successful_action_does_not_mark_turn_as_failed(actions: Actions) -> None:
    turn = turn_with(actions.url, "action_a", "action_b")
    assert (turn.failed, actions.calls) == (False, 2)


@pytest.mark.parametrize(("status", "body"), [(500, {}), (200, {"events": "none"}), (200, [])])
def test_failed_action_is_recorded_and_later_actions_are_skipped(actions: Actions, status: int, body: object) -> None:
    actions.status, actions.body = status, body
    turn = turn_with(actions.url, "action_a", "action_b", "action_c")
    assert (turn.failed, actions.calls) == (True, 1)
    assert [one["text"] for one in turn.said()] == ["otherwise"]


def test_hanging_action_server_times_out_once_per_turn(actions: Actions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_runner, "LONGEST_ACTION", 0.2)
    actions.seconds = 1.0
    turn = turn_with(actions.url, "action_a", "action_b")
    assert (turn.failed, actions.calls) == (True, 1)


def test_unreachable_action_server_is_recorded() -> None:
    assert turn_with("http://127.0.0.1:1/webhook", "action_a").failed


def test_form_rejection_is_not_a_failure(actions: Actions) -> None:
    actions.status, actions.body = 400, {"error": "rejected", "action_name": "action_a"}
    assert not turn_with(actions.url, "action_a").failed


ACTIONS_HERE = """
import time
from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection

class Speaks(Action):
    def name(self):
        return "action_speaks"
    def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=f"hello {tracker.sender_id}, {len(domain.get('responses', ()))} responses")
        return [SlotSet("seen", ("a", "tuple"))]

class Waits(Action):
    def name(self):
        return "action_waits"
    async def run(self, dispatcher, tracker, domain):
        return []

class Raises(Action):
    def name(self):
        return "action_raises"
    def run(self, dispatcher, tracker, domain):
        raise ValueError("words of a visitor")

class Hangs(Action):
    def name(self):
        return "action_hangs"
    def run(self, dispatcher, tracker, domain):
        time.sleep(4)

class Rejects(Action):
    def name(self):
        return "action_rejects"
    def run(self, dispatcher, tracker, domain):
        raise ActionExecutionRejection("action_rejects")

class Unsayable(Action):
    def name(self):
        return "action_unsayable"
    def run(self, dispatcher, tracker, domain):
        return [SlotSet("thing", object())]

class Nonsense(Action):
    def name(self):
        return "action_nonsense"
    def run(self, dispatcher, tracker, domain):
        return 42
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> action_runner.LocalActions:
    """Local actions from a package created by the test."""
    package = f"actions_here_{tmp_path.name}"
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").write_text(ACTIONS_HERE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    made = action_runner.LocalActions(package)
    monkeypatch.setattr(action_runner, "local_actions", lambda: made)
    action_runner.apply()
    return made


@pytest.mark.usefixtures("here")
def test_local_and_remote_actions_exchange_the_same_data() -> None:
    output, domain = CollectingOutputChannel(), Domain.empty()
    tracker = DialogueStateTracker("visitor", [])
    speaks = TemplatedNaturalLanguageGenerator({})
    said, slot = asyncio.run(RemoteAction("action_speaks", None).run(output, speaks, tracker, domain))
    assert said.text == "hello visitor, 0 responses"
    assert slot.as_dict()["value"] == ["a", "tuple"]
    assert asyncio.run(RemoteAction("action_waits", None).run(output, speaks, tracker, domain)) == []


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", ["action_raises", "action_unsayable", "action_nonsense", "action_unknown"])
def test_failed_local_action_is_logged_without_its_message(name: str, caplog: pytest.LogCaptureFixture) -> None:
    turn = turn_with("", name, "action_speaks")
    assert turn.failed
    assert [one["text"] for one in turn.said()] == ["otherwise"]
    assert "words of a visitor" not in caplog.text


@pytest.mark.usefixtures("here")
def test_local_form_rejection_is_not_a_failure() -> None:
    assert not turn_with("", "action_rejects").failed


def test_hanging_local_action_times_out_and_does_not_block_others(
    here: action_runner.LocalActions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(action_runner, "LONGEST_ACTION", 0.2)
    assert turn_with("", "action_hangs", "action_speaks").failed
    assert not turn_with("", "action_speaks").failed
    for _ in range(7):
        assert here.available
        turn_with("", "action_hangs")
    assert not here.available  # all threads are occupied, as reported by /ready
    deadline = time.monotonic() + 20
    while not here.available and time.monotonic() < deadline:
        time.sleep(0.05)
    assert here.available

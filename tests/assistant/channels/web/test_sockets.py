"""The web channel over a real Socket.IO connection, with a stub in place of Rasa's agent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import requests
import socketio
from sanic import Sanic
from socketio.exceptions import ConnectionError as Refused

from assistant.server.token_bucket import TokenBuckets
from assistant.stores import privacy
from assistant.stores.calls import conversations_of
from assistant.stores.database import Database
from assistant.stores.erasures import receipt
from assistant.stores.ratings import ratings_of
from assistant.stores.references import References
from tests.assistant.channels.web.server import KEY, OFFER, Agent, Client

TRANSPORTS = ("websocket", "polling")
PAYLOAD: str = OFFER["buttons"][0]["payload"]  # type: ignore[index]


class Window:
    """A browser window that records all events it received."""

    def __init__(self, url: str, token: str | None = None, transport: str = "websocket", **auth: str) -> None:
        self.events: list[tuple[str, Any]] = []
        self.client = socketio.Client(reconnection=False, handle_sigint=False)
        for event in ("session_confirm", "bot_typing", "bot_uttered", "bot_error", "connect_error", "session_erased"):
            self.client.on(event, lambda content, event=event: self.events.append((event, content)))
        with suppress(Refused):  # the error is among the events
            self.client.connect(url, auth={"token": token, "v": 1, **auth}, transports=[transport])
            self.session = self.first("session_confirm")

    def __enter__(self) -> Window:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        if self.client.transport() == "websocket":
            self.client.disconnect()
        else:
            self.client.eio.disconnect(abort=True)  # do not wait for a pending poll

    def call(self, event: str, content: object = None) -> Any:
        return self.client.call(event, content, timeout=5)

    def say(self, text: str, kind: str = "text", **fields: Any) -> Any:
        return self.call("user_uttered", {"id": str(uuid4()), "message": text, "kind": kind, **fields})

    def all(self, event: str) -> list[Any]:
        return [content for name, content in self.events if name == event]

    def first(self, event: str) -> Any:
        assert until(lambda: self.all(event)), f"no {event}"
        return self.all(event)[0]

    @property
    def heard(self) -> list[str]:
        return [message["text"] for message in self.all("bot_uttered")]


def until(happened: Callable[[], object]) -> bool:
    deadline = time.monotonic() + 5
    while not happened() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(happened())


@pytest.fixture(params=TRANSPORTS)
def window(request: pytest.FixtureRequest, url: str, agent: Agent) -> Iterator[Window]:
    with Window(url, transport=request.param) as opened:
        yield opened


def test_message_is_acknowledged_then_answered_with_typing_indicator(window: Window) -> None:
    message = str(uuid4())
    assert window.say("hello", id=message) == {"ok": True}
    assert until(lambda: len(window.all("bot_typing")) == 2)
    assert [name for name, _ in window.events] == [
        *("session_confirm", "bot_typing", "bot_uttered", "bot_uttered", "bot_typing")
    ]
    assert [(one["on"], one["turn"]) for one in window.all("bot_typing")] == [(True, message), (False, message)]
    first, second = window.all("bot_uttered")
    assert (first["v"], first["turn"], first["text"]) == (1, message, "You said: hello")
    assert second["buttons"] == OFFER["buttons"]


def test_repeated_message_has_one_effect_and_the_same_answer(window: Window, agent: Agent) -> None:
    message = str(uuid4())
    window.say("hello", id=message)
    assert until(lambda: len(window.heard) == 2)
    assert window.say("hello", id=message) == {"ok": True}
    assert until(lambda: len(window.heard) == 4)
    assert len(agent.heard) == 1
    assert len({one["id"] for one in window.all("bot_uttered")}) == 2


def test_only_offered_buttons_are_commands_and_typed_text_never_is(window: Window, agent: Agent) -> None:
    assert window.say(PAYLOAD, kind="button")["error"] == "not_offered"
    assert window.say("/greet", kind="button") == {"ok": True}
    assert until(lambda: len(window.heard) == 2)
    assert window.say(PAYLOAD, kind="button") == {"ok": True}
    assert window.say(PAYLOAD) == {"ok": True}
    assert until(lambda: len(agent.heard) == 3)
    assert [one.text[0] for one in agent.heard] == ["/", "/", "\N{FRACTION SLASH}"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "bad_request"),
        ("hello", "bad_request"),
        ([1], "bad_request"),
        ({"id": "7", "message": "hello"}, "bad_request"),
        ({"id": str(uuid4()), "message": {"a": 1}}, "bad_request"),
        ({"id": str(uuid4()), "message": "\x00"}, "empty"),
        ({"id": str(uuid4()), "message": "x" * 1001}, "too_long"),
    ],
)
def test_invalid_message_gets_an_explanation(window: Window, agent: Agent, content: object, error: str) -> None:
    rejected = window.call("user_uttered", content)
    assert (rejected["ok"], rejected["error"]) == (False, error)
    assert rejected["message"].endswith(".")
    assert not agent.heard
    assert window.say("still here") == {"ok": True}
    assert until(lambda: len(window.heard) == 2)


def test_returning_visitor_gets_missed_messages(url: str, agent: Agent) -> None:
    with Window(url) as before:
        before.say("one")
        assert until(lambda: len(before.heard) == 2)
        last = before.all("bot_uttered")[-1]["id"]
        agent.turn = agent.slowly
        before.say("two")
    with Window(url, token=before.session["token"]) as after:
        assert (after.session["session_id"], after.session["resumed"]) == (before.session["session_id"], True)
        assert until(lambda: len(after.call("history", {"after": last})["messages"]) == 3)
        missed = after.call("history", {"after": last})["messages"]
        assert [(one.get("from"), one["text"]) for one in missed] == [
            ("visitor", "two"),
            (None, "You said: two"),
            (None, OFFER["text"]),
        ]
        assert len(after.call("history")["messages"]) == 6


def test_history_shows_button_titles_and_omits_greetings(window: Window) -> None:
    window.say("/greet", kind="button")
    assert until(lambda: len(window.heard) == 2)
    window.say(PAYLOAD, kind="button")
    assert until(lambda: len(window.heard) == 4)
    said = [one["text"] for one in window.call("history")["messages"] if one.get("from") == "visitor"]
    assert said == ["Nobody"]


def test_answer_reaches_exactly_the_windows_of_its_visitor(url: str, agent: Agent) -> None:
    with Window(url) as one, Window(url, token=one.session["token"]) as two, Window(url) as stranger:
        one.say("hello")
        assert until(lambda: len(one.heard) == 2 and len(two.heard) == 2)
        Client(url).post(text="over HTTP")
        assert not stranger.heard


def test_session_id_without_token_gives_no_access(url: str, agent: Agent) -> None:
    with Window(url) as victim, Window(url, token=victim.session["session_id"]) as attacker:
        assert attacker.session["session_id"] != victim.session["session_id"]
        victim.say("my secret")
        assert until(lambda: len(victim.heard) == 2)
        attacker.say("hello", session_id=victim.session["session_id"], metadata={"sender": "victim"})
        assert until(lambda: len(attacker.heard) == 2)
        assert "my secret" not in str(attacker.events)
        assert "my secret" not in str(attacker.call("history", {"session_id": victim.session["session_id"]}))
        assert len(victim.heard) == 2
        assert agent.heard[-1].metadata is None


@pytest.mark.parametrize("token", ["", "x.y.z", 7, {"a": 1}])
def test_forged_token_opens_a_new_session(url: str, agent: Agent, token: Any) -> None:
    with Window(url, token=token) as opened:
        assert not opened.session["resumed"]


def test_starting_over_opens_a_new_conversation_in_the_same_window(window: Window) -> None:
    window.say("one")
    assert until(lambda: len(window.heard) == 2)
    new = window.call("session_reset")
    assert new["ok"]
    assert new["session_id"] != window.session["session_id"]
    assert window.call("history")["messages"] == []
    window.say("two")
    assert until(lambda: len(window.heard) == 4)


@pytest.mark.parametrize("turn", ["fail", "lose_the_store"])
def test_failed_turn_is_reported_and_can_be_retried(window: Window, agent: Agent, turn: str) -> None:
    agent.turn = getattr(agent, turn)
    message = str(uuid4())
    assert window.say("hello", id=message) == {"ok": True}
    error = window.first("bot_error")
    assert (error["turn"], error["code"]) == (message, "not_stored")
    agent.turn = agent.offer
    assert window.say("hello", id=message) == {"ok": True}
    assert until(lambda: len(window.heard) == 2)


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_foreign_origin_cannot_connect(url: str, agent: Agent, transport: str) -> None:
    headers = {"Origin": "https://evil.example"}
    if transport == "websocket":
        headers |= {"Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Version": "13"}
        headers["Sec-WebSocket-Key"] = "AAAAAAAAAAAAAAAAAAAAAA=="
    place = f"{url}/socket.io/?EIO=4&transport={transport}"
    assert requests.get(place, headers=headers, timeout=5).status_code == 400


def test_rate_limited_visitor_is_told_when_to_retry_and_others_are_served(
    server: tuple[str, Sanic], agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, app = server
    monkeypatch.setattr(app.ctx.channel._limits, "_messages", TokenBuckets(30))
    monkeypatch.setattr(app.ctx.channel._limits, "_visits", TokenBuckets(12))
    with Window(url) as fast, Window(url) as other:
        acknowledged = [fast.say(f"message {number}") for number in range(7)]
        assert [one["ok"] for one in acknowledged] == [True] * 5 + [False] * 2
        assert (acknowledged[-1]["error"], acknowledged[-1]["retry_after"]) == ("rate_limited", 2)
        assert other.say("hello") == {"ok": True}
        assert until(lambda: len(fast.heard) == 10 and len(other.heard) == 2)
        rejected = Window(url).first("connect_error")
        assert rejected["message"].endswith("please wait a moment and try again.")
        assert (rejected["data"]["error"], rejected["data"]["retry_after"]) == ("rate_limited", 5)


def test_rating_is_stored_for_messages_of_the_assistant_only(window: Window, store: Database) -> None:
    window.say("hello")
    assert until(lambda: len(window.heard) == 2)
    message = window.all("bot_uttered")[0]["id"]
    assert window.call("rate", {"id": message, "value": "up"}) == {"ok": True}
    assert window.call("rate", {"id": str(uuid4()), "value": "down"}) == {"ok": True}
    kept = store.run_sync(lambda connection: ratings_of(connection, window.session["session_id"]))
    assert kept == {message: "up"}
    for bad in (None, {"id": message, "value": "sideways"}, {"id": 7, "value": "up"}, {"id": message, "value": ["up"]}):
        assert window.call("rate", bad)["error"] == "bad_request"


def test_call_reference_is_stored_with_the_conversation(url: str, agent: Agent, store: Database) -> None:
    reference = f"acme-{uuid4().hex[:8]}"
    signed = References([KEY]).signed(reference)
    with Window(url, ref=signed) as opened, Window(url, ref=reference), Window(url, ref="<not one>"):
        session = opened.session["session_id"]
        assert until(lambda: store.run_sync(lambda connection: conversations_of(connection, reference)) == [session])


def erase(window: Window, url: str) -> None:
    headers = {"Authorization": f"Bearer {window.session['token']}"}
    assert requests.delete(f"{url}/webhooks/web/session", headers=headers, timeout=5).status_code == 200


def test_windows_of_an_erased_conversation_are_notified_and_closed(window: Window, url: str) -> None:
    with Window(url, window.session["token"]) as second, Window(url) as somebody_else:
        window.say("hello")
        assert until(lambda: len(second.heard) == 2)
        erase(window, url)
        assert until(lambda: not window.client.connected and not second.client.connected)
        assert (
            window.all("session_erased")
            == second.all("session_erased")
            == [{"receipt": receipt(window.session["session_id"])}]
        )
        assert somebody_else.say("hello") == {"ok": True}
        assert somebody_else.all("session_erased") == []


@pytest.mark.parametrize("event", ["user_uttered", "history", "rate"])
def test_window_notices_an_erasure_by_another_replica(window: Window, store: Database, event: str) -> None:
    store.run_sync(lambda connection: privacy.erase(connection, window.session["session_id"]))
    told = window.call(event, {"id": str(uuid4()), "message": "hello", "kind": "text", "value": "up"})
    assert (told["ok"], told["error"]) == (False, "erased")
    assert until(lambda: not window.client.connected)
    assert window.all("session_erased") == [{"receipt": receipt(window.session["session_id"])}]


def test_token_of_an_erased_conversation_opens_a_new_one(window: Window, url: str) -> None:
    erase(window, url)
    with Window(url, window.session["token"]) as again:
        assert not again.session["resumed"]
        assert again.session["session_id"] != window.session["session_id"]
        assert again.say("hello") == {"ok": True}


def after(hours: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Advance the clock of the sessions."""
    clock = SimpleNamespace(time=lambda: time.time() + hours * 3600)
    monkeypatch.setattr("assistant.channels.web.sessions.time", clock)


@pytest.mark.parametrize("hours", [13, 25, 24 * 29])
def test_open_window_gets_a_fresh_token_for_its_session(
    window: Window, monkeypatch: pytest.MonkeyPatch, hours: float
) -> None:
    after(hours, monkeypatch)
    assert window.say("hello") == {"ok": True}
    first, again = window.all("session_confirm")
    assert (again["session_id"], again["resumed"]) == (first["session_id"], True)
    assert again["expires"] == pytest.approx(first["expires"] + hours * 3600, abs=60)
    window.say("hello")
    assert len(window.all("session_confirm")) == 2, "a fresh token is not renewed"


def test_fresh_token_is_not_renewed(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    after(11, monkeypatch)
    window.say("hello")
    window.first("bot_uttered")  # or the agent of the next test would hear it
    assert len(window.all("session_confirm")) == 1


def test_window_is_closed_at_the_maximum_session_length(
    window: Window, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    after(24 * 30, monkeypatch)
    told = window.say("hello")
    assert (told["ok"], told["error"]) == (False, "expired")
    assert until(lambda: not window.client.connected)
    assert agent.heard == []

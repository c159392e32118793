"""The web channel over real HTTP, with a stub in place of Rasa's agent."""

from __future__ import annotations

import asyncio
import gc
import logging
import threading
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import requests

from assistant.channels.web.channel import WebChannel
from assistant.stores import inbox
from assistant.stores.database import Database, StoreUnavailable
from assistant.stores.inbox import LEASE, Inbox, MessageText
from assistant.stores.privacy import TABLES, export
from assistant.turns.api_errors import ApiError
from tests.assistant.channels.web.server import EMBEDDING, OFFER, SECRET_WORDS, Agent, Client


def test_answer_keeps_message_order_and_buttons(visitor: Client, agent: Agent) -> None:
    response = visitor.post(text="hello 👋 <b>")
    assert response.status_code == 200
    first, second = response.json()["messages"]
    assert first["text"] == "You said: hello 👋 <b>"
    assert (second["text"], second["buttons"]) == (OFFER["text"], OFFER["buttons"])
    assert agent.heard[0].sender_id == visitor.session_id
    assert agent.heard[0].input_channel == "web"
    assert response.headers["Cache-Control"] == "no-store"


def test_repeated_id_gets_the_stored_answer(visitor: Client, agent: Agent) -> None:
    message_id = str(uuid4())
    first = visitor.post(id=message_id, text="hello").json()
    assert visitor.post(id=message_id.upper(), text="hello").json() == first
    assert len(agent.heard) == 1


def test_repeated_id_during_the_turn_waits_for_its_answer(visitor: Client, agent: Agent) -> None:
    agent.turn = agent.slowly
    message_id, answers = str(uuid4()), []
    threads = [
        threading.Thread(target=lambda: answers.append(visitor.post(id=message_id, text="hello").json()))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(agent.heard) == 1
    assert answers[0] == answers[1] == answers[2]


def test_message_ids_are_scoped_to_a_visitor(visitor: Client, url: str, agent: Agent) -> None:
    message_id = str(uuid4())
    visitor.post(id=message_id, text="mine")
    assert Client(url).post(id=message_id, text="yours").json()["messages"][0]["text"] == "You said: yours"


def test_only_offered_payloads_are_accepted_as_commands(visitor: Client, url: str, agent: Agent) -> None:
    payload = OFFER["buttons"][0]["payload"]  # type: ignore[index]
    assert visitor.post(payload=payload).status_code == 422
    visitor.post(text="hello")
    assert visitor.post(payload=payload).status_code == 200
    assert agent.heard[-1].text == payload
    for other in ("/restart", '/answer{"leadership": "cto"}', "/EXTERNAL_admin", "plain words"):
        rejected = visitor.post(payload=other)
        assert (rejected.status_code, rejected.json()["error"]) == (422, "not_offered")
    assert Client(url).post(payload=payload).status_code == 422, "an offer is valid only in its own conversation"
    assert len(agent.heard) == 2


def test_greeting_is_accepted_without_an_offer(visitor: Client, agent: Agent) -> None:
    assert visitor.post(payload="/greet").status_code == 200
    assert agent.heard[0].text == "/greet"


@pytest.mark.parametrize("typed", ["/restart", " /restart", "\x00/restart", '/give_name{"is_staff": "yes"}'])
def test_typed_command_reaches_rasa_as_text(visitor: Client, agent: Agent, typed: str) -> None:
    assert visitor.post(text=typed).status_code == 200
    assert agent.heard[0].text[0] == "\N{FRACTION SLASH}"


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"id": "7", "text": "hello"}, 400, "bad_id"),
        ({"id": "a\x00b", "text": "hello"}, 400, "bad_id"),
        ({"text": {"a": 1}}, 400, "bad_text"),
        ({"text": "\x00"}, 400, "empty"),
        ({"text": "x" * 1001}, 400, "too_long"),
        ({}, 400, "text_or_payload"),
        ({"text": "x" * 20000}, 413, "too_large"),
    ],
)
def test_invalid_message_gets_an_explanation_and_never_reaches_rasa(
    visitor: Client, agent: Agent, fields: dict[str, Any], status: int, code: str
) -> None:
    response = visitor.post(**fields)
    assert (response.status_code, response.json()["error"]) == (status, code)
    assert response.json()["message"].endswith(".")
    assert not agent.heard


def test_client_cannot_set_session_channel_or_metadata(visitor: Client, agent: Agent) -> None:
    visitor.post(text="hello", sender="victim", session_id="victim", input_channel="slack", metadata={"is_admin": True})
    assert (agent.heard[0].sender_id, agent.heard[0].input_channel) == (visitor.session_id, "web")
    assert agent.heard[0].metadata is None


@pytest.mark.parametrize("spoil", [lambda token: "", lambda token: token[:-4] + "AAAA", lambda token: "x.y.z"])
def test_forged_token_gives_no_access(visitor: Client, agent: Agent, spoil: Callable[[str], str]) -> None:
    visitor.token = spoil(visitor.token)
    response = visitor.post(text="hello")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not agent.heard


def test_expired_session_is_rejected(agent: Agent, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.channels.web.sessions.LIFETIME", -1)
    response = Client(url).post(text="hello")
    assert (response.status_code, response.json()["error"]) == (401, "expired")
    assert not agent.heard


@pytest.mark.parametrize(("turn", "reason"), [("fail", "RuntimeError"), ("lose_the_store", "the database is away")])
def test_failed_turn_is_503_and_can_be_retried(
    visitor: Client, agent: Agent, caplog: pytest.LogCaptureFixture, turn: str, reason: str
) -> None:
    agent.turn = getattr(agent, turn)
    message_id = str(uuid4())
    with caplog.at_level(logging.DEBUG):
        response = visitor.post(id=message_id, text=SECRET_WORDS)
    assert (response.status_code, response.json()["error"]) == (503, "not_stored")
    assert response.json()["message"].endswith("please try again in a moment.")
    assert message_id in caplog.text
    assert reason in caplog.text
    assert SECRET_WORDS not in caplog.text
    agent.turn = agent.offer
    assert visitor.post(id=message_id, text=SECRET_WORDS).status_code == 200


def test_turn_without_messages_gets_a_fallback(visitor: Client, agent: Agent, caplog: pytest.LogCaptureFixture) -> None:
    agent.turn = agent.say_nothing
    [message] = visitor.post(text="hello").json()["messages"]
    assert message["text"].startswith("I could not answer that just now.")
    assert "produced no message" in caplog.text


def test_missed_messages_can_be_replayed(visitor: Client, agent: Agent) -> None:
    first = visitor.post(text="one").json()["messages"]
    second = visitor.post(text="two").json()["messages"]
    assert visitor.get("messages").json()["messages"] == [*first, *second]
    assert visitor.get("messages", after=first[-1]["id"]).json()["messages"] == second
    assert visitor.get("messages", after=second[-1]["id"]).json()["messages"] == []


def test_visitor_can_erase_the_conversation(visitor: Client, url: str, agent: Agent) -> None:
    other = Client(url)
    other.post(text="mine")
    visitor.post(text="one")
    headers = {"Authorization": f"Bearer {visitor.token}"}
    first, again = (requests.delete(f"{url}/webhooks/web/session", headers=headers, timeout=5) for _ in range(2))
    nothing = dict.fromkeys(TABLES, 0)
    assert (first.status_code, first.json()) == (200, {"erased": {**nothing, "messages": 1}})
    assert (again.status_code, again.json()) == (200, {"erased": nothing})
    assert len(other.get("messages").json()["messages"]) == 2


def erase(visitor: Client) -> requests.Response:
    headers = {"Authorization": f"Bearer {visitor.token}"}
    return requests.delete(f"{visitor.url}/webhooks/web/session", headers=headers, timeout=5)


def test_erased_conversation_accepts_nothing(visitor: Client, url: str, agent: Agent) -> None:
    message_id = str(uuid4())
    visitor.post(id=message_id, text="one")
    erase(visitor)
    for rejected in (visitor.post(id=message_id, text="one"), visitor.post(payload="/greet"), visitor.get("messages")):
        assert (rejected.status_code, rejected.json()["error"]) == (410, "erased")
    assert len(agent.heard) == 1
    headers = {"Authorization": f"Bearer {visitor.token}"}
    new = requests.post(f"{url}/webhooks/web/session", headers=headers, timeout=5).json()
    assert (new["resumed"], new["session_id"] != visitor.session_id) == (False, True)


def test_erasure_during_a_turn_leaves_nothing(visitor: Client, agent: Agent, store: Database) -> None:
    agent.turn = agent.slowly
    answers: list[requests.Response] = []
    asking = threading.Thread(target=lambda: answers.append(visitor.post(text="one")))
    asking.start()
    deadline = time.monotonic() + 5
    while not agent.heard and time.monotonic() < deadline:
        time.sleep(0.01)
    assert erase(visitor).json()["erased"]["messages"] == 1
    asking.join()
    assert (answers[0].status_code, answers[0].json()["error"]) == (410, "erased")
    held = store.run_sync(lambda connection: export(connection, visitor.session_id))
    assert [name for name, rows in held.items() if rows and name != "conversation"] == []


@pytest.mark.parametrize(("expired", "status"), [(3600, 200), (2 * 86400, 200), (365 * 86400, 401)])
def test_expired_token_can_still_erase_what_is_stored(
    url: str, agent: Agent, store: Database, monkeypatch: pytest.MonkeyPatch, expired: int, status: int
) -> None:
    visitor = Client(url)
    visitor.post(text="one")
    monkeypatch.setattr("assistant.channels.web.sessions.LIFETIME", -expired)
    headers = {"Authorization": f"Bearer {visitor.token}"}
    late = requests.post(f"{url}/webhooks/web/session", headers=headers, timeout=5).json()
    assert late["session_id"] == visitor.session_id
    visitor.token = late["token"]
    assert visitor.post(text="two").json()["error"] == "expired"
    answer = erase(visitor)
    assert answer.status_code == status
    held = store.run_sync(lambda connection: export(connection, visitor.session_id))
    assert len(held["messages"]) == (status != 200)


def test_message_left_by_a_crash_is_answered_after_its_lease(
    visitor: Client, agent: Agent, store: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = str(uuid4())
    monkeypatch.setattr("assistant.stores.inbox.time.time", lambda real=time.time: real() - 2 * LEASE)
    asyncio.run(
        Inbox(store).receive("web", visitor.session_id, message_id, lambda _: MessageText("left behind", "left behind"))
    )
    monkeypatch.undo()
    deadline = time.monotonic() + 20
    while not (messages := visitor.get("messages").json()["messages"]) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert messages[0]["text"] == "You said: left behind"
    assert visitor.post(id=message_id, text="left behind").json()["messages"] == messages
    assert [one.text for one in agent.heard] == ["left behind"]


@pytest.mark.parametrize("path", ["health", "ready", "metrics"])
def test_metrics_say_nothing_about_visitors(visitor: Client, url: str, agent: Agent, path: str) -> None:
    visitor.post(text=SECRET_WORDS)
    answer = requests.get(f"{url}/{path}", timeout=5)
    assert answer.status_code == 200
    assert SECRET_WORDS not in answer.text
    assert visitor.session_id not in answer.text
    if path == "ready":
        assert answer.json() == {"database": "ok", "actions": "ok", "model": "ok"}
    if path == "metrics":
        assert "seatwise_inbox_pending " in answer.text
        assert "seatwise_turn_seconds_count" in answer.text


def test_turn_continues_after_a_disconnect(visitor: Client, agent: Agent) -> None:
    agent.turn = agent.slowly
    message_id = str(uuid4())
    with pytest.raises(requests.Timeout):
        requests.post(
            f"{visitor.url}/webhooks/web/messages",
            json={"id": message_id, "text": "hello"},
            headers={"Authorization": f"Bearer {visitor.token}"},
            timeout=0.1,
        )
    time.sleep(0.6)
    agent.turn = agent.fail
    assert visitor.post(id=message_id, text="hello").json()["messages"][0]["text"] == "You said: hello"
    assert len(agent.heard) == 1


def test_page_replaces_the_version_page_of_rasa(url: str) -> None:
    page = requests.get(url, timeout=5)
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Rasa" not in page.text
    assert requests.get(f"{url}/webhooks/web", timeout=5).url == f"{url}/chat"


def test_short_secret_is_rejected_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_SECRET", "short")
    with pytest.raises(SystemExit, match="at least 32 bytes"):
        WebChannel.from_credentials(None)


def test_invalid_setting_ends_the_start_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_WEBHOOK_URL", "http://user:hunter2@firm.example")
    monkeypatch.setenv("SEATWISE_WEBHOOK_SECRET", f"whsec_{'a' * 32}")
    with pytest.raises(SystemExit, match="SEATWISE_WEBHOOK_URL must be an https address") as rejected:
        WebChannel.from_credentials(None)
    assert "\n" not in str(rejected.value) and "hunter2" not in str(rejected.value)


def test_channel_starts_without_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEATWISE_SECRET", raising=False)
    assert WebChannel.from_credentials(None).name() == "web"


def test_foreign_website_can_neither_read_nor_write(visitor: Client, url: str, agent: Agent) -> None:
    visitor.post(text="mine")
    for method, place in (("POST", "session"), ("POST", "messages"), ("GET", "messages"), ("DELETE", "session")):
        rejected = requests.request(
            method,
            f"{url}/webhooks/web/{place}",
            json={"id": str(uuid4()), "text": "theirs"},
            headers={"Authorization": f"Bearer {visitor.token}", "Origin": "https://evil.example"},
            timeout=5,
        )
        assert (rejected.status_code, rejected.json()["error"]) == (403, "foreign_origin")
        assert "Access-Control-Allow-Origin" not in rejected.headers
    assert [one.text for one in agent.heard] == ["mine"]


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_foreign_website_can_read_that_it_is_foreign_and_nothing_else(url: str, origin: str) -> None:
    place, headers = f"{url}/webhooks/web/origin", {"Origin": origin}
    answer = requests.get(place, headers=headers, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (403, "foreign_origin")
    assert answer.headers["Access-Control-Allow-Origin"] == origin
    for method in ("POST", "OPTIONS"):
        refused = requests.request(method, place, headers=headers, timeout=5)
        assert (refused.status_code, "Access-Control-Allow-Origin" in refused.headers) == (403, False)


def test_configured_website_can_read_that_it_is_allowed(url: str) -> None:
    answer = requests.get(f"{url}/webhooks/web/origin", headers={"Origin": EMBEDDING}, timeout=5)
    assert (answer.status_code, answer.json()) == (200, {"allowed": True})
    assert answer.headers["Access-Control-Allow-Origin"] == EMBEDDING


def test_configured_website_may_embed_the_chat(visitor: Client, url: str) -> None:
    headers = {"Authorization": f"Bearer {visitor.token}", "Origin": EMBEDDING}
    asked_first = requests.options(f"{url}/webhooks/web/messages", headers=headers, timeout=5)
    assert asked_first.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    content = {"id": str(uuid4()), "text": "hello"}
    answer = requests.post(f"{url}/webhooks/web/messages", json=content, headers=headers, timeout=5)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, EMBEDDING)


def test_session_is_resumed_with_a_fresh_token(visitor: Client, url: str, agent: Agent) -> None:
    visitor.post(text="one")
    headers = {"Authorization": f"Bearer {visitor.token}"}
    again = requests.post(f"{url}/webhooks/web/session", headers=headers, timeout=5).json()
    assert (again["session_id"], again["resumed"]) == (visitor.session_id, True)
    visitor.token = again["token"]
    assert len(visitor.get("messages").json()["messages"]) == 2


def test_shared_database_requires_a_secret_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATWISE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.delenv("SEATWISE_SECRET", raising=False)
    with pytest.raises(SystemExit, match="SEATWISE_SECRET must be set"):
        WebChannel.from_credentials(None)


@pytest.mark.parametrize("place", ["nothing", "webhooks/rest/webhook", "conversations/x/tracker", "webhooks/web/other"])
def test_unknown_path_gets_an_error_in_our_form(url: str, agent: Agent, place: str) -> None:
    answer = requests.get(f"{url}/{place}", timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_failed_action_is_reported_after_earlier_messages(visitor: Client, agent: Agent) -> None:
    agent.turn = agent.fail_in_the_middle
    messages = visitor.post(text="hello").json()["messages"]
    assert [message["text"][:20] for message in messages] == ["You said: hello", "Who leads?", "I could not answer t"]


@pytest.mark.parametrize(
    ("method", "place", "code"),
    [("GET", "messages", "not_stored"), ("DELETE", "session", "not_erased"), ("POST", "messages", "not_stored")],
)
def test_without_database_every_request_gets_an_error_status(
    visitor: Client, url: str, store: Database, monkeypatch: pytest.MonkeyPatch, method: str, place: str, code: str
) -> None:
    async def away(work: object) -> None:
        raise StoreUnavailable("the database is away")

    monkeypatch.setattr(store, "run", away)
    answer = requests.request(
        method,
        f"{url}/webhooks/web/{place}",
        json={"id": str(uuid4()), "text": "hello"},
        headers={"Authorization": f"Bearer {visitor.token}"},
        timeout=5,
    )
    assert (answer.status_code, answer.json()["error"]) == (503, code)


@pytest.mark.parametrize("path", ["", "chat", "health", "ready", "metrics"])
def test_read_only_paths_reject_other_methods(url: str, agent: Agent, path: str) -> None:
    assert requests.post(f"{url}/{path}", timeout=5).status_code == 405


def test_errors_keep_no_reference_to_what_was_rejected(visitor: Client, agent: Agent) -> None:
    """A shared exception instance would keep references to the messages of all visitors."""
    assert visitor.post(payload=f"/{SECRET_WORDS}").status_code == 422
    gc.collect()
    kept = [one for one in gc.get_objects() if isinstance(one, ApiError) and one.__traceback__ is not None]
    assert kept == []


def test_answers_are_paged_without_gaps(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "PAGE", 3)
    for number in range(8):
        visitor.post(text=f"message {number}")
    told: list[dict[str, Any]] = []
    while page := visitor.get("messages", after=told[-1]["id"] if told else "unknown").json()["messages"]:
        assert len(page) <= 2 * 3  # the stub sends two messages per turn
        told += page
    said = [one["text"] for one in told if one["text"] != OFFER["text"]]
    assert said == [f"You said: message {number}" for number in range(8)]


def test_full_conversation_says_so_and_keeps_its_messages(visitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MOST_MESSAGES", 2)
    first = str(uuid4())
    answers = [visitor.post(id=first, text="one"), visitor.post(text="two"), visitor.post(text="three")]
    assert [answer.status_code for answer in answers] == [200, 200, 409]
    assert answers[2].json()["error"] == "conversation_full"
    assert visitor.post(id=first, text="one").json() == answers[0].json()
    assert len(visitor.get("messages").json()["messages"]) == 4

"""The web channel over real HTTP, with a stub in the place of Rasa's agent."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
import requests
from rasa.core.channels.channel import UserMessage, register
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import text as plain

from advisor.errors import SeatwiseError
from assistant.channels.web import WebInput

OFFER = {"text": "Who leads?", "buttons": [{"title": "Nobody", "payload": '/answer{"leadership": "none"}'}]}
SECRET_WORDS = "the merger with Acme"


class Agent:
    """Answers like Rasa's agent; what was said to it stays readable."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []
        self.turn: Callable[[UserMessage], Awaitable[None]] = self.offer

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message)
        await self.turn(message)

    async def offer(self, message: UserMessage) -> None:
        await message.output_channel.send_response(message.sender_id, {"text": f"You said: {message.text}"})
        await message.output_channel.send_response(message.sender_id, {**OFFER})

    async def slowly(self, message: UserMessage) -> None:
        await asyncio.sleep(0.4)
        await self.offer(message)

    async def say_nothing(self, message: UserMessage) -> None:
        pass

    async def fail(self, message: UserMessage) -> None:
        raise RuntimeError(f"cannot store {message.text}")


class Client:
    """A visitor with a session of their own."""

    def __init__(self, url: str) -> None:
        self.url = url
        opened = requests.post(f"{url}/webhooks/web/session", timeout=5).json()
        self.session_id: str = opened["session_id"]
        self.token: str = opened["token"]

    def post(self, **fields: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        fields = {"id": str(uuid4()), **fields}
        return requests.post(f"{self.url}/webhooks/web/messages", json=fields, headers=headers, timeout=5)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Sanic]]:
    """Rasa's server without its agent: the channel registered as Rasa does it, beside Rasa's own "/"."""
    app = Sanic(f"channel_test_{uuid4().hex}", configure_logging=False)

    @app.get("/")
    async def hello(request: Request) -> HTTPResponse:
        return plain("Hello from Rasa: 3.6.21")

    register([WebInput()], app, "/webhooks/")
    listener = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()

    async def start() -> None:
        running = await app.create_server(sock=listener, return_asyncio_server=True, access_log=False)
        assert running is not None
        await running.startup()
        await running.before_start()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(start())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", app
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)


@pytest.fixture
def url(server: tuple[str, Sanic]) -> str:
    return server[0]


@pytest.fixture
def agent(server: tuple[str, Sanic]) -> Agent:
    server[1].ctx.agent = Agent()
    return server[1].ctx.agent  # type: ignore[no-any-return]


@pytest.fixture
def visitor(url: str, agent: Agent) -> Client:
    return Client(url)


def test_an_answer_comes_in_order_with_its_buttons(visitor: Client, agent: Agent) -> None:
    response = visitor.post(text="hello 👋 <b>")
    assert response.status_code == 200
    first, second = response.json()["messages"]
    assert first["text"] == "You said: hello 👋 <b>"
    assert (second["text"], second["buttons"]) == (OFFER["text"], OFFER["buttons"])
    assert agent.heard[0].sender_id == visitor.session_id
    assert agent.heard[0].input_channel == "web"
    assert response.headers["Cache-Control"] == "no-store"


def test_the_same_id_again_gets_the_stored_answer(visitor: Client, agent: Agent) -> None:
    message_id = str(uuid4())
    first = visitor.post(id=message_id, text="hello").json()
    assert visitor.post(id=message_id.upper(), text="hello").json() == first
    assert len(agent.heard) == 1


def test_the_same_id_while_the_turn_runs_waits_for_the_one_answer(visitor: Client, agent: Agent) -> None:
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


def test_another_visitor_may_use_the_same_id(visitor: Client, url: str, agent: Agent) -> None:
    message_id = str(uuid4())
    visitor.post(id=message_id, text="mine")
    assert Client(url).post(id=message_id, text="yours").json()["messages"][0]["text"] == "You said: yours"


def test_an_offered_payload_is_a_command_and_any_other_is_refused(visitor: Client, url: str, agent: Agent) -> None:
    payload = OFFER["buttons"][0]["payload"]  # type: ignore[index]
    assert visitor.post(payload=payload).status_code == 422
    visitor.post(text="hello")
    assert visitor.post(payload=payload).status_code == 200
    assert agent.heard[-1].text == payload
    for other in ("/restart", '/answer{"leadership": "cto"}', "/EXTERNAL_admin", "plain words"):
        refused = visitor.post(payload=other)
        assert (refused.status_code, refused.json()["error"]) == (422, "not_offered")
    assert Client(url).post(payload=payload).status_code == 422, "an offer counts only where it was made"
    assert len(agent.heard) == 2


def test_the_greeting_needs_no_offer(visitor: Client, agent: Agent) -> None:
    assert visitor.post(payload="/greet").status_code == 200
    assert agent.heard[0].text == "/greet"


@pytest.mark.parametrize("typed", ["/restart", " /restart", "\x00/restart", '/give_name{"is_staff": "yes"}'])
def test_a_command_that_is_typed_reaches_rasa_as_words(visitor: Client, agent: Agent, typed: str) -> None:
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
def test_a_bad_message_is_refused_in_words_and_never_reaches_rasa(
    visitor: Client, agent: Agent, fields: dict[str, Any], status: int, code: str
) -> None:
    response = visitor.post(**fields)
    assert (response.status_code, response.json()["error"]) == (status, code)
    assert response.json()["message"].endswith(".")
    assert not agent.heard


def test_a_client_cannot_name_a_session_or_add_metadata(visitor: Client, agent: Agent) -> None:
    visitor.post(text="hello", sender="victim", session_id="victim", input_channel="slack", metadata={"is_admin": True})
    assert (agent.heard[0].sender_id, agent.heard[0].input_channel) == (visitor.session_id, "web")
    assert agent.heard[0].metadata is None


@pytest.mark.parametrize("spoil", [lambda token: "", lambda token: token[:-4] + "AAAA", lambda token: "x.y.z"])
def test_a_forged_token_opens_nothing(visitor: Client, agent: Agent, spoil: Callable[[str], str]) -> None:
    visitor.token = spoil(visitor.token)
    response = visitor.post(text="hello")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert not agent.heard


def test_an_expired_session_says_so(agent: Agent, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.channels.sessions.LIFETIME", -1)
    response = Client(url).post(text="hello")
    assert (response.status_code, response.json()["error"]) == (401, "expired")
    assert not agent.heard


@pytest.mark.parametrize("turn", ["fail", "say_nothing"])
def test_a_turn_without_an_answer_is_503_and_may_be_tried_again(
    visitor: Client, agent: Agent, caplog: pytest.LogCaptureFixture, turn: str
) -> None:
    agent.turn = getattr(agent, turn)
    message_id = str(uuid4())
    with caplog.at_level(logging.DEBUG):
        response = visitor.post(id=message_id, text=SECRET_WORDS)
    assert (response.status_code, response.json()["error"]) == (503, "no_answer")
    assert response.json()["message"].startswith("I could not answer that just now.")
    assert message_id in caplog.text
    assert ("RuntimeError" if turn == "fail" else "without a word") in caplog.text
    assert SECRET_WORDS not in caplog.text
    agent.turn = agent.offer
    assert visitor.post(id=message_id, text=SECRET_WORDS).status_code == 200


def test_a_lost_connection_does_not_end_the_turn(visitor: Client, agent: Agent) -> None:
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


def test_the_page_is_served_where_rasa_says_hello(url: str) -> None:
    page = requests.get(url, timeout=5)
    assert page.url == f"{url}/webhooks/web"
    assert "<title>Seatwise</title>" in page.text
    assert "Rasa" not in page.text


def test_the_page_runs_only_its_own_script_and_asks_nobody_else(url: str) -> None:
    page = requests.get(f"{url}/webhooks/web/", timeout=5)
    policy = page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", page.text)
    assert not re.findall(r"""(?:src|href)=["'](?!data:)|url\(|@import""", page.text)


def test_a_short_secret_is_refused_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SeatwiseError, match="at least 32 bytes; it has 5"):
        WebInput.from_credentials({"secret": "12345"})
    monkeypatch.setenv("SEATWISE_SECRET", "short")
    with pytest.raises(SeatwiseError):
        WebInput.from_credentials(None)


def test_without_a_secret_the_channel_starts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SEATWISE_SECRET", raising=False)
    assert WebInput.from_credentials({"secret": ""}).name() == "web"

"""Who may speak, and where: tokens, other people's conversations, foreign websites, doors that stay shut (S5, S6)."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import jwt
import pytest
import requests
import websocket
from socketio.exceptions import ConnectionError as NotConnected

from tests.security.clients import Client, HttpClient, SocketClient
from tests.security.conftest import KEY
from tests.security.honest import Honest
from tests.security.target import PATIENCE, SECRET, Target

FOREIGN = [
    "https://evil.example",
    "null",
    "http://localhost",
    "http://localhost.evil.example",
    "file://",
    "HTTP://EVIL",
]
SHUT = [
    *("webhooks/rest/webhook", "webhooks/rest/", "webhooks/slack/webhook", "webhooks/socketio/", "webhooks/socketio"),
    *("webhooks/callback/webhook", "webhooks/facebook/webhook", "webhooks/telegram/webhook", "webhooks/", "webhooks"),
    *("conversations/default/tracker", "conversations/default/tracker/events", "conversations/default/execute"),
    *("conversations/default/trigger_intent", "conversations/default/messages", "conversations/default/story"),
    *("conversations/default/predict", "model", "model/train", "model/parse", "model/predict", "model/test"),
    *("model/test/intents", "model/test/stories", "status", "domain", "version", "docs", "openapi.yml", ".env", ".git"),
    *("webhooks/web/..%2f..%2fcredentials.yml", "webhooks/web/webhook", "webhooks/web/health", "ws", "socket.io/admin"),
]


@pytest.fixture(scope="module", autouse=True)
def others(target: Target) -> Iterator[None]:
    """Honest visitors beside all of it; afterwards everybody is alive and the logs hold no words."""
    with Honest(target) as honest:
        yield
    print(f"{honest.sent} honest messages beside the attacks")
    target.check_alive()
    target.check_logs()


@pytest.fixture
def victim(target: Target) -> Iterator[HttpClient]:
    """Somebody who has said something."""
    with HttpClient(target) as client:
        client.send(text=SECRET)
        yield client


def signed(session: str, key: str = KEY, algorithm: str = "HS256", **changes: Any) -> str:
    """A token for a session, with changes; what is None is left out."""
    claims = {"sub": session, "aud": "seatwise-web", "exp": int(time.time()) + 600, **changes}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm)


def unsigned(session: str, algorithm: str) -> str:
    """A token that says that it needs no signature."""
    head = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "typ": "JWT"}).encode()).rstrip(b"=").decode()
    return ".".join([head, signed(session).split(".")[1], ""])


FORGERIES: dict[str, Callable[[str], str]] = {
    "expired": lambda session: signed(session, exp=int(time.time()) - 91 * 24 * 60 * 60),
    "of another key": lambda session: signed(session, key="another-key-of-more-than-thirty-two-bytes"),
    "of another hash": lambda session: signed(session, algorithm="HS384"),
    "unsigned": lambda session: unsigned(session, "none"),
    "unsigned in capitals": lambda session: unsigned(session, "NONE"),
    "for somebody else": lambda session: signed(session, aud="another-service"),
    "for nobody": lambda session: signed(session, aud=None),
    "without end": lambda session: signed(session, exp=None),
    "without a session": lambda session: signed(session, sub=None),
    "not valid yet": lambda session: signed(session, nbf=int(time.time()) + 600),
    "the session itself": lambda session: session,
    "cut": lambda session: signed(session)[:-3],
    "nothing": lambda session: "",
    "nonsense": lambda session: "\x00.\u00e9.%",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES.keys())
def test_a_forged_token_opens_nothing(target: Target, victim: HttpClient, forge: Callable[[str], str]) -> None:
    token = forge(victim.conversation)
    headers = {"Authorization": b"Bearer " + token.encode()}
    message = {"id": str(uuid4()), "text": "mine now"}
    refused = [
        requests.post(f"{target.web}messages", json=message, headers=headers, timeout=PATIENCE),
        requests.get(f"{target.web}messages", headers=headers, timeout=PATIENCE),
        requests.delete(f"{target.web}session", headers=headers, timeout=PATIENCE),
    ]
    assert [answer.status_code for answer in refused] == [401, 401, 401]
    assert {answer.json()["error"] for answer in refused} <= {"no_token", "bad_token", "expired"}
    opened = requests.post(f"{target.web}session", headers=headers, timeout=PATIENCE).json()
    assert (opened["resumed"], opened["session_id"] == victim.conversation) == (False, False)
    with SocketClient(target, token) as window:
        assert (window.session["resumed"], window.conversation == victim.conversation) == (False, False)
        assert window.replay() == []
    assert target.said(victim.conversation) == [SECRET]


@pytest.mark.parametrize("token", [{"sub": "a"}, ["a"], 7, True], ids=repr)
def test_a_token_that_is_no_string_opens_a_new_session(target: Target, token: object) -> None:
    with SocketClient(target, token) as window:
        assert not window.session["resumed"]


@pytest.mark.parametrize("kind", [HttpClient, SocketClient], ids=["http", "socket"])
def test_a_token_reads_and_writes_its_own_conversation_only(
    target: Target, victim: HttpClient, kind: type[HttpClient] | type[SocketClient]
) -> None:
    with kind(target) as other:
        assert other.send(text="and me?", session_id=victim.conversation, sender=victim.conversation).messages
        assert SECRET not in json.dumps(other.replay())
        if isinstance(other, HttpClient):
            erase(target, other)
    assert target.said(victim.conversation) == [SECRET]
    assert victim.replay()


def erase(target: Target, client: Client) -> None:
    headers = {"Authorization": f"Bearer {client.token}"}
    receipt = requests.delete(f"{target.web}session", headers=headers, timeout=PATIENCE).json()
    assert receipt["erased"]["messages"] == 1
    assert target.said(client.conversation) == []


def test_a_window_hears_nothing_of_another_visitor(target: Target, victim: HttpClient) -> None:
    with SocketClient(target) as eavesdropper, SocketClient(target, victim.token) as own:
        eavesdropper.ask("session_reset", {"session_id": victim.conversation, "token": victim.token})
        eavesdropper.ask("history", {"session_id": victim.conversation})
        answered = victim.send(text="what is a cto?").messages
        eavesdropper.send(text="hello")
        assert {one["id"] for one in answered} <= {one["id"] for one in own.heard}
        assert {one["id"] for one in answered} & {one["id"] for one in eavesdropper.heard} == set()


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_website_gets_nothing(target: Target, victim: HttpClient, origin: str) -> None:
    headers = {"Origin": origin, "Authorization": f"Bearer {victim.token}"}
    message = {"id": str(uuid4()), "text": "from elsewhere"}
    for answer in (
        requests.post(f"{target.web}session", headers=headers, timeout=PATIENCE),
        requests.post(f"{target.web}messages", json=message, headers=headers, timeout=PATIENCE),
        requests.get(f"{target.web}messages", headers=headers, timeout=PATIENCE),
        requests.delete(f"{target.web}session", headers=headers, timeout=PATIENCE),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "foreign_origin")
        assert "Access-Control-Allow-Origin" not in answer.headers
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    preflight = requests.options(f"{target.web}messages", headers={"Origin": origin, **ask}, timeout=PATIENCE)
    assert "Access-Control-Allow-Origin" not in preflight.headers
    assert target.said(victim.conversation) == [SECRET]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_website_opens_no_socket(target: Target, victim: HttpClient, origin: str) -> None:
    host, port = target.place
    address = f"ws://{host}:{port}/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(websocket.WebSocketBadStatusException) as refused:
        websocket.create_connection(address, timeout=PATIENCE, origin=origin)
    assert refused.value.status_code == 400
    polled = requests.get(
        f"{target.url}socket.io/?EIO=4&transport=polling", headers={"Origin": origin}, timeout=PATIENCE
    )
    assert polled.status_code == 400
    assert "Access-Control-Allow-Origin" not in polled.headers
    with pytest.raises(NotConnected), SocketClient(target, victim.token, {"Origin": origin}, "polling"):
        pass


def test_our_own_page_may_do_all_of_it(target: Target) -> None:
    own = {"Origin": target.url.rstrip("/")}
    assert requests.post(f"{target.web}session", headers=own, timeout=PATIENCE).status_code == 200
    with SocketClient(target, headers=own, transport="polling") as window:
        assert window.send(text="hello").messages
    with SocketClient(target) as window:  # its library names our own address
        assert window.send(text="hello").messages


@pytest.mark.parametrize("path", SHUT)
def test_doors_of_rasa_that_we_do_not_use_are_shut(target: Target, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        message = {"sender": "a", "message": SECRET}
        answer = requests.request(method, f"{target.url}{path}", json=message, timeout=PATIENCE)
        assert (answer.status_code, answer.json()["error"]) in {(404, "not_found"), (405, "method_not_allowed")}
        assert answer.status_code == 404 or path.startswith("webhooks/web/")


@pytest.mark.parametrize("path", ["", "/", "//", "///", "?x=1", "webhooks/web/", "health", "ready", "nothing"])
def test_nobody_is_told_what_we_run_on(target: Target, path: str) -> None:
    answer = requests.get(f"{target.url}{path}", timeout=PATIENCE, allow_redirects=False)
    assert "rasa" not in answer.text.lower() + repr(answer.headers).lower()
    assert "sanic" not in answer.text.lower() + repr(answer.headers).lower()


def test_no_client_of_another_namespace_is_let_in(target: Target) -> None:
    client = websocket.create_connection(
        f"ws://{target.place[0]}:{target.place[1]}/socket.io/?EIO=4&transport=websocket", timeout=PATIENCE
    )
    client.recv()
    client.send("40/admin,")
    assert client.recv().startswith("44/admin,")
    client.close()

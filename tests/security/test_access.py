"""Access control: tokens, other visitors' conversations, foreign origins, disabled endpoints (S5, S6)."""

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
from tests.security.target import SECRET, TIMEOUT, Target
from tests.security.traffic import LegitimateTraffic

FOREIGN = [
    "https://evil.example",
    "null",
    "http://localhost",
    "http://localhost.evil.example",
    "file://",
    "HTTP://EVIL",
]
DISABLED = [
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
    """Legitimate traffic during the attacks; afterwards the assistant is alive and no messages were logged."""
    with LegitimateTraffic(target) as traffic:
        yield
    print(f"{traffic.sent} legitimate messages during the attacks")
    target.check_alive()
    target.check_logs()


@pytest.fixture
def victim(target: Target) -> Iterator[HttpClient]:
    """A visitor with one message."""
    with HttpClient(target) as client:
        client.send(text=SECRET)
        yield client


def signed(session: str, key: str = KEY, algorithm: str = "HS256", **changes: Any) -> str:
    """A token for a session with changed claims; None removes a claim."""
    claims = {"sub": session, "aud": "seatwise-web", "exp": int(time.time()) + 600, **changes}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm)


def unsigned(session: str, algorithm: str) -> str:
    """A token without a signature."""
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
def test_forged_token_gives_no_access(target: Target, victim: HttpClient, forge: Callable[[str], str]) -> None:
    token = forge(victim.conversation)
    headers = {"Authorization": b"Bearer " + token.encode()}
    message = {"id": str(uuid4()), "text": "mine now"}
    rejected = [
        requests.post(f"{target.web}messages", json=message, headers=headers, timeout=TIMEOUT),
        requests.get(f"{target.web}messages", headers=headers, timeout=TIMEOUT),
        requests.delete(f"{target.web}session", headers=headers, timeout=TIMEOUT),
    ]
    assert [answer.status_code for answer in rejected] == [401, 401, 401]
    assert {answer.json()["error"] for answer in rejected} <= {"no_token", "bad_token", "expired"}
    opened = requests.post(f"{target.web}session", headers=headers, timeout=TIMEOUT).json()
    assert (opened["resumed"], opened["session_id"] == victim.conversation) == (False, False)
    with SocketClient(target, token) as window:
        assert (window.session["resumed"], window.conversation == victim.conversation) == (False, False)
        assert window.replay() == []
    assert target.said(victim.conversation) == [SECRET]


@pytest.mark.parametrize("token", [{"sub": "a"}, ["a"], 7, True], ids=repr)
def test_token_that_is_not_a_string_opens_a_new_session(target: Target, token: object) -> None:
    with SocketClient(target, token) as window:
        assert not window.session["resumed"]


@pytest.mark.parametrize("kind", [HttpClient, SocketClient], ids=["http", "socket"])
def test_token_gives_access_to_its_own_conversation_only(
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
    receipt = requests.delete(f"{target.web}session", headers=headers, timeout=TIMEOUT).json()
    assert receipt["erased"]["messages"] == 1
    assert target.said(client.conversation) == []


def test_window_receives_nothing_of_another_visitor(target: Target, victim: HttpClient) -> None:
    with SocketClient(target) as eavesdropper, SocketClient(target, victim.token) as own:
        eavesdropper.ask("session_reset", {"session_id": victim.conversation, "token": victim.token})
        eavesdropper.ask("history", {"session_id": victim.conversation})
        answered = victim.send(text="what is a cto?").messages
        eavesdropper.send(text="hello")
        assert {one["id"] for one in answered} <= {one["id"] for one in own.heard}
        assert {one["id"] for one in answered} & {one["id"] for one in eavesdropper.heard} == set()


@pytest.mark.parametrize("origin", FOREIGN)
def test_foreign_origin_is_rejected_over_http(target: Target, victim: HttpClient, origin: str) -> None:
    headers = {"Origin": origin, "Authorization": f"Bearer {victim.token}"}
    message = {"id": str(uuid4()), "text": "from elsewhere"}
    for answer in (
        requests.post(f"{target.web}session", headers=headers, timeout=TIMEOUT),
        requests.post(f"{target.web}messages", json=message, headers=headers, timeout=TIMEOUT),
        requests.get(f"{target.web}messages", headers=headers, timeout=TIMEOUT),
        requests.delete(f"{target.web}session", headers=headers, timeout=TIMEOUT),
    ):
        assert (answer.status_code, answer.json()["error"]) == (403, "foreign_origin")
        assert "Access-Control-Allow-Origin" not in answer.headers
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
    preflight = requests.options(f"{target.web}messages", headers={"Origin": origin, **ask}, timeout=TIMEOUT)
    assert "Access-Control-Allow-Origin" not in preflight.headers
    assert target.said(victim.conversation) == [SECRET]


@pytest.mark.parametrize("origin", FOREIGN)
def test_foreign_origin_cannot_open_a_socket(target: Target, victim: HttpClient, origin: str) -> None:
    host, port = target.address
    address = f"ws://{host}:{port}/socket.io/?EIO=4&transport=websocket"
    with pytest.raises(websocket.WebSocketBadStatusException) as rejected:
        websocket.create_connection(address, timeout=TIMEOUT, origin=origin)
    assert rejected.value.status_code == 400
    polled = requests.get(
        f"{target.url}socket.io/?EIO=4&transport=polling", headers={"Origin": origin}, timeout=TIMEOUT
    )
    assert polled.status_code == 400
    assert "Access-Control-Allow-Origin" not in polled.headers
    with pytest.raises(NotConnected), SocketClient(target, victim.token, {"Origin": origin}, "polling"):
        pass


def test_same_origin_has_full_access(target: Target) -> None:
    own = {"Origin": target.url.rstrip("/")}
    assert requests.post(f"{target.web}session", headers=own, timeout=TIMEOUT).status_code == 200
    with SocketClient(target, headers=own, transport="polling") as window:
        assert window.send(text="hello").messages
    with SocketClient(target) as window:  # its library sends our own origin
        assert window.send(text="hello").messages


@pytest.mark.parametrize("path", DISABLED)
def test_unused_rasa_endpoints_are_disabled(target: Target, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "PATCH"):
        message = {"sender": "a", "message": SECRET}
        answer = requests.request(method, f"{target.url}{path}", json=message, timeout=TIMEOUT)
        assert (answer.status_code, answer.json()["error"]) in {(404, "not_found"), (405, "method_not_allowed")}
        assert answer.status_code == 404 or path.startswith("webhooks/web/")


@pytest.mark.parametrize("path", ["", "/", "//", "///", "?x=1", "webhooks/web/", "health", "ready", "nothing"])
def test_responses_do_not_reveal_the_software(target: Target, path: str) -> None:
    answer = requests.get(f"{target.url}{path}", timeout=TIMEOUT, allow_redirects=False)
    assert "rasa" not in answer.text.lower() + repr(answer.headers).lower()
    assert "sanic" not in answer.text.lower() + repr(answer.headers).lower()


def test_unknown_socketio_namespace_is_rejected(target: Target) -> None:
    client = websocket.create_connection(
        f"ws://{target.address[0]}:{target.address[1]}/socket.io/?EIO=4&transport=websocket", timeout=TIMEOUT
    )
    client.recv()
    client.send("40/admin,")
    assert client.recv().startswith("44/admin,")
    client.close()

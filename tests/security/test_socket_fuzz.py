"""Thousands of broken sockets: incomplete handshakes, packets of every type with random content, invalid frames."""

from __future__ import annotations

import json
import secrets
import socket
from collections import Counter
from contextlib import suppress
from uuid import uuid4

import pytest
import requests
import websocket
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.security.clients import SocketClient
from tests.security.target import SECRET, TIMEOUT, Target
from tests.security.traffic import LegitimateTraffic

LARGEST_FRAME = 16 * 1024
EVENTS = ["user_uttered", "history", "session_reset", "connect", "disconnect", "bot_uttered", "message", "*", ""]

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(SECRET),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=10,
)
utterances = st.fixed_dictionaries(
    {},
    optional={
        "id": st.uuids().map(str) | anything,
        "message": st.sampled_from([SECRET, "/restart", "a\x00b", "\ud800", "x" * 1001]) | anything,
        "kind": st.sampled_from(["text", "button"]) | anything,
        "metadata": anything,
        "after": anything,
        "_placeholder": st.just(True),
        "num": st.integers(-2, 3),
    },
)
arguments = st.lists(utterances | anything, max_size=3)
namespaces = st.sampled_from(["", "", "", "/,", "/admin,", "/?token=a,", "/\x00,", "/x"])
attachments = st.sampled_from(["", "", "", "0-", "1-", "2-", "9999999999-", "99999999999-", "-1-", "\u00b2-"])
numbers = st.sampled_from(["", "", "0", "7", "9" * 50, "9" * 101, "\u0663"])
events = st.builds(
    lambda *parts: "".join(parts),
    st.sampled_from(["42", "42", "42", "45", "43", "46", "40", "41", "44", "47", "49", "4x"]),
    attachments,
    namespaces,
    numbers,
    st.builds(lambda name, given: json.dumps([name, *given]), st.sampled_from(EVENTS), arguments)
    | anything.map(json.dumps),
)
"""Socket.IO packets inside Engine.IO packets."""

packets = st.one_of(
    events,
    events,
    events.flatmap(lambda whole: st.integers(0, len(whole)).map(lambda end: whole[:end])),
    st.builds(lambda kind, content: kind + content, st.sampled_from([*"0123456789b", "\u00b2"]), st.text(max_size=20)),
    st.sampled_from(["42[", '42{"a":', "4[", "b4", "2probe", "5"]).flatmap(
        lambda piece: st.sampled_from([1, 100, 3000]).map(lambda times: piece[:2] + piece[2:] * times)
    ),
    st.just("42" + json.dumps(["user_uttered", {"id": str(uuid4()), "message": "x" * LARGEST_FRAME}])),
)
blobs = st.binary(max_size=100) | st.just(b"x" * (LARGEST_FRAME + 1))
broken_frames = st.sampled_from(
    [
        b"\x81\x05hello",  # not masked
        b"\x83\x80\0\0\0\0",  # unknown opcode
        b"\xf1\x80\0\0\0\0",  # reserved bits
        b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0",  # length exceeds any memory
        b"\x81\x82\0\0\0\0\xff\xfe",  # invalid UTF-8
        b"\x01\x82\0\0\0\x0042",  # first fragment without the last
        b"\x80\x82\0\0\0\x0042",  # last fragment without the first
        b"\x89\xfe\x00\x80\0\0\0\0" + b"p" * 128,  # oversized ping
        b"\x88\x81\0\0\0\0x",  # close frame with one byte
        b"\x88\x82\0\0\0\0\xff\xff",  # close frame with an invalid code
        b"GET / HTTP/1.1\r\n\r\n",
    ]
)
openings = st.sampled_from(
    ["40", "40", "40", '40{"token":"a.b.c"}', '40{"token":{}}', "40[]", "40/admin,", "", "2probe", "1"]
)
visits = st.tuples(openings, st.lists(packets | blobs, max_size=6), st.none() | broken_frames)


def test_100_broken_sockets_do_not_affect_others(target: Target) -> None:
    fuzz(target, 100, random_seed=1)


@pytest.mark.slow
def test_3000_broken_sockets_do_not_affect_others(target: Target) -> None:
    fuzz(target, 3_000, random_seed=secrets.randbelow(2**32))


def test_100_short_lived_sockets_do_not_affect_others(target: Target) -> None:
    open_short_lived_sockets(target, 100)


@pytest.mark.slow
def test_4000_short_lived_sockets_do_not_affect_others(target: Target) -> None:
    open_short_lived_sockets(target, 4_000)


def fuzz(target: Target, number: int, random_seed: int) -> None:
    """Make random visits by WebSocket and by polling, alongside legitimate traffic.

    Args:
        target: the assistant under attack.
        number: the number of visits.
        random_seed: the seed of the generator.
    """
    print(f"random_seed {random_seed}")
    told: Counter[str] = Counter()
    bounds = settings(max_examples=number, deadline=None, database=None, phases=[Phase.generate])
    bounds = settings(bounds, suppress_health_check=list(HealthCheck))
    with requests.Session() as client, LegitimateTraffic(target) as traffic:

        @seed(random_seed)
        @bounds
        @given(visits)
        def attack(visit: tuple[str, list[str | bytes], bytes | None]) -> None:
            told["frames"] += by_socket(target, *visit)
            told.update(by_polling(target, client, *visit[:2]))

        attack()
    check_served(target)
    print(f"{number} sockets, {traffic.sent} legitimate messages alongside; {dict(sorted(told.items()))}")


def by_socket(target: Target, opening: str, frames: list[str | bytes], last: bytes | None) -> int:
    """One visit; returns the number of frames sent before the assistant closed the connection."""
    sent = 0
    connection = dial(target)
    with suppress(websocket.WebSocketException, OSError):
        connection.send(opening.encode("utf-8", "surrogatepass"))
        for frame in frames:
            if isinstance(frame, bytes):
                connection.send_binary(frame)
            else:
                connection.send(frame.encode("utf-8", "surrogatepass"))
            sent += 1
        if last:
            connection.sock.sendall(last)
            sent += 1
    connection.shutdown()  # without a close frame
    return sent


def by_polling(target: Target, client: requests.Session, opening: str, frames: list[str | bytes]) -> list[str]:
    """The same by polling; returns the response statuses."""
    address = f"{target.url}socket.io/?EIO=4&transport=polling"
    handshake = client.get(address, timeout=TIMEOUT)
    assert handshake.status_code == 200, handshake.text
    address += f"&sid={json.loads(handshake.text[1:])['sid']}"
    bodies = [frame if isinstance(frame, bytes) else frame.encode("utf-8", "surrogatepass") for frame in frames]
    statuses = []
    for body in (opening.encode(), b"\x1e".join(bodies), *bodies[:1]):
        answer = client.post(address, body, timeout=TIMEOUT)
        assert answer.status_code in (200, 400, 413), (body, answer.status_code, answer.text)
        statuses.append(f"polling {answer.status_code}")
    return statuses


def open_short_lived_sockets(target: Target, number: int) -> None:
    """Open sockets, some of which complete the handshake, and disconnect without a close frame."""
    with LegitimateTraffic(target) as traffic:
        for turn in range(number):
            connection = dial(target)
            if turn % 3:
                connection.send("40")
            if turn % 3 == 2:
                connection.send('42["user_uttered",{}]')
            connection.shutdown()
    check_served(target)
    print(f"{number} short-lived sockets, {traffic.sent} legitimate messages alongside")


def dial(target: Target) -> websocket.WebSocket:
    """An open socket without a completed handshake."""
    host, port = target.address
    address = f"ws://{host}:{port}/socket.io/?EIO=4&transport=websocket"
    options = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),)
    return websocket.create_connection(address, timeout=TIMEOUT, sockopt=options, suppress_origin=True)


def check_served(target: Target) -> None:
    """Check that new visitors are served and no messages were logged."""
    target.check_alive()
    with SocketClient(target) as visitor:
        assert visitor.send(text="what is a cto?").messages
    target.check_logs()

"""Thousands of random valid and broken requests: no failures, and only responses documented in docs/openapi.yml."""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.security.target import SECRET, TIMEOUT, Target
from tests.security.traffic import LegitimateTraffic
from tests.security.wire import exchange, request

DOCUMENTED = Path(__file__).parents[2] / "docs" / "openapi.yml"
AS_DOCUMENTED = [
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MESSAGE = {"id": "7c1e6d0a-6f0f-4c43-9a53-0d5a2e6b9c11", "text": SECRET}

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(SECRET),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
"""JSON values."""

messages = st.builds(
    lambda name, value: json.dumps({**MESSAGE, name: value}).encode(),
    st.sampled_from(["id", "text", "payload", "sender", "metadata", "input_channel", "\x00"]),
    anything | st.text(min_size=990, max_size=1010),
)
broken = st.one_of(
    messages.flatmap(lambda whole: st.integers(0, len(whole)).map(lambda end: whole[:end])),
    st.sampled_from([b"[", b'{"a":', b'"\\ud800', b"\x00", b"9", b"\xff", b"nul"]).flatmap(
        lambda piece: st.integers(1, 30_000).map(lambda times: piece * (times // len(piece)))
    ),
    st.binary(max_size=300),
    st.sampled_from(["a\x00b", "\ud800", "\udfff" * 900, "\u202e", "\x1b[2J"]).map(
        lambda text: json.dumps({**MESSAGE, "text": text}).encode()
    ),
)
"""Bodies that are not messages, some of which look like one."""

methods = st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE", "get", "QUERY"])
paths = st.sampled_from(
    [
        *("/", "//", "/health", "/ready", "/metrics", "/webhooks/web", "/webhooks/web/", "/webhooks/web/session"),
        *("/webhooks/web/messages", "/webhooks/web/messages?after=%00", "/webhooks/web/messages?after=%ff&after="),
        *("/webhooks/web/%2e%2e/messages", "/webhooks/web/\ud800", "/webhooks//web/messages", "/webhooks/web/a\x00b"),
        *("/socket.io/", "/socket.io/?EIO=4&transport=polling&sid=%00", "http://evil.example/", "*", "x", "/?" * 5000),
    ]
)
odd_headers = st.sampled_from(
    [
        *("Content-Type: text/plain", "Content-Type: application/json; charset=utf-16", "Content-Type: \x00", "X"),
        *("Content-Type: multipart/form-data; boundary=", "Content-Encoding: gzip", "Expect: 100-continue", ": empty"),
        *("Expect: more", "Origin: null", "Origin: http://evil.example", "Host: [::1", "Host: other", "Cookie: a=\x00"),
        *(
            "X-Forwarded-For: ,,'\x00",
            "Forwarded: for=;;by=_",
            "X-Forwarded-Proto: gopher",
            "Upgrade: h2c",
            "X: \ud83d",
        ),
        *("Upgrade: websocket", "Accept: \x7f", "Connection: upgrade", "X-Large: " + "x" * 9000, "Range: bytes=-1"),
    ]
)
lengths = st.sampled_from(
    [
        *(None, None, None, None, "Content-Length: -5", "Content-Length: x", "Content-Length: 1\r\nContent-Length: 2"),
        *(
            "Content-Length: 99999999",
            "Transfer-Encoding: chunked",
            "Transfer-Encoding: gzip",
            "Content-Length: \u00b2",
        ),
        "Transfer-Encoding: chunked\r\nContent-Length: 3",
    ]
)


def test_200_random_requests_are_answered_as_documented(target: Target) -> None:
    fuzz(target, 200, random_seed=1)


@pytest.mark.slow
def test_10000_random_requests_are_answered_as_documented(target: Target) -> None:
    fuzz(target, 10_000, random_seed=secrets.randbelow(2**32))


def fuzz(target: Target, number: int, random_seed: int) -> None:
    """Send random requests alongside legitimate traffic.

    Args:
        target: the assistant under attack.
        number: the number of requests.
        random_seed: the seed of the generator.
    """
    print(f"random_seed {random_seed}")
    told: Counter[str] = Counter()
    bounds = settings(max_examples=number, deadline=None, database=None, phases=[Phase.generate])
    bounds = settings(bounds, suppress_health_check=list(HealthCheck))
    token = requests.post(f"{target.web}session", timeout=TIMEOUT).json()["token"]
    tokens = st.sampled_from([token] * 5 + ["", token[:-2], token + "\u00e9", "a.b.c", "x" * 7000])
    with requests.Session() as client, LegitimateTraffic(target) as traffic:

        @seed(random_seed)
        @bounds
        @given(well_formed(), tokens, st.none() | malformed())
        def attack(case: Case, token: str, instead: Callable[[str], bytes] | None) -> None:
            if instead:
                outcome = send_malformed(target, instead(token))
            else:
                outcome = send_well_formed(target, client, case, token)
            told[outcome] += 1

        attack()
    print(f"{sum(told.values())} requests, {traffic.sent} legitimate messages alongside; {dict(sorted(told.items()))}")
    target.check_alive()
    target.check_logs()


def well_formed() -> st.SearchStrategy[Case]:
    """Requests to the documented operations, with valid and invalid parameters."""
    documented = schemathesis.openapi.from_path(DOCUMENTED)
    return documented.as_strategy() | documented.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def malformed() -> st.SearchStrategy[Callable[[str], bytes]]:
    """Functions from a token to the bytes of a malformed request."""

    def with_token(
        method: str, path: str, headers: list[str], body: bytes, length: str | None
    ) -> Callable[[str], bytes]:
        # The padding keeps the server from waiting for more.
        end = b"\r\n" + b"x" * 25_000 if length and "chunked" in length else b""
        return lambda token: request(method, path, [f"Authorization: Bearer {token}", *headers], body + end, length)

    return st.builds(with_token, methods, paths, st.lists(odd_headers, max_size=2), messages | broken, lengths)


def send_well_formed(target: Target, client: requests.Session, case: Case, token: str) -> str:
    if token:
        case.headers = {**case.headers, "Authorization": f"Bearer {token}".encode().decode("latin-1")}
    response = case.call(target.url, client, timeout=TIMEOUT, allow_redirects=False)
    case.validate_response(response, AS_DOCUMENTED)
    return f"{case.method} {case.path} {response.status_code}"


def send_malformed(target: Target, sent: bytes) -> str:
    reply = exchange(target.address, sent)
    assert reply.status < 500 or reply.error_code == "not_stored", (sent, reply)
    if reply.status >= 400 and b" /socket.io/" not in sent and not sent.startswith(b"HEAD"):
        assert reply.error_code, (sent, reply)
    return f"broken {reply.status or 'unanswered'}"

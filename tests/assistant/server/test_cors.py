"""Only our own pages and configured origins may access the server."""

from __future__ import annotations

import pytest

from assistant.server.cors import AllowedOrigins

HOST = "chat.firm.example:5005"


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("https://www.firm.example", True),
        ("HTTPS://WWW.firm.example", True),
        ("http://chat.firm.example:5005", True),
        ("https://chat.firm.example:5005", True),
        ("http://www.firm.example", False),
        ("https://www.firm.example.evil.example", False),
        ("https://firm.example", False),
        ("https://chat.firm.example", False),
        ("null", False),
        ("", False),
    ],
)
def test_origins_must_match_exactly(origin: str | None, allowed: bool) -> None:
    assert AllowedOrigins({"https://www.firm.example", "https://other.example"}).allow(origin, HOST) is allowed


def test_without_host_header_only_configured_origins_are_allowed() -> None:
    assert AllowedOrigins({"https://a.example"}).allow("https://a.example", None)
    assert not AllowedOrigins().allow("https://a.example", None)


def test_cors_headers_are_sent_only_with_an_origin() -> None:
    assert AllowedOrigins().headers(None) == {}
    assert AllowedOrigins().headers("https://a.example")["Access-Control-Allow-Origin"] == "https://a.example"

"""Our own pages and the websites that the operator named may talk to us, and no other."""

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
def test_an_origin_counts_whole(origin: str | None, allowed: bool) -> None:
    assert AllowedOrigins({"https://www.firm.example", "https://other.example"}).allow(origin, HOST) is allowed


def test_without_a_host_only_the_named_ones_count() -> None:
    assert AllowedOrigins({"https://a.example"}).allow("https://a.example", None)
    assert not AllowedOrigins().allow("https://a.example", None)


def test_only_who_has_an_origin_is_told_that_it_may_read() -> None:
    assert AllowedOrigins().headers(None) == {}
    assert AllowedOrigins().headers("https://a.example")["Access-Control-Allow-Origin"] == "https://a.example"

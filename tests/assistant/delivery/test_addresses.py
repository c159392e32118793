"""Nothing is sent into the firm's own network unless the firm allows it."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

from assistant.delivery.addresses import check, is_public
from assistant.delivery.attempt import Retry


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::1", "::", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "2002:a00:1::", "ff02::1"),
    ],
)
def test_private_addresses_are_recognized(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_recognized(address: str) -> None:
    assert is_public(address)


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def getaddrinfo(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_name_that_leads_into_the_own_network_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "93.184.216.34", "10.0.0.7")
    with pytest.raises(Retry, match="SEATWISE_PRIVATE_ADDRESSES"):
        asyncio.run(check("hooks.firm.example", 443, private=False))
    asyncio.run(check("hooks.firm.example", 443, private=True))


def test_public_name_is_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, "93.184.216.34")
    asyncio.run(check("hooks.firm.example", 443, private=False))


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1"])
def test_address_that_says_it_is_this_machine_is_allowed(host: str) -> None:
    asyncio.run(check(host, 80, private=False))


def test_name_that_cannot_be_resolved_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(Retry, match="cannot be resolved"):
        asyncio.run(check("nowhere.example", 443, private=False))

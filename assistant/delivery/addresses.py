"""Which addresses may be connected to: a name must not lead into the firm's own network unless the firm allows that."""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv6Address, ip_address

from assistant.delivery.attempt import Retry
from assistant.settings import is_loopback


async def check(host: str, port: int, *, private: bool) -> None:
    """Resolve a host before anything is sent to it.

    Args:
        host: a name or an IP address; one that says itself that it is this machine is allowed.
        port: to connect to.
        private: whether SEATWISE_PRIVATE_ADDRESSES allows private addresses.

    Raises:
        Retry: it cannot be resolved, or an address of it is private.
    """
    if private or is_loopback(host):
        return
    try:
        found = await asyncio.to_thread(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise Retry("its name cannot be resolved", error.strerror or "") from None
    if not all(is_public(str(address[0])) for *_, address in found):
        raise Retry("its address is private; SEATWISE_PRIVATE_ADDRESSES=yes allows that")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet; one that wraps an IPv4 address counts as that."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo and found.teredo[1])
        found = wrapped or found
    return found.is_global and not found.is_multicast

"""Where a request comes from, for limits: an address, and the network that counts as one visitor."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

from sanic.request import Request

_IPV6_NETWORK = 64  # bits: what one customer of a provider has at least


def network_of(address: str) -> str:
    """What counts as one visitor's network: an IPv4 address, or the /64 of an IPv6 address."""
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if ip.version == 4:
        return str(ip)
    return str(ip.ipv4_mapped or ip_network((ip, _IPV6_NETWORK), strict=False))


def address_of(request: Request) -> str:
    """The visitor's address, as far as it can be known."""
    return str(request.remote_addr or request.ip)

"""Tell which addresses may be called: those of the public internet, and what the operator allows in addition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

_NAT64 = ip_network("64:ff9b::/96")
_GLOBAL_UNICAST = ip_network("2000::/3")
_DOCUMENTATION = ip_network("3fff::/20")
"""RFC 9637; younger than what the standard library of Python 3.11 knows."""


def parse_networks(text: str) -> tuple[Network, ...]:
    """Return the networks of a list with commas; raise ValueError for what is none."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def read_address(text: str) -> Address:
    """Return an address as the resolver writes it; a zone, as in fe80::1%eth0, belongs to this machine alone."""
    return ip_address(text)


def forbidden_among(addresses: Iterable[Address], allowed: Sequence[Network]) -> Address | None:
    """Return the first address that must not be called, if there is one."""
    return next((address for address in addresses if not _may_be_called(address, allowed)), None)


def _may_be_called(address: Address, allowed: Sequence[Network]) -> bool:
    """Judge an address by what it leads to: an IPv6 form of an IPv4 address is no way around the rules."""
    if any(address in network for network in allowed):
        return True
    inner = _embedded(address)
    if inner is not None:
        return _may_be_called(inner, allowed)
    if isinstance(address, IPv6Address) and (address not in _GLOBAL_UNICAST or address in _DOCUMENTATION):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _embedded(address: Address) -> IPv4Address | None:
    """Return the IPv4 address in an IPv4-mapped, 6to4 or NAT64 one."""
    if isinstance(address, IPv4Address):
        return None
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour

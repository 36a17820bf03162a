"""What is counted where somebody is known by their address alone."""

import ipaddress

from django.http import HttpRequest

# What a household gets at least, and every machine in it may use any address of.
IPV6_BITS_OF_OTHERS = 64


def network_of(address: str) -> str:
    """The first address of an IPv6 address's /64, one of IPv4 itself; what is no address stays as it is."""
    found = _read(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Address(int(found) >> IPV6_BITS_OF_OTHERS << IPV6_BITS_OF_OTHERS))
    return address if found is None else str(found)


def is_link_local(address: str) -> bool:
    """Of this machine's own link, where clouds tell a machine its secrets; False for what is no address."""
    found = _read(address)
    return found is not None and found.is_link_local


def _read(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def network_of_request(request: HttpRequest) -> str | None:
    """None where a proxy keeps the address to itself: some write `unknown` in its place."""
    address = request.META.get("REMOTE_ADDR", "")
    return network_of(address) if _read(address) else None

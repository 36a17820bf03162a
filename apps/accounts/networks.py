"""What is counted where somebody is known by their address alone."""

import ipaddress

from django.http import HttpRequest

# What a household gets at least, and every machine in it may use any address of.
IPV6_BITS_OF_OTHERS = 64


def network_of(address: str) -> str:
    """The first address of an IPv6 address's /64, one of IPv4 itself; what is no address stays as it is."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.IPv6Address(int(found) >> IPV6_BITS_OF_OTHERS << IPV6_BITS_OF_OTHERS))


def network_of_request(request: HttpRequest) -> str | None:
    address = request.META.get("REMOTE_ADDR")
    return network_of(address) if address else None

"""Where a request comes from: the one reading of client addresses. No address is kept or logged anywhere."""

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
# How translators between IPv6 and IPv4 write an IPv4 address (RFC 6052): else all of IPv4 would be one network.
TRANSLATED = IPv6Network("64:ff9b::/96")


def get_client_address(request: HttpRequest) -> Address | None:
    """The address a request comes from; None where nobody knows it, such as behind a Unix socket."""
    return find_client_address(request.META.get("HTTP_X_FORWARDED_FOR", ""), request.META.get("REMOTE_ADDR", ""))


def find_client_address(forwarded: str, peer: str) -> Address | None:
    """The same from X-Forwarded-For and the address that connected.

    A header can claim any address, so only the entry that our own proxies wrote is read: with TRUSTED_PROXIES=n the
    n-th from the right. Without such an entry it is the address that connected.
    """
    hops, entries = settings.TRUSTED_PROXIES, forwarded.split(",")
    named = entries[-hops] if 0 < hops <= len(entries) else ""
    return parse_address(named) or parse_address(peer)


def parse_address(text: str) -> Address | None:
    """An address as proxies write it: with or without a port, brackets, quotes or a zone; None for anything else.

    An IPv4 address that is written as IPv6 is the IPv4 address.
    """
    text = text.strip().strip('"').strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, IPv4Address):
        return found
    return found.ipv4_mapped or (IPv4Address(int(found) & 0xFFFFFFFF) if found in TRANSLATED else found)


# What one person may have to themselves, from the narrowest on, and how many times as much is allowed to it. Phones
# get a /64, homes a /56 or /60, offices a /48. A whole IPv4 /24 is seldom one person's, but a guesser may rent one.
WIDTHS = {4: ((32, 1), (24, 8)), 6: ((64, 1), (56, 4), (48, 16))}


def list_client_networks(request: HttpRequest) -> Iterator[tuple[str, int]]:
    """The networks of a request, such as 2001:db8:1:2::/64, the narrowest first, each with its factor of WIDTHS."""
    return list_networks(get_client_address(request))


def list_networks(address: Address | None) -> Iterator[tuple[str, int]]:
    """Whoever has no address that is known counts as one network with all others who have none."""
    if address is None:
        yield "", 1
        return
    for width, factor in WIDTHS[address.version]:
        yield str(ip_network((address, width), strict=False)), factor

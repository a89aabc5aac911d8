"""Where a request comes from, whatever proxies and visitors write."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.client_address import get_client_address, list_client_networks, parse_address


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [
        (0, None, "192.0.2.1"),
        (0, "198.51.100.9", "192.0.2.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "198.51.100.9:49152", "198.51.100.9"),
        (1, "203.0.113.66, 198.51.100.9", "198.51.100.9"),
        (2, "203.0.113.66,198.51.100.9:80 , 10.0.0.1:443", "198.51.100.9"),
        (2, '"[2001:db8::7]:80", 10.0.0.1', "2001:db8::7"),
        # Fewer entries than proxies, or no address: nobody of ours wrote it.
        (2, "203.0.113.66", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "unknown", "192.0.2.1"),
        (1, "198.51.100.9\n", "198.51.100.9"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(rf, settings, proxies, header, found):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if header is None else {"x-forwarded-for": header}
    assert str(get_client_address(rf.get("/", headers=headers, REMOTE_ADDR="192.0.2.1"))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("192.0.2.7", "192.0.2.7"),
        (" 192.0.2.7:65535 ", "192.0.2.7"),
        ('"192.0.2.7:80"', "192.0.2.7"),
        ("[192.0.2.7]:80", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"),
        ("2001:DB8:0::0007", "2001:db8::7"),
        ("[2001:db8::7]", "2001:db8::7"),
        ("[2001:db8::7]:443", "2001:db8::7"),
        ('"[2001:db8::7]:443"', "2001:db8::7"),
        ("fe80::7%eth0", "fe80::7"),
        ("[fe80::7%25eth0]:443", "fe80::7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:c000:207]:443", "192.0.2.7"),
        ("64:ff9b::192.0.2.7", "192.0.2.7"),
    ],
)
def test_an_address_is_read_however_a_proxy_writes_it(text, found):
    assert str(parse_address(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "unknown", "_hidden", "/run/site.sock", "192.0.2", "192.0.2.256", "[", "[]:80", "]", ":80", "%",
        "1:2:3", "192.0.2.7:80:90", "0x7f.1", "010.0.0.1", "\uff12.2.2.2", "\0", "9" * 5000,
    ],
)  # fmt: skip
def test_what_is_no_address_is_none(text):
    assert parse_address(text) is None


@given(st.text(max_size=60) | st.text('[]:.%0189afx"/ ', max_size=40))
def test_no_text_is_an_error(text):
    parse_address(text)


@given(st.ip_addresses(), st.integers(0, 65535))
def test_the_port_makes_no_difference(address, port):
    written = f"[{address}]" if address.version == 6 else str(address)
    assert parse_address(f"{written}:{port}") == parse_address(str(address)) is not None


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_the_same_in_every_dress(address):
    number = int(address)
    assert parse_address(str(IPv6Address(0xFFFF << 32 | number))) == address
    assert parse_address(str(IPv6Address((0x64FF9B << 96) | number))) == IPv4Address(number)


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("2001:db8:1:2ff:3:4:5:6", ["2001:db8:1:2ff::/64", "2001:db8:1:200::/56", "2001:db8:1::/48"]),
        ("::ffff:192.0.2.7", ["192.0.2.7/32", "192.0.2.0/24"]),
        ("", [""]),
        ("/run/site.sock", [""]),
    ],
)
def test_one_person_cannot_be_many_by_their_many_addresses(rf, address, networks):
    assert [network for network, _ in list_client_networks(rf.get("/", REMOTE_ADDR=address))] == networks

"""Who is next when more is asked than there are threads. What a patient waits beside a flood: tests/faults."""

import pytest

from site_project.turns import Sender, Turns, read_sender
from staff.known_devices import list_marks

GET = b"GET %s HTTP/1.1\r\nHost: a\r\n%s"


def ask(network, page):
    return Sender(network, page, staff=False)


@pytest.fixture
def turns():
    return Turns(8)


def test_whoever_has_least_at_work_is_next_and_then_who_waits_longest(turns):
    for number in range(9):
        turns.wait(f"near {number}", ask("192.0.2.0/24", b"/%d/" % number))
    assert list(turns.begin()) == ["near 0", "near 1", "near 2", "near 3"]
    for number in range(6):
        turns.wait(f"far {number}", ask("198.51.100.0/24", b"/far/%d/" % number))
    assert list(turns.begin()) == ["far 0", "far 1", "far 2", "far 3"]
    turns.finish("far 2")
    turns.finish("far 3")
    turns.finish("near 3")
    assert list(turns.begin()) == ["far 4", "near 4", "far 5"]


def test_a_page_that_many_networks_ask_for_holds_up_no_other_page(turns):
    for number in range(40):
        turns.wait(f"guess {number}", ask(f"10.0.{number}.0/24", b"/check/return/"))
    assert list(turns.begin()) == ["guess 0", "guess 1", "guess 2", "guess 3"]
    for name in ("answer", "page"):
        turns.wait(name, ask("192.0.2.0/24", b"/%s/" % name.encode()))
    assert list(turns.begin()) == ["answer", "page"]
    turns.finish("guess 3")
    turns.wait("save", ask("198.51.100.0/24", b"/check/answers/"))
    assert list(turns.begin()) == ["save", "guess 4"]


def test_staff_who_logged_in_there_before_do_not_wait_behind_guesses_at_passwords(turns):
    for number in range(40):
        turns.wait(number, Sender(f"10.0.{number}.0/24", b"/admin/login/", staff=True))
    assert list(turns.begin()) == [0, 1]
    turns.wait("nurse", Sender("192.0.2.0/24", b"/admin/login/", staff=True, known=True))
    turns.finish(0)
    assert list(turns.begin()) == ["nurse"]


@pytest.mark.parametrize(("path", "known"), [(b"/admin/login/", True), (b"/check/return/", False)])
def test_a_browser_in_which_staff_logged_in_is_known_on_their_pages(path, known):
    device = "a" * 32
    cookie = b"Cookie: csrftoken=x; known-device=" + f"{device}.{list_marks(device)[0]}".encode()
    assert read_sender(GET % (path, cookie), "192.0.2.1").known is known


def test_nobody_is_known_by_a_cookie_that_was_made_up():
    for cookie in ("a" * 32, f"{'a' * 32}.{'b' * 32}", f"{'a' * 32}.{list_marks('b' * 32)[0]}", "", "..", "abc"):
        head = GET % (b"/admin/login/", b"Cookie: known-device=" + cookie.encode())
        assert not read_sender(head, "192.0.2.1").known


def test_no_more_is_at_work_than_there_are_threads(turns):
    for number in range(20):
        turns.wait(number, ask(f"10.0.{number}.0/24", b"/%d/" % number))
    assert list(turns.begin()) == list(range(8))
    assert list(turns.begin()) == []


def test_with_one_thread_everybody_is_served(turns):
    turns = Turns(1)
    turns.wait("page", Sender("", b"/admin/", staff=True))
    assert list(turns.begin()) == ["page"]


@pytest.mark.parametrize(
    ("path", "staff"),
    [(b"/", False), (b"/admin/", True), (b"/%61dmin/login/", True), (b"/clinic/admin/", True), (b"/check/", False)],
)
def test_pages_of_staff_are_known_however_their_address_is_written(path, staff):
    assert read_sender(GET % (path, b""), "192.0.2.1").staff is staff


@pytest.mark.parametrize(
    "line",
    [
        b"POST /check/return/ HTTP/1.1",
        b"POST /check/return/?again=7 HTTP/1.1",
        b"POST /check/r%65turn/#x HTTP/1.1",
        b"POST http://clinic.example/check/return/ HTTP/1.1",
    ],
)
def test_a_page_is_one_page_however_its_address_is_written(line):
    assert read_sender(line, "192.0.2.1").page == b"/check/return/"


@pytest.mark.parametrize(
    ("proxies", "headers", "network"),
    [
        (0, b"X-Forwarded-For: 203.0.113.9", "192.0.2.0/24"),
        (1, b"X-Forwarded-For: 10.0.0.1, 203.0.113.9", "203.0.113.0/24"),
        (1, b"x-forwarded-for: 10.0.0.1\r\nX-Forwarded-For:203.0.113.9:4711", "203.0.113.0/24"),
        (1, b"X-Forwarded-For: 2001:db8:1:2::3", "2001:db8:1::/48"),
        (1, b"X-Forwarded-For: \xff", "192.0.2.0/24"),
        (2, b"X-Forwarded-For: 203.0.113.9", "192.0.2.0/24"),
    ],
)
def test_the_widest_network_counts_of_the_address_that_our_own_proxy_wrote(settings, proxies, headers, network):
    settings.TRUSTED_PROXIES = proxies
    assert read_sender(GET % (b"/", headers), "192.0.2.1").network == network


def test_behind_a_unix_socket_without_a_proxy_all_are_one_network():
    assert read_sender(GET % (b"/", b""), "").network == ""

"""Slow people before the site, and before each proxy with the file that is shipped: others are answered meanwhile."""

import urllib.request
from urllib.error import HTTPError

import pytest

from . import slow

pytestmark = pytest.mark.faults
SECONDS = 5
NUMBER = 300


@pytest.fixture(scope="module")
def site(databases, start_in):
    return start_in(databases("sqlite"))


@pytest.fixture(scope="module", params=["direct", "caddy", "nginx"])
def front(request, site, run):
    """(its name, its port)."""
    with slow.serve_through(request.param, run / f"proxy-{request.param}", site.port) as port:
        yield request.param, port


@pytest.mark.parametrize("attack", slow.ATTACKS)
def test_readers_are_answered_beside_slow_clients(front, attack, request):
    name, port = front
    with slow.SlowClients(port, NUMBER, slow.ATTACKS[attack]):
        slow.read_pages(port, 1)
        found = slow.read_pages(port, SECONDS)
    request.config.stash[slow.SLOW].append((name, attack, f"{found.answered} of {found.asked}", f"{found.longest:.1f}"))
    assert found.answered == found.asked > 0, found


def test_more_slow_clients_than_the_site_has_room_for_push_each_other_out(site, request):
    with slow.SlowClients(site.port, 1500, slow.ATTACKS["slow bodies"]):
        slow.read_pages(site.port, 1)
        found = slow.read_pages(site.port, SECONDS)
    request.config.stash[slow.SLOW].append(
        ("direct", "1500 slow bodies", f"{found.answered} of {found.asked}", f"{found.longest:.1f}")
    )
    assert found.answered == found.asked > 0, found


def ask(port, address, headers=(), body=None):
    """(status, body) of the answer."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}{address}", data=body, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read()
    except HTTPError as error:
        return error.code, error.read()


@pytest.mark.parametrize("name", ["SCRIPT_NAME", "Script_Name", "PATH_INFO", "REMOTE_USER"])
def test_no_header_moves_the_site_to_another_address(front, name):
    _, port = front
    status, page = ask(port, "/causes/", {name: "/moved"})
    assert status == 200
    assert b"/moved" not in page


def test_a_body_may_be_large_but_not_too_large(front):
    _, port = front
    assert ask(port, "/feedback/", body=b"a" * 100_000)[0] != 413
    status, page = ask(port, "/feedback/", body=b"a" * 600_000)
    assert status == 413
    assert b"too large to send" in page


def test_health_is_for_the_machine_beside_the_site_only(front):
    name, port = front
    assert ask(port, "/livez")[0] == (200 if name == "direct" else 404)

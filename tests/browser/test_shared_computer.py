"""A computer that others use: who comes next finds nothing of the check, whatever they press in the browser.

With the pages that browsers keep ready for Back and Forward, as at home: Playwright switches them off unless told.
"""

import time
from types import SimpleNamespace

import pytest
from django.conf import settings
from playwright.sync_api import Error

from core.sessions import SessionStore

from ..assessment.walks import STRAIN
from . import policy
from .conftest import CHROMIUM, FLAGS
from .test_journey import walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WORRY = {**STRAIN, "legs": ["one_numb"]}
# What Chromium says to who goes back to the answer of a form that was sent: nothing of ours.
LOST = "ERR_CACHE_MISS"
# What Playwright says where a page leaves while it is asked.
GONE = "Execution context was destroyed"
SHOWN = """() => [...document.querySelectorAll("input:not([type=hidden]), textarea, select")]
  .filter(field => field.checked || (!["radio", "checkbox"].includes(field.type) && field.value))
  .map(field => field.name + "=" + field.value)"""


def sent(page):
    walk(page, WORRY)
    press(page, "Send to the clinic")
    page.get_by_text("Ask to be called back").click()
    page.get_by_label("Your name").fill("Ana Example")
    page.get_by_label("Telephone number").fill("555 0100 123")
    press(page, "Ask for a call back")


def kept_private(page):
    walk(page, WORRY)
    press(page, "send nothing")


def stopped_by_an_emergency(page):
    walk(page, {"now": ["chest"]})


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).click()


@pytest.fixture
def computer(playwright_driver, live_server, starter_articles):
    """A window on a computer that others use; `broken` is what the policy stopped."""
    browser = playwright_driver.chromium.launch(
        executable_path=CHROMIUM, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1024, "height": 768})
    context.set_default_timeout(20_000)
    yield SimpleNamespace(page=context.new_page(), broken=policy.watch_policy(context), context=context)
    browser.close()


def betrayed(page, told):
    """What a page shows of the check that is over: its words, a ticked answer, a filled-in field."""
    # Not wait_for_function, which asks a second time in a way that our policy stops.
    until = time.monotonic() + 20
    while True:
        try:
            if page.evaluate("document.readyState") == "complete":
                text = page.evaluate("document.body.innerText")
                return [*page.evaluate(SHOWN), *(word for word in told if word in text)]
        except Error as error:
            # The page went while it was asked: the next one is asked anew.
            if GONE not in str(error):
                raise
        assert time.monotonic() < until, page.url


def move(page, how):
    """Press a button of the browser. Where the answer of a sent form is lost, the browser says so itself."""
    try:
        # A page that was kept ready is not loaded again.
        getattr(page, how)(wait_until="commit")
    except Exception as error:
        if LOST not in str(error):
            raise


@pytest.mark.parametrize("ending", [sent, kept_private, stopped_by_an_emergency])
def test_who_comes_next_finds_nothing_of_the_check(computer, ending):
    page = computer.page
    page.goto("/")
    for_everybody = page.locator("body").inner_text()
    page.goto("/check/")
    ending(page)
    told = [page.locator("h1").inner_text(), *page.locator(".reference").all_inner_texts(), "Ana Example", "555 0100"]
    told = [words for words in told if words not in for_everybody]
    key = next(one["value"] for one in computer.context.cookies() if one["name"] == settings.SESSION_COOKIE_NAME)
    press(page, "Finish and clear this device")
    assert page.locator("h1").inner_text() == "This device is clear"
    assert not SessionStore().exists(key)
    length = page.evaluate("history.length")

    for how in ["go_back"] * (length - 1) + ["go_forward"] * (length - 1):
        move(page, how)
        assert betrayed(page, told) == [], (how, page.url)
        if how == "go_back":
            move(page, "reload")
            assert betrayed(page, told) == [], (how, page.url)
    assert page.locator("h1").inner_text() == "This device is clear"
    for number in range(2, length, 3):
        page.evaluate(f"history.go(-{number})")
        page.wait_for_timeout(300)
        assert betrayed(page, told) == [], (number, page.url)
        page.goto("/check/delete/")

    # Addresses from the history, in this window and in another one.
    for window in (page, computer.context.new_page()):
        for address in ("result/", "answers/", "now/", "call-back/", "result/reminder.ics", "pause/"):
            window.goto(f"/check/{address}")
            assert betrayed(window, told) == [], address
        window.goto("/check/")
        assert window.get_by_role("button", name="Go on where I was").count() == 0
        assert window.get_by_role("link", name="See my last result").count() == 0
    press(page, "Start the check")
    assert page.evaluate(SHOWN) == []
    assert computer.broken == []


def test_this_browser_keeps_pages_ready_for_back(computer):
    """Else the test above would not meet what a browser at home does."""
    page = computer.page
    page.goto("/")
    page.evaluate("window.kept = true")
    page.goto("/privacy/")
    page.go_back(wait_until="commit")
    assert page.evaluate("window.kept") is True


def test_a_check_leaves_nothing_in_the_browsers_own_store(computer):
    """Neither the stores that scripts have, nor readable cookies: the server knows the answers, and for a day only."""
    page = computer.page
    page.goto("/check/")
    sent(page)
    stored = """async () => [...Object.entries(localStorage), ...Object.entries(sessionStorage),
      ...await indexedDB.databases(), ...await caches.keys(), document.cookie].filter(one => one.length !== 0)"""
    assert page.evaluate(stored) == []
    given = {code for codes in WORRY.values() for code in codes} | set(WORRY)
    for cookie in computer.context.cookies():
        assert cookie["httpOnly"]
        assert not [code for code in given if len(code) > 3 and code in cookie["value"]]

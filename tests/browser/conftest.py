"""Headless Chromium for the journeys. Without it they are skipped, unless REQUIRE_BROWSER says they must run."""

import os
import shutil

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import sync_playwright

from ..assessment.walks import answer_question, begin_check
from . import policy

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--no-first-run",
    "--disable-component-update", "--disable-sync", "--disable-quic",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    if CHROMIUM or os.environ.get("REQUIRE_BROWSER"):
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium here (Debian: apt install chromium)"))


@pytest.fixture(scope="session")
def playwright_driver():
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_driver):
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def visitor(chromium, live_server):
    """Open a browser of its own: `visitor(javascript=False)` gives a page on a phone, 390 px wide.

    Every request to another host, every answer that is an error, every error the browser reports and everything that
    the strict policy stopped fails the test.
    """
    contexts, troubles = [], []

    def open_browser(javascript=False, width=390, refusals=False):
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=javascript, base_url=live_server.url
        )
        contexts.append(context)
        policy.watch_policy(context, troubles)
        page = context.new_page()
        page.on("request", lambda request: request.url.startswith(live_server.url) or troubles.append(request.url))
        page.on(
            "console",
            lambda message: (
                message.type == "error" and "status of 4" not in message.text and troubles.append(message.text)
            ),
        )
        # 422 is a field error, 409 says that somebody was faster: the page that says so is the answer. So is that of a
        # 429, where a test asks for one.
        page.on(
            "response",
            lambda response: (
                response.status >= 400
                and response.status not in (409, 422)
                and not (refusals and response.status == 429)
                and troubles.append(f"{response.status} {response.url}")
            ),
        )
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert not troubles


def lend(client, page, address):
    """The session of one of Django's test clients for this browser: what led there needs no walk over pages."""
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


@pytest.fixture
def answered(visitor, live_server):
    """Open a browser where somebody is who gave these answers: the journey from the home page walks all the way."""

    def open_browser(answers, **options):
        client, page = Client(), visitor(**options)
        token = begin_check(client)
        for question, given in answers.items():
            following = answer_question(client, question, *given, token=token).url
        lend(client, page, live_server.url)
        page.goto(following)
        return page

    return open_browser


@pytest.fixture
def starter_articles(staff_groups):
    """The starter articles and the staff groups: a live server's database is emptied after each test."""
    call_command("load_articles", verbosity=0)

"""Every page of the staff and of the editors' desk, in each state: axe without a violation, on a phone and on a desk,
light and dark; nothing that the policy in the page's own headers refuses; no page wider than the window.

As in test_accessibility.py the pages are fetched once with Django's test client; their scripts run in the browser.
"""

from mimetypes import guess_type
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import override_settings

from ..undone import roll_back_changes
from . import staff_pages
from .staff_pages import STATUS, WAYS
from .test_accessibility import AXE, HERE, SCHEMES, axe, needs_npm

WIDTHS = (320, 1280)
# What the admin's own scripts say, in the language of the site.
WORDS = "/admin/jsi18n/"
LISTEN = """
window.stoppedHere = [];
addEventListener("securitypolicyviolation", (e) => stoppedHere.push(`${e.violatedDirective} refused ${e.blockedURI}`));
"""
# Colours that fade to those of the other scheme have arrived. One that is cut off, as where the desk puts in its
# checks, never says so.
SETTLED = """
const fading = document.getAnimations().map((moving) => moving.finished);
Promise.race([Promise.allSettled(fading), new Promise((done) => setTimeout(done, 1000))]).then(() => true)
"""
# django_db only so that pytest-django makes the database: the pages are fetched once, before the first test.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]


def answer_of(way, clinic):
    """The site's answer, or what went wrong on the way to it: that is for the test of this page to say."""
    cookies = {name: client.cookies.copy() for name, client in clinic.browser.items()}
    try:
        with roll_back_changes():
            return way(clinic)
    except Exception as error:
        return error
    finally:
        for name, client in clinic.browser.items():
            client.cookies = cookies[name]


def fetch(media):
    """{name: answer} of every way and of every page that no way is about, and the words of the admin's scripts."""
    with override_settings(SECOND_FACTOR=True, MEDIA_ROOT=media), roll_back_changes():
        clinic = staff_pages.make_clinic()
        found = {name: answer_of(way, clinic) for name, way in WAYS.items()}
        seen = {response.request["PATH_INFO"] for response in found.values() if hasattr(response, "request")}
        for address in sorted(set(staff_pages.list_plain_addresses()) - seen):
            for who in ("Leads", "Auditors", "Editors"):
                response = answer_of(staff_pages.open_staff_address(address, who, follow=False), clinic)
                if isinstance(response, Exception) or is_page(response):
                    found[f"other {address}"] = response
        return found, clinic.browser["Leads"].get(WORDS).content


def is_page(response):
    return response.status_code == 200 and response["Content-Type"].startswith("text/html")


@pytest.fixture(scope="module")
def fetched(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        found = fetch(tmp_path_factory.mktemp("media"))
        connection.close()
    return found


@pytest.fixture(scope="module")
def pages(fetched):
    return fetched[0]


@pytest.fixture(scope="module")
def screen(chromium, fetched):
    """One window for all pages: `screen.show(response)` gives the page, `screen.troubles` what it complained about."""
    context = chromium.new_context(base_url=HERE, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    context.add_init_script(path=str(AXE.parents[2] / "tests/browser/audit.js"))
    context.add_init_script(LISTEN)
    page, troubles, answer = context.new_page(), [], {}

    def reply(route):
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != HERE:
            if address.scheme not in ("data", "blob", "about"):
                troubles.append(f"asked elsewhere: {route.request.url}")
            route.abort()
        elif address.path.startswith(settings.STATIC_URL):
            file = finders.find(address.path.removeprefix(settings.STATIC_URL))
            route.fulfill(path=file, content_type=guess_type(file)[0]) if file else route.fulfill(status=404)
        elif address.path == "/page/":
            route.fulfill(**answer)
        elif address.path == WORDS:
            route.fulfill(body=fetched[1], content_type="text/javascript")
        else:
            route.fulfill(status=204)

    page.route("**/*", reply)
    page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
    page.on("console", lambda said: "Content Security Policy" in said.text and troubles.append(said.text))

    def show(response):
        answer.update(
            status=200, body=response.content, headers={name.lower(): value for name, value in response.items()}
        )
        troubles.clear()
        page.set_viewport_size({"width": WIDTHS[0], "height": 844})
        page.goto("/page/")
        return page

    yield SimpleNamespace(show=show, troubles=troubles)
    context.close()


def troubles_on(screen, response):
    if isinstance(response, Exception):
        raise response
    page, troubles = screen.show(response), []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            page.evaluate(SETTLED)
            troubles += [f"{width} px, {scheme}: {line}" for line in axe(page)]
        troubles += [f"{width} px: {line}" for line in page.evaluate("audit.sideways()")]
    return troubles + page.evaluate("stoppedHere") + screen.troubles


@needs_npm
@pytest.mark.parametrize("name", WAYS)
def test_a_page_is_open_to_everyone_and_keeps_to_its_policy(screen, pages, name):
    troubles = troubles_on(screen, pages[name])
    assert not troubles, "\n".join([name, *troubles])


@needs_npm
def test_so_are_the_pages_that_no_list_names(screen, pages):
    for name in pages.keys() - WAYS.keys():
        troubles = troubles_on(screen, pages[name])
        assert not troubles, "\n".join([name, *troubles])


@pytest.mark.parametrize("name", WAYS)
def test_the_site_answered_as_it_should(pages, name):
    if isinstance(pages[name], Exception):
        raise pages[name]
    assert is_html(pages[name])
    wrong = name.endswith((", wrong", " missing", "no reason", "no search", "refused", "nothing chosen", "no code"))
    usual = (200, 422) if wrong else (200,)
    assert pages[name].status_code in ((STATUS[name],) if name in STATUS else usual)


def is_html(response):
    return response["Content-Type"].startswith("text/html")


@needs_npm
def test_what_the_policy_refuses_is_found_out(screen, pages):
    wrong = pages["queue"].content.replace(b"</body>", b'<p style="color: red">Red</p></body>')
    page = screen.show(SimpleNamespace(content=wrong, items=pages["queue"].items))
    assert "style-src-attr refused inline" in page.evaluate("stoppedHere")

"""Every page and every state that shows an error: axe without a violation, at two widths, light and dark; and what axe
does not look at: size of targets, sideways scrolling, large fonts, wide spacing, dead references, foreign requests.

The pages are fetched once with Django's test client and given to the browser with their headers: no server, no
cookie to carry, and every answer of the site is in hand for the checks that need no browser.
"""

import json
import os
import re
import shutil
import subprocess
from html.parser import HTMLParser
from mimetypes import guess_type
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver

from ..undone import roll_back_changes
from .pages import RESULTS, WAYS, open_address

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
HTML_VALIDATE = ROOT / "node_modules/html-validate/bin/html-validate.mjs"
HERE = "http://127.0.0.1:9"
WIDTHS, SCHEMES = (320, 1200), ("light", "dark")
RULES = {
    "runOnly": [
        *("wcag2a", "wcag2aa", "wcag2aaa", "wcag21a", "wcag21aa", "wcag21aaa", "wcag22a", "wcag22aa"),
        "best-practice",
    ],
    # Off unless asked for.
    "rules": {"color-contrast-enhanced": {"enabled": True}, "target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
# How the site answers a way whose name ends so, after the last comma; any other: 200.
STATUS = {
    **dict.fromkeys(("wait to send", "too many codes", "too many keys", "too many notes"), 429),
    **dict.fromkeys(("unanswered", "contradiction", "unknown", "unknown code", "used code"), 422),
    **dict.fromkeys(("nothing typed", "nothing chosen"), 422),
    **dict.fromkeys(("call back without anything", "call back with what cannot be", "too long", "wrong key"), 422),
    **dict.fromkeys(("words changed", "old", "newer"), 409),
    **dict.fromkeys(("no cookie", "from another site"), 403),
    "not found": 404,
    **dict.fromkeys(("page gone", "unreadable"), 400),
    "not open to you": 403,
    **dict.fromkeys(("broken", "bare"), 500),
    **dict.fromkeys(("outage", "sent answer", "not kept"), 503),
}
# Shows errors without being one.
STYLE_GUIDE = "style guide"
# django_db only so that pytest-django makes the database: the pages are fetched once, before the first test.
pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db]
needs_npm = pytest.mark.skipif(
    not (AXE.exists() and HTML_VALIDATE.exists() and shutil.which("node")) and not os.environ.get("REQUIRE_BROWSER"),
    reason="no axe-core and html-validate here (install node 20 and npm, then: make test)",
)
runs = []


class Page(HTMLParser):
    """What a page's own text says about itself."""

    REFERENCES = ("for", "list", "form", "headers")
    IDS = re.compile(r"aria-(labelledby|describedby|details|controls|owns|flowto|activedescendant|errormessage)")
    FOCUSABLE = ("a", "button", "input", "select", "textarea", "summary", "h1", "h2", "h3", "h4", "h5", "h6")

    def __init__(self, html):
        super().__init__()
        self.elements, self.title, self.tag = [], "", ""
        self.feed(html)
        self.ids = {attributes["id"]: (tag, attributes) for tag, attributes in self.elements if "id" in attributes}

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.tag = tag

    def handle_data(self, data):
        if self.tag == "title":
            self.title += data.strip()

    def handle_endtag(self, tag):
        self.tag = ""

    def can_land_on(self, name):
        """Whether a link may lead to this id: the reader's focus, or a heading, is there."""
        tag, attributes = self.ids.get(name, ("", {}))
        return tag in self.FOCUSABLE or "tabindex" in attributes

    def dead_references(self):
        for tag, attributes in self.elements:
            for name, value in attributes.items():
                if self.IDS.fullmatch(name) or (name in self.REFERENCES and tag != "meta"):
                    yield from (f'{tag} {name}="{id}"' for id in value.split() if id not in self.ids)


def answer_of(way):
    """The site's answer, or what went wrong on the way to it: that is for the test of this page to say."""
    try:
        with roll_back_changes():
            return way(Client())
    except Exception as error:
        return error


def fetch():
    """Each way's answer: {name: response}, and any other page of the site under its address."""
    with roll_back_changes():
        call_command("load_articles", verbosity=0)
        found = {name: answer_of(way) for name, way in WAYS.items()}
        seen = {response.request["PATH_INFO"] for response in found.values() if hasattr(response, "request")}
        for address in plain_addresses():
            response = answer_of(open_address(address))
            if address not in seen and is_page(response):
                found[f"other {address}"] = response
    return found


def is_page(response):
    return isinstance(response, Exception) or (
        response.status_code == 200 and response["Content-Type"].startswith("text/html")
    )


def plain_addresses():
    """Every address of the public site that has no variable part, so that no new page escapes."""
    for prefix, patterns in (("/", "content.urls"), ("/check/", "assessment.urls")):
        for pattern in get_resolver(patterns).url_patterns:
            route = str(pattern.pattern)
            if "<" not in route:
                yield prefix + route


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        found = fetch()
        connection.close()
    return found


@pytest.fixture(scope="module")
def screen(pages, chromium):
    """One browser window for all pages: `screen.show(html, headers)`; what it asked of other hosts is in `foreign`."""
    context = chromium.new_context(base_url=HERE, reduced_motion="reduce")
    context.add_init_script(path=AXE)
    context.add_init_script(path=Path(__file__).parent / "audit.js")
    page, foreign, answer = context.new_page(), [], {}

    def reply(route):
        address = urlsplit(route.request.url)
        if f"{address.scheme}://{address.netloc}" != HERE:
            foreign.append(route.request.url)
            route.abort()
        elif address.path.startswith(settings.STATIC_URL):
            file = ROOT / "static" / address.path.removeprefix(settings.STATIC_URL)
            route.fulfill(path=file, content_type=guess_type(file.name)[0])
        else:
            route.fulfill(**answer)

    page.route("**/*", reply)
    devtools = context.new_cdp_session(page)

    def show(response):
        answer.update(
            status=200, body=response.content, headers={name.lower(): value for name, value in response.items()}
        )
        foreign.clear()
        page.set_viewport_size({"width": 320, "height": 844})
        page.goto("/page/")
        return page

    def font(pixels):
        devtools.send("Page.setFontSizes", {"fontSizes": {"standard": pixels}})

    yield SimpleNamespace(show=show, font=font, foreign=foreign)
    context.close()


def axe(page):
    """Violations on the page as it stands, one line each."""
    runs.append(page.url)
    found = page.evaluate("async (rules) => (await axe.run(document, rules)).violations", RULES)
    return [
        f"{item['id']} ({item['help']}): {node['html'][:160]}  {node.get('failureSummary', '')[:300]}"
        for item in found
        for node in item["nodes"]
    ]


def troubles_on(screen, response):
    """Everything that is wrong with a page, in words."""
    if isinstance(response, Exception):
        raise response
    page, troubles = screen.show(response), []

    def note(where, found):
        troubles.extend(f"{where}: {line}" for line in found)

    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            note(f"{width} px, {scheme}", axe(page))
        note(f"{width} px", page.evaluate("[...audit.sideways(), ...audit.targets(), ...audit.clipped()]"))
        page.evaluate("audit.spaced(true)")
        note(f"{width} px, wide spacing", page.evaluate("[...audit.sideways(), ...audit.clipped()]"))
        page.evaluate("audit.spaced(false)")
    page.set_viewport_size({"width": 320, "height": 844})
    screen.font(32)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
    note("320 px, 32 px font", page.evaluate("[...audit.sideways(), ...audit.clipped()]"))
    screen.font(16)
    note("asked elsewhere", screen.foreign)
    return troubles


@needs_npm
@pytest.mark.parametrize("name", WAYS)
def test_a_page_is_open_to_everyone(screen, pages, name):
    troubles = troubles_on(screen, pages[name])
    assert not troubles, "\n".join([name, *troubles])


@needs_npm
def test_so_are_the_pages_that_no_list_names(screen, pages):
    for name in pages.keys() - WAYS.keys():
        troubles = troubles_on(screen, pages[name])
        assert not troubles, "\n".join([name, *troubles])


@needs_npm
def test_html_validate_finds_nothing(pages, tmp_path):
    files = {}
    for name, response in pages.items():
        file = tmp_path / f"{re.sub(r'[^a-z0-9]+', '-', name)}.html"
        file.write_bytes(response.content)
        files[file.name] = name
    command = ["node", HTML_VALIDATE, "--config", Path(__file__).parent / "html-validate.json", "--formatter", "json"]
    command += tmp_path.glob("*.html")
    found = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert found.returncode in (0, 1), found.stderr
    troubles = [
        f"{files[Path(report['filePath']).name]}: line {message['line']}: {message['ruleId']}: {message['message']}"
        for report in json.loads(found.stdout)
        for message in report["messages"]
    ]
    assert not troubles, "\n".join(troubles)
    assert len(files) == len(pages)


def of_a_page(test):
    """The test once for each page."""
    return pytest.mark.parametrize("name", WAYS)(test)


@pytest.fixture
def written(pages, name):
    """A page as its own text."""
    return Page(text_of(pages, name))


def text_of(pages, name):
    if isinstance(pages[name], Exception):
        raise pages[name]
    return pages[name].content.decode()


@of_a_page
def test_every_reference_within_a_page_leads_somewhere(written, name):
    addresses = [attributes.get("href") or "" for _, attributes in written.elements]
    links = [address[1:] for address in addresses if address.startswith("#")]
    assert [link for link in links if not written.can_land_on(link)] == []
    assert list(written.dead_references()) == []


def test_every_link_into_another_page_leads_somewhere(pages):
    by_address = {
        response.request["PATH_INFO"]: name
        for name, response in pages.items()
        if hasattr(response, "request") and response.status_code == 200 and response.request["REQUEST_METHOD"] == "GET"
    }
    dead, followed = [], 0
    for name in pages:
        for _, attributes in Page(text_of(pages, name)).elements:
            address, mark, target = (attributes.get("href") or "").partition("#")
            if mark and address in by_address:
                followed += 1
                if not Page(text_of(pages, by_address[address])).can_land_on(target):
                    dead.append(f"{name}: {attributes['href']}")
    assert sorted(set(dead)) == []
    assert followed


@of_a_page
def test_the_title_says_error_exactly_when_there_is_one(written, name):
    shown = any(
        "error-summary" in (attributes.get("class") or "") or attributes.get("aria-invalid") == "true"
        for _, attributes in written.elements
    )
    assert written.title
    assert written.title.startswith("Error: ") == (shown and name != STYLE_GUIDE)


@of_a_page
def test_a_page_has_no_script_and_no_style_of_its_own(written, name):
    for tag, attributes in written.elements:
        assert tag != "style"
        assert tag != "script" or attributes.get("type") == "application/ld+json"
        assert not [key for key in attributes if key == "style" or key.startswith("on")], (tag, attributes)


@of_a_page
def test_a_page_asks_nothing_of_another_host(written, name):
    """The policy in its headers would stop such a request before the browser test sees it."""
    asked = [
        attributes.get(key) or ""
        for tag, attributes in written.elements
        # The page's own address is there to be read; nothing is fetched.
        if attributes.get("rel") != "canonical"
        for key in ("src", "srcset", "poster", "data", "action", *(["href"] if tag in ("link", "use", "image") else []))
    ]
    assert [address for address in asked if "//" in address] == []


@of_a_page
def test_the_site_answered_as_it_should(pages, name):
    assert text_of(pages, name)
    assert pages[name].status_code == STATUS.get(name.rsplit(", ")[-1], 200)


def test_each_result_is_the_one_it_is_called(pages):
    headings = {re.search(r"<h1>(.*?)</h1>", text_of(pages, f"result {name}"))[1] for name in RESULTS}
    assert len(headings) == len(RESULTS)


@needs_npm
@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ("<p><a href='/'><svg width='9' height='9'></svg></a></p>", "link-name"),
        ("<p><font color='#007070'>Too pale for AAA</font></p>", "color-contrast-enhanced"),
        ("<h4>A step left out</h4>", "heading-order"),
        ("<p><button>x</button></p>", "px to press, not 44"),
        ("<pre>" + "a long line " * 50 + "</pre>", "scrolls sideways"),
        ("<p class='visually'><img src='https://example.org/x.png' alt='Elsewhere'></p>", "asked elsewhere"),
        ("<div class='card'><textarea rows='1'>a\nb</textarea></div>", "px to press"),
    ],
)
def test_a_page_that_is_wrong_is_found_out(screen, wrong, named):
    head = '<head><title>Wrong</title><link rel="stylesheet" href="/static/site.css"></head>'
    page = f'<!doctype html><html lang="en">{head}<body><main><h1>Wrong</h1>{wrong}</main></body></html>'
    headers = {"Content-Type": "text/html; charset=utf-8"}
    assert named in "\n".join(troubles_on(screen, HttpResponse(page, headers=headers)))


def test_the_figure_of_runs(pages, capsys):
    """Last: says how often axe looked."""
    with capsys.disabled():
        print(f"\naxe: {len(runs)} runs over {len(pages)} pages and states, each at {WIDTHS} px, {SCHEMES}")  # noqa: T201
    assert not runs or len(runs) >= len(WIDTHS) * len(SCHEMES)

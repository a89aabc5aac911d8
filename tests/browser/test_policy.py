"""The strict policy in Chromium: that a page which breaks it is found out, and that no page of the site does."""

import re
from mimetypes import guess_type
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from content.models import Article
from site_project.headers import HEADERS, PICTURE_HEADERS

from ..assessment.staff import EMERGENCY, SOON, URGENT, make_assessment, make_contact
from ..serving import ROOT
from . import policy
from .test_accessibility import fetch
from .test_desk import sign_in

pytestmark = [pytest.mark.browser]
HERE = "http://127.0.0.1:9"


@pytest.fixture
def shown(chromium):
    """Show this text as a page under the site's own headers; what the policy stopped comes back in words."""
    contexts = []

    def show(html, javascript=True):
        context = chromium.new_context(base_url=HERE, java_script_enabled=javascript)
        contexts.append(context)
        broken = policy.watch_policy(context)
        page = context.new_page()
        page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html", headers=HEADERS))
        page.goto("/page/")
        return broken

    yield show
    for context in contexts:
        context.close()


@pytest.mark.parametrize(
    ("html", "stopped"),
    [
        ("<script>1</script>", "script-src-elem stopped inline on /page/"),
        ("<p style='color:red'>x", "style-src-attr stopped inline on /page/"),
        ("<style>p{color:red}</style>", "style-src-elem stopped inline on /page/"),
        ("<p onclick='1'>x", "script-src-attr"),
        ("<img src='https://example.org/x.png'>", "img-src stopped https://example.org/x.png on /page/"),
        ("<iframe src='/'></iframe>", "frame-src"),
    ],
)
def test_a_page_that_breaks_the_policy_is_found_out(shown, html, stopped):
    assert any(stopped in line for line in shown(html))


def test_a_drawing_has_its_colors_in_a_tab_of_its_own(chromium):
    page = chromium.new_page()
    drawn = (ROOT / "static/figures/walking.svg").read_text(encoding="utf-8")
    page.route("**/*", lambda route: route.fulfill(body=drawn, content_type="image/svg+xml", headers=PICTURE_HEADERS))
    page.goto(f"{HERE}/static/figures/walking.svg")
    fills = page.evaluate("[...document.querySelectorAll('path')].map(path => getComputedStyle(path).fill)")
    page.close()
    assert len(set(fills) - {"none", "rgb(0, 0, 0)"}) >= 4


def test_so_is_a_page_without_javascript(shown):
    assert shown("<p style='color:red'>x", javascript=False)


def test_a_page_that_keeps_it_is_not(shown):
    assert shown("<p>x</p><img src='/x.png' alt=''><link rel='stylesheet' href='/x.css'>") == []


# --- The site's own pages ---------------------------------------------------------------------------------------------
@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("javascript", [True, False])
def test_no_page_of_a_patient_breaks_the_policy(chromium, django_db_blocker, javascript):
    """With every error state, and the pages of 404 and 500."""
    context = chromium.new_context(base_url=HERE, java_script_enabled=javascript)
    broken, answer = policy.watch_policy(context), {}
    page = context.new_page()

    def reply(route):
        path = urlsplit(route.request.url).path
        if path.startswith(settings.STATIC_URL):
            file = ROOT / "static" / path.removeprefix(settings.STATIC_URL)
            route.fulfill(path=file, content_type=guess_type(file.name)[0], headers=HEADERS)
        else:
            route.fulfill(**answer)

    page.route("**/*", reply)
    for name, response in fetch().items():
        answer.update(status=200, body=response.content, headers=dict(response.items()))
        page.goto("/page/")
        assert not broken, (name, broken)
    context.close()


# Where a press ends something for this visitor, and files that are no page.
LEFT_OUT = re.compile(r"/logout/|/export/|\.ics$|/jsi18n/")


def kind(address):
    """Addresses of one kind are one page with other data: /admin/auth/user/7/change/ is the same as that of 8."""
    parts = urlsplit(address)
    return re.sub(r"\d+", "1", parts.path), bool(parts.query)


def crawl(page, start):
    """Every kind of page that links lead to from here, below the start: each is open when it is yielded."""
    waiting, known = [start], {kind(start)}
    while waiting:
        address = waiting.pop(0)
        page.goto(address)
        yield address
        for link in page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)"):
            if urlsplit(link).path.startswith(start) and not LEFT_OUT.search(link) and kind(link) not in known:
                known.add(kind(link))
                waiting.append(link)


@pytest.fixture
def boss(visitor, starter_articles, live_server):
    """A browser in which somebody is signed in who may see every staff page, with something on each of them."""
    user = get_user_model().objects.create_superuser("boss", password="correct horse battery")
    for answers in (EMERGENCY, URGENT, SOON):
        make_contact(make_assessment(answers, hours_ago=9))
    article = Article.objects.get(slug="golf")
    article.append_version(
        **{name: getattr(article.newest, name) for name in ("title", "summary", "written", "review_due")},
        body="New words.\n",
        author=None,
        note="Other words",
        sent_at=timezone.now(),
    )
    page = visitor(javascript=True, width=1280)
    sign_in(page, user, live_server.url)
    return page


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_staff_page_breaks_the_policy(boss):
    """The visitor's own browser fails the test where one does."""
    seen = list(crawl(boss, "/admin/"))
    assert len(seen) > 40

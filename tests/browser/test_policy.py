"""The strict policy in Chromium: that a page which breaks it is found out, and that no page of the site does."""

import pytest

from site_project.headers import HEADERS

from . import policy

pytestmark = [pytest.mark.browser]
HERE = "http://127.0.0.1:9"


@pytest.fixture
def shown(chromium):
    """Show this text as a page under the site's own headers; what the policy stopped comes back in words."""
    contexts = []

    def show(html, javascript=True):
        context = chromium.new_context(base_url=HERE, java_script_enabled=javascript)
        contexts.append(context)
        broken = policy.watch(context)
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


def test_so_is_a_page_without_javascript(shown):
    assert shown("<p style='color:red'>x", javascript=False)


def test_a_page_that_keeps_it_is_not(shown):
    assert shown("<p>x</p><img src='/x.png' alt=''><link rel='stylesheet' href='/x.css'>") == []

"""A reader searches on a phone, without JavaScript; and no page breaks the content security policy."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_reader_searches_from_home_and_opens_what_was_found(visitor, starter_articles):
    page = visitor()
    page.goto("/")
    page.get_by_label("Search the articles").fill("tenis elbow & back")
    with page.expect_navigation():
        page.get_by_role("button", name="Search").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Search results"
    assert page.get_by_label("Search the articles").input_value() == "tenis elbow & back"
    with page.expect_navigation():
        page.get_by_role("link", name="Back spasms in tennis").click()
    assert page.url.endswith("/sports/tennis/")


def test_a_reader_without_a_result_is_led_on(visitor, starter_articles):
    page = visitor()
    page.goto("/search/")
    page.get_by_label("Search the articles").fill("zebra")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.get_by_role("link", name="All articles from A to Z").click()
    page.get_by_role("link", name="G", exact=True).click()
    assert page.url.endswith("/a-z/#letter-g")
    assert page.get_by_role("link", name="Golf", exact=True).is_visible()


def test_structured_data_does_not_break_the_content_security_policy(visitor, starter_articles):
    # The visitor fails on each error that the browser reports, and a blocked script is one.
    page = visitor(javascript=True)
    page.goto("/causes/nerves/")
    blocks = page.locator('script[type="application/ld+json"]')
    assert blocks.count() == 1
    assert page.evaluate("JSON.parse(document.querySelector('script').textContent)['@type']") == "MedicalWebPage"

"""Privacy, accessibility, how we write: each statement that code can hold to the truth is held here."""

import html
import re
import runpy
from datetime import timedelta

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.test import Client

from assessment.models import PausedCheck
from assessment.patient import pause_codes, session
from content.models import Feedback
from core.readability import compute_reading_grade
from site_project import logs

pytestmark = pytest.mark.django_db
PAGES = ["/privacy/", "/accessibility/", "/how-we-write/"]


def main(client, address):
    """The words of a page between header and footer, a line for each paragraph or point."""
    answer = client.get(address)
    assert answer.status_code == 200
    page = answer.content.decode()
    inner = page[page.index("<main") : page.index("</main>")]
    inner = re.sub(r"</(?:p|li|h1|h2)>", "\n", re.sub(r"\s+", " ", inner))
    return html.unescape(re.sub(r"<[^>]+>", "", inner))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_links_to_the_statements(client, add, address):
    add()
    for page in ("/", "/causes/overuse/", "/check/", "/nowhere/", *PAGES):
        assert f'<a href="{address}">' in client.get(page).content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_statement_is_public_and_sets_no_cookie(client, address):
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert not answer.cookies
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("address", PAGES)
def test_the_sitemap_names_the_statements(client, address):
    assert f"<loc>http://testserver{address}</loc>" in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("address", PAGES)
def test_a_statement_needs_no_database(client, address, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(address)


@pytest.mark.parametrize("address", PAGES)
def test_a_statement_is_easy_to_read(client, address):
    assert compute_reading_grade(main(client, address)) <= 6


@pytest.mark.parametrize("page", ["/feedback/thanks/", "/how-we-write/#mistake"])
def test_feedback_pages_are_easy_to_read(client, page):
    assert compute_reading_grade(main(client, page)) <= 6


@pytest.mark.parametrize("slug", ["privacy", "accessibility", "how-we-write", "feedback", "clinic"])
def test_no_topic_can_take_the_address_of_a_statement(topic, slug):
    topic.slug = slug
    with pytest.raises(ValidationError, match="another part of this site"):
        topic.full_clean()


@pytest.mark.parametrize(("days", "said"), [(90, "the limit is 90 days."), (1, "the limit is 1 day.")])
def test_privacy_says_how_long_as_it_is_set(client, settings, days, said):
    settings.RETENTION_DAYS = days
    assert said in main(client, "/privacy/")


def test_privacy_says_how_long_answers_stay_open_as_it_is_set(client, settings):
    settings.SESSION_COOKIE_AGE = 7 * 3600
    assert "They stay open for 7 hours" in main(client, "/privacy/")


def test_privacy_is_right_about_the_cookies_of_the_check():
    visitor = Client()
    visitor.get("/check/")
    visitor.post("/check/", {"consent": "no"})
    visitor.get("/check/now/")
    assert len(visitor.cookies) == 2
    assert "two small files (cookies)" in main(visitor, "/privacy/")


def test_privacy_is_right_about_what_waits_for_a_code(client):
    words = main(client, "/privacy/")
    assert "Your answers wait on our server for 24 hours. No staff page shows them." in words
    assert timedelta(hours=24) == pause_codes.LIFE
    assert PausedCheck not in admin.site._registry
    assert "It can show the code for ten minutes more" in words
    assert timedelta(minutes=10) == session.SHOWN


def test_privacy_is_right_about_the_server_log(settings):
    conf = runpy.run_path(str(settings.BASE_DIR / "site_project" / "gunicorn.conf.py"))
    assert conf["accesslog"] is None
    # No address, no browser, nothing that was typed: see site_project/logs.py.
    assert set(logs.FIELDS) == {"method", "route", "status", "ms", "error", "user"}


def test_privacy_is_right_about_what_a_note_holds():
    assert {field.name for field in Feedback._meta.get_fields()} == {"id", "path", "clear", "text", "day"}


@pytest.mark.parametrize("address", PAGES)
def test_a_clinic_that_gave_no_number_is_not_invented_one(client, settings, address):
    settings.CLINIC = {**settings.CLINIC, "phone": "", "address": ""}
    assert "has not put a phone number on this site yet" in main(client, address)


@pytest.mark.parametrize("address", PAGES)
def test_a_statement_names_the_clinics_own_number_and_address(client, settings, address):
    settings.CLINIC = {**settings.CLINIC, "phone": "555 0100", "address": "1 Main Street"}
    words = main(client, address)
    assert "on 555 0100, or write to 1 Main Street." in words
    settings.CLINIC = {**settings.CLINIC, "phone": ""}
    assert f"write to {settings.CLINIC['name']}, 1 Main Street." in main(client, address)


def test_accessibility_says_what_was_not_tested(client):
    words = main(client, "/accessibility/")
    assert "No one who uses a screen reader has tried this site yet." in words
    assert "What we have not tested" in words


def test_how_we_write_quotes_the_words_that_articles_use(client, add):
    add()
    words = main(client, "/how-we-write/")
    article = client.get("/causes/overuse/").content.decode()
    for quoted in ("Not yet clinically reviewed", "Was this page clear?"):
        assert quoted in words
        assert quoted in article


@pytest.mark.parametrize("address", PAGES)
def test_the_clinics_number_is_a_link_that_calls_it_from_anywhere(client, settings, address):
    settings.CLINIC = {**settings.CLINIC, "phone": "(202) 555-0123"}
    link = r'<a href="tel:\+1-202-555-0123"><span[^>]*translate="no"[^>]*>\(202\) 555-0123</span></a>'
    assert re.search(link, client.get(address).content.decode())

"""Was this clear? What readers say, and what is not kept of them."""

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from content.models import Feedback
from content.web import feedback

pytestmark = pytest.mark.django_db
PAGE = "/causes/overuse/"


def send(client, page=PAGE, clear="no", text="", **headers):
    return client.post("/feedback/", {"page": page, "clear": clear, "text": text}, headers=headers)


def text(response):
    return response.content.decode()


def test_an_article_ends_with_the_question(client, add):
    add()
    page = text(client.get(PAGE))
    assert '<form action="/feedback/" method="post"' in page
    assert f'<input type="hidden" name="page" value="{PAGE}">' in page
    assert page.index('id="about"') < page.index('action="/feedback/"')


def test_an_article_with_the_question_still_sets_no_cookie(client, add):
    add()
    answer = client.get(PAGE)
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in text(answer)


def test_an_answer_is_kept_with_its_page_and_day_and_nothing_else(client, add):
    add()
    assert send(client, text="The part on rest").headers["Location"] == "/feedback/thanks/"
    kept = Feedback.objects.values().get()
    del kept["id"]
    assert kept == {"path": PAGE, "clear": False, "text": "The part on rest", "day": timezone.localdate()}


def test_yes_without_a_word_is_enough(client, add):
    add()
    send(client, clear="yes")
    assert Feedback.objects.get().clear is True


def test_sending_works_without_any_cookie_and_sets_none(add):
    add()
    answer = send(Client(enforce_csrf_checks=True))
    assert answer.status_code == 302
    assert not answer.cookies


def test_a_page_of_the_check_can_be_asked_about(client):
    send(client, page="/check/legs/")
    assert Feedback.objects.get().path == "/check/legs/"


@pytest.mark.parametrize(
    "page",
    [
        "", "/", "/causes/", "/causes/nope/", "/check/knee/", "/check/answers/", "/privacy/", "/admin/login/",
        "https://evil.example/causes/overuse/", "//causes/overuse/", "causes/overuse/", "/causes/overuse/\0",
        "/causes/overuse/?x=1", "/sports/overuse/", "x" * 100_000, "/causes/overuse/\n",
    ],
)  # fmt: skip
def test_a_page_that_is_no_article_and_no_question_is_refused(client, add, page):
    add()
    answer = send(client, page=page, text="my words")
    assert answer.status_code == 400
    assert "We do not know the page you mean" in text(answer)
    assert "my words" in text(answer)
    assert not Feedback.objects.exists()


def test_an_article_that_was_taken_off_the_site_is_refused(client, add):
    add(place={"withdrawn": True})
    assert send(client).status_code == 400


@pytest.mark.parametrize("clear", ["", "perhaps", "yes\0"])
def test_neither_yes_nor_no_is_a_field_error_that_keeps_the_words(client, add, clear):
    add()
    answer = send(client, clear=clear, text="my words")
    assert answer.status_code == 422
    assert "<title>Error: " in text(answer)
    assert '<a href="#feedback-yes">Choose Yes or No.</a>' in text(answer)
    assert ">my words</textarea>" in text(answer)
    assert not Feedback.objects.exists()


def test_words_that_cannot_be_kept_are_a_field_error(client, add):
    add()
    answer = send(client, text="x" * 501)
    assert answer.status_code == 422
    assert "500 letters or fewer" in text(answer)
    assert not Feedback.objects.exists()


def test_a_new_line_counts_as_one_letter_as_in_the_browser(client, add):
    add()
    assert send(client, text="\r\n".join(["x"] * 250)).status_code == 302
    assert Feedback.objects.get().text == "\n".join(["x"] * 250)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "https://testserver"},
    ],
)
def test_a_form_that_another_site_sent_is_refused_and_keeps_the_words(client, add, headers):
    add()
    answer = send(client, text="my words", **headers)
    assert answer.status_code == 403
    assert ">my words</textarea>" in text(answer)
    assert not Feedback.objects.exists()


@pytest.mark.parametrize("headers", [{"sec-fetch-site": "same-origin"}, {"origin": "http://testserver"}, {}])
def test_a_form_of_this_site_is_taken(client, add, headers):
    add()
    assert send(client, **headers).status_code == 302


def test_who_floods_the_form_is_asked_to_wait_and_keeps_the_words(client, add):
    add()
    for _ in range(feedback.LIMIT.capacity):
        assert send(client).status_code == 302
    answer = send(client, text="my words")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "60"
    assert "Please wait a minute" in text(answer)
    assert ">my words</textarea>" in text(answer)
    assert Feedback.objects.count() == feedback.LIMIT.capacity


def test_another_client_does_not_wait(client, add):
    add()
    for _ in range(feedback.LIMIT.capacity + 1):
        send(client)
    assert send(Client(REMOTE_ADDR="192.0.2.7")).status_code == 302


def test_notes_older_than_the_clinic_keeps_anything_are_deleted(client, add, settings):
    today = timezone.localdate()
    for days in (settings.RETENTION_DAYS, settings.RETENTION_DAYS + 1):
        Feedback.objects.create(path=PAGE, clear=True, day=today - datetime.timedelta(days=days))
    assert feedback.purge_feedback() == 1
    assert Feedback.objects.get().day == today - datetime.timedelta(days=settings.RETENTION_DAYS)


def test_the_thank_you_page_leads_back_to_the_page(client, add):
    add()
    page = text(client.get("/feedback/thanks/", headers={"referer": f"http://testserver{PAGE}"}))
    assert "Thank you" in page
    assert f'href="{PAGE}">Back to “Overuse”' in page


@pytest.mark.parametrize("referer", ["", "https://evil.example/x/", "http://[", "http://testserver/causes/nope/"])
def test_the_thank_you_page_leads_nowhere_else(client, add, referer):
    add()
    answer = client.get("/feedback/thanks/", headers={"referer": referer})
    assert answer.status_code == 200
    assert "Back to" not in text(answer)


def test_feedback_pages_are_kept_nowhere(client, add):
    add()
    for answer in (send(client, clear=""), client.get("/feedback/thanks/")):
        assert "no-store" in answer.headers["Cache-Control"]


def test_opening_the_address_of_the_form_leads_to_a_page_that_explains(client):
    assert client.get("/feedback/").headers["Location"] == "/how-we-write/"


def test_the_words_of_a_note_are_escaped(client, add, editing):
    add()
    send(client, text="<script>alert(1)</script>")
    page = text(editing.get(reverse("admin:content_feedback_changelist")))
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_question_of_the_check_asks_last_of_all_and_in_a_form_of_its_own(client):
    client.post("/check/", {"consent": "no"})
    page = text(client.get("/check/now/"))
    start = page.rindex("<details")
    assert page.rindex("Continue") < page.index("Delete my answers") < start < page.index('action="/feedback/"')
    assert page.rindex("</form>", 0, start) > page.rindex("<form", 0, start)
    assert '<input type="hidden" name="page" value="/check/now/">' in page[start:]


def test_a_note_on_a_question_opens_a_new_tab_so_that_a_tick_not_sent_yet_stays(client):
    client.post("/check/", {"consent": "no"})
    page = text(client.get("/check/now/"))
    assert 'target="_blank"' in page[page.index('action="/feedback/"') :].split(">")[0]
    assert "your answers stay" in page


def test_a_note_on_a_question_leaves_the_check_as_it_is(client):
    client.post("/check/", {"consent": "no"})
    before = dict(client.session)
    send(client, page="/check/now/")
    assert dict(client.session) == before


def test_editors_see_each_page_with_its_counts(client, add, editing):
    add()
    for clear in ("yes", "no", "no"):
        send(client, clear=clear, text="Too many long words" if clear == "no" else "")
    answer = editing.get(reverse("admin:content_feedback_changelist"))
    assert list(answer.context["pages"]) == [{"path": PAGE, "yes": 1, "no": 2}]
    assert text(answer).count("Too many long words") == 2
    assert '<a href="/causes/overuse/">/causes/overuse/</a></th><td>1</td><td>2</td>' in text(answer)


def test_editors_cannot_change_what_readers_said(client, add, editing):
    add()
    send(client)
    note = Feedback.objects.get()
    assert editing.get(reverse("admin:content_feedback_add")).status_code == 403
    assert editing.post(reverse("admin:content_feedback_change", args=[note.pk]), {"text": "x"}).status_code == 403
    assert editing.post(reverse("admin:content_feedback_delete", args=[note.pk]), {"post": "yes"}).status_code == 403


def test_clinic_staff_do_not_see_what_readers_said(client, person):
    client.force_login(person("Clinic staff"))
    assert client.get(reverse("admin:content_feedback_changelist")).status_code == 403

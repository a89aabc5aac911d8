"""The page of an open question is drawn once; what a patient gets is the same as if it were drawn for them."""

import gzip
import re

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from assessment.patient import question_cache
from assessment.patient.forms import QuestionForm
from assessment.protocol import wording
from assessment.protocol.back_pain import PROTOCOL

from ..walks import STRAIN, answer_question, begin_check, find_token

STEP = "Question 1, part 1 of 4"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([A-Za-z0-9]+)"')


def whole(asked, before, token, step, request):
    """The page as Django draws it for this request."""
    form = QuestionForm(asked, wording.load_words(), token, step=step)
    return render_to_string("assessment/question.html", {"form": form, "token": token, "before": before}, request)


@pytest.mark.parametrize("asked", PROTOCOL.questions, ids=lambda question: question.code)
def test_it_is_the_page_that_django_draws(asked):
    request = RequestFactory().get(f"/check/{asked.code}/")
    before = None if asked is PROTOCOL.questions[0] else PROTOCOL.questions[0]
    token, step = "ab" * 32, "Question 3, part 1 of 4"
    drawn = question_cache.render_unanswered_question(request, asked, before, token, step).content.decode()
    assert TOKEN.sub("", drawn) == TOKEN.sub("", whole(asked, before, token, step, request))
    assert not any(mark in drawn for mark in (question_cache.CHECK, question_cache.CSRF))


@pytest.mark.django_db
def test_the_length_of_the_answer_gives_no_token_away(client):
    """BREACH needs a guess that the page repeats beside the token, and lengths that can be compared."""
    token = begin_check(client)
    zipped = {"accept-encoding": "gzip"}
    guess = {"q": f'name="token" value="{token}"', "answer": token}
    pages = [client.get("/check/now/", guess, headers=zipped) for _ in range(20)]
    for page in pages:
        assert gzip.decompress(page.content).decode().count(token) == question_cache.draw_question(
            "/check/now/", "now", "", STEP
        ).count(question_cache.CHECK)
    assert len({len(page.content) for page in pages}) > 1
    assert len({TOKEN.search(gzip.decompress(page.content).decode())[1] for page in pages}) == len(pages)


@pytest.mark.django_db
def test_a_browser_that_takes_gzip_gets_the_same_page(client):
    begin_check(client)
    plain, packed = client.get("/check/now/"), client.get("/check/now/", headers={"accept-encoding": "gzip, br"})
    assert TOKEN.sub("", gzip.decompress(packed.content).decode()) == TOKEN.sub("", plain.content.decode())
    assert packed["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain
    assert int(packed["Content-Length"]) == len(packed.content)
    assert "Accept-Encoding" in packed["Vary"]
    assert "Cookie" in packed["Vary"]
    assert packed["Cache-Control"] == "no-store, private"


@pytest.mark.django_db
def test_two_patients_get_each_their_own_tokens(client_class):
    first, second = client_class(), client_class()
    tokens = begin_check(first), begin_check(second)
    shown = [browser.get("/check/now/") for browser in (first, second)]
    assert tuple(find_token(page) for page in shown) == tokens
    own = [set(TOKEN.findall(page.content.decode())) for page in shown]
    assert not own[0] & own[1]
    for browser, token in zip((first, second), tokens, strict=True):
        assert answer_question(browser, "now", "none", token=token).status_code == 302


@pytest.mark.django_db
def test_the_forms_of_a_drawn_page_pass_the_csrf_check(client_class):
    client = client_class(enforce_csrf_checks=True)
    csrf = TOKEN.search(client.get("/check/").content.decode())[1]
    page = client.post("/check/", {"csrfmiddlewaretoken": csrf}, follow=True)
    for csrf in TOKEN.findall(page.content.decode()):
        form = {"csrfmiddlewaretoken": csrf, "token": find_token(page), "answer": ["none"]}
        assert client.post("/check/now/", form).status_code == 302


@pytest.mark.django_db
def test_a_question_that_has_an_answer_shows_it_and_is_not_kept(client):
    token = begin_check(client)
    for code in ("now", "age"):
        answer_question(client, code, *STRAIN[code], token=token)
    before = question_cache.draw_question.cache_info()
    page = client.get("/check/age/").content.decode()
    assert re.search(r'value="18_49"[^>]*checked', page)
    assert question_cache.draw_question.cache_info() == before


@pytest.mark.django_db
def test_the_page_says_how_far_each_patient_is_and_promises_no_number_of_questions(client):
    token = begin_check(client)
    for number, code in enumerate(list(STRAIN)[:5], start=1):
        told = f'<span class="step">Question {number}, part {2 if code == "saddle" else 1} of 4 <span'
        assert told in client.get(f"/check/{code}/").content.decode()
        answer_question(client, code, *STRAIN[code], token=token)


def test_no_more_pages_are_kept_than_a_walk_needs():
    assert question_cache.draw_question.cache_parameters()["maxsize"] == 1024


@pytest.fixture
def client_class():
    from django.test import Client

    return Client

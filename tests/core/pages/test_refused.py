"""A refused form leads to its page, which says why once, with what was sent."""

import json
from http.cookies import SimpleCookie

import pytest
from django.http import HttpResponse
from django.test import Client

from core.pages import refused

from ...assessment.walks import begin_check

SENT = {"answer": ["none", "chest"], "other": "x"}


@refused.tell_once
def show(request):
    said = request.refused
    return HttpResponse(json.dumps([said.why, dict(said.sent.lists())]) if said else "plain")


def send(rf, to="/page/", **sent):
    return refused.redirect_refused(rf.post("/form/", {**SENT, **sent}), to, "wrong", ["answer", "text"])


def visit(rf, response, path="/page/", method="get"):
    request = getattr(rf, method)(path)
    request.COOKIES = {name: morsel.value for name, morsel in response.cookies.items()}
    return show(request)


def test_the_page_says_why_with_the_fields_that_it_asked_for(rf):
    response = send(rf, text="連絡")
    assert (response.status_code, response["Location"]) == (303, "/page/")
    assert json.loads(visit(rf, response).content) == ["wrong", {"answer": ["none", "chest"], "text": ["連絡"]}]


def test_it_is_said_once(rf):
    shown = visit(rf, send(rf))
    assert shown.cookies[refused.COOKIE]["max-age"] == 0
    assert visit(rf, shown).content == b"plain"


def test_no_other_page_says_it_and_no_form_is_taken_for_it(rf):
    response = send(rf)
    elsewhere = visit(rf, response, "/elsewhere/")
    assert elsewhere.content == b"plain"
    assert refused.COOKIE not in elsewhere.cookies  # it waits for its own page
    assert visit(rf, response, method="post").content == b"plain"


def test_it_ends_after_a_minute(rf, monkeypatch):
    response = send(rf)
    real = refused.build_lock().extract_timestamp(response.cookies[refused.COOKIE].value.encode())
    monkeypatch.setattr("cryptography.fernet.time.time", lambda: real + refused.LASTS + 1)
    assert visit(rf, response).content == b"plain"


@pytest.mark.parametrize("value", ["", "x", "gAAAAA==", "é", "x" * 5000])
def test_a_cookie_that_is_not_ours_says_nothing(rf, value):
    response = HttpResponse()
    response.cookies = SimpleCookie()
    response.set_cookie(refused.COOKIE, value)
    assert visit(rf, response).content == b"plain"


def test_the_cookie_is_locked_and_no_script_reads_it(rf):
    cookie = send(rf).cookies[refused.COOKIE]
    assert "chest" not in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def test_what_no_cookie_holds_is_drawn_at_once(rf):
    assert send(rf, text="x" * 4000) is None
    assert len(send(rf, text="x" * 2000).cookies[refused.COOKIE].OutputString()) < 4096


@pytest.mark.django_db
def test_a_refused_answer_costs_one_query_and_its_page_one(client, django_assert_num_queries):
    token = begin_check(client)
    with django_assert_num_queries(1):
        answer = client.generic("POST", "/check/now/", f"token={token}", "application/x-www-form-urlencoded")
    assert answer.status_code == 303
    with django_assert_num_queries(1):
        page = client.get(answer["Location"])
    assert page.status_code == 422
    assert client.get(answer["Location"]).status_code == 200


@pytest.mark.django_db
def test_a_refused_form_begins_no_session():
    client = Client()
    client.post("/check/delete-what-i-sent/", {"key": "B" * 30})
    assert "sessionid" not in client.cookies

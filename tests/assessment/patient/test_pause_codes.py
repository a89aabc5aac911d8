"""Pause and return: a code on paper, and nothing of it anywhere else."""

import copy
import html
import json
import logging
import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from assessment.models import Assessment, PausedCheck, StepCount
from assessment.patient import pause_codes, session
from assessment.patient.forms import UNKNOWN
from assessment.patient.session import Check
from assessment.privacy import consent
from assessment.privacy.form_token import make_form_token
from core import sessions
from core.readability import compute_reading_grade
from core.throttle import take_token

from ...at_once import run_at_once
from ..staff import make_clerk
from ..walks import STRAIN, answer_question, begin_check, find_token, walk_check

pytestmark = pytest.mark.django_db
HALF = {"now": ["none"], "age": ["18_49"]}


def text(response):
    return response.content.decode()


def half_way(client, agree=consent.VERSION):
    """A check with three answers; return its token."""
    token = begin_check(client, agree)
    for code, options in HALF.items():
        answer_question(client, code, *options, token=token)
    return token


def pause(client, token):
    return client.post("/check/pause/", {"token": token})


def code_on(client):
    """The code as the page shows it."""
    return re.search(r"<h1>Your code is<br><span[^>]*>([0-9 ]{19})</span></h1>", text(client.get("/check/pause/")))[1]


def put_aside(client):
    pause(client, half_way(client))
    return code_on(client)


def come_back(client, code):
    return client.post("/check/return/", {"code": code})


def test_the_question_and_the_last_page_offer_to_stop(client):
    half_way(client)
    for page in (text(client.get("/check/where/")), text(client.get("/check/now/"))):
        assert "Stop now, come back later</button>" in page
    walk_check(client, STRAIN, finish=False)
    assert "Stop now, come back later</button>" in text(client.get("/check/answers/"))


def test_stopping_shows_a_code_and_until_when_it_works_in_the_clinics_time(client, settings):
    settings.TIME_ZONE = "America/New_York"
    assert pause(client, half_way(client)).headers["Location"] == "/check/pause/"
    page = text(client.get("/check/pause/"))
    until = timezone.localtime(PausedCheck.objects.get().expires_at)
    assert timedelta(hours=23, minutes=59) < until - timezone.now() <= timedelta(hours=24)
    assert f"{until:%A, %B} {until.day}, {until.hour % 12 or 12}" in page
    assert re.search(r"<h1>Your code is<br><span[^>]*>\d{4} \d{4} \d{4} \d{4}</span></h1>", page)
    assert f"(clinic time, {until:%Z})" in page


def test_on_another_device_the_code_leads_to_the_question_where_they_stopped(client):
    code, other = put_aside(client), Client()
    assert come_back(other, code).headers["Location"] == "/check/where/"
    assert other.session["check"]["answers"] == HALF


def test_all_of_the_check_comes_back_and_a_finished_one_is_one_record(client):
    token = half_way(client)
    before = client.session["check"]
    pause(client, token)
    other = Client()
    come_back(other, code_on(client))
    assert other.session["check"] == {**before, "pauses": 1}
    for question, options in STRAIN.items():
        if question not in HALF:
            answer_question(other, question, *options, token=token)
    other.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    assert make_form_token(Assessment.objects.get().token) == token
    assert {(row.shown, row.answered) for row in StepCount.objects.all()} == {(1, 1)}


def test_an_emergency_answer_after_coming_back_is_saved_as_agreed_at_the_start(client):
    code, other = put_aside(client), Client()
    come_back(other, code)
    answer_question(other, "now", "chest", token=find_token(other.get("/check/now/")))
    assert Assessment.objects.get().consent_text == consent.render_consent("start")


def test_with_all_questions_answered_the_code_leads_to_the_page_of_all_answers(client):
    _, token = walk_check(client, STRAIN, finish=False)
    pause(client, token)
    assert come_back(Client(), code_on(client)).headers["Location"] == "/check/answers/"


def test_the_device_forgets_the_check(client):
    put_aside(client)
    assert set(client.session.keys()) == {"paused"}
    assert set(client.session["paused"]) == {"token", "pauses", "until", "hidden_at"}
    assert 'value="none"' not in text(client.get("/check/now/", follow=True))


def test_back_on_a_question_leads_to_the_code_and_not_to_a_lost_check(client):
    token = half_way(client)
    pause(client, token)
    assert answer_question(client, "where", "lower_left", token=token).headers["Location"] == "/check/pause/"


def test_a_refresh_and_a_second_press_show_the_same_code(client):
    token = half_way(client)
    pause(client, token)
    code = code_on(client)
    assert code_on(client) == code
    assert pause(client, token).headers["Location"] == "/check/pause/"
    assert code_on(client) == code


@pytest.mark.parametrize("moved", [session.SHOWN, -timedelta(minutes=40)])
def test_after_ten_minutes_or_a_clock_set_back_this_device_cannot_show_the_code(client, monkeypatch, moved):
    code = put_aside(client)
    later = timezone.now() + moved
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.get("/check/pause/").headers["Location"] == "/check/return/"
    assert "paused" not in client.session
    assert come_back(Client(), code).status_code == 302


def test_i_have_written_it_down_clears_the_device_and_keeps_the_check(client):
    code = put_aside(client)
    page = client.post("/check/delete/", follow=True)
    assert "Your answers wait for the code on your paper until" in text(page)
    assert list(client.session.keys()) == ["put_aside_until"]
    assert client.get("/check/pause/").headers["Location"] == "/check/return/"
    assert code not in text(page)
    assert come_back(Client(), code).status_code == 302


def test_who_pressed_by_mistake_goes_on_at_once(client):
    code = put_aside(client)
    assert f'formaction="/check/return/" name="code" value="{code}"' in text(client.get("/check/pause/"))
    assert come_back(client, code).headers["Location"] == "/check/where/"
    assert set(client.session.keys()) == {"check"}


def test_the_code_works_once(client):
    code = put_aside(client)
    assert come_back(Client(), code).status_code == 302
    assert come_back(Client(), code).status_code == 422
    assert client.get("/check/pause/").headers["Location"] == "/check/return/"
    assert not PausedCheck.objects.exists()


def test_wrong_used_and_expired_codes_get_the_same_answer(client):
    used, old = put_aside(client), put_aside(Client())
    come_back(Client(), used)
    PausedCheck.objects.update(expires_at=timezone.now())
    pages = set()
    for code in (used, old, "0000 0000 0000 0000", "12", "KTRBN-XDWLC", "x" * 5000, "1\0", "é—☃"):
        response = come_back(Client(), code)
        assert response.status_code == 422
        page = re.sub(r'(csrfmiddlewaretoken" value|name="code" value)="[^"]*"', "", text(response))
        pages.add(page)
    assert len(pages) == 1
    assert pages.pop().count(UNKNOWN) == 2  # in the summary and at the field


def test_no_code_at_all_is_a_field_error_of_its_own(client):
    page = come_back(client, " ")
    assert page.status_code == 422
    assert "Type the 16 numbers from your paper" in text(page)
    assert "<title>Error: " in text(page)


def test_a_refused_code_stays_in_its_field_and_leads_from_the_summary_to_it(client):
    page = text(come_back(client, "1234 5678 9012 3456"))
    assert 'value="1234 5678 9012 3456"' in page
    target = re.search(r'error-summary.*?href="#([^"]+)"', page, re.S)[1]
    assert re.search(rf'<input[^>]*id="{target}"', page)


@pytest.mark.parametrize(
    "written",
    [
        "{}", "  {}  ", "{nogaps}", "{hyphens}", "{dots}", "{eyes}", "{wide}", "{nbsp}", "{arabic}",
    ],
)  # fmt: skip
def test_a_code_may_be_typed_as_people_type(client, written):
    code = put_aside(client)
    forms = {
        "nogaps": code.replace(" ", ""),
        "hyphens": code.replace(" ", "-"),
        "dots": code.replace(" ", ". ") + ".",
        "eyes": code.translate(str.maketrans("0158", "OlSB")),
        "wide": code.translate({ord("0") + n: 0xFF10 + n for n in range(10)}),
        "nbsp": code.replace(" ", "\u00a0"),
        "arabic": code.translate({ord("0") + n: 0x0660 + n for n in range(10)}),
    }
    assert come_back(Client(), written.format(code, **forms)).status_code == 302


def test_letters_that_look_like_digits_are_read_as_digits():
    assert pause_codes.read_pause_code("oO0 il|L sS5 zB") == "000111155528"


def test_stopping_again_gives_another_code_and_the_first_stays_dead(client):
    first, other = put_aside(client), Client()
    come_back(other, first)
    pause(other, find_token(other.get("/check/where/")))
    second = code_on(other)
    assert first != second
    assert come_back(Client(), first).status_code == 422
    assert come_back(Client(), second).status_code == 302


def same_browser(client):
    """A second press: it comes with the cookies that the browser had before the first was answered."""
    again = Client()
    again.cookies = copy.deepcopy(client.cookies)
    return again


def open_return_page():
    client = Client()
    client.get("/check/return/")
    return client


def test_a_second_press_of_go_on_finds_the_check_that_the_first_one_opened(client):
    code, other = put_aside(client), open_return_page()
    again = same_browser(other)
    come_back(other, code)
    assert come_back(again, code).headers["Location"] == "/check/where/"
    assert again.cookies["sessionid"].value == other.cookies["sessionid"].value


def test_a_second_press_in_another_browser_finds_nothing(client):
    code = put_aside(client)
    come_back(open_return_page(), code)
    assert come_back(open_return_page(), code).status_code == 422


def test_a_press_that_began_before_the_first_one_was_done_finds_the_check_too(client, monkeypatch):
    code, other = put_aside(client), open_return_page()
    again = same_browser(other)

    def slower(typed):
        monkeypatch.undo()
        come_back(again, code)
        return pause_codes.redeem_code(typed)

    monkeypatch.setattr("assessment.patient.pause_codes.redeem_code", slower)
    assert come_back(other, code).headers["Location"] == "/check/where/"
    assert other.session["check"]["answers"] == HALF


def test_a_check_comes_into_a_session_that_nobody_knew_before(client):
    code, other = put_aside(client), open_return_page()
    begin_check(other)
    known = other.cookies["sessionid"].value
    come_back(other, code)
    assert other.cookies["sessionid"].value != known
    assert not sessions.SessionStore().exists(known)
    stranger = Client()
    stranger.cookies["sessionid"] = known
    assert stranger.get("/check/where/").headers["Location"] == "/check/"


def test_whoever_is_logged_in_as_staff_stays_so_after_coming_back(client):
    code, other = put_aside(client), open_return_page()
    other.force_login(make_clerk())
    come_back(other, code)
    assert "_auth_user_id" in other.session
    assert other.session["check"]["answers"] == HALF


def test_a_look_at_the_place_for_the_code_stores_no_session(client):
    client.get("/check/return/")
    assert not Session.objects.exists()
    assert "sessionid" not in client.cookies


def test_a_session_that_another_tab_ended_does_not_cost_the_check(client, monkeypatch):
    code, other = put_aside(client), open_return_page()
    begin_check(other)

    def slower(typed):
        monkeypatch.undo()
        sessions.SessionStore().delete(other.cookies["sessionid"].value)
        return pause_codes.redeem_code(typed)

    monkeypatch.setattr("assessment.patient.pause_codes.redeem_code", slower)
    assert come_back(other, code).headers["Location"] == "/check/where/"
    assert other.get("/check/where/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_eight_devices_at_once_exactly_one_gets_the_check():
    code = put_aside(Client())
    answers = run_at_once(8, lambda number: come_back(Client(REMOTE_ADDR=f"192.0.2.{number}"), code).status_code)
    assert sorted(answers) == [302] + [422] * 7


@pytest.mark.django_db(transaction=True)
def test_two_presses_of_stop_at_once_end_in_one_code_that_works():
    client = Client()
    token = half_way(client)
    cookie = client.cookies["sessionid"].value

    def press(_):
        one = Client()
        one.cookies["sessionid"] = cookie
        return pause(one, token).headers.get("Location")

    assert run_at_once(4, press) == ["/check/pause/"] * 4
    assert come_back(Client(), code_on(client)).headers["Location"] == "/check/where/"


@pytest.mark.django_db(transaction=True)
def test_a_session_that_cannot_be_saved_leaves_the_code_as_good_as_before(monkeypatch):
    code, other = put_aside(Client()), Client(raise_request_exception=False)
    other.get("/check/return/")

    def full(*args, **kwargs):
        raise DatabaseError("disk full")

    monkeypatch.setattr(sessions.SessionStore, "save", full)
    assert come_back(other, code).status_code == 503
    monkeypatch.undo()
    assert come_back(other, code).status_code == 302


@pytest.mark.parametrize("how", ["saved", "not saved", "deleted", "begun anew", "emergency"])
def test_a_check_that_ends_takes_its_code_along(client, how):
    _, token = walk_check(client, STRAIN, finish=False)
    # As another tab may have left it.
    pause_codes.save_paused_check(Check(token=client.session["check"]["token"]))
    if how == "deleted":
        client.post("/check/delete/")
    elif how == "begun anew":
        begin_check(client)
    elif how == "emergency":
        answer_question(client, "now", "chest", token=token)
    else:
        agree = consent.VERSION if how == "saved" else "no"
        client.post("/check/answers/", {"token": token, "consent": agree})
    assert not PausedCheck.objects.exists()


def test_coming_back_in_place_of_another_check_ends_that_one(client):
    code, other = put_aside(client), Client()
    token = half_way(other)
    pause_codes.save_paused_check(Check(token=other.session["check"]["token"]))
    assert "takes its place" in text(other.get("/check/return/"))
    come_back(other, code)
    assert find_token(other.get("/check/now/")) != token
    assert not PausedCheck.objects.exists()


@pytest.mark.parametrize("agree", [consent.VERSION, "no"])
@pytest.mark.parametrize("answers", [STRAIN, {"now": ["chest"]}])
def test_a_finished_check_and_an_emergency_cannot_be_put_aside(client, agree, answers):
    _, token = walk_check(client, answers, agree=agree)
    assert pause(client, token).headers["Location"] == "/check/result/"
    assert not PausedCheck.objects.exists()
    assert "Stop now" not in text(client.get("/check/result/"))


def test_stopping_without_a_check_or_from_an_older_tab_stores_nothing(client):
    assert pause(client, "f" * 64).status_code == 409
    old = begin_check(client)
    begin_check(client)
    assert pause(client, old).status_code == 409
    assert pause(client, "").status_code == 409
    assert not PausedCheck.objects.exists()


def test_the_code_is_in_no_table_no_address_no_cookie_and_no_log(client, caplog):
    caplog.set_level(logging.DEBUG)
    token = half_way(client)
    response = pause(client, token)
    code = code_on(client)
    back = come_back(Client(), code)
    rows = [*PausedCheck.objects.values(), *(Session(**row).get_decoded() for row in Session.objects.values())]
    for place in (str(rows), response.headers["Location"], back.headers["Location"], str(client.cookies), caplog.text):
        for form in (code, code.replace(" ", "")):
            assert form not in place


def test_a_paused_check_holds_codes_only(client):
    put_aside(client)
    paused = PausedCheck.objects.get()
    assert len(paused.key) == 64
    assert set(paused.data) == {
        "token", "answers", "started", "corrects", "taken_back", "consent", "shown", "counted",
        "pauses",
    }  # fmt: skip
    assert paused.data["answers"] == HALF
    assert json.dumps(paused.data["answers"])


def test_a_paused_check_is_found_only_with_the_secret_key(settings):
    before = pause_codes.hash_code("123456789012")
    settings.SECRET_KEY = "another " * 8
    assert pause_codes.hash_code("123456789012") != before


def test_codes_are_spread_over_all_sixteen_digits():
    codes = {pause_codes.make_pause_code(Check(pauses=1)) for _ in range(200)}
    assert len(codes) == 200
    assert all(re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", code) for code in codes)
    for place in (0, 5, 13, 18):
        assert len({code[place] for code in codes}) == 10


def test_who_types_many_wrong_codes_is_told_to_stop_and_keeps_what_they_typed(client):
    assert come_back(client, "0000 0000 0000 0000").status_code == 422
    while take_token(pause_codes.WRONG, "127.0.0.1/32\n"):
        pass
    answer = come_back(client, "1234 5678 9012 3456")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "10"
    assert "Yours is looked at all the same" in text(answer)
    assert UNKNOWN in text(answer)
    assert 'value="1234 5678 9012 3456"' in text(answer)


def test_a_wrong_code_is_looked_for_outside_of_transactions(client, transactions_of):
    come_back(client, "0000 0000 0000 0000")
    assert transactions_of("assessment_draft") == {0}


def test_a_right_code_is_taken_whatever_others_type_on_its_own_network_and_everywhere(client):
    code = put_aside(client)
    for network in range(40):
        guesser = Client(REMOTE_ADDR=f"2001:db8:0:{network:x}::1")
        while come_back(guesser, "0000 0000 0000 0000").status_code != 429:
            pass
    assert come_back(Client(REMOTE_ADDR="2001:db8:0:1::2"), code).status_code == 302


def test_a_code_of_the_version_before_is_still_taken():
    """It had twelve digits."""
    check = Check(answers=HALF, pauses=1)
    PausedCheck.objects.create(
        key=pause_codes.hash_code("4729 1836 0518")[0],
        token=check.token,
        data=vars(check),
        expires_at=timezone.now() + pause_codes.LIFE,
    )
    assert come_back(Client(), "472918360518").headers["Location"] == "/check/where/"


def test_stopping_costs_three_queries_and_showing_the_code_two(client, django_assert_num_queries):
    token = half_way(client)
    with django_assert_num_queries(3):
        pause(client, token)
    with django_assert_num_queries(2):
        client.get("/check/pause/")


def test_the_start_page_leads_to_the_place_for_the_code(client):
    assert '<a href="/check/return/">Come back to a check</a>' in text(client.get("/check/"))
    assert client.get("/check/return/").status_code == 200


def test_the_place_for_the_code_opens_the_keys_for_numbers_and_is_not_filled_in_again(client):
    page = text(client.get("/check/return/"))
    assert re.search(r'<input[^>]*inputmode="numeric"[^>]*autocomplete="off"', page)
    assert re.search(r'<form[^>]*autocomplete="off"', page)


@pytest.mark.parametrize("way", ["/check/pause/", "/check/return/"])
def test_the_words_are_easy_to_read(client, way):
    put_aside(client)
    for page in (client.get(way), come_back(Client(), "1"), client.post("/check/delete/", follow=True)):
        inner = re.search(r"<main.*?</main>", text(page), re.S)[0]
        words = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|li|h1|h2|label)>", "\n", inner)))
        assert compute_reading_grade(words) <= 6, (compute_reading_grade(words), words)


def test_an_emergency_is_not_put_aside(client):
    """As after a protocol that knows more: an answer that was kept ends the check now."""
    token = begin_check(client)
    kept = client.session
    kept["check"] = {**kept["check"], "answers": {"now": ["chest"]}}
    kept.save()
    response = client.post("/check/pause/", {"token": token})
    assert response["Location"] != "/check/pause/"
    assert not PausedCheck.objects.exists()

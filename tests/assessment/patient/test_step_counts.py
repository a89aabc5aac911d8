"""Where people leave the check: two numbers a question and day, and nobody in them."""

import datetime
import time
from contextlib import contextmanager
from unittest import mock

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import DatabaseError, connection
from django.test import Client
from django.utils import timezone

from assessment.models import StepCount
from assessment.patient import step_counts
from assessment.patient.session import Check
from assessment.protocol import wording
from core import durability
from core.sessions import SessionStore

from ...at_once import run_at_once
from ..walks import STRAIN, answer_question, begin_check, find_token, walk_check

pytestmark = pytest.mark.django_db
CHART = "/admin/assessment/stepcount/"


def counts():
    """{question: (shown, answered)} of today."""
    rows = StepCount.objects.filter(day=timezone.localdate())
    return {row.question: (row.shown, row.answered) for row in rows}


def test_starting_counts_the_first_question_as_shown(client):
    begin_check(client)
    assert counts() == {"now": (1, 0)}


def test_an_answer_counts_it_and_shows_the_next_question(client):
    token = begin_check(client)
    answer_question(client, "now", "none", token=token)
    assert counts() == {"now": (1, 1), "age": (1, 0)}


def test_a_whole_check_leaves_nobody_behind(client):
    walk_check(client, STRAIN)
    assert counts() == dict.fromkeys([*STRAIN, "answers"], (1, 1))


def test_who_reads_all_answers_and_goes_away_left_there(client, person):
    walk_check(client, STRAIN, finish=False)
    assert counts() == {**dict.fromkeys(STRAIN, (1, 1)), "answers": (1, 0)}
    client.force_login(person("Clinic staff"))
    page = client.get(CHART).content.decode()
    assert '<th scope="row">Check your answers</th><td>1</td><td>0</td><td>1</td>' in page


def test_an_emergency_answer_counts_as_answered_and_nothing_more_as_shown(client):
    walk_check(client, {"now": ["chest"]})
    assert counts() == {"now": (1, 1)}


def test_looking_again_counts_nothing(client):
    token = begin_check(client)
    answer_question(client, "now", "none", token=token)
    for _ in range(3):
        client.get("/check/age/")
        client.get("/check/now/")
    assert counts() == {"now": (1, 1), "age": (1, 0)}


def test_answering_again_counts_nothing(client):
    token = begin_check(client)
    for option in ("none", "not_sure", "none"):
        answer_question(client, "now", option, token=token)
    assert counts() == {"now": (1, 1), "age": (1, 0)}


def test_an_answer_that_is_refused_counts_nothing(client):
    token = begin_check(client)
    answer_question(client, "now", "knee", token=token)
    assert counts() == {"now": (1, 0)}


def test_a_second_check_counts_again(client):
    begin_check(client)
    begin_check(client)
    assert counts() == {"now": (2, 0)}


def test_a_corrected_answer_is_not_counted_twice(client):
    token = begin_check(client)
    answer_question(client, "now", "chest", token=token)
    client.post("/check/correct/")
    token = find_token(client.get("/check/now/"))
    answer_question(client, "now", "none", token=token)
    assert counts() == {"now": (1, 1), "age": (1, 0)}


def test_a_check_from_before_there_were_counts_goes_on(client):
    token = begin_check(client)
    session = client.session
    for name in ("shown", "counted"):
        del session["check"][name]
    session.save()
    answer_question(client, "now", "none", token=token)
    assert counts() == {"now": (1, 0), "age": (1, 0)}


def test_an_answer_after_midnight_counts_for_the_day_the_question_was_shown():
    check = Check(answers={"now": ["none"]}, shown={"now": "2026-01-31"})
    step_counts.count_step(check, check.path(), "now")
    row = StepCount.objects.get(question="now")
    assert (row.day, row.shown, row.answered) == (datetime.date(2026, 1, 31), 0, 1)


def test_a_count_that_fails_costs_nobody_the_answer(client, monkeypatch, caplog):
    token = begin_check(client)

    def broken():
        raise DatabaseError("disk full")

    monkeypatch.setattr(durability.connection, "cursor", broken, raising=False)
    check = Check(answers={"now": ["none"]}, shown={"now": "2026-01-31"})
    step_counts.count_step(check, check.path(), "now")
    assert "not counted: DatabaseError" in caplog.text
    monkeypatch.undo()
    assert answer_question(client, "now", "none", token=token).status_code == 302


def test_counting_says_nothing_of_the_answer(client):
    walk_check(client, {**STRAIN, "legs": ["one_numb"]})
    assert {field.name for field in StepCount._meta.get_fields()} == {"id", "day", "question", "shown", "answered"}
    assert "one_numb" not in str(list(StepCount.objects.values()))


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_are_all_counted(monkeypatch):
    monkeypatch.setattr(step_counts, "WAIT", 20_000)  # on a busy machine they may wait for each other for longer

    def go(_):
        for _ in range(5):
            # In both orders: rows that wait for each other would be a deadlock.
            step_counts.add_counts([("a", "2026-01-31", 1, 0), ("b", "2026-01-31", 0, 1)])
            step_counts.add_counts([("b", "2026-01-31", 1, 0), ("a", "2026-01-31", 0, 1)])

    run_at_once(20, go)
    assert {row.question: (row.shown, row.answered) for row in StepCount.objects.all()} == {
        "a": (100, 100),
        "b": (100, 100),
    }


@contextmanager
def others_hold_the_counter():
    """Another process keeps the row of the first question, or on SQLite the whole database, to itself."""
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN")
            cursor.execute("UPDATE assessment_stepcount SET shown = shown")
            yield
            cursor.execute("ROLLBACK")
    finally:
        other.close()


def patience():
    """What the connection waits for a lock, as the database says it."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout" if connection.vendor == "sqlite" else "SHOW lock_timeout")
        return cursor.fetchone()


@pytest.mark.django_db(transaction=True)
def test_a_counter_that_is_locked_is_not_waited_for_and_its_lock_is_again_as_patient_after_it(monkeypatch, caplog):
    monkeypatch.setattr(step_counts, "WAIT", 20)
    step_counts.add_counts([("now", "2026-01-31", 1, 0)])
    usual = patience()
    with others_hold_the_counter():
        begun = time.monotonic()
        step_counts.add_counts([("now", "2026-01-31", 1, 0)])
        waited = time.monotonic() - begun
    assert "not counted: OperationalError" in caplog.text
    # The usual 5 s (PostgreSQL) and 20 s (SQLite) would be more, on any machine.
    assert waited < 4
    assert patience() == usual
    step_counts.add_counts([("now", "2026-01-31", 1, 0)])
    assert StepCount.objects.get().shown == 2


def test_a_step_that_is_counted_costs_three_queries(client, django_assert_num_queries):
    token = begin_check(client)
    with django_assert_num_queries(3):
        answer_question(client, "now", "none", token=token)
    with django_assert_num_queries(1):
        client.get("/check/age/")


def test_a_session_that_was_deleted_meanwhile_does_not_come_back(client):
    begin_check(client)
    store = SessionStore(client.session.session_key)
    store["check"] = store["check"]
    SessionStore().delete(store.session_key)
    with pytest.raises(UpdateError):
        store.save()
    assert not store.exists(store.session_key)


def test_totals_cover_thirty_days_in_the_order_of_the_questions():
    today = datetime.date(2026, 3, 31)
    for days, question, shown, answered in [(0, "b", 4, 1), (29, "b", 4, 4), (30, "b", 9, 0), (0, "a", 10, 10)]:
        StepCount.objects.create(
            day=today - datetime.timedelta(days=days), question=question, shown=shown, answered=answered
        )
    StepCount.objects.create(day=today, question="old", shown=1, answered=0)
    rows = step_counts.sum_step_counts([("a", "First"), ("b", "Second"), ("c", "Never shown")], today)
    assert [(row["label"], row["shown"], row["answered"], row["left"], row["share"]) for row in rows] == [
        ("First", 10, 10, 0, 0),
        ("Second", 8, 5, 3, 38),
        ("old", 1, 0, 1, 100),
    ]


def test_the_bars_of_the_chart_are_as_long_as_the_numbers():
    first, second = step_counts.draw_step_chart(
        [
            {"label": "a", "shown": 10, "answered": 8, "left": 2, "share": 20},
            {"label": "b", "shown": 5, "answered": 5, "left": 0, "share": 0},
        ]
    )["bars"]
    assert (first["wide"], first["left_wide"]) == (step_counts.BAR * 0.8, step_counts.BAR * 0.2)
    assert (second["wide"], second["left_wide"]) == (step_counts.BAR / 2, 0)
    assert first["left_x"] == first["x"] + first["wide"]


def test_staff_see_the_chart_with_a_table_under_it(client, person):
    begin_check(Client())
    visitor = Client()
    token = begin_check(visitor)
    answer_question(visitor, "now", "none", token=token)
    client.force_login(person("Clinic staff"))
    page = client.get(CHART).content.decode()
    short = wording.load_words()["questions"]["now"]["short"]
    assert page.index("<svg viewBox") < page.index(f'<th scope="row">{short}</th><td>2</td><td>1</td><td>1</td>')
    assert "1 left (50%)" in page
    assert "style=" not in page[page.index("<figure") :]


def test_the_chart_of_a_site_nobody_used_says_so(client, person):
    client.force_login(person("Clinic staff"))
    assert "Nobody has started a check" in client.get(CHART).content.decode()


def test_the_chart_is_on_the_first_page_of_staff(client, person):
    client.force_login(person("Clinic staff"))
    assert f'href="{CHART}"' in client.get("/admin/").content.decode()


def test_editors_and_strangers_do_not_see_the_chart(client, person):
    assert client.get(CHART).status_code == 302
    client.force_login(person("Editors"))
    assert client.get(CHART).status_code == 403


def test_there_is_nothing_to_change_in_the_counts(client, person):
    client.force_login(person("Clinic staff"))
    assert client.get(CHART + "add/", follow=True).status_code == 404
    assert client.get(CHART + "1/change/", follow=True).status_code == 404


def test_on_postgresql_a_count_waits_for_a_lock_for_a_moment_only(monkeypatch):
    monkeypatch.setattr(step_counts, "connection", mock.Mock(vendor="postgresql"))
    with step_counts.limit_lock_wait() as before:
        assert before == f"SET LOCAL lock_timeout = {step_counts.WAIT}; "

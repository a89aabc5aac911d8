"""What waits for the disk before the site says yes, and what does not."""

from unittest import mock

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from assessment.models import Assessment, PausedCheck, StepCount
from assessment.patient import pause_codes
from assessment.privacy import consent
from core import durability, throttle

from ..assessment.walks import STRAIN, answer_question, begin_check, walk_check

# Of its own transactions: inside the one around a usual test nothing is written to any disk.
pytestmark = pytest.mark.django_db(transaction=True)
FULL, NORMAL = {"sqlite": (2, 1), "postgresql": ("on", "off")}[connection.vendor]
# PostgreSQL: an answer must outlive its process, so only counts are written without waiting.
ANSWER = {"sqlite": NORMAL, "postgresql": FULL}[connection.vendor]


def setting():
    # Past Django, so that this is no query of the site.
    found = connection.connection.execute(
        "PRAGMA synchronous" if connection.vendor == "sqlite" else "SHOW synchronous_commit"
    )
    return found.fetchone()[0]


@pytest.fixture
def written():
    """[(the statement, how sure it is)] of everything that is written in the test."""
    found = []

    def see(execute, sql, params, many, context):
        result = execute(sql, params, many, context)
        kind, _, rest = sql.rpartition("; ") if sql.startswith("SET LOCAL") else ("", "", sql)
        if rest.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
            found.append((rest.lstrip(), NORMAL if "synchronous_commit TO off" in kind else setting()))
        return result

    with connection.execute_wrapper(see):
        yield found


def of(written, table, verb=""):
    return [how for sql, how in written if table in sql and sql.startswith(verb)]


def test_an_assessment_is_on_the_disk_before_its_patient_sees_a_code(client, written):
    _, token = walk_check(client, STRAIN, finish=False)
    written.clear()
    client.post("/check/answers/", {"token": token, "consent": consent.VERSION})
    assert Assessment.objects.count() == 1
    for table in ("assessment_assessment", "assessment_review", "django_session"):
        assert set(of(written, table)) == {FULL}


def test_an_emergency_that_ends_the_check_is_on_the_disk_too(client, written):
    token = begin_check(client)
    written.clear()
    answer_question(client, "now", "chest", token=token)
    assert of(written, "assessment_assessment", "INSERT") == [FULL]
    assert set(of(written, "django_session")) == {FULL}


def test_an_answer_on_the_way_does_not_wait_for_the_disk(client, written):
    token = begin_check(client)
    written.clear()
    answer_question(client, "now", "none", token=token)
    assert of(written, "django_session", "UPDATE") == [ANSWER]
    assert of(written, "assessment_stepcount") == [NORMAL]
    assert setting() == FULL


def test_a_count_against_floods_does_not_wait_for_the_disk(written):
    assert throttle.take_tokens([(pause_codes.WRONG, "a"), (pause_codes.WRONG, "b")])
    assert of(written, "content_bucket") == [ANSWER, ANSWER]
    assert setting() == FULL


def test_the_beginning_of_a_check_is_on_the_disk(client, written):
    begin_check(client)
    assert of(written, "django_session", "INSERT") == [FULL]


def test_a_code_on_paper_is_on_the_disk_before_it_is_shown(client, written):
    token = begin_check(client)
    answer_question(client, "now", "none", token=token)
    written.clear()
    client.post("/check/pause/", {"token": token})
    assert PausedCheck.objects.count() == 1
    assert of(written, "assessment_draft", "INSERT") == [FULL]
    assert set(of(written, "django_session")) == {FULL}


def test_a_deletion_is_on_the_disk_before_the_page_says_so(client, written):
    token = begin_check(client)
    answer_question(client, "now", "none", token=token)
    written.clear()
    client.post("/check/delete/")
    assert set(of(written, "django_session")) == {FULL}


def test_after_a_write_that_fails_the_next_one_waits_again():
    with pytest.raises(DatabaseError):
        durability.write_statement("UPDATE no_such_table SET x = %s", [1], told=False)
    assert setting() == FULL


def test_inside_a_transaction_it_is_as_sure_as_that(written):
    with transaction.atomic():
        durability.write_statement("DELETE FROM assessment_stepcount WHERE question = %s", ["now"], told=False)
        assert setting() == FULL
    assert of(written, "assessment_stepcount") == [FULL]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL tells what holds inside the statement")
def test_the_setting_holds_for_this_statement_and_no_longer():
    StepCount.objects.create(day="2026-11-23", question="now")
    sql = "UPDATE assessment_stepcount SET question = current_setting('synchronous_commit') WHERE shown = %s"
    assert durability.write_statement(sql, [0], told=False) == 1
    assert (StepCount.objects.get().question, setting()) == ("off", "on")


def test_it_tells_how_many_rows_it_wrote():
    StepCount.objects.create(day="2026-11-23", question="now")
    sql = "UPDATE assessment_stepcount SET shown = %s WHERE question = %s"
    assert durability.write_statement(sql, [3, "now"], told=False) == 1
    assert durability.write_statement(sql, [3, "never"], told=True) == 0


def test_the_session_of_another_tab_that_was_ended_does_not_come_back(client):
    token = begin_check(client)
    other = Client()
    other.cookies = client.cookies
    client.session.flush()
    assert answer_question(other, "now", "none", token=token).status_code == 409


def test_a_statement_that_postgresql_need_not_wait_for_says_so_in_the_same_message(monkeypatch):
    """As on PostgreSQL, whose driver gives a result for each of the two statements."""
    ran, results = [], iter([True, None])
    cursor = mock.MagicMock(rowcount=1, nextset=lambda: next(results))
    cursor.__enter__.return_value = cursor
    cursor.execute = lambda sql, values: ran.append(sql)
    here = mock.Mock(vendor="postgresql", in_atomic_block=False, cursor=lambda: cursor)
    monkeypatch.setattr(durability, "connection", here)
    assert durability.write_statement("UPDATE counts", [], told=False) == 1
    assert ran == ["SET LOCAL synchronous_commit TO off; UPDATE counts"]
    assert list(results) == []

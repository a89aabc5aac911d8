"""Each of the tests of test_faults.py notices its fault: built in by wsgi.py, or by how it is run."""

import pytest

from . import scenarios
from .clerks import decide_at_once

pytestmark = pytest.mark.faults


def found_wrong(judge, site, book, *beginnings):
    """The site is judged wrong, and this is among what went wrong: the message of the judge names only a few."""
    with pytest.raises(AssertionError):
        judge(site, book)
    assert any(why.startswith(beginnings) for why in book.wrong), book.wrong


def test_without_a_token_of_the_check_presses_make_two_records(start, database, judge, caught):
    site = start(database, fault="token of each press")
    with pytest.raises(AssertionError, match=r"doubled=[1-9]"):
        judge(site, scenarios.pressed_eight_times(site, people=2))
    caught("The last button makes a new token each time it is pressed", "doubled records")


def test_a_reference_shown_before_the_commit_is_lost(start, database, judge, caught):
    site = start(database, fault="shown before the commit")
    with pytest.raises(AssertionError, match=r"lost=[1-9]"):
        judge(site, scenarios.told_and_killed(site))
    caught("The reference is shown before the commit", "lost records after kill -9")


def test_records_written_row_by_row_stay_half(start, database, judge, caught):
    site = start(database, fault="row by row")
    with pytest.raises(AssertionError, match=r"partial=[1-9]"):
        judge(site, scenarios.killed_between(site))
    caught("No transaction: each row is committed by itself", "a check without a review after kill -9")


def test_a_clerks_save_without_the_version_check_overwrites_a_colleagues(start, database, caught):
    pairs, _ = decide_at_once(start(database, fault="no version check"))
    assert all(pair.statuses != [302, 409] for pair in pairs)
    caught("A clerk's save does not look at the version", "two who both win, or are not told")


def test_deferred_transactions_refuse_clerks(start, databases, caught):
    pairs, _ = decide_at_once(start(databases("sqlite"), fault="deferred transactions"))
    assert any(503 in pair.statuses for pair in pairs)
    caught("SQLite with Django's stock DEFERRED transactions", "clerks who are refused", "sqlite")


def test_sqlite_that_does_not_wait_for_a_lock_refuses_people(start, databases, caught):
    site = start(databases("sqlite"), fault="no waiting for a lock")
    assert scenarios.some_refused(site).refused > 0
    caught("SQLite without WAL and without waiting for a lock", "patients who are refused", "sqlite")


def test_sessions_in_memory_are_gone_with_their_worker(start, databases, judge, caught):
    site = start(databases("sqlite"), fault="sessions in memory")
    found_wrong(judge, site, scenarios.workers_killed(site), "thrown back")
    caught("Sessions in the memory of a worker", "patients who are thrown back to the start", "sqlite")


def test_with_djangos_own_session_middleware_a_full_disk_is_a_500(start, databases, judge, caught):
    site = start(databases("sqlite"), fault="stock session middleware")
    found_wrong(judge, site, scenarios.unwritable(site, site.no_room(), size=8), "500 ", "400 ")
    caught("Django's own session middleware, full disk", "500 or a false 400", "sqlite")


def test_with_djangos_own_session_middleware_a_database_that_is_away_is_a_500(start, databases, judge, caught):
    site = start(databases("postgresql"), fault="stock session middleware")
    found_wrong(judge, site, scenarios.database_killed(site), "500 ", "400 ")
    caught("Django's own session middleware, PostgreSQL away", "500 or a false 400", "postgresql")


def test_a_restart_in_place_of_a_reload_turns_people_away(site_of, databases, caught):
    book = scenarios.reloaded(site_of(databases("sqlite")), how=lambda site: (site.halt(), site.resume()))
    assert book.broken > 0
    caught("A restart in place of a reload", "patients turned away", "sqlite")

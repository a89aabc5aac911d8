"""Each of the tests next door notices the fault that it is there for: built in by wsgi.py, or by a flag of gunicorn."""

import pytest

from . import scenarios

pytestmark = pytest.mark.faults


def test_without_a_token_of_the_check_presses_make_two_records(start, database, judge):
    site = start(database, fault="token of each press")
    with pytest.raises(AssertionError, match=r"doubled=[1-9]"):
        judge(site, scenarios.pressed_eight_times(site, people=4))


def test_a_reference_shown_before_the_commit_is_lost(start, database, judge):
    site = start(database, fault="shown before the commit")
    with pytest.raises(AssertionError, match=r"lost=[1-9]"):
        judge(site, scenarios.everything_killed(site, times=1))


def test_a_record_written_in_two_steps_stays_half(start, database, judge):
    site = start(database, fault="written in two steps")
    with pytest.raises(AssertionError, match=r"partial=[1-9]"):
        judge(site, scenarios.everything_killed(site, times=1))


def test_sqlite_that_does_not_wait_for_a_lock_refuses_people(start, databases):
    site = start(databases("sqlite"), fault="no waiting for a lock")
    book = scenarios.undisturbed(site)
    assert book.refused > 0


def test_with_djangos_own_session_middleware_a_full_disk_is_a_500(start, databases, judge):
    site = start(databases("sqlite"), fault="stock session middleware")
    with pytest.raises(AssertionError, match=r"500 |400 "):
        judge(site, scenarios.unwritable(site, site.no_room()))


def test_with_djangos_own_session_middleware_a_database_that_is_away_is_a_500(start, databases, judge):
    site = start(databases("postgresql"), fault="stock session middleware")
    with pytest.raises(AssertionError, match=r"500 |400 "):
        judge(site, scenarios.database_killed(site))


def test_a_restart_in_place_of_a_reload_closes_the_door(start, databases):
    book = scenarios.reloaded(start(databases("sqlite")), times=1, how=lambda site: (site.halt(), site.resume()))
    assert book.broken > 0

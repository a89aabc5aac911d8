"""Sessions in the database: what the cookie holds is not what the table holds."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from core import sessions
from core.sessions import SessionStore

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept():
    """A session with something in it."""
    store = SessionStore()
    store["is"] = "here"
    store.save()
    return store


def test_the_table_holds_a_hash_of_the_key_and_the_hash_opens_nothing(kept):
    stored = Session.objects.get().pk
    assert stored != kept.session_key
    assert len(stored) == sessions.WIDTH
    assert SessionStore(kept.session_key)["is"] == "here"
    assert SessionStore(stored).load() == {}
    assert not SessionStore().exists(stored)


def test_a_session_is_saved_again_under_its_key(kept):
    again = SessionStore(kept.session_key)
    again["is"] = "new"
    again.save()
    assert SessionStore(kept.session_key)["is"] == "new"
    assert Session.objects.count() == 1


def test_a_new_key_takes_what_was_kept_along_and_ends_the_old_one(kept):
    before = kept.session_key
    kept.cycle_key()
    assert SessionStore(kept.session_key)["is"] == "here"
    assert not SessionStore().exists(before)


def test_a_session_that_was_deleted_does_not_come_back(kept):
    SessionStore(kept.session_key).delete()
    with pytest.raises(UpdateError):
        kept.save()
    assert not Session.objects.exists()


def test_what_is_over_is_cleared(kept):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    call_command("clearsessions")
    assert not Session.objects.exists()


def test_sessions_outlive_a_change_of_the_key_with_the_old_one_as_a_fallback(kept, settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 10, [settings.SECRET_KEY]
    again = SessionStore(kept.session_key)
    again["more"] = 1
    again.save()
    assert dict(SessionStore(kept.session_key)) == {"is": "here", "more": 1}
    again.flush()
    assert not Session.objects.exists()


def test_without_the_old_key_a_session_is_not_found(kept, settings):
    settings.SECRET_KEY = "another " * 10
    assert SessionStore(kept.session_key).load() == {}


# --- What a key that was given up still leads to ----------------------------------------------------------------------
def test_a_note_is_read_with_the_key_that_was_given_up_until_its_time_is_over(kept, monkeypatch):
    sessions.leave_note("old key " * 4, {"result": 5}, timedelta(minutes=5))
    assert sessions.read_note("old key " * 4) == {"result": 5}
    assert sessions.read_note(kept.session_key) == {}
    later = timezone.now() + timedelta(minutes=5)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert sessions.read_note("old key " * 4) == {}


def test_no_cookie_opens_a_note_as_a_session():
    sessions.leave_note("old key " * 4, {"result": 5}, timedelta(minutes=5))
    assert SessionStore("old key " * 4).load() == {}
    assert SessionStore(Session.objects.get().pk).load() == {}


def test_the_first_note_of_a_key_stays():
    for number in (5, 6):
        sessions.leave_note("old key " * 4, {"result": number}, timedelta(minutes=5))
    assert sessions.read_note("old key " * 4) == {"result": 5}

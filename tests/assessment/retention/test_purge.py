"""What was promised to be deleted is deleted."""

import os
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.utils import timezone

from assessment.models import Assessment, Contact, PausedCheck
from assessment.patient import pause_codes, records
from assessment.patient.session import Check
from assessment.retention import deletion
from content.models import Feedback
from core.throttle import Bucket, RateLimit, take_token

from ..walks import STRAIN

pytestmark = pytest.mark.django_db


def finished(days_ago):
    record = records.build_assessment(Check(answers=STRAIN))
    record.reference = records.make_reference()
    record.finished_at = timezone.now() - timedelta(days=days_ago)
    record.save()
    return record


def test_checks_older_than_promised_are_deleted_and_younger_ones_stay(settings):
    settings.RETENTION_DAYS = 30
    finished(31)
    kept = finished(29)
    call_command("purge")
    assert list(Assessment.objects.all()) == [kept]


def test_a_check_that_cannot_be_deleted_holds_up_no_other(settings, monkeypatch, caplog):
    settings.RETENTION_DAYS = 30
    first, *_ = (finished(31) for _ in range(3))
    real = deletion.delete_assessment

    def delete(record, how):
        made = real(record, how)
        if record.pk == first.pk:
            raise IntegrityError("something still points to it")
        return made

    monkeypatch.setattr(deletion, "delete_assessment", delete)
    with pytest.raises(CommandError, match="1 checks whose time is over could not be deleted"):
        call_command("purge")
    assert list(Assessment.objects.all()) == [first]
    assert "still points" not in caplog.text


def test_contact_details_go_with_their_check(settings):
    settings.RETENTION_DAYS = 30
    Contact.objects.create(
        assessment=finished(31), locked="locked", consent_text="yes", consent_version="1", consent_at=timezone.now()
    )
    call_command("purge")
    assert not Contact.objects.exists()


def test_sessions_that_have_ended_are_deleted():
    Session.objects.create(session_key="a" * 32, session_data="x", expire_date=timezone.now() - timedelta(minutes=1))
    open_session = Session.objects.create(
        session_key="b" * 32, session_data="x", expire_date=timezone.now() + timedelta(hours=1)
    )
    call_command("purge")
    assert list(Session.objects.all()) == [open_session]


def test_checks_put_aside_are_deleted_when_their_time_is_over_and_the_others_stay(settings):
    over, waiting = pause_codes.save_paused_check(Check()), pause_codes.save_paused_check(Check())
    PausedCheck.objects.filter(token=over.token).update(expires_at=timezone.now())
    call_command("purge")
    assert PausedCheck.objects.get().token == waiting.token


def test_old_notes_of_readers_and_buckets_that_are_full_again_are_deleted(settings):
    today = timezone.localdate()
    for days in (settings.RETENTION_DAYS, settings.RETENTION_DAYS + 1):
        Feedback.objects.create(path="/causes/overuse/", clear=True, day=today - timedelta(days=days))
    limit = RateLimit("test", 1, timedelta(minutes=1))
    take_token(limit, "a", timezone.now() - timedelta(minutes=2))
    take_token(limit, "b")
    call_command("purge")
    assert Feedback.objects.count() == 1
    assert Bucket.objects.count() == 1


def test_it_says_what_it_did(settings, capsys):
    settings.RETENTION_DAYS = 30
    finished(31)
    call_command("purge")
    assert "1 checks, 0 open or put-aside checks that had ended" in capsys.readouterr().out


def test_after_a_jump_of_the_clock_it_asks_whether_the_clock_is_right_before_it_deletes(settings, tmp_path):
    settings.DATA_DIR, settings.RETENTION_DAYS = tmp_path, 30
    old = finished(31)
    (tmp_path / "purged").touch()
    long_ago = (timezone.now() - timedelta(days=15)).timestamp()
    os.utime(tmp_path / "purged", (long_ago, long_ago))
    for _ in range(2):  # a timer tries again, and answers nothing
        with pytest.raises(CommandError, match="the last run was 15 days ago"):
            call_command("purge")
        assert Assessment.objects.get() == old
    call_command("purge", clock_is_right=True)
    assert not Assessment.objects.exists()


def test_a_clock_that_was_set_back_stops_no_run(settings, tmp_path):
    settings.DATA_DIR, settings.RETENTION_DAYS = tmp_path, 30
    finished(31)
    (tmp_path / "purged").touch()
    later = (timezone.now() + timedelta(days=400)).timestamp()
    os.utime(tmp_path / "purged", (later, later))
    call_command("purge")
    assert not Assessment.objects.exists()

"""Whoever takes away that staff are told of a check is found out by manage.py verify_audit."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from assessment.clinic import notifications, reconcile
from assessment.models import Arrival, Mail, MailWish
from assessment.retention import deletion
from core.audit import AuditEvent

from ..staff import SOON, URGENT, make_assessment, make_clerk

pytestmark = pytest.mark.django_db


@pytest.fixture
def nurse():
    user = make_clerk("nurse")
    User.objects.filter(pk=user.pk).update(email="nurse@example.org")
    MailWish.objects.create(user=user, cadence="at_once")
    return user


@pytest.fixture
def written(nurse):
    """A mail to a nurse that is not sent yet."""
    make_assessment(URGENT)
    notifications.write_arrival_mails(notifications.list_recipients(), timezone.now())
    return Mail.objects.get()


def findings():
    return list(reconcile.find_discrepancies())


def sql(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_mails_that_the_site_wrote_sent_and_took_back_are_no_finding(written, nurse):
    assert findings() == []
    notifications.send_due_mails()
    assert Mail.objects.get().sent_at
    assert findings() == []
    make_assessment(URGENT)
    notifications.write_arrival_mails(notifications.list_recipients(), timezone.now())
    nurse.groups.clear()
    notifications.send_due_mails()
    assert Mail.objects.count() == 1
    assert findings() == []


COLUMNS = [field for field in Mail._meta.concrete_fields if field.name not in ("id", "next_at", "tries")]


@pytest.mark.parametrize("field", COLUMNS, ids=lambda field: field.column)
@pytest.mark.parametrize("sent", [False, True])
def test_each_column_of_a_mail_changed_by_hand_is_found(written, field, sent):
    if sent:
        notifications.send_due_mails()
    value = {
        "key": "'other'", "kind": "'daily'", "count": "7", "made_at": "'2020-01-01'", "sent_at": "'2020-01-01'",
        "user_id": str(make_clerk("other").pk),
    }[field.column]  # fmt: skip
    sql(f'UPDATE assessment_mail SET "{field.column}" = {value}')
    assert findings() == [f"Mail {written.pk} to staff was changed, or marked as sent and was not."]


@pytest.mark.parametrize("sent", [False, True])
def test_a_mail_removed_by_hand_is_found(written, sent):
    if sent:
        notifications.send_due_mails()
    sql("DELETE FROM assessment_mail")
    assert findings() == [f"Mail {written.pk} to staff is gone."]


def test_a_mail_added_by_hand_so_that_the_real_one_is_not_written_is_found(written, nurse):
    Mail.objects.create(key="alarm:1", kind="alarm", user=nurse, sent_at=timezone.now())
    assert findings()[0].endswith("to staff was added.")


def test_a_mail_whose_time_is_over_is_no_finding(written):
    later = timezone.now() + timedelta(days=31)
    deletion.purge_expired(later)
    assert not Mail.objects.exists()
    assert list(reconcile.reconcile_mails(later)) == []


def test_a_mail_that_was_sent_late_and_went_in_its_time_is_no_finding(written, monkeypatch):
    later, sent = written.made_at + timedelta(days=30, hours=6), written.made_at + timedelta(hours=16)
    monkeypatch.setattr("django.utils.timezone.now", lambda: sent)
    notifications.send_due_mails()
    deletion.purge_expired(later)
    assert not Mail.objects.exists()
    assert list(reconcile.reconcile_mails(later)) == []


def test_mails_from_before_the_audit_vouched_for_them_are_no_finding(nurse):
    Mail.objects.create(key="old", kind="daily", user=nurse)
    assert findings() == []
    make_assessment(URGENT)
    notifications.write_arrival_mails(notifications.list_recipients(), timezone.now())
    assert findings() == []


def test_a_note_to_tell_staff_that_was_removed_is_found(written):
    record = make_assessment(URGENT)
    make_assessment(SOON)
    assert findings() == []
    sql(f"DELETE FROM assessment_arrival WHERE assessment_id = {record.pk}")
    assert findings() == [f"{record.reference}: The note that staff are to be told of it is gone."]


def test_who_was_told_of_a_check_is_in_the_audit(written, nurse):
    notifications.send_due_mails()
    assert set(AuditEvent.objects.filter(facts__user=nurse.pk).values_list("action", flat=True)) == {"mail", "mailed"}
    assert AuditEvent.objects.get(action="told").record_id
    assert not Arrival.objects.exists()


def test_a_check_from_before_the_audit_told_of_telling_is_no_finding(nurse):
    make_assessment(URGENT)
    Arrival.objects.all().delete()
    assert findings() == []
    make_assessment(URGENT)
    notifications.write_arrival_mails(notifications.list_recipients(), timezone.now())
    assert findings() == []

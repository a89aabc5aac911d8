"""Staff are told that something waits: once, by the cadence they chose, and without a word about a patient."""

import re
import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from assessment.clinic import notifications, review_actions
from assessment.models import Arrival, Assessment, Mail, MailWish
from core import audit
from core.audit import AuditEvent, AuditHead
from core.watch import vouching, witness

from ...at_once import run_at_once
from ...marks import show
from ...staff.people import sign_in_staff
from ..staff import EMERGENCY, SOON, URGENT, look_at, make_assessment, make_clerk, make_contact

pytestmark = pytest.mark.django_db
# A Monday at eleven, when the clinic is open, and the night after. Far ahead: a new mail is due from the real now on.
MORNING = datetime(2091, 1, 8, 11, 0, tzinfo=UTC)
# Every mail of run(), the newest last.
SENT = []
NIGHT = datetime(2091, 1, 8, 23, 0, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """Set the clock: clock(MORNING)."""
    now = [NIGHT]
    monkeypatch.setattr("django.utils.timezone.now", lambda: now[0])

    def at(moment):
        now[0] = moment

    return at


def nurse(name="nurse", cadence="at_once", email=None):
    user = make_clerk(name)
    user.email = f"{name}@example.org" if email is None else email
    user.save()
    if cadence:
        MailWish.objects.create(user=user, cadence=cadence)
    return user


def run():
    """What one turn of the timer sends: (to, subject) of each mail."""
    mail.outbox.clear()
    notifications.write_due_mails()
    notifications.send_due_mails()
    SENT.extend(mail.outbox)
    return [(message.to[0].split("@")[0], message.subject.partition(": ")[2]) for message in mail.outbox]


def test_an_urgent_check_is_told_at_once_to_those_who_want_that(clock):
    nurse("ana")
    nurse("ben", cadence="daily")
    nurse("cleo", cadence="none")
    nurse("dan", email="")
    make_assessment(URGENT)
    make_assessment(EMERGENCY)
    assert run() == [("ana", "checks came in")]
    assert run() == []


def test_a_flood_of_checks_is_one_mail_that_says_how_many(clock):
    nurse()
    for _ in range(5):
        make_assessment(EMERGENCY)
    assert run() == [("nurse", "checks came in")]
    assert "should be looked at today: 5." in SENT[-1].body


def test_a_check_that_can_wait_is_not_told_at_once(clock):
    nurse()
    make_assessment(SOON)
    assert run() == []


def auditor(person):
    user = person("Auditors", "auditor")
    User.objects.filter(pk=user.pk).update(email="auditor@example.org")
    return user


def find_head_line():
    """The head in the newest mail."""
    return next(line for line in SENT[-1].body.splitlines() if re.fullmatch("[0-9]+:[0-9a-fTZ:]+", line))


def test_whoever_reads_the_audit_gets_its_head_once_a_day_also_when_nothing_waits(clock, person):
    auditor(person)
    audit.record_event(None, "list")
    clock(MORNING.replace(day=7, hour=8))
    assert run() == []
    clock(MORNING.replace(day=7, hour=12))
    assert run() == [("auditor", "the audit")]
    assert run() == []
    call_command("verify_audit", "--head", find_head_line(), verbosity=0)
    clock(MORNING)
    assert run() == [("auditor", "the audit")]


def test_the_daily_mail_of_what_waits_holds_the_head_too(clock):
    nurse()
    make_assessment(SOON)
    clock(MORNING)
    assert run() == [("nurse", "checks are waiting")]
    assert witness.parse_head(find_head_line()).is_signed


def test_a_change_past_the_site_is_told_at_once_to_who_reads_the_audit_and_once(clock, person):
    auditor(person)
    nurse("ana")
    vouching.notice_changes()
    User.objects.filter(username="ana").update(is_superuser=True)
    assert [difference.part for difference in vouching.notice_changes()] == ["roles"]
    clock(NIGHT.replace(hour=3))
    assert sorted(run()) == [("ana", "the audit"), ("auditor", "the audit")]
    assert "nobody has accepted: 1." in SENT[-1].body
    assert run() == []


def test_who_may_not_read_the_audit_any_more_gets_no_head(clock, person):
    user = auditor(person)
    clock(MORNING)
    notifications.write_due_mails()
    user.groups.clear()
    assert run() == []


def test_a_mail_says_that_the_head_was_changed():
    assert notifications.write_head_words() == []
    audit.record_event(None, "list")
    AuditHead.objects.update(number=9)
    assert notifications.write_head_words()[0].startswith("The audit is not whole.")


def test_a_sample_is_told_to_nobody(clock):
    nurse()
    make_assessment(URGENT, is_sample=True)
    clock(NIGHT + timedelta(hours=9))
    assert run() == []


def test_once_a_day_when_the_clinic_is_open_everybody_is_told_what_waits(clock):
    nurse("ana")
    nurse("ben", cadence=None)
    nurse("cleo", cadence="none")
    make_assessment(SOON)
    assert run() == []
    clock(MORNING)
    assert sorted(run()) == [("ana", "checks are waiting"), ("ben", "checks are waiting")]
    clock(MORNING + timedelta(hours=3))
    assert run() == []
    clock(MORNING + timedelta(days=1))
    assert len(run()) == 2


def test_when_nothing_waits_nobody_is_told(clock):
    nurse()
    clock(MORNING)
    assert run() == []


def test_when_urgent_checks_wait_and_nobody_looks_everybody_is_told_again_and_again(clock, settings):
    nurse("ana", cadence="none")
    make_assessment(URGENT)
    clock(NIGHT + timedelta(hours=1.9))
    assert run() == []
    clock(NIGHT + timedelta(hours=2.1))
    assert run() == [("ana", "please look at the queue now")]
    assert run() == []
    clock(NIGHT + timedelta(hours=4.1))
    assert run() == [("ana", "please look at the queue now")]
    assert AuditEvent.objects.filter(action="alarm").count() == 2


def test_a_look_at_the_queue_ends_the_alarm(clock):
    user = nurse(cadence="none")
    make_assessment(URGENT)
    clock(NIGHT + timedelta(hours=3))
    audit.record_event(user, "list")
    clock(NIGHT + timedelta(hours=4))
    assert run() == []
    clock(NIGHT + timedelta(hours=5.1))
    assert run() == [("nurse", "please look at the queue now")]


def test_an_answered_check_gives_no_alarm(clock):
    user = nurse(cadence="none")
    record = look_at(user, make_assessment(URGENT))
    review_actions.claim_review(user, record, 1)
    review_actions.mark_contacted(user, record, 2, "on the way")
    clock(NIGHT + timedelta(hours=30))
    assert run() == []


def test_no_mail_says_anything_of_a_check(clock):
    nurse()
    record = make_assessment(EMERGENCY)
    make_contact(record, telephone="555 0100 123", name="Ana Example")
    notifications.write_due_mails()
    clock(NIGHT + timedelta(hours=5))
    notifications.write_due_mails()
    clock(MORNING + timedelta(days=1))
    notifications.write_due_mails()
    notifications.send_due_mails()
    text = " ".join(str(message.message()) for message in mail.outbox)
    assert {"checks came in", "checks are waiting", "please look at the queue now"} == {
        message.subject.partition(": ")[2] for message in mail.outbox
    }
    words = [
        record.reference,
        "555 0100",
        "Example",
        *(part["text"] for item in record.answers for part in item["answer"]),
    ]
    words += ["mergency", "rgent", record.result["heading"], "spasm,", f"/{record.pk}/"]
    assert [word for word in words if word in text] == []


def test_a_check_that_is_not_saved_is_not_told(clock):
    nurse()
    with transaction.atomic():
        make_assessment(URGENT)
        transaction.set_rollback(True)
    assert not Arrival.objects.exists()


def test_a_deleted_check_is_not_told(clock):
    nurse()
    Assessment.objects.filter(pk=make_assessment(URGENT).pk).delete()
    assert run() == []


@pytest.fixture
def broken(monkeypatch):
    """A mail server that refuses until it is mended: broken["down"] = False."""
    state = {"down": True, "tries": 0}
    real = mail.EmailMessage.send

    def send(self, *args, **kwargs):
        state["tries"] += 1
        if state["down"]:
            raise smtplib.SMTPServerDisconnected("ana@example.org is busy")
        return real(self, *args, **kwargs)

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    return state


def test_what_could_not_be_sent_is_tried_again_later_and_later(clock, broken, caplog):
    nurse()
    make_assessment(URGENT)
    for minutes, tries in [(0, 1), (0.5, 1), (1.1, 2), (2, 2), (3.2, 3)]:
        clock(NIGHT + timedelta(minutes=minutes))
        run()
        assert broken["tries"] == tries
    broken["down"] = False
    clock(NIGHT + timedelta(minutes=8))
    assert run() == [("nurse", "checks came in")]
    assert "example.org" not in caplog.text


def test_a_server_that_is_down_is_not_asked_for_every_mail(clock, broken):
    for number in range(8):
        nurse(f"nurse{number}")
    make_assessment(URGENT)
    run()
    assert broken["tries"] == notifications.ENOUGH


@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"x@example.org": (550, b"no such mailbox")}),
        smtplib.SMTPDataError(552, b"mailbox full"),
        UnicodeError("an address that cannot be written"),
        ValueError("a line end in an address"),
    ],
)
def test_mailboxes_that_refuse_do_not_hold_up_the_mails_of_others(clock, monkeypatch, error):
    real = mail.EmailMessage.send

    def send(self, *args, **kwargs):
        if self.to[0].startswith("full"):
            raise error
        return real(self, *args, **kwargs)

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    for number in range(notifications.ENOUGH + 1):
        nurse(f"full{number}")
    nurse("zoe")
    make_assessment(URGENT)
    assert run() == [("zoe", "checks came in")]


def test_a_kind_of_mails_that_cannot_be_made_does_not_hold_up_the_others(clock, monkeypatch, settings):
    settings.EMAIL_HOST = "mail.example.org"
    nurse()
    make_assessment(URGENT)

    def write_alarm_mails(told, now):
        raise RuntimeError("broken")

    monkeypatch.setattr(notifications, "write_alarm_mails", write_alarm_mails)
    with pytest.raises(CommandError, match="1 of the four kinds"):
        call_command("send_notifications")
    assert len(mail.outbox) == 1


def test_after_a_restore_a_new_mail_with_an_old_number_has_an_id_of_its_own(clock):
    user = nurse()

    def made():
        item = Mail.objects.create(pk=7, key="new:1:7", kind="new", user=user, count=1)
        identity = notifications.build_message(item, None).extra_headers["Message-ID"]
        item.delete()
        return identity

    before = made()
    clock(NIGHT + timedelta(seconds=1))
    assert made() != before


def test_a_mail_that_never_goes_out_is_given_up_and_said_so(clock, broken, settings):
    settings.EMAIL_HOST = "mail.example.org"
    nurse()
    make_assessment(URGENT)
    notifications.write_due_mails()
    Mail.objects.update(tries=notifications.MOST_TRIES - 1)
    with pytest.raises(CommandError, match="1 were given up"):
        call_command("send_notifications")
    clock(NIGHT + timedelta(hours=1.5))
    call_command("send_notifications")


def test_if_the_machine_dies_while_sending_the_mail_goes_out_again_with_the_same_id(clock):
    nurse()
    make_assessment(URGENT)
    notifications.write_due_mails()
    item = notifications.claim_next_mail(timezone.now())
    first = notifications.build_message(item, None).extra_headers["Message-ID"]
    assert notifications.send_due_mails()["sent"] == 0
    clock(NIGHT + timedelta(minutes=6))
    assert notifications.send_due_mails()["sent"] == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == first


def test_while_one_sender_is_at_a_mail_another_leaves_it_alone(clock, monkeypatch):
    real = mail.EmailMessage.send

    def send(self, *args, **kwargs):
        assert notifications.send_due_mails()["sent"] == 0
        return real(self, *args, **kwargs)

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    nurse()
    make_assessment(URGENT)
    assert run() == [("nurse", "checks came in")]


def test_a_sender_whose_turn_is_over_takes_the_mail_from_nobody(clock, monkeypatch):
    later = NIGHT + notifications.TURN + timedelta(minutes=1)

    def send(self, *args, **kwargs):
        clock(later)
        assert notifications.claim_next_mail(later)  # another sender is at it now
        raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    nurse()
    make_assessment(URGENT)
    run()
    assert notifications.claim_next_mail(later + notifications.TURN - timedelta(seconds=1)) is None


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_write_each_mail_once_and_say_so_once(staff_groups, clock):
    clock(MORNING)
    for number in range(3):
        nurse(f"nurse{number}", cadence="daily")
    make_assessment(SOON)
    run_at_once(3, lambda _: notifications.write_due_mails())
    assert Mail.objects.count() == 3
    assert AuditEvent.objects.filter(action="mail").count() == 3


def test_who_left_meanwhile_gets_no_mail(clock):
    user = nurse()
    make_assessment(URGENT)
    notifications.write_due_mails()
    user.is_active = False
    user.save()
    assert notifications.send_due_mails()["sent"] == 0


@pytest.mark.django_db(transaction=True)
def test_two_timers_at_once_send_each_mail_once(staff_groups):
    for number in range(3):
        nurse(f"nurse{number}")
    make_assessment(URGENT)

    def timer(_):
        notifications.write_due_mails()
        notifications.send_due_mails()

    run_at_once(3, timer)
    new = [message.to[0] for message in mail.outbox if "came in" in message.subject]
    assert sorted(new) == [f"nurse{number}@example.org" for number in range(3)]
    assert not Mail.objects.filter(sent_at=None).exists()


def test_without_a_mail_server_the_command_says_so(settings):
    settings.LOCAL, settings.EMAIL_HOST = False, ""
    with pytest.raises(CommandError, match="EMAIL_HOST"):
        call_command("send_notifications")


def test_everybody_chooses_for_themselves(settings):
    user = make_clerk("nurse")
    client = sign_in_staff(user)
    page = client.get("/admin/assessment/assessment/e-mails/").content.decode()
    assert "Your account has no e-mail address" in page
    client.post("/admin/assessment/assessment/e-mails/", {"cadence": "none"})
    assert MailWish.objects.get().cadence == "none"
    seen = {"cadence": "hourly", **show(MailWish.objects.get())}
    assert client.post("/admin/assessment/assessment/e-mails/", seen).status_code == 422


@pytest.mark.parametrize(("host", "warned"), [("", ["assessment.W001"]), ("mail.example.org", [])])
def test_the_deployment_check_warns_while_there_is_no_mail_server(settings, host, warned):
    settings.EMAIL_HOST = host
    assert [warning.id for warning in notifications.find_mail_warnings()] == warned


def test_a_turn_that_sent_something_says_how_much(clock, settings, capsys):
    settings.EMAIL_HOST = "mail.example.org"
    nurse()
    make_assessment(URGENT)
    call_command("send_notifications")
    assert "1 mails were sent." in capsys.readouterr().out


def test_a_mail_written_before_the_clock_was_set_back_is_sent_at_once(clock):
    nurse("ana")
    clock(MORNING)
    make_assessment(URGENT)
    notifications.write_due_mails()
    Mail.objects.update(next_at=MORNING)
    clock(MORNING - timedelta(minutes=40))
    assert notifications.send_due_mails()["sent"] == Mail.objects.count() > 0

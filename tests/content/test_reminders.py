from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from content import reminders
from content.models import Reminder

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


@pytest.fixture
def owner(editor):
    editor.email = "edith@example.org"
    editor.save()
    return editor


@pytest.fixture
def late(add, owner):
    """A page of this owner that is overdue."""
    return add(review_due=MONDAY - timedelta(days=3), place={"owner": owner})


def test_the_owner_of_an_overdue_page_gets_a_plain_mail_with_a_link(late, mailoutbox, settings):
    settings.SITE_URL = "https://clinic.example"
    assert reminders.send_reminders(MONDAY) == 1
    (mail,) = mailoutbox
    assert mail.to == ["edith@example.org"]
    assert mail.subject == "1 page to review - Back Spasm Clinic"
    assert "Overuse: due Nov. 20, 2026" in mail.body
    assert f"https://clinic.example/admin/content/article/{late.pk}/change/" in mail.body
    assert not mail.alternatives


def test_nobody_gets_a_mail_when_nothing_is_overdue(add, owner, mailoutbox):
    add(review_due=MONDAY, place={"owner": owner})
    add("draft", review_due=MONDAY - timedelta(days=9), approved_at=None, place={"owner": owner})
    add("gone", review_due=MONDAY - timedelta(days=9), place={"owner": owner, "withdrawn": True})
    assert reminders.send_reminders(MONDAY) == 0
    assert mailoutbox == []


def test_there_is_one_mail_a_week_however_often_it_runs(late, mailoutbox):
    for day in range(14):
        reminders.send_reminders(MONDAY + timedelta(days=day))
    assert len(mailoutbox) == 2


def test_no_transaction_is_open_while_a_mail_goes_out(late, monkeypatch):
    depths = [len(connection.savepoint_ids)]
    monkeypatch.setattr(reminders, "send_mail", lambda *args: depths.append(len(connection.savepoint_ids)))
    assert reminders.send_reminders(MONDAY) == 1
    assert depths[0] == depths[1]


def test_a_mail_that_could_not_be_sent_is_tried_again(late, mailoutbox, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError("no mail server")

    with monkeypatch.context() as patch:
        patch.setattr(reminders, "send_mail", broken)
        with pytest.raises(CommandError, match="1 of 1 mails could not be sent"):
            call_command("remind_editors")
    assert not Reminder.objects.exists()
    assert reminders.send_reminders(MONDAY) == 1


def test_a_mail_that_fails_does_not_hold_up_the_others(add, owner, colleague, mailoutbox, monkeypatch):
    kim = colleague("Editors")
    kim.email = "kim@clinic.example"
    kim.save()
    for name, user in (("one", owner), ("two", kim)):
        add(name, review_due=MONDAY - timedelta(days=9), place={"owner": user})
    real = reminders.send_mail

    def send(subject, text, sender, to):
        if to == [owner.email]:
            raise ValueError("an address with a line end")
        real(subject, text, sender, to)

    monkeypatch.setattr(reminders, "send_mail", send)
    with pytest.raises(reminders.RemindersError, match="1 of 2"):
        reminders.send_reminders(MONDAY)
    assert [message.to for message in mailoutbox] == [[kim.email]]


def test_a_page_nobody_looks_after_goes_to_every_editor_who_can_be_reached(add, owner, colleague, mailoutbox):
    colleague("Editors", name="silent")
    add(review_due=MONDAY - timedelta(days=3))
    reminders.send_reminders(MONDAY)
    (mail,) = mailoutbox
    assert mail.to == ["edith@example.org"]
    assert reminders.OWNERLESS in mail.body


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"email": ""}])
def test_an_owner_who_cannot_act_gets_no_mail(late, owner, change, mailoutbox):
    for name, value in change.items():
        setattr(owner, name, value)
    owner.save()
    assert reminders.send_reminders(MONDAY) == 0


def test_the_command_says_how_many_were_sent(add, owner, capsys):
    add(review_due=timezone.localdate() - timedelta(days=3), place={"owner": owner})
    call_command("remind_editors")
    assert capsys.readouterr().out == "1 mail sent.\n"

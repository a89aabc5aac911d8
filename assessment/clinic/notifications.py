"""Staff are told by e-mail that something waits: who is told what, and the sending. Run from a timer.

No mail says anything of a check. A mail is made once, also when two timers run (Mail.key), and sent at least
once: a sender claims it for TURN before sending. If that sender dies between the mail server's yes and ours, or the
server takes longer than TURN to answer, it goes out again, under the same Message-ID.
What goes wrong with one mail, or with one kind of them, ends neither the run nor the others.
"""

import hashlib
import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core import checks, mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from core import audit
from core.audit import AuditEvent, Fact
from core.people import list_staff_with
from core.watch import vouching, witness

from .. import deadlines
from ..models import Arrival, Mail, MailWish, Raise, Review, row_digests
from ..models.mail import Cadence, MailKind
from ..protocol.model import Level

logger = logging.getLogger(__name__)
# How long a sender may be at one mail before another may try it.
TURN = timedelta(minutes=5)
MOST_TRIES = 12
# A server that cannot be reached, or takes nothing, so often in a row is down: the rest waits for the next run.
ENOUGH = 3
# Actions after which whoever reads the audit is told at once.
ALERTS = ("noticed", "witness_lost")
# With these it answers, and says no to one mail or to one mailbox.
REFUSED = (SMTPRecipientsRefused, SMTPDataError)
# Actions that show that somebody has the queue before their eyes.
LOOKS = ("list", "view", "claim")


def list_recipients() -> dict[User, str]:
    """Whoever works in the queue and can be reached: {user: how often they want an e-mail}."""
    users = list_staff_with("assessment.change_review").exclude(email="")
    wishes = dict(MailWish.objects.values_list("user", "cadence"))
    return {user: wishes.get(user.pk, Cadence.DAILY) for user in users}


def list_auditors() -> QuerySet[User]:
    """Whoever may read the audit and can be reached."""
    return list_staff_with("core.view_auditevent").exclude(email="")


def write_mails(kind: MailKind, users: Iterable[User], about: object, count: int) -> int:
    """Write a mail to each of them, unless it is written; return how many are new. about: what `key` tells apart."""
    keys = {f"{kind}:{user.pk}:{about}": user for user in users}
    if not find_new_keys(keys):
        return 0
    with transaction.atomic():
        # Of two timers at once, the slower finds the mails of the other, and tells the audit of none.
        audit.lock_head()
        new = find_new_keys(keys)
        Mail.objects.bulk_create(Mail(key=key, kind=kind, user=keys[key], count=count) for key in new)
        record_mails("mail", Mail.objects.filter(key__in=new))
    return len(new)


def find_new_keys(keys: Iterable[str]) -> list[str]:
    """Those of which there is no mail yet."""
    known = set(Mail.objects.filter(key__in=keys).values_list("key", flat=True))
    return [key for key in keys if key not in known]


def record_mails(action: str, mails: Iterable[Mail]) -> None:
    """The audit vouches for these: clinic/reconcile.py finds one that was taken away, or only marked as sent."""
    told: list[dict[str, Fact]] = [
        {"user": item.user_id, "kind": item.kind, **row_digests.digest_rows(item)} for item in mails
    ]
    audit.record_events(None, action, [(None, facts) for facts in told])


def write_due_mails(now: datetime | None = None) -> int:
    """Make the mails that are due to be made; return how many of the four kinds could not be looked after."""
    now = now or timezone.now()
    told = list_recipients()
    failed = 0
    for write in (write_alarm_mails, write_arrival_mails, write_daily_mails, write_audit_mails):
        try:
            write(told, now)
        except Exception:
            failed += 1
            logger.exception("%s failed", write.__name__)
    return failed


def write_arrival_mails(told: dict[User, str], now: datetime) -> None:
    with transaction.atomic():
        found = list(Arrival.objects.order_by("pk").select_related("assessment").defer("assessment__result")[:1000])
        # Of two timers at once, the slower deletes nothing, and has nothing to tell.
        number, _ = Arrival.objects.filter(pk__in=[arrival.pk for arrival in found]).delete()
        if number:
            write_mails(
                MailKind.NEW, [user for user, wish in told.items() if wish == Cadence.AT_ONCE], found[-1].pk, number
            )
            audit.record_events(None, "told", [(arrival.assessment, {}) for arrival in found])


def find_waiting_reviews() -> QuerySet[Review]:
    return Review.objects.waiting().filter(rank__gt=0, assessment__is_sample=False)


def find_waiting_raises(rank: int) -> QuerySet[Raise]:
    """What newer rules raised, but for checks that wait above this rank anyway."""
    return Raise.objects.undecided().filter(assessment__is_sample=False).exclude(assessment__review__rank__gt=rank)


def write_daily_mails(told: dict[User, str], now: datetime) -> None:
    """Once on a day when the clinic is open, from when it opens."""
    here = timezone.localtime(now)
    opens, closes = settings.CLINIC_HOURS
    if not deadlines.is_open(here.date()) or not opens <= here.time() < closes:
        return
    if count := find_waiting_reviews().count() + find_waiting_raises(0).count():
        write_mails(MailKind.DAILY, [user for user, wish in told.items() if wish != Cadence.NONE], here.date(), count)


def write_alarm_mails(told: dict[User, str], now: datetime) -> None:
    """Emergency or urgent checks wait, and for ALARM_HOURS nobody has opened the queue: everybody is told, again and
    again, whatever they wish."""
    urgent = find_waiting_reviews().filter(rank__gt=Level.URGENT)
    raised = find_waiting_raises(Level.URGENT).filter(level__gte=Level.URGENT)
    oldest = min(
        filter(None, (urgent.aggregate(at=Min("submitted_at"))["at"], raised.aggregate(at=Min("raised_at"))["at"])),
        default=None,
    )
    if oldest is None:
        return
    looks = (AuditEvent.objects.filter(action=action).order_by("-at").values_list("at", flat=True) for action in LOOKS)
    since = max([oldest, *(at for found in looks for at in found[:1])])
    times = int((now - since) / timedelta(hours=settings.ALARM_HOURS))
    if times >= 1:
        count = urgent.count() + raised.count()
        if write_mails(MailKind.ALARM, told, f"{since.timestamp():.0f}:{times}", count):
            audit.record_event(None, "alarm", found=count)


def write_audit_mails(told: dict[User, str], now: datetime) -> None:
    """Every day, open or not: the head of the audit goes where nobody can put it back. At once after an alert."""
    here = timezone.localtime(now)
    alert = AuditEvent.objects.filter(action__in=ALERTS).order_by("-number").values_list("number", "at").first()
    alerted = bool(alert and timezone.localdate(alert[1]) == here.date())
    if not alerted and here.time() < settings.CLINIC_HOURS[0]:
        return
    auditors = list(list_auditors())
    about = f"{here.date()}:{alert[0] if alert else 0}"
    if Mail.objects.filter(kind=MailKind.AUDIT, key__endswith=f":{about}").count() < len(auditors):
        write_mails(MailKind.AUDIT, auditors, about, sum(1 for _ in vouching.find_differences()))


# --- Sending ----------------------------------------------------------------------------------------------------------
def send_due_mails(now: datetime | None = None) -> dict[str, int]:
    """Send what is due; return how many were sent, failed (they are tried again), and are now given up."""
    sent = failed = in_a_row = given_up = 0
    connection = mail.get_connection()
    while in_a_row < ENOUGH and (item := claim_next_mail(now or timezone.now())):
        if not is_wanted(item):
            with transaction.atomic():
                record_mails("unmailed", [item])
                item.delete()
            continue
        try:
            build_message(item, connection).send()
        # Whatever it is: an address that cannot be written in a mail is a ValueError, or a UnicodeError.
        except Exception as error:
            in_a_row = in_a_row + 1 if isinstance(error, OSError) and not isinstance(error, REFUSED) else 0
            failed += item.tries < MOST_TRIES
            given_up += item.tries >= MOST_TRIES
            wait = timedelta(minutes=min(2 ** (item.tries - 1), 60))
            # Not of a mail that another sender is at by now.
            mine = Mail.objects.filter(pk=item.pk, next_at=item.next_at)
            mine.update(next_at=(now or timezone.now()) + wait)
            # The kind of the error only: its text may hold an address.
            logger.warning("mail %s was not sent: %s", item.pk, type(error).__name__)
        else:
            sent, in_a_row = sent + 1, 0
            item.sent_at = timezone.now()
            with transaction.atomic():
                Mail.objects.filter(pk=item.pk).update(sent_at=item.sent_at)
                record_mails("mailed", [item])
    connection.close()
    return {"sent": sent, "failed": failed, "given_up": given_up}


def claim_next_mail(now: datetime) -> Mail | None:
    """The next mail that is due, ours for TURN; None when there is none."""
    while True:
        # A new mail is due at once, also when it was written before the clock was set back.
        due = Mail.objects.filter(Q(next_at__lte=now) | Q(tries=0), sent_at=None, tries__lt=MOST_TRIES)
        item = due.order_by("next_at", "pk").first()
        if item is None:
            return None
        ours = Mail.objects.filter(pk=item.pk, sent_at=None, next_at=item.next_at)
        claimed = Mail.objects.select_related("user").filter(pk=item.pk, next_at=now + TURN)
        if ours.update(next_at=now + TURN, tries=F("tries") + 1) and (found := claimed.first()):
            return found


def is_wanted(item: Mail) -> bool:
    """Whether this person still works here and wants it."""
    if item.kind == MailKind.AUDIT:
        return item.user in list_auditors()
    wish = list_recipients().get(item.user)
    return wish is not None and (item.kind == MailKind.ALARM or wish != Cadence.NONE)


WORDS = {
    MailKind.NEW: (
        "checks came in",
        "Checks came in, or were raised by newer rules, that should be looked at today: {count}.",
    ),
    MailKind.DAILY: ("checks are waiting", "Checks that wait for somebody at the clinic: {count}."),
    MailKind.ALARM: (
        "please look at the queue now",
        "Checks that should be looked at now are waiting: {count}. Nobody has opened the queue for some hours.",
    ),
    MailKind.AUDIT: (
        "the audit",
        "Changes past the site that nobody has accepted: {count}. `manage.py verify_audit` names each. Keep this mail.",
    ),
}


def build_message(item: Mail, connection: BaseEmailBackend) -> mail.EmailMessage:
    subject, text = WORDS[MailKind(item.kind)]
    body = [text.format(count=item.count)]
    if item.kind == MailKind.AUDIT:
        body += [settings.SITE_URL + reverse("admin:core_auditevent_changelist"), *write_head_words()]
    else:
        body += [settings.SITE_URL + reverse("admin:assessment_assessment_changelist")]
        body += write_head_words() if item.kind == MailKind.DAILY else []
        body += [f"How often you get these mails: {settings.SITE_URL}{reverse('admin:assessment_mails')}"]
    host = settings.SITE_URL.partition("://")[2].partition(":")[0]
    # Not of the row's number alone, which a database that was restored gives again, to another mail.
    identity = hashlib.sha256(f"{item.pk} {item.key} {item.made_at.isoformat()}".encode()).hexdigest()[:32]
    return mail.EmailMessage(
        subject=f"{settings.CLINIC['name']}: {subject}",
        body="\n\n".join(body) + "\n",
        to=[item.user.email],
        headers={"Message-ID": f"<notice-{identity}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def write_head_words() -> list[str]:
    """The head of the audit, for a mail: whoever cuts the audit off later cannot reach what lies in mailboxes."""
    try:
        head = witness.sign_head()
    except audit.BrokenChainError as broken:
        return [f"The audit is not whole. {broken} Run `manage.py verify_audit`."]
    return (
        [f"The audit goes to this line; `manage.py verify_audit --head` holds it against that:\n{head}"] if head else []
    )


def find_mail_warnings(app_configs: object = None, **options: Any) -> list[checks.CheckMessage]:
    """System check of `manage.py check --deploy`: a mail that is only printed counts as sent, and nobody reads it."""
    if settings.EMAIL_HOST:
        return []
    return [
        checks.Warning(
            "EMAIL_HOST is empty: mails are printed, and nobody is told that a check waits.",
            hint="Set EMAIL_HOST, and what your mail server wants with it: README.md.",
            id="assessment.W001",
        )
    ]

"""The weekly mail to those who look after pages whose review is overdue."""

import datetime
import logging
from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from core.people import display_name

from .models import Reminder, Version

logger = logging.getLogger(__name__)
OWNERLESS = "Nobody looks after this page: choose somebody under “Where it stands”."


def find_overdue_versions(today: datetime.date) -> QuerySet[Version]:
    """Published versions whose review is overdue, the longest first."""
    return (
        Version.objects.live()
        .filter(review_due__lt=today)
        .select_related("article__owner", "article__topic")
        .defer("body", "figures", "pictures")
        .order_by("review_due", "pk")
    )


def group_by_editor(versions: Iterable[Version]) -> dict[User, list[Version]]:
    """{user: their overdue versions}. A page without an owner who can see to it goes to every editor."""
    people = get_user_model().objects.filter(is_active=True, is_staff=True).exclude(email="")
    reachable = {user.pk: user for user in people}
    editors = list(people.filter(groups__name="Editors"))
    found: dict[User, list[Version]] = {}
    for version in versions:
        owner_id = version.article.owner_id
        owner = reachable.get(owner_id) if owner_id else None
        for user in [owner] if owner else editors:
            found.setdefault(user, []).append(version)
    return found


def write_mail_text(user: User, versions: list[Version]) -> str:
    """The mail, in plain text."""
    lines = [f"Hello {display_name(user)},", ""]
    lines.append("the review of these pages is overdue. Patients read a note that they may be out of date.")
    for version in versions:
        edit = reverse("admin:content_article_change", args=[version.article_id])
        lines += ["", f"{version.title}: due {date_format(version.review_due)}", f"{settings.SITE_URL}{edit}"]
        if not version.article.owner_id:
            lines.append(OWNERLESS)
    lines += [
        "",
        "Read each page and its sources again, change what is no longer true, set the next review date, say what",
        "changed, and send it for approval. This mail comes once a week as long as a page is overdue.",
    ]
    return "\n".join(lines) + "\n"


class RemindersError(Exception):
    """Some of the mails could not be sent; the others were, and the next run tries again. Says how many."""


def send_reminders(today: datetime.date | None = None) -> int:
    """Send this week's mails. Returns how many. Whoever got one this week gets no second.

    What goes wrong with one mail does not hold up the others: RemindersError comes at the end.
    """
    today = today or timezone.localdate()
    week = today - datetime.timedelta(days=today.weekday())
    sent = failed = 0
    for user, versions in group_by_editor(find_overdue_versions(today)).items():
        # The row comes first: of two processes at once one finds it. No transaction is open while a mail goes out, for
        # on SQLite nobody else could save until the mail server answers. Whoever dies here is followed next week.
        _, ours = Reminder.objects.get_or_create(user=user, week=week)
        if not ours:
            continue
        number = len(versions)
        subject = f"{number} page{'s' if number > 1 else ''} to review - {settings.CLINIC['name']}"
        try:
            send_mail(subject, write_mail_text(user, versions), settings.DEFAULT_FROM_EMAIL, [user.email])
        except Exception as error:
            # The next run tries again.
            Reminder.objects.filter(user=user, week=week).delete()
            failed += 1
            # The kind of the error only: its text may hold an address.
            logger.warning("reminder to user %s was not sent: %s", user.pk, type(error).__name__)
            continue
        sent += 1
    Reminder.objects.filter(week__lt=week - datetime.timedelta(weeks=8)).delete()
    if failed:
        raise RemindersError(f"{failed} of {sent + failed} mails could not be sent now, and are tried again.")
    return sent

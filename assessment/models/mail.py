"""What is to be told to staff by e-mail: the rows. Who is told what, and the sending, is in notifications.py.

No mail says anything of a check: not its code, not its level, not an answer. "Something waits", and where.
"""

from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.watch import vouching

from ..protocol.model import Level

# Mails say nothing of a check; they stay a while so that a lead can see that they went out.
MAIL_DAYS = 30


class Arrival(models.Model):
    """An emergency or urgent check came in and nobody was told yet: written with it, gone when the mails are made."""

    assessment = models.OneToOneField("assessment.Assessment", on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"Arrival {self.pk}"


def record_arrival(number: int, level: int) -> None:
    """Write the arrival of the check with this number and level. Call it in the transaction that saves or raises it."""
    if level >= Level.URGENT:
        Arrival.objects.bulk_create([Arrival(assessment_id=number)], ignore_conflicts=True)


class Cadence(models.TextChoices):
    AT_ONCE = "at_once", "At once when an emergency or urgent check comes in, and once a day what waits"
    DAILY = "daily", "Once a day what waits"
    NONE = "none", "No e-mail"


class MailWish(models.Model):
    """How often this person wants an e-mail. Who has said nothing gets one a day."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+")
    cadence = models.CharField("e-mail", max_length=10, choices=Cadence.choices, default=Cadence.DAILY)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user}: {self.cadence}"


def read_wishes(keys: Collection[str] | None) -> dict[str, tuple[str, vouching.State]]:
    """For core/watch/vouching.py: whoever takes away that somebody is told of an emergency is found out."""
    wishes = MailWish.objects.select_related("user")
    if keys is not None:
        wishes = wishes.filter(pk__in=[int(key) for key in keys])
    return {str(wish.pk): (wish.user.get_username(), {"cadence": wish.cadence}) for wish in wishes}


class MailKind(models.TextChoices):
    NEW = "new", "New checks"
    DAILY = "daily", "What waits"
    ALARM = "alarm", "Nobody has looked"
    AUDIT = "audit", "The head of the audit"


class Mail(models.Model):
    """One mail to one person. `key` says what it is about, so that two timers cannot make it twice."""

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=10, choices=MailKind.choices)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    count = models.PositiveIntegerField(default=0, help_text="How many checks, where the mail says it.")
    made_at = models.DateTimeField(default=timezone.now)
    # Not before this: the time of the next try, and while somebody is at it the end of their turn.
    next_at = models.DateTimeField(default=timezone.now)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["next_at"], name="assessment_mail_due", condition=Q(sent_at__isnull=True))]

    def __str__(self) -> str:
        return f"{self.kind} to {self.user}"

"""How long a check is kept, what keeps it longer or ends it sooner, and what is left of it: the rows and the clock.

The actions are in retention/deletion.py.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from core.append_only import AppendOnly

from ..protocol.model import Level


def compute_retention_end(level: int, finished_at: datetime) -> datetime:
    """When a check of this level is deleted: never later than the RETENTION_DAYS that its patient was told."""
    days = settings.RETENTION_BY_LEVEL.get(Level(level).code, settings.RETENTION_DAYS)
    return finished_at + timedelta(days=min(days, settings.RETENTION_DAYS))


class Hold(models.Model):
    """This check is not deleted while the row is there: a court, an authority or a complaint needs it."""

    assessment = models.OneToOneField(
        "assessment.Assessment", on_delete=models.CASCADE, primary_key=True, related_name="hold"
    )
    reason = models.CharField(max_length=300)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    placed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        permissions = [("hold_assessment", "Can keep a check from being deleted")]

    def __str__(self) -> str:
        return f"{self.assessment.reference} is kept since {self.placed_at:%d %B %Y}"


class DeletionReason(models.TextChoices):
    """Why a check is deleted before its time."""

    ASKED = "asked", "The patient asked for it"
    MISTAKE = "mistake", "Sent by mistake, or by somebody else"
    TRIAL = "trial", "Sent to try the site out"
    ORDER = "order", "An authority ordered it"


class Disposal(models.Model):
    """Somebody proposes to delete this check before its time; a second person confirms it or not."""

    assessment = models.OneToOneField(
        "assessment.Assessment", on_delete=models.CASCADE, primary_key=True, related_name="disposal"
    )
    why = models.CharField("why", max_length=10, choices=DeletionReason.choices)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ("add",)
        permissions = [("confirm_disposal", "Can agree to the deletion of a check that a colleague proposed")]

    def __str__(self) -> str:
        return f"{self.assessment.reference}: {self.get_why_display()}"


class DeletionCause(models.TextChoices):
    EXPIRED = "expired", "Its time was over"
    PATIENT = "patient", "The patient deleted it"
    STAFF = "staff", "Two of the staff deleted it"


class Tombstone(AppendOnly):
    """A check was here and is deleted: when, by whom and why. Who knows its code finds that out, and nothing else."""

    reference_hash = models.CharField(max_length=64, unique=True, help_text="HMAC of the reference.")
    # So that a key that was used before, or whose check is over, gets the answer "it is deleted" and not "wrong".
    key_hash = models.CharField(max_length=64, unique=True, help_text="As the check had it: deletion_key.py.")
    at = models.DateTimeField(default=timezone.now)
    end = models.CharField(max_length=10, choices=DeletionCause.choices)
    why = models.CharField(max_length=10, choices=DeletionReason.choices, blank=True)
    # User names as they were: a tombstone outlives accounts.
    proposed_by = models.CharField(max_length=150, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                condition=~Q(end=DeletionCause.STAFF)
                | (~Q(why="") & ~Q(proposed_by="") & ~Q(confirmed_by="") & ~Q(proposed_by=F("confirmed_by"))),
                name="assessment_tombstone_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_end_display()}, {self.at:%d %B %Y}"

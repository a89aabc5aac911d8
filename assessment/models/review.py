"""What staff do with a check: the rows. The actions themselves, with their rules and their
traces, are in clinic/review_actions.py.
"""

from collections.abc import Iterable
from typing import Any, Never, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from core.append_only import AppendOnly, AppendOnlyError

from ..protocol.model import Level

LEVELS = [(level.value, level.label) for level in reversed(Level)]


class ReviewState(models.TextChoices):
    NEW = "new", "New"
    IN_REVIEW = "in_review", "In review"
    CONTACTED = "contacted", "Contacted"
    CLOSED = "closed", "Closed"


class ClosingReason(models.TextChoices):
    """Why a check is closed. EARLIER: it had a review before there was a queue."""

    ADVISED = "advised", "Spoke with the patient"
    BOOKED = "booked", "Visit booked, or sent to other care"
    ENOUGH = "enough", "The advice given is enough, nothing to add"
    UNREACHED = "unreached", "Could not be reached"
    DUPLICATE = "duplicate", "Same patient, dealt with in another check"
    OTHER = "other", "Another reason (say it in the note)"
    EARLIER = "earlier", "Reviewed before there was a queue"


# From each state to these and no other; the database holds the same table (triggers.py).
MOVES = {
    ReviewState.NEW: {ReviewState.IN_REVIEW},
    ReviewState.IN_REVIEW: {ReviewState.NEW, ReviewState.CONTACTED, ReviewState.CLOSED},
    ReviewState.CONTACTED: {ReviewState.IN_REVIEW, ReviewState.CLOSED},
    ReviewState.CLOSED: {ReviewState.IN_REVIEW},
}


class StaleError(Exception):
    """The row is no longer as it was read: somebody else was faster."""


class ReviewQuerySet(models.QuerySet["Review"]):
    def update(self, **values: Any) -> Never:
        raise AppendOnlyError("A review changes by Review.change_at_version, which notices who was faster.")

    def bulk_update(self, objs: Iterable["Review"], fields: Iterable[str], batch_size: int | None = None) -> Never:
        self.update()

    def update_or_create(self, *args: Any, **kwargs: Any) -> Never:
        self.update()

    def waiting(self) -> Self:
        """In the queue: not closed. In words that a partial index of SQLite and of PostgreSQL understands."""
        return self.filter(rank__isnull=False)


class Review(models.Model):
    """Where the clinic is with one check: made together with it, one row each. `version` grows with every change."""

    assessment = models.OneToOneField(
        "assessment.Assessment", on_delete=models.CASCADE, primary_key=True, related_name="review"
    )
    level = models.PositiveSmallIntegerField(
        choices=LEVELS, help_text="The level staff work by: the check's own, until somebody overrides it."
    )
    state = models.CharField(max_length=10, choices=ReviewState.choices, default=ReviewState.NEW)
    reason = models.CharField("why closed", max_length=10, choices=ClosingReason.choices, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField(help_text="When somebody should have looked at it: deadlines.py.")
    reviewed_at = models.DateTimeField(null=True, help_text="When staff first had an answer for it.")
    minutes = models.PositiveIntegerField(null=True, help_text="From submission to reviewed_at.")
    closed_at = models.DateTimeField(null=True)
    sport = models.CharField(max_length=40, blank=True)
    answers_digest = models.CharField(max_length=64, help_text="Equal for equal answers.")
    version = models.PositiveIntegerField(default=1)
    rank = models.GeneratedField(
        expression=Case(
            When(state=ReviewState.CLOSED, then=Value(None)),
            When(state=ReviewState.CONTACTED, then=Value(0)),
            default=F("level") + 1,
            output_field=models.SmallIntegerField(null=True),
        ),
        output_field=models.SmallIntegerField(null=True),
        db_persist=True,
        help_text="Place in the queue: level + 1 while it waits, 0 when contacted, nothing when closed.",
    )

    objects = ReviewQuerySet.as_manager()

    class Meta:
        indexes = [
            # The queue. Few rows of a million are in it, and its counts read only this index.
            models.Index(
                fields=["-rank", "due_at", "assigned_to", "state", "sport"],
                name="assessment_review_queue",
                condition=Q(rank__isnull=False),
            ),
            models.Index(fields=["-closed_at"], name="assessment_review_closed"),
            models.Index(fields=["level", "-closed_at"], name="assessment_review_cl_level"),
            models.Index(fields=["sport", "-closed_at"], name="assessment_review_cl_sport"),
            models.Index(fields=["assigned_to", "-closed_at"], name="assessment_review_cl_who"),
            models.Index(fields=["answers_digest", "-submitted_at"], name="assessment_review_same"),
            models.Index(fields=["submitted_at", "level"], name="assessment_review_day"),
            models.Index(fields=["level", "-reviewed_at", "minutes"], name="assessment_review_pace"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReviewState.values), name="assessment_review_state"),
            models.CheckConstraint(
                condition=(Q(state=ReviewState.CLOSED) & ~Q(reason="") & Q(closed_at__isnull=False))
                | (~Q(state=ReviewState.CLOSED) & Q(reason="", closed_at__isnull=True)),
                name="assessment_review_closed_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReviewState.IN_REVIEW) | Q(assigned_to__isnull=False),
                name="assessment_review_has_reviewer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[ReviewState.NEW, ReviewState.IN_REVIEW]) | Q(reviewed_at__isnull=False),
                name="assessment_review_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.get_level_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("A review changes by Review.change_at_version, which notices who was faster.")
        super().save(*args, **kwargs)

    def change_at_version(self, version: int, **values: Any) -> None:
        """Write these values if the row is still at this version; it is one further then. Raises StaleError.

        Raises ValueError for a move that MOVES does not have.
        """
        if self.version != version:
            raise StaleError  # first: "somebody closed it" says more than "it is closed"
        to = values.get("state", self.state)
        if to != self.state and to not in MOVES[ReviewState(self.state)]:
            raise ValueError(f"A check does not go from {self.state} to {to}.")
        row: models.QuerySet[Review] = models.QuerySet(Review).filter(pk=self.pk, version=version, state=self.state)
        if not row.update(version=version + 1, **values):
            raise StaleError
        self.refresh_from_db()


class Note(AppendOnly):
    """What somebody of the staff did or agreed with the patient, in their words. Only ever added."""

    assessment = models.ForeignKey("assessment.Assessment", on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)
    text = models.TextField("note", max_length=4000, help_text="What you did or agreed with the patient.")

    class Meta:
        ordering = ["written_at", "pk"]
        default_permissions = ("add", "view")

    def __str__(self) -> str:
        return f"Note by {self.author} on {self.written_at:%d %B %Y}"


class Override(models.Model):
    """A clinician says another level than the protocol, with the reason. The check itself keeps its own.

    Lowering an emergency is a proposal until somebody else decides on it; any other one is decided as it is made.
    """

    assessment = models.ForeignKey("assessment.Assessment", on_delete=models.CASCADE, related_name="overrides")
    from_level = models.PositiveSmallIntegerField(choices=LEVELS)
    to_level = models.PositiveSmallIntegerField(choices=LEVELS)
    reason = models.TextField(max_length=1000)
    needs_second = models.BooleanField()
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)

    class Meta:
        ordering = ["proposed_at", "pk"]
        default_permissions = ("add", "view")
        constraints = [
            models.UniqueConstraint(
                fields=["assessment"], condition=Q(decided_at__isnull=True), name="assessment_override_one_open"
            ),
            models.CheckConstraint(condition=~Q(from_level=F("to_level")), name="assessment_override_changes"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, accepted__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, accepted__isnull=False),
                name="assessment_override_decided",
            ),
            # Nobody agrees to their own lowering of an emergency.
            models.CheckConstraint(
                condition=Q(needs_second=False)
                | Q(accepted__isnull=True)
                | Q(accepted=False)
                | ~Q(decided_by=F("proposed_by")),
                name="assessment_override_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(from_level=Level.EMERGENCY.value) | Q(needs_second=True), name="assessment_override_second"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_from_level_display()} to {self.get_to_level_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("An override is decided once (Override.record_decision) and never changed.")
        super().save(*args, **kwargs)

    def record_decision(self, actor: User, accepted: bool) -> None:
        """Agree or not, once. Raises StaleError when somebody already has, ValueError for one's own."""
        if accepted and self.needs_second and actor.pk == self.proposed_by_id:
            raise ValueError("Lowering an emergency needs a second person.")
        row: models.QuerySet[Override] = models.QuerySet(Override).filter(pk=self.pk, decided_at__isnull=True)
        if not row.update(decided_by=actor, decided_at=timezone.now(), accepted=accepted):
            raise StaleError
        self.refresh_from_db()

"""Newer rules ask for more than a saved check says: the rows. Who finds them, and what staff do: clinic/raises.py."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.db.models import Q
from django.utils import timezone

from core.append_only import AppendOnlyError

from ..protocol.model import Level
from .review import LEVELS, StaleError


class RaiseQuerySet(models.QuerySet["Raise"]):
    def undecided(self) -> Self:
        """The most urgent first, then what is due first."""
        return self.filter(decided_at__isnull=True).order_by("-level", "due_at", "assessment")


class Raise(models.Model):
    """A version of the protocol asks for a higher level on the answers of a saved check. Staff decide on it, once.

    The check keeps its own level and words: this stands beside it, and goes with it.
    """

    assessment = models.ForeignKey("assessment.Assessment", on_delete=models.CASCADE, related_name="raises")
    protocol_version = models.CharField(max_length=20)
    protocol_digest = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    reasons = models.JSONField(
        help_text="The rules that ask for more: [{rules, level, unsure, text, because: [{question, answer}]}]."
    )
    raised_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(
        help_text="When somebody should have decided: the clock of the level, from raised_at."
    )
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    accepted = models.BooleanField(null=True)
    why = models.TextField("reason", max_length=1000, blank=True, help_text="Why it was dismissed.")

    objects = RaiseQuerySet.as_manager()

    class Meta:
        ordering = ["raised_at", "pk"]
        default_permissions = ()
        indexes = [
            models.Index(
                fields=["-level", "due_at", "assessment"],
                name="assessment_raise_open",
                condition=Q(decided_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "protocol_version"], name="assessment_raise_once"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, accepted__isnull=True, why="")
                | Q(decided_by__isnull=False, decided_at__isnull=False, accepted=True)
                | (Q(decided_by__isnull=False, decided_at__isnull=False, accepted=False) & ~Q(why="")),
                name="assessment_raise_decided",
            ),
        ]

    def __str__(self) -> str:
        return f"raised by protocol {self.protocol_version}: now {Level(self.level).short_label.lower()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("A raise is decided once (Raise.record_decision) and never changed.")
        super().save(*args, **kwargs)

    def record_decision(self, actor: User, accepted: bool, why: str) -> None:
        """Work by the higher level, or dismiss it with the reason why, once. Raises StaleError when somebody has."""
        row: models.QuerySet[Raise] = models.QuerySet(Raise).filter(pk=self.pk, decided_at__isnull=True)
        if not row.update(decided_by=actor, decided_at=timezone.now(), accepted=accepted, why=why):
            raise StaleError
        self.refresh_from_db()

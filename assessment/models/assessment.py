"""Finished checks and what staff do with them."""

import json
from collections.abc import Iterable
from hashlib import sha256
from typing import Any, Never

from django.db import models, transaction
from django.utils import timezone

from core import audit
from core.append_only import AppendOnlyError

from .. import deadlines
from ..privacy import deletion_key
from ..privacy.contact_details import UnreadableError, decrypt_details
from . import mail, retention, row_digests
from .review import LEVELS, Review


def digest_answers(given: dict[str, list[str]]) -> str:
    """A digest of the option codes chosen, by question."""
    return sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def update(self, **fields: Any) -> Never:
        raise AppendOnlyError("A saved check is never changed.")

    def bulk_update(self, objs: Iterable["Assessment"], fields: Iterable[str], batch_size: int | None = None) -> Never:
        self.update()

    def update_or_create(self, *args: Any, **kwargs: Any) -> Never:
        self.update()

    def bulk_create(self, *args: Any, **kwargs: Any) -> Never:
        raise AppendOnlyError(
            "Save each check by itself: save() makes its review, its arrival and its audit event too."
        )


class Assessment(models.Model):
    """A finished check, never changed: protocol version, questions and answers as worded, rules met, advice as shown.

    The token is minted when the check begins; it makes pressing the last button twice harmless. The reference is what a
    patient reads out to the clinic: a name, never a key.
    """

    LEVELS = LEVELS

    token = models.CharField(max_length=64, unique=True, editable=False)
    reference = models.CharField(max_length=11, unique=True)
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    variant = models.CharField(
        max_length=20, blank=True, help_text="Which variant of an emergency: ambulance, maternity ..."
    )
    protocol = models.CharField(max_length=40)
    protocol_version = models.CharField(max_length=20)
    protocol_digest = models.CharField(max_length=64)
    language = models.CharField(max_length=10)
    answers = models.JSONField(help_text="Each question and answer as worded, in the order asked.")
    rules = models.JSONField(
        help_text="The rules met: code, level asked for, and whether only because of a 'not sure'."
    )
    result = models.JSONField(help_text="The result page as the patient read it.")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(default=timezone.now)
    corrects = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="corrected_by",
        help_text="The earlier check in which the patient pressed the wrong answer.",
    )  # fmt: skip
    consent_text = models.TextField(blank=True, help_text="What the patient agreed to, as worded. Samples have none.")
    consent_version = models.CharField(max_length=20, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    retain_until = models.DateTimeField(db_index=True, help_text="Deleted then: retention.compute_retention_end.")
    key_hash = models.CharField(max_length=64, unique=True, help_text="Of the patient's deletion key: deletion_key.py.")
    is_sample = models.BooleanField("sample", default=False, help_text="Made by 'make demo', not by a patient.")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "check"
        ordering = ["-level", "finished_at"]
        # Nearly all are empty: over the plain index of the key, a database that counts its values would rather read
        # the whole table.
        indexes = [
            models.Index(fields=["corrects"], name="assessment_corrections", condition=models.Q(corrects__isnull=False))
        ]
        permissions = [("export_assessment", "Can take checks out of this site")]

    def __str__(self) -> str:
        return f"{self.reference} ({self.get_level_display()})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError("A saved check is never changed.")
        self.fill_derived_fields()
        with transaction.atomic():
            super().save(*args, **kwargs)
            # Here, so that no check can be saved by any way and be missing from the queue.
            review = self.build_review()
            review.save(force_insert=True)
            if not self.is_sample:
                mail.record_arrival(self.pk, self.level)
                audit.record_event(
                    None, "sent", self, **row_digests.digest_rows(self, review), corrects=self.corrects_id
                )

    def fill_derived_fields(self) -> None:
        """What follows from the rest of the record: how long it is kept, and the hash of its patient's key."""
        self.retain_until = retention.compute_retention_end(self.level, self.finished_at)
        self.key_hash = deletion_key.list_key_hashes(deletion_key.derive_key(self.token))[0]

    def build_review(self) -> Review:
        """The review of this check as it begins, not saved yet."""
        given = self.chosen_codes
        return Review(
            assessment=self,
            level=self.level,
            submitted_at=self.finished_at,
            due_at=deadlines.compute_deadline(self.level, self.finished_at),
            sport=next(iter(given.get("sport", [])), ""),
            answers_digest=digest_answers(given),
        )

    @property
    def chosen_codes(self) -> dict[str, list[str]]:
        """The option codes chosen, by question, in the order asked: what the engine can replay."""
        return {item["question"]: [part["option"] for part in item["answer"]] for item in self.answers}


class Contact(models.Model):
    """A patient asks to be called back: apart from the answers, locked (contact_details.py), deletable on its own."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="contact")
    locked = models.TextField(help_text="Name, telephone and e-mail, encrypted together.")
    # Keyed hashes, so that staff can search without anything readable being stored: contact_details.build_search_keys.
    telephone_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    email_key = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    consent_text = models.TextField(help_text="What the patient agreed to, as worded.")
    consent_version = models.CharField(max_length=20)
    consent_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Call back for {self.assessment.reference}"

    def details(self) -> dict[str, str] | None:
        """name, telephone, email; None when the present keys cannot read them."""
        try:
            return decrypt_details(self.locked)
        except UnreadableError:
            return None


class PausedCheck(models.Model):
    """A check that its patient put aside (pause_codes.py): its codes, as the session had them, until the code on the
    patient's paper is typed in, or its time is over."""

    key = models.CharField(max_length=64, unique=True, help_text="HMAC of the code, which is stored nowhere.")
    token = models.CharField(max_length=64, unique=True, help_text="Of the check, which is paused once at most.")
    data = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "assessment_draft"
        default_permissions = ()

    def __str__(self) -> str:
        return f"Put aside until {self.expires_at:%d %B %Y, %H:%M}"


class StepCount(models.Model):
    """How many people were shown a question of the check on one day, and how many of them answered it."""

    day = models.DateField(help_text="The day the question was shown.")
    question = models.CharField(max_length=40)
    shown = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "count of a question"
        verbose_name_plural = "where people leave the check"
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["day", "question"], name="assessment_stepcount_once")]

    def __str__(self) -> str:
        return f"{self.question}, {self.day}: {self.shown} shown, {self.left} left"

    @property
    def left(self) -> int:
        """Shown, and not answered (yet)."""
        return max(self.shown - self.answered, 0)


class DayCount(models.Model):
    """How many checks were sent on one day that is over: counted once, so that no page counts them again.

    It knows nobody, and stays as it is when a check of that day is deleted.
    """

    day = models.DateField(primary_key=True, help_text="In the clinic's time zone.")
    total = models.PositiveIntegerField()
    hurry = models.PositiveIntegerField(help_text="Urgent or emergency, as staff had them when it was counted.")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.day}: {self.total} sent, {self.hurry} urgent"

"""Finished checks and what staff do with them."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from .audit import AuditEvent, AuditHead
from .contact import UnreadableError, unlock
from .frozen import FrozenError
from .protocol.model import Level

__all__ = ["Assessment", "AuditEvent", "AuditHead", "Contact", "FrozenError", "Review", "StepCount"]


class AssessmentQuerySet(models.QuerySet):
    def update(self, **fields):
        raise FrozenError("A saved check is never changed.")

    def unreviewed(self):
        return self.filter(reviews__isnull=True)


class Assessment(models.Model):
    """A finished check, frozen: protocol version, questions and answers as worded, rules met, advice as shown.

    The token is minted when the check begins; it makes pressing the last button twice harmless. The reference is what a
    patient reads out to the clinic: a name, never a key.
    """

    LEVELS = [
        (Level.EMERGENCY.value, "Emergency"),
        (Level.URGENT.value, "Urgent: within 24 hours"),
        (Level.SOON.value, "Soon: within 2 weeks"),
        (Level.SELF_CARE.value, "Self-care"),
    ]

    token = models.CharField(max_length=64, unique=True, editable=False)
    reference = models.CharField(max_length=11, unique=True)
    level = models.PositiveSmallIntegerField(choices=LEVELS)
    variant = models.CharField(
        max_length=20, blank=True, help_text="Which door of an emergency: ambulance, maternity ..."
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
    is_sample = models.BooleanField("sample", default=False, help_text="Made by 'make demo', not by a patient.")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = "check"
        ordering = ["-level", "finished_at"]
        indexes = [models.Index(fields=["-level", "finished_at"], name="assessment_queue")]

    def __str__(self):
        return f"{self.reference} ({self.get_level_display()})"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise FrozenError("A saved check is never changed.")
        super().save(*args, **kwargs)

    @property
    def given(self) -> dict[str, list[str]]:
        """The option codes chosen, by question, in the order asked: what the engine can replay."""
        return {item["question"]: [part["option"] for part in item["answer"]] for item in self.answers}


class Review(models.Model):
    """A clinician has looked at a check: who, when, and what they noted. Only ever added."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=timezone.now)
    note = models.TextField("note", max_length=4000, help_text="What you did or agreed with the patient.")

    class Meta:
        ordering = ["reviewed_at"]

    def __str__(self):
        return f"Reviewed by {self.reviewer} on {self.reviewed_at:%d %B %Y}"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise FrozenError("A review is never changed; add another one.")
        super().save(*args, **kwargs)


class Contact(models.Model):
    """A patient asks to be called back: apart from the answers, locked (contact.py), and deletable on its own."""

    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="contact")
    locked = models.TextField(help_text="Name, telephone and e-mail, encrypted together.")
    consent_text = models.TextField(help_text="What the patient agreed to, as worded.")
    consent_version = models.CharField(max_length=20)
    consent_at = models.DateTimeField()

    def __str__(self):
        return f"Call back for {self.assessment.reference}"

    def details(self) -> dict[str, str] | None:
        """name, telephone, email; None when the present keys cannot read them."""
        try:
            return unlock(self.locked)
        except UnreadableError:
            return None


class Draft(models.Model):
    """A check that its patient put aside (drafts.py): its codes, as the session had them, until the code on the
    patient's paper is typed in, or its time is over."""

    key = models.CharField(max_length=64, unique=True, help_text="HMAC of the code, which is stored nowhere.")
    token = models.CharField(max_length=64, unique=True, help_text="Of the check, which has one draft at most.")
    data = models.JSONField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self):
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

    def __str__(self):
        return f"{self.question}, {self.day}: {self.shown} shown, {self.left} left"

    @property
    def left(self) -> int:
        """Shown, and not answered (yet)."""
        return max(self.shown - self.answered, 0)

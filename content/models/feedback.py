"""What readers say about a page, and what slows down who floods it."""

from django.db import models


class Feedback(models.Model):
    """What one reader said about one page: was it clear? The day and nothing else of when; nothing at all of who."""

    path = models.CharField("page", max_length=200)
    clear = models.BooleanField()
    text = models.CharField("what was unclear", max_length=500, blank=True)
    day = models.DateField()

    class Meta:
        verbose_name_plural = "feedback"
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["path", "clear"], name="content_feedback_page")]

    def __str__(self):
        return f"{self.path}: {'clear' if self.clear else 'not clear'}"


class Bucket(models.Model):
    """How much more one client may send of something just now: see content.throttle. Its key names nobody."""

    key = models.CharField(max_length=64, unique=True)
    full_at = models.BigIntegerField(db_index=True, help_text="When it is full again, in milliseconds since 1970.")

    class Meta:
        default_permissions = ()

    def __str__(self):
        return self.key[:8]

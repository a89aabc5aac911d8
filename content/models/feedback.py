"""What readers say about a page."""

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

    def __str__(self) -> str:
        return f"{self.path}: {'clear' if self.clear else 'not clear'}"

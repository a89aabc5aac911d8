"""Pictures that editors upload."""

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from ..text import markdown


class PictureQuerySet(models.QuerySet["Picture"]):
    def as_shown(self, names: Collection[str]) -> list[dict[str, Any]]:
        """Those of these names as a version keeps them: [{"name", "digest", "width", "height", "widths", ...}]."""
        if not names:
            return []
        fields = ("name", "digest", "width", "height", "widths", "alt", "caption", "credit")
        return list(self.filter(name__in=names).order_by("name").values(*fields))


class Picture(models.Model):
    """An uploaded picture. Its files are DATA_DIR/media/<digest>-<width>.webp; the upload itself is not kept.

    A version keeps the words of its pictures as they were when it was written, so a changed alt text reaches patients
    only with a new, approved version.
    """

    name = models.SlugField(
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9-]+$", "Use small letters, digits and hyphens only, such as heat-pack.")],
        help_text="Short, in small letters: it is how an article names it. For example: heat-pack",
    )
    alt = models.CharField(
        "words for those who do not see it",
        max_length=250,
        help_text="What the picture shows, as you would say it on the telephone. Read aloud by screen readers.",
    )
    caption = models.CharField("words below it", max_length=250, blank=True)
    credit = models.CharField(
        max_length=200, help_text="Who made it, and that we may use it. For example: Clinic photograph, 2026"
    )
    digest = models.CharField(max_length=64, unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    # Widths of the files there are, in pixels, smallest first.
    widths = models.JSONField(default=list, editable=False)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    uploaded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PictureQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse the name of a picture that comes with the site."""
        if self.name in markdown.PICTURES:
            raise ValidationError(
                {"name": f"“{self.name}” is a picture that comes with the site. Choose another name."}
            )

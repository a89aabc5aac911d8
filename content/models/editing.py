"""What the editors' desk remembers beside the words: unsaved text, who has a page open, links to drafts, mails sent."""

import datetime
import secrets
from typing import Self

from django.conf import settings
from django.contrib.auth.models import User
from django.core import signing
from django.db import models
from django.db.models import Q
from django.utils import timezone

from .articles import Article, Version

SALT = "content.sharelink"


class Autosave(models.Model):
    """What one editor has typed into one article's page and not saved yet, as typed. Only that editor sees it."""

    # Empty: a new article.
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="autosaves")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    # {field of the form: [values]}
    data = models.JSONField()
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["article", "author"], name="content_autosave_one_an_editor"),
            models.UniqueConstraint(
                fields=["author"], condition=Q(article__isnull=True), name="content_autosave_one_new_article"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article or 'new article'}: {self.author}"


class PresenceQuerySet(models.QuerySet["Presence"]):
    def others(self, article: Article, user: User) -> Self:
        """Those besides this user who have the article open now."""
        now = timezone.now()
        # Later than now by that much: the clock was set back.
        recent = (now - Presence.LASTS, now + Presence.LASTS)
        return self.filter(article=article, seen_at__range=recent).exclude(user=user).select_related("user")

    def mark(self, article: Article, user: User) -> None:
        now = timezone.now()
        self.filter(seen_at__lte=now - Presence.LASTS).delete()
        self.update_or_create(article=article, user=user, defaults={"seen_at": now})


class Presence(models.Model):
    """An editor has an article's page open. It lapses by itself when nothing is heard for LASTS."""

    LASTS = datetime.timedelta(minutes=2)

    article = models.ForeignKey(Article, models.CASCADE, related_name="presences")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    objects = PresenceQuerySet.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["article", "user"], name="content_presence_once")]

    def __str__(self) -> str:
        return f"{self.article}: {self.user}"


class ShareLink(models.Model):
    """A link to one draft for somebody without an account. A new one for the article, or approval, ends it."""

    LASTS = datetime.timedelta(days=7)

    article = models.OneToOneField(Article, models.CASCADE, related_name="share_link")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=43)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.article} until {self.expires_at:%Y-%m-%d %H:%M}"

    @classmethod
    def make(cls, version: Version, user: User) -> "ShareLink":
        """A new link to this version; the article's earlier one ends."""
        values = {
            "version": version,
            "nonce": secrets.token_urlsafe(32),
            "created_by": user,
            "expires_at": timezone.now() + cls.LASTS,
        }
        return cls.objects.update_or_create(article=version.article, defaults=values)[0]

    @property
    def token(self) -> str:
        return signing.dumps([self.pk, self.nonce], salt=SALT)

    @classmethod
    def find(cls, token: str) -> "ShareLink | None":
        """The link of a token, or None if it was never given out, has ended or was replaced."""
        try:
            pk, nonce = signing.loads(token, salt=SALT, max_age=cls.LASTS)
        except (signing.BadSignature, ValueError, TypeError):
            return None
        return (
            cls.objects.filter(pk=pk, nonce=nonce, expires_at__gt=timezone.now(), version__approved_at__isnull=True)
            .select_related("version__article__topic", "version__article__sport")
            .first()
        )


class Reminder(models.Model):
    """The mail about overdue pages that one editor got in one week (its Monday)."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    week = models.DateField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["user", "week"], name="content_reminder_once_a_week")]

    def __str__(self) -> str:
        return f"{self.user}, week of {self.week}"

"""What patients read. An article is an address; its words live in versions that nobody overwrites."""

import datetime
from collections.abc import Collection, Iterable
from typing import Any, NoReturn, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from core import readability

from ..text import markdown, prose
from .feedback import Feedback
from .pictures import Picture

# Addresses that belong to other parts of the site, so no topic can have them.
TAKEN = (
    "a-z", "accessibility", "admin", "check", "clinic", "drafts", "feed", "feedback", "how-we-write", "pictures",
    "privacy", "search", "static", "styleguide",
)  # fmt: skip
# What a version says. Stored once, these never change.
WORDS = ("article", "title", "summary", "body", "figures", "pictures", "written", "author")
# Every page and every result of the check leads here, so it stays on the site.
ALWAYS_THERE = ("signs-that-need-help-now",)


class StoredWordsError(Exception):
    """Somebody tried to change or delete the words of a stored version."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"A stored version keeps its words ({', '.join(names)} cannot change). Append a new one: "
            "Article.append_version()."
        )


class OwnWordsError(Exception):
    """Somebody tried to approve or clinically review what they wrote themselves."""

    def __init__(self) -> None:
        super().__init__("Nobody approves or reviews their own text: ask somebody else.")


class Topic(models.Model):
    """A section of the site (causes, symptoms, ...), at the address /<slug>/."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.slug])

    def clean(self) -> None:
        """Refuse the address of another part of the site."""
        if self.slug in TAKEN:
            raise ValidationError(
                {"slug": f"“{self.slug}” is the address of another part of this site. Choose another."}
            )


class Sport(models.Model):
    """A sport, and in one line what loads the back in it."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    load = models.CharField("what loads the back", max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """A publication that articles cite as [@key]."""

    key = models.SlugField(unique=True, help_text="Cited in an article as [@key], for example [@henschke-2009].")
    title = models.CharField(max_length=400)
    body = models.CharField("journal or organisation", max_length=200)
    year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Empty if the page gives none.")
    url = models.URLField("address", max_length=500)
    checked = models.DateField("last looked at", null=True, blank=True)

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return f"{self.key}: {self.title}"


class VersionQuerySet(models.QuerySet["Version"]):
    def live(self, now: datetime.datetime | None = None) -> Self:
        """The version that patients read of each article: its newest approved one whose time has come.

        When that one has expired the page is off the site: older words do not come back by themselves.
        """
        now = now or timezone.now()
        shown = Version.objects.filter(
            article=OuterRef("article"), approved_at__isnull=False, publish_at__lte=now
        ).order_by("-pk")
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now),
            article__withdrawn=False,
            pk=Subquery(shown.values("pk")[:1]),
        )

    def next_change(self, now: datetime.datetime) -> datetime.datetime | None:
        """The next moment after now at which live() gives another answer by itself; None if there is none."""
        approved = self.filter(approved_at__isnull=False)
        comes = approved.filter(publish_at__gt=now).aggregate(next=Min("publish_at"))["next"]
        goes = approved.filter(expires_at__gt=now).aggregate(next=Min("expires_at"))["next"]
        return min((moment for moment in (comes, goes) if moment), default=None)

    def newest(self) -> Self:
        """The version that was written last of each article, whether patients read it or not."""
        last = Version.objects.filter(article=OuterRef("article")).order_by("-pk")
        return self.filter(pk=Subquery(last.values("pk")[:1]))

    def update(self, **values: Any) -> int:
        refused = [name for name in WORDS if name in values]
        if refused:
            raise StoredWordsError(refused)
        return super().update(**values)

    def bulk_create(
        self, objs: Iterable["Version"], *args: Any, update_fields: Collection[str] | None = None, **kwargs: Any
    ) -> "list[Version]":
        # "Update on conflict" would write over stored words.
        if update_fields:
            raise StoredWordsError(update_fields)
        return super().bulk_create(objs, *args, **kwargs)

    def delete(self) -> NoReturn:
        raise StoredWordsError(WORDS)


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self, now: datetime.datetime | None = None) -> Self:
        """Articles that patients can read, in order, each with its .current version (without body): two queries."""
        live = Version.objects.live(now)
        return (
            self.filter(pk__in=live.values("article"))
            .select_related("topic", "sport")
            .order_by("topic__position", "topic__slug", "position", "slug")
            .prefetch_related(Prefetch("versions", live.defer("body", "figures", "pictures"), to_attr="live_versions"))
        )

    def newest_titles(self) -> "QuerySet[Version, tuple[int, str]]":
        """(primary key, newest title) of each article."""
        return Version.objects.newest().filter(article__in=self).values_list("article_id", "title")


class Article(models.Model):
    """An address of the site, /<topic>/<slug>/. What it says is in its versions."""

    topic = models.ForeignKey(Topic, models.PROTECT, related_name="articles")
    slug = models.SlugField(unique=True)
    sport = models.OneToOneField(
        Sport,
        models.PROTECT,
        null=True,
        blank=True,
        help_text="Only in the topic Sports: the sport this page is about.",
    )
    position = models.PositiveIntegerField(default=0, help_text="Order inside the topic: small numbers first.")
    withdrawn = models.BooleanField(default=False, help_text="Takes the page off the site; its versions stay here.")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Looks after this page, and gets a mail when its review is overdue.",
    )
    related = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="related_from")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["topic__position", "position", "slug"]

    def __str__(self) -> str:
        return self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            left = self.address_left()
            super().save(*args, **kwargs)
            if left:
                OldAddress.objects.update_or_create(
                    topic=left[0], slug=left[1], defaults={"article": self, "since": timezone.now()}
                )
                # What readers said stays with the page.
                Feedback.objects.filter(path=reverse("article", args=left)).update(path=self.get_absolute_url())

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.topic.slug, self.slug])

    def address_left(self) -> tuple[str, str] | None:
        """(topic's slug, slug) where it stood until now, if it is about to move; else None."""
        if not self.pk:
            return None
        stored = Article.objects.filter(pk=self.pk).values_list("topic__slug", "slug").first()
        return stored if stored and stored != (self.topic.slug, self.slug) else None

    @property
    def current(self) -> "Version | None":
        """The version patients read, or None. Free of queries on articles from published()."""
        if not hasattr(self, "live_versions"):
            self.live_versions = list(self.versions.live())
        return self.live_versions[0] if self.live_versions else None

    @property
    def live_version(self) -> "Version":
        """The version patients read, of an article that they can read: one from published()."""
        if self.current is None:
            raise Version.DoesNotExist(f"Patients cannot read {self.slug} now.")
        return self.current

    @property
    def newest(self) -> "Version | None":
        """The version written last, or None."""
        if not hasattr(self, "newest_versions"):
            self.newest_versions = list(self.versions.newest().select_related("author"))
        return self.newest_versions[0] if self.newest_versions else None

    @transaction.atomic
    def append_version(self, **words: Any) -> "Version":
        """Store a new version with these words; the sources it cites and the pictures it shows are kept with it."""
        shown = Picture.objects.as_shown(markdown.find_uploaded_names(words.get("body", "")))
        version = Version.objects.create(article=self, **{"pictures": shown, **words})
        version.sources.set(Source.objects.filter(key__in=version.citations()))
        # What was looked up before is no longer true.
        self.__dict__.pop("live_versions", None)
        self.__dict__.pop("newest_versions", None)
        return version


class Version(models.Model):
    """The words of an article at one time: who wrote them, who approved them, and when patients may read them."""

    article = models.ForeignKey(Article, models.PROTECT, related_name="versions")
    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=200)
    body = models.TextField()
    # Published figures of a sport: [{"label", "percent", "of", "source"}].
    figures = models.JSONField(default=list, blank=True)
    # The uploaded pictures as they were when it was written (Picture.as_shown), with their words.
    pictures = models.JSONField(default=list, blank=True, editable=False)
    # For look-ups only; the order on the page comes from citations().
    sources = models.ManyToManyField(Source, blank=True, related_name="versions")
    written = models.DateField()
    review_due = models.DateField("next review due")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: it comes from the starter library.",
    )
    created_at = models.DateTimeField(default=timezone.now)
    note = models.CharField("what changed", max_length=200)
    sent_at = models.DateTimeField("sent for approval", null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    returned_note = models.CharField("what should change", max_length=500, blank=True)
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    # Empty until somebody approves it: then it is that moment.
    publish_at = models.DateTimeField("patients read it from", default=timezone.now, null=True, blank=True)
    expires_at = models.DateTimeField("taken off the site on", null=True, blank=True)
    clinically_reviewed_by = models.CharField(max_length=120, blank=True)
    clinically_reviewed_on = models.DateField(null=True, blank=True)
    clinical_reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    grade = models.FloatField("reading grade", null=True, editable=False)
    digest = models.CharField("digest of the starter file", max_length=64, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["article", "-id"], name="content_version_newest")]
        constraints = [
            # Words of a person are read by patients only after another person approved them. Words without an author
            # come from the starter articles, which are approved as code is.
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True)
                | Q(author__isnull=True)
                | (Q(approved_by__isnull=False) & ~Q(approved_by=F("author"))),
                name="content_version_second_person",
            ),
            models.CheckConstraint(
                condition=Q(clinical_reviewer__isnull=True)
                | Q(author__isnull=True)
                | ~Q(clinical_reviewer=F("author")),
                name="content_version_clinical_second_person",
            ),
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(publish_at__isnull=False),
                name="content_version_approved_has_time",
            ),
        ]
        permissions = [
            ("approve_version", "Can approve what others wrote"),
            ("review_version_clinically", "Can sign the clinical review of what others wrote"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.created_at:%Y-%m-%d %H:%M})"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk and not self._state.adding:
            stored = type(self).objects.filter(pk=self.pk).values(*WORDS).get()
            now = {
                field.name: getattr(self, field.attname) for field in self._meta.concrete_fields if field.name in WORDS
            }
            refused = [name for name in WORDS if stored[name] != now[name]]
            if refused:
                raise StoredWordsError(refused)
        elif self.grade is None:
            self.grade = readability.compute_reading_grade(prose.extract_running_text(self.body))
        if self.author_id and self.author_id in (self.approved_by_id, self.clinical_reviewer_id):
            raise OwnWordsError
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise StoredWordsError(WORDS)

    def citations(self) -> tuple[str, ...]:
        """Keys of the sources it stands on: those cited in the body in order, then those only of the figures."""
        return tuple(
            dict.fromkeys([*markdown.find_citations(self.body), *(figure["source"] for figure in self.figures)])
        )

    @property
    def live_since(self) -> datetime.datetime:
        """When patients could first read an approved version: it needs both its approval and its time."""
        if self.publish_at is None or self.approved_at is None:
            raise ValueError("Nobody approved this version, so patients cannot read it.")
        return max(self.publish_at, self.approved_at)

    @property
    def is_review_overdue(self) -> bool:
        return self.review_due < timezone.localdate()

    @property
    def is_awaiting_approval(self) -> bool:
        """Sent for approval, and neither approved nor given back."""
        return bool(self.sent_at and not self.approved_at and not self.returned_at)

    @property
    def shown_pictures(self) -> tuple[markdown.UploadedPicture, ...]:
        """Its uploaded pictures as render_article() takes them."""
        return markdown.make_uploaded_pictures(self.pictures)


class OldAddressQuerySet(models.QuerySet["OldAddress"]):
    def led_elsewhere(self, slug: str | None, article: Article) -> bool:
        """Whether another article stood at this slug, in whatever topic, within the last year: links from outside, and
        results of the check, still mean that one."""
        since = timezone.now() - OldAddress.KEPT_FREE
        return self.filter(slug=slug, since__gt=since).exclude(article=article.pk).exists()


class OldAddress(models.Model):
    """Where an article stood before it was moved. It points at the article, not at its next address: no chains."""

    # No other article takes the address for so long.
    KEPT_FREE = datetime.timedelta(days=365)

    topic = models.SlugField()
    slug = models.SlugField()
    article = models.ForeignKey(Article, models.CASCADE, related_name="old_addresses")
    since = models.DateTimeField(default=timezone.now)

    objects = OldAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "old addresses"
        constraints = [models.UniqueConstraint(fields=["topic", "slug"], name="content_oldaddress_once")]
        indexes = [models.Index(fields=["slug"], name="content_oldaddress_slug")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"/{self.topic}/{self.slug}/"


class CacheGeneration(models.Model):
    """How often what patients read has changed: one row, counted by triggers. See content/page_cache/watch.py."""

    number = models.BigIntegerField()

    class Meta:
        db_table = "content_edition"
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.number)

"""What patients read. An article is an address; its words live in versions that nobody overwrites."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Prefetch, Subquery
from django.urls import reverse
from django.utils import timezone

from content import markdown

# Addresses that belong to other parts of the site, so no topic can have them.
TAKEN = (
    "a-z", "accessibility", "admin", "check", "feed", "feedback", "how-we-write", "privacy", "search", "static",
    "styleguide",
)  # fmt: skip
# What a version says. Stored once, these never change.
WORDS = ("article", "title", "summary", "body", "figures", "written")


class WordsAreFixed(Exception):
    """Somebody tried to change or delete the words of a stored version."""

    def __init__(self, names):
        super().__init__(
            f"A stored version keeps its words ({', '.join(names)} cannot change). Append a new one: Article.append()."
        )


def free_address(slug):
    """Refuse a topic's slug that another part of the site answers under."""
    if slug in TAKEN:
        raise ValidationError(f"“{slug}” is the address of another part of this site. Choose another.")


class Topic(models.Model):
    """A section of the library (causes, symptoms, ...), at the address /<slug>/."""

    slug = models.SlugField(unique=True, validators=[free_address])
    name = models.CharField(max_length=80)
    summary = models.CharField(max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("topic", args=[self.slug])


class Sport(models.Model):
    """A sport, and in one line what loads the back in it."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    load = models.CharField("what loads the back", max_length=200)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self):
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

    def __str__(self):
        return f"{self.key}: {self.title}"


class VersionQuerySet(models.QuerySet):
    def live(self, now=None):
        """The version that patients read of each article: its newest approved one whose time has come."""
        shown = Version.objects.filter(
            article=OuterRef("article"), approved_at__isnull=False, publish_at__lte=now or timezone.now()
        ).order_by("-pk")
        return self.filter(article__withdrawn=False, pk=Subquery(shown.values("pk")[:1]))

    def newest(self):
        """The version that was written last of each article, whether patients read it or not."""
        last = Version.objects.filter(article=OuterRef("article")).order_by("-pk")
        return self.filter(pk=Subquery(last.values("pk")[:1]))

    def update(self, **values):
        refused = [name for name in WORDS if name in values]
        if refused:
            raise WordsAreFixed(refused)
        return super().update(**values)

    def delete(self):
        raise WordsAreFixed(WORDS)


class ArticleQuerySet(models.QuerySet):
    def published(self, now=None):
        """Articles that patients can read, in order, each with its .current version (without body): two queries."""
        live = Version.objects.live(now)
        return (
            self.filter(pk__in=live.values("article"))
            .select_related("topic", "sport")
            .order_by("topic__position", "topic__slug", "position", "slug")
            .prefetch_related(Prefetch("versions", live.defer("body", "figures"), to_attr="live_versions"))
        )


class Article(models.Model):
    """An address of the library, /<topic>/<slug>/. What it says is in its versions."""

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
    related = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="related_from")

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["topic__position", "position", "slug"]

    def __str__(self):
        return self.slug

    def get_absolute_url(self):
        return reverse("article", args=[self.topic.slug, self.slug])

    @property
    def current(self):
        """The version patients read, or None. Free of queries on articles from published()."""
        if not hasattr(self, "live_versions"):
            self.live_versions = list(self.versions.live())
        return self.live_versions[0] if self.live_versions else None

    @property
    def newest(self):
        """The version written last, or None."""
        if not hasattr(self, "newest_versions"):
            self.newest_versions = list(self.versions.newest().select_related("author"))
        return self.newest_versions[0] if self.newest_versions else None

    @transaction.atomic
    def append(self, **words):
        """Store a new version with these words; the sources it cites are linked to it."""
        version = Version.objects.create(article=self, **words)
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
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    publish_at = models.DateTimeField(default=timezone.now)
    clinically_reviewed_by = models.CharField(max_length=120, blank=True)
    clinically_reviewed_on = models.DateField(null=True, blank=True)
    digest = models.CharField("digest of the library file", max_length=64, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["article", "-id"], name="content_version_newest")]

    def __str__(self):
        return f"{self.title} ({self.created_at:%Y-%m-%d %H:%M})"

    def save(self, *args, **kwargs):
        if self.pk and not self._state.adding:
            stored = type(self).objects.filter(pk=self.pk).values(*WORDS).get()
            now = {name: getattr(self, Version._meta.get_field(name).attname) for name in WORDS}
            refused = [name for name in WORDS if stored[name] != now[name]]
            if refused:
                raise WordsAreFixed(refused)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise WordsAreFixed(WORDS)

    def citations(self):
        """Keys of the sources it stands on: those cited in the body in order, then those only of the figures."""
        return tuple(dict.fromkeys([*markdown.citations(self.body), *(figure["source"] for figure in self.figures)]))

    @property
    def live_since(self):
        """When patients could first read an approved version: it needs both its approval and its time."""
        return max(self.publish_at, self.approved_at)

    @property
    def review_is_overdue(self):
        return self.review_due < timezone.localdate()


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

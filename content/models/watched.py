"""What of articles is watched (core/watch/vouching.py): the words of each version, who approved and reviewed them, and
what pages show beside them without approval: topics, sports, sources and the clinic's own page."""

from collections.abc import Collection
from functools import partial
from typing import Any

from django.db.models import Model, QuerySet

from core.watch import vouching
from core.watch.vouching import State

from .articles import Article, Source, Sport, Topic, Version
from .clinic import ClinicDetails, TeamMember

ARTICLE = ("address", "withdrawn")
# The columns of a version, by part.
VERSION = {
    "words": (
        "article_id", "title", "summary", "body", "figures", "pictures", "written", "review_due", "author_id",
        "created_at", "note", "digest",
    ),
    "way": ("sent_at", "returned_at", "returned_by_id", "returned_note"),
    "approval": ("approved_by_id", "approved_at", "publish_at", "expires_at"),
    "review": ("clinically_reviewed_by", "clinically_reviewed_on", "clinical_reviewer_id"),
}  # fmt: skip
# Watched as a whole: model, kind, what a finding calls one, and the column that names it.
COLUMNS: tuple[tuple[type[Model], str, str, str], ...] = (
    (Topic, "topic", "the topic", "slug"),
    (Sport, "sport", "the sport", "slug"),
    (Source, "source", "the source", "key"),
    (ClinicDetails, "clinic", "the clinic's hours and how to book", ""),
    (TeamMember, "member", "who works at the clinic:", "name"),
)


def read_articles(keys: Collection[str] | None) -> dict[str, tuple[str, State]]:
    articles = Article.objects.select_related("topic")
    if keys is not None:
        articles = articles.filter(pk__in=[int(key) for key in keys])
    # Not get_absolute_url(): a command does not know where the web server mounts the site.
    return {
        str(article.pk): (
            article.slug,
            {"address": f"/{article.topic.slug}/{article.slug}/", "withdrawn": article.withdrawn},
        )
        for article in articles
    }


def read_versions(keys: Collection[str] | None) -> dict[str, tuple[str, State]]:
    versions = Version.objects.all()
    if keys is not None:
        versions = versions.filter(pk__in=[int(key) for key in keys])
    columns = [column for part in VERSION.values() for column in part]
    found: dict[str, tuple[str, State]] = {}
    for row in versions.values("pk", "article__slug", *columns):
        state: dict[str, Any] = {part: [row[column] for column in names] for part, names in VERSION.items()}
        found[str(row["pk"])] = (f"{row['pk']} of {row['article__slug']}", state)
    return found


def read_columns(model: type[Model], name: str, keys: Collection[str] | None) -> dict[str, tuple[str, State]]:
    """All columns of these rows, as one part. name: the column by which people call one; "" for the only row."""
    rows: QuerySet[Any] = model._default_manager.all()
    if keys is not None:
        rows = rows.filter(pk__in=[int(key) for key in keys])
    return {str(row["id"]): (row[name] if name else "", {"words": row}) for row in rows.values()}


def register_kinds() -> None:
    vouching.register_kind(vouching.Kind("article", "the article", read_articles), ARTICLE)
    vouching.register_kind(vouching.Kind("version", "version", read_versions), VERSION)
    vouching.watch_saves(Article, "article")
    vouching.watch_saves(Version, "version")
    for model, kind, words, name in COLUMNS:
        vouching.register_kind(vouching.Kind(kind, words, partial(read_columns, model, name)), ["words"])
        vouching.watch_saves(model, kind)

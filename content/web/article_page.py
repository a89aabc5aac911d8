"""What an article's page shows: to patients, to an editor in a preview, to somebody with a link to a draft."""

from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from ..models import Article, Source, Version
from ..text import markdown

# Makes HTML of a body, the keys of its sources, the emergency number and its pictures.
Renderer = Callable[[str, tuple[str, ...], str, tuple[markdown.UploadedPicture, ...]], markdown.ArticleHtml]


def build_article_context(
    version: Version,
    related: Iterable[Version] | None = None,
    render: Renderer = markdown.render_article,
) -> dict[str, Any]:
    """The context of content/article.html for these words, stored or not.

    related: the articles to read next, as live Versions; None looks them up. render: render_article_uncached for words
    that are still being written, so that they push no published page out of the cache.
    """
    sources = list_cited_sources(version)
    keys = tuple(source.key for source in sources)
    return {
        "article": version.article,
        "version": version,
        "text": render(version.body, keys, settings.CLINIC["emergency_number"], version.shown_pictures),
        "sources": sources,
        "figures": [
            {**figure, "number": keys.index(figure["source"]) + 1 if figure["source"] in keys else None}
            for figure in version.figures
        ],
        "related": list_related_versions(version.article) if related is None else related,
    }


def list_cited_sources(version: Version) -> list[Source]:
    """The sources of a version in the order it cites them."""
    keys = version.citations()
    found = {source.key: source for source in Source.objects.filter(key__in=keys)}
    return [found[key] for key in keys if key in found]


def list_related_versions(article: Article) -> QuerySet[Version]:
    return (
        Version.objects.live()
        .filter(article__related_from=article)
        .defer("body", "figures", "pictures")
        .select_related("article__topic")
        .order_by("article__topic__position", "article__position")
    )

"""What an article's page shows: to patients, to an editor in a preview, to somebody with a link to a draft."""

from django.conf import settings

from ..models import Source, Version
from ..text import markdown


def build_article_context(version, related=None, render=markdown.render_article):
    """The context of content/article.html for these words, stored or not.

    related: the articles to read next, as live Versions; None looks them up. render: markdown.draw for words that are
    still being written, so that they push no published page out of the cache.
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


def list_cited_sources(version):
    """The sources of a version in the order it cites them."""
    keys = version.citations()
    found = {source.key: source for source in Source.objects.filter(key__in=keys)}
    return [found[key] for key in keys if key in found]


def list_related_versions(article):
    return (
        Version.objects.live()
        .filter(article__related_from=article)
        .defer("body", "figures", "pictures")
        .select_related("article__topic")
        .order_by("article__topic__position", "article__position")
    )

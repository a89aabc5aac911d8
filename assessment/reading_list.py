"""What the check and the articles share: the articles that patients are sent to, the registers of sources and signs."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from .protocol import signs, sources
from .protocol.back_pain import PROTOCOL
from .protocol.model import Level

# Answers about sport that name none.
NO_SPORT = ("none", "other")


def list_needed_articles() -> Iterator[tuple[str, str | None]]:
    """[(who needs it, the article's slug, or None where the protocol names none)]. See content.public.

    A level below emergency names what to read; in an emergency nobody is sent to read. A sport that patients can choose
    has its article.
    """
    for level in Level:
        slugs = PROTOCOL.articles.get(level, ())
        if not slugs and level != Level.EMERGENCY:
            yield f"level {level.code}", None
        yield from ((f"level {level.code}", slug) for slug in slugs)
    for rule in PROTOCOL.rules:
        yield from ((f"rule {rule.code}", slug) for slug in rule.articles)
    yield from ((f"advice {advice.code}", advice.article) for advice in PROTOCOL.advice if advice.article)
    yield from ((f"plan {block.code}", block.article) for block in PROTOCOL.plan if block.article)
    sport = PROTOCOL.question("sport")
    for code in sport.codes() if sport else ():
        if code not in NO_SPORT:
            yield f"sport {code}", PROTOCOL.sport_articles.get(code)


def list_source_rows() -> dict[str, dict[str, Any]]:
    """The register of sources as the articles read it. See content.public."""
    return {
        key: {
            "title": source.title,
            "body": source.body,
            **({"year": source.year} if source.year else {}),
            "url": source.url,
            **({"checked": date.fromisoformat(source.checked)} if source.checked else {}),
        }
        for key, source in sources.load_sources().items()
    }


def list_sign_rows() -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, str]]]:
    """The register of warning signs as the articles show it. See content.public."""
    register = signs.load_signs()
    rows = {
        key: {
            "words": sign.words,
            "such_as": sign.such_as,
            "short": sign.short,
            "level": sign.level.code,
            "variant": sign.variant,
            "groups": sign.groups,
            "always": sign.always,
        }
        for key, sign in register.signs.items()
    }
    return rows, {key: {"heading": group.heading, "about": group.about} for key, group in register.groups.items()}

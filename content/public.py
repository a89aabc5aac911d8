"""What other parts of the site may ask of the articles."""

from collections.abc import Callable, Iterable
from typing import Any, TypedDict

from django.urls import reverse

from .models import ClinicDetails, OldAddress, Version
from .page_cache.wsgi import PageCache as PageCache
from .starter import lint as starter_lint
from .starter import loader
from .text import signs
from .web import feedback


class ArticleLink(TypedDict):
    """What leads to a published article."""

    slug: str
    title: str
    address: str


def find_article_links(slugs: Iterable[str]) -> list[ArticleLink]:
    """Published articles as {"slug", "title", "address"}, in the order of slugs; those not published are left out."""
    slugs = list(slugs)
    found = find_links_by_slug(slugs)
    if missing := set(slugs) - found.keys():
        # An editor may have moved it since the rules were written.
        moved = dict(OldAddress.objects.filter(slug__in=missing).values_list("slug", "article__slug"))
        there = find_links_by_slug(moved.values())
        found |= {old: {**there[new], "slug": old} for old, new in moved.items() if new in there}
    return [found[slug] for slug in slugs if slug in found]


def find_links_by_slug(slugs: Iterable[str]) -> dict[str, ArticleLink]:
    rows = (
        Version.objects.live()
        .filter(article__slug__in=slugs)
        .values_list("article__slug", "title", "article__topic__slug")
    )
    return {
        slug: {"slug": slug, "title": title, "address": reverse("article", args=[topic, slug])}
        for slug, title, topic in rows
    }


def find_clinic_hours() -> str:
    """When the clinic is open, a line for each; "" while nobody has said so."""
    return ClinicDetails.objects.values_list("hours", flat=True).first() or ""


def register_feedback_page(name: str, title: Callable[..., str | None]) -> None:
    """Let readers say whether the pages of this address name are clear. title(**kwargs): the page's title, or None."""
    feedback.PAGES[name] = title


def purge_expired_rows() -> int:
    """Delete what readers said and was kept long enough; return how many notes."""
    return feedback.purge_feedback()


def register_needed_articles(needs: Callable[[], Iterable[tuple[str, str | None]]]) -> None:
    """Let lint_articles ask what articles another part of the site counts on.

    needs(): [(who needs it, the article's slug, or None where one should be named and is not)].
    """
    starter_lint.NEEDS.append(needs)


def register_sources(load: Callable[[], dict[str, dict[str, Any]]]) -> None:
    """Let articles cite the sources of a register that another part of the site keeps.

    load(): {key: {"title", "body", "year", "url", "checked"}}; year and checked (a date) only where they are known.
    """
    if load not in loader.REGISTERS:
        loader.REGISTERS.append(load)


def register_signs(load: Callable[[], tuple[dict[str, dict[str, Any]], dict[str, dict[str, str]]]]) -> None:
    """Let articles show the warning signs of a register that another part of the site keeps.

    load(): ({key: {"words", "such_as", "short", "level", "variant", "groups", "always"}}, {group: {"heading",
    "about"}}), both in the order in which they are shown; see content/text/signs.py.
    """
    rows, groups = load()
    register = signs.Register(
        {key: signs.Sign(**row) for key, row in rows.items()}, {key: signs.Group(**row) for key, row in groups.items()}
    )
    signs.REGISTERED[:] = [register]


def list_signs_of_every_page() -> list[str]:
    """The words of the signs that every page shows, for one that can show no article."""
    return signs.list_always_words()

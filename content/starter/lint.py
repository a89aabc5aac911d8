"""What could be better in the articles of a folder: in each (content/text/lint.py), and in all side by side.

A finding has a stable code; manage.py lint_articles prints them all and fails if there is one.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils import timezone

from core import readability

from ..text import drawings, markdown, prose, shared, signs, spelling
from ..text.lint import find_statistics, lint_article
from .loader import REFERENCE, StarterContent, list_cited_keys

# Twelve words on end that two texts share are no accident, but may be one study's figures told in the same words. Of
# the first 60 articles, two that were written each on its own shared 34 such words at most; two of which one was made
# from the other, 260 or more. So a paragraph in all is too much, and so are two long sentences on end.
SHINGLE, LONGEST_SHARED, MOST_SHARED = 12, 40, 100
# What other parts of the site need: functions that give [(who needs it, article's slug or None)] (content/public.py).
NEEDS: list[Callable[[], Iterable[tuple[str, str | None]]]] = []
CARE_BOXES = tuple(markdown.CARDS)
Shingle = tuple[str, ...]


class StarterFinding(NamedTuple):
    """Something to put right: a stable code, where (a file, with its line if there is one), and what to do."""

    code: str
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.where}: {self.message}"


class ArticleCounts(NamedTuple):
    """One article in figures. figures: the passages that state one, and the rows of its table of published figures."""

    article: str
    words: int
    grade: float
    sources: int
    figures: int


def map_link_targets(articles: Iterable[tuple[str, str, str]]) -> dict[str, set[str] | None]:
    """{path: its ids, or None where they are not known} of every page a link may lead to.

    articles: (topic's slug, article's slug, body) of each.
    """
    found: dict[str, set[str] | None] = {}
    for pattern in get_resolver().reverse_dict:
        if isinstance(pattern, str):
            try:
                found[reverse(pattern)] = None
            except NoReverseMatch:
                continue
    for topic, slug, body in articles:
        found[reverse("topic", args=[topic])] = None
        found[reverse("article", args=[topic, slug])] = prose.list_page_ids(body)
    return found


def count_articles(starter: StarterContent) -> list[ArticleCounts]:
    """The articles in numbers."""
    return [
        ArticleCounts(
            file.slug,
            prose.count_words(file.body),
            readability.compute_reading_grade(prose.extract_running_text(file.body)),
            len(list_cited_keys(file)),
            len(find_statistics(file.body)) + len(file.data.get("figures", [])),
        )
        for file in starter.files
    ]


def lint_articles(starter: StarterContent) -> Iterator[StarterFinding]:
    """Everything to put right in the articles of a folder."""
    places = map_link_targets((file.data["topic"], file.slug, file.body) for file in starter.files)
    for file in starter.files:
        for code, line, message in lint_article(
            file.body,
            title=file.data["title"],
            summary=file.data["summary"],
            known=starter.sources,
            addresses=places,
        ):
            if code == "too_long" and file.slug in REFERENCE:
                continue
            # Lines are counted in the file, as an editor of files shows them.
            yield StarterFinding(code, f"{file.name}:{line + file.first_line - 1}" if line else file.name, message)
    for lint in (
        lint_review_dates,
        lint_citations,
        lint_sources,
        lint_completeness,
        lint_drawings,
        lint_shared_passages,
    ):
        yield from lint(starter)


def lint_review_dates(starter: StarterContent) -> Iterator[StarterFinding]:
    for file in starter.files:
        if file.data["review_due"] < timezone.localdate():
            yield StarterFinding("review_overdue", file.name, f"Its review was due on {file.data['review_due']}.")


def lint_citations(starter: StarterContent) -> Iterator[StarterFinding]:
    for file in starter.files:
        if not list_cited_keys(file):
            yield StarterFinding(
                "no_source", file.name, "It cites nothing. Cite as [@key] a source of assessment/protocol/sources.toml."
            )


def lint_sources(starter: StarterContent) -> Iterator[StarterFinding]:
    """Every source that is cited can be looked up: a year, or the day we read it where the page gives none."""
    by_address: dict[str, list[str]] = defaultdict(list)
    by_title: dict[tuple[str, str, int | None], list[str]] = defaultdict(list)
    for key in sorted(set().union(*map(list_cited_keys, starter.files))):
        source = starter.sources.get(key)
        if source is None:
            continue  # content/text/problems.py says so
        by_address[source["url"].rstrip("/")].append(key)
        by_title[source["title"].casefold(), source["body"].casefold(), source.get("year")].append(key)
        if "year" not in source and "checked" not in source:
            yield StarterFinding(
                "undated_source", f"sources.toml [{key}]", "It has no year, and no day on which it was read."
            )
    for keys in by_address.values():
        if len(keys) > 1:
            yield StarterFinding("same_source_twice", "sources.toml", f"One address under two keys: {', '.join(keys)}.")
    for keys in by_title.values():
        if len(keys) > 1:
            yield StarterFinding("same_source_twice", "sources.toml", f"One title under two keys: {', '.join(keys)}.")


def lint_completeness(starter: StarterContent) -> Iterator[StarterFinding]:
    """Every topic and sport has an article, and so has every part of the site that sends its readers to one."""
    slugs = {file.slug for file in starter.files}
    for needs in NEEDS:
        for who, slug in needs():
            if slug not in slugs:
                yield StarterFinding(
                    "no_article", who, f"It needs the article {slug}." if slug else "It names no article."
                )
    for topic in starter.topics.keys() - {file.data["topic"] for file in starter.files}:
        yield StarterFinding("no_article", f"topics.toml [{topic}]", "The topic has no article.")
    for sport in starter.sports.keys() - {file.data.get("sport") for file in starter.files}:
        yield StarterFinding("no_article", f"sports.toml [{sport}]", "The sport has no article.")


def lint_drawings(starter: StarterContent) -> Iterator[StarterFinding]:
    """Every drawing says in words what it shows."""
    for name, shows in drawings.list_drawings():
        if len(shows) < 5:
            yield StarterFinding("no_alt_text", name, "The picture does not say in words what it shows.")


def lint_shared_passages(starter: StarterContent) -> Iterator[StarterFinding]:
    """Two articles that say the same at length."""
    told = [part.text for words in shared.WORDS.values() for part in prose.read_passages(words)]
    fixed = {shingle for text in told for shingle in make_shingles(spelling.tokenize_text(text))}
    runs: dict[str, list[list[str]]] = {}
    for file in starter.files:
        parts = prose.read_passages(file.body)
        runs[file.name] = [spelling.tokenize_text(part.text) for part in parts if part.box not in CARE_BOXES]
        for part in parts:
            if file.slug == signs.PAGE[1] or part.box in CARE_BOXES:
                fixed.update(make_shingles(spelling.tokenize_text(part.text)))
    found = {name: {shingle for run in parts for shingle in make_shingles(run)} - fixed for name, parts in runs.items()}
    for one, other in combinations(sorted(runs), 2):
        both = found[one] & found[other]
        if not both:
            continue
        passages = [passage for run in runs[one] for passage in find_common_passages(run, both)]
        longest = max(passages, key=len)
        words = sum(map(len, passages))
        if len(longest) > LONGEST_SHARED or words > MOST_SHARED:
            yield StarterFinding(
                "shared_passage",
                f"{one} and {other}",
                f"They share {words} words; the longest passage has {len(longest)}: “{' '.join(longest[:20])} ...”",
            )


def make_shingles(words: Sequence[str]) -> set[Shingle]:
    return {tuple(words[start : start + SHINGLE]) for start in range(len(words) - SHINGLE + 1)}


def find_common_passages(words: list[str], both: Container[Shingle]) -> Iterator[list[str]]:
    """The passages of these words that are made of shingles in both."""
    start: int | None = None
    end = 0
    for place in range(len(words) - SHINGLE + 2):
        inside = tuple(words[place : place + SHINGLE]) in both
        if inside:
            start, end = (place if start is None else start), place + SHINGLE
        elif start is not None and place >= end - SHINGLE + 1:
            yield words[start:end]
            start = None

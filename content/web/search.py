"""Search: the articles patients can read now, best first, whatever was typed.

The table content_search holds one row for each version that is live. Words of a version never change, so a row is right
for as long as its version is live; which versions are live is asked with the same Version.objects.live() that pages
use, at each search, and rows that are missing or no longer live are put right then. So nobody has to remember the index
when they load, approve, schedule, withdraw or restore, and it needs no cron when a scheduled time comes.

The database (SQLite FTS5 or PostgreSQL) finds a word by its stem and says how well a text fits it. Everything else is
done here, so that both give the same page: synonyms, slips of the finger, what a rare word counts, and the order.
"""

import logging
import math
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db import DatabaseError, connection, transaction
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from ..models import Topic, Version
from ..starter.loader import FOLDER, REFERENCE
from ..text import prose, signs, spelling

# A question is short; what is longer is cut, so that no input costs more than another.
LONGEST, MOST_WORDS = 200, 12
MOST_RESULTS = 10
# How much a word counts that is of the same family as the one typed, stands for it, or is a guess at what was meant.
FAMILY, SYNONYM, GUESS = 0.9, 0.7, 0.6
# What a word in the title or the summary counts more than one in the text.
TITLE, SUMMARY = 1.5, 0.5
# A page that explains every word fits every search, so it counts less.
LOOKED_UP = 0.4
# Results that hold less than this share of what is looked for are noise. Rare words count more, but none so much that a
# single one ("tennis elbow") would leave nothing of the others.
LEAST, RAREST = 0.34, 1.5
# Care boxes are much the same on every page, so their words tell no page from another.
SAME_EVERYWHERE = ("emergency", "urgent", "soon")
# Whoever looks for these asks for sports of any kind.
SPORT_WORDS = spelling.stem_text("sport sports athlete athletes")


class Term(NamedTuple):
    """One way to say what is looked for: a word or phrase, and how much it counts."""

    text: str
    weight: float


@dataclass
class Concept:
    """Something looked for, in all the ways to say it."""

    terms: list[Term]

    def stem_terms(self) -> set[str]:
        return {root for term in self.terms for root in spelling.stem_text(term.text)}


@dataclass
class SearchResult:
    """The answer to a search. results: [(version, title, summary)], the found words marked in the last two.

    topics: those that have an article, for a reader whom no result helps. emergency: whether the words may name a sign
    that needs help now; signs: such signs in the words of the register. crisis: words of somebody who may harm
    themselves; then no article is looked for.
    """

    topics: list[Topic]
    results: list[tuple[Version, SafeString, SafeString]] = field(default_factory=list)
    guesses: list[str] = field(default_factory=list)  # words that were looked for in place of what was typed
    emergency: bool = False
    signs: list[str] = field(default_factory=list)
    crisis: bool = False


@cache
def load_search_words() -> dict[str, Any]:
    """The synonyms, stop words and signs of content/starter/articles/search.toml, folded."""
    table = tomllib.loads((FOLDER / "search.toml").read_text(encoding="utf-8"))
    return {
        "stop": frozenset(table["stop"]),
        "synonyms": {tuple(spelling.tokenize_text(key)): value for key, value in table["synonyms"].items()},
        **{
            kind: [
                ([frozenset(map(spelling.fold_text, group)) for group in entry["all"]], entry.get("signs", []))
                for entry in table[kind]
            ]
            for kind in ("now", "crisis")
        },
    }


# --- The index -------------------------------------------------------------------------------------------------------
def load_live_versions() -> dict[int, Version]:
    """{pk: version} of what patients can read now, without the texts."""
    rows = Version.objects.live().select_related("article__topic", "article__sport").defer("body", "figures")
    return {version.pk: version for version in rows}


def load_indexed_keys() -> set[int]:
    """The pks that have a row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid FROM content_search")
        return {pk for (pk,) in cursor.fetchall()}


def make_index_row(version: Version) -> list[int | str]:
    """What is stored of a version: its words, folded, so that both databases see the same."""
    headings, body = [], [figure["label"] for figure in version.figures]
    for passage in prose.read_passages(version.body):
        if passage.kind == "heading":
            headings.append(passage.text)
        elif passage.box not in SAME_EVERYWHERE:
            body.append(strip_article_links(passage))
    texts = (version.title, version.summary, "\n".join(headings), "\n".join(body))
    return [version.pk, *(" ".join(spelling.tokenize_text(text)) for text in texts)]


def strip_article_links(passage: prose.Passage) -> str:
    """The text without links to other articles: their titles say what those are about."""
    text = passage.text
    for shown, address in passage.links:
        if address.startswith("/"):
            text = text.replace(shown, " ", 1)
    return text


@transaction.atomic
def update_index(*, rebuild: bool = False) -> tuple[int, int]:
    """Bring the index in line with what is live now. Returns (rows added, rows taken away)."""
    there, now = load_indexed_keys(), set(load_live_versions())
    gone = there if rebuild else there - now
    new = now if rebuild else now - there
    with connection.cursor() as cursor:
        cursor.executemany("DELETE FROM content_search WHERE rowid = %s", [[pk] for pk in gone])
        insert = "INSERT INTO content_search (rowid, title, summary, headings, body) VALUES (%s, %s, %s, %s, %s)"
        if connection.vendor == "postgresql":
            # Two searches may find the same row missing.
            insert += " ON CONFLICT DO NOTHING"
        cursor.executemany(insert, [make_index_row(version) for version in Version.objects.filter(pk__in=new)])
    return len(new), len(gone)


@lru_cache(maxsize=2)
def load_vocabulary(pks: frozenset[int]) -> spelling.Vocabulary:
    """Every word of these versions. Kept: the words of a version never change."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rowid, title, summary, headings, body FROM content_search")
        texts = [texts for pk, *texts in cursor.fetchall() if pk in pks]
    titles = [title for title, *_ in texts]
    # A word of the synonyms is known too.
    return spelling.Vocabulary(
        map(" ".join, texts), titles, extra={word for phrase in load_search_words()["synonyms"] for word in phrase}
    )


def match_terms(terms: list[str]) -> list[tuple[int, int, float]]:
    """[(number of the term, pk, how well the text fits it)], for terms that are words or phrases: one query."""
    if not terms:
        return []
    if connection.vendor == "sqlite":
        one = "SELECT %s, rowid, -bm25(content_search, 10, 5, 3, 1) FROM content_search WHERE content_search MATCH %s"
        # Folded words hold letters and digits only, so in quotes they are a phrase and no operator.
        wanted = [f'"{term}"' for term in terms]
    else:
        one = (
            "SELECT %s, rowid, ts_rank('{0.1, 0.3, 0.5, 1.0}', words, query, 1) "
            "FROM content_search, phraseto_tsquery('english', %s) query WHERE words @@ query"
        )
        wanted = terms
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join([one] * len(terms)), [x for pair in enumerate(wanted) for x in pair])
        found: list[tuple[int, int, float]] = cursor.fetchall()
    return found


# --- What was typed --------------------------------------------------------------------------------------------------
def parse_query(query: str, known: spelling.Vocabulary) -> tuple[list[Concept], list[str]]:
    """What is looked for: Concepts, and the words that were guessed. known: a spelling.Vocabulary."""
    stop, synonyms = load_search_words()["stop"], load_search_words()["synonyms"]
    typed = spelling.tokenize_text(query[:LONGEST])[:MOST_WORDS]
    guessed: dict[str, list[str]] = {}
    for word in typed:
        if word not in stop and not known.has_word(word) and (meant := known.suggest_words(word)):
            guessed[word] = meant
    # The best guess is what synonyms are looked up for.
    likely = [guessed[word][0] if word in guessed else word for word in typed]
    concepts: list[Concept] = []
    start = 0
    while start < len(typed):
        length = next(
            (n for n in range(min(5, len(typed) - start), 0, -1) if tuple(likely[start : start + n]) in synonyms), 0
        )
        phrase = " ".join(likely[start : start + length])
        if length:
            others = [
                " ".join(spelling.tokenize_text(text)) for text in synonyms[tuple(likely[start : start + length])]
            ]
            terms = [Term(phrase, 1.0), *(Term(other, SYNONYM) for other in others if other != phrase)]
            concepts.append(Concept(terms))
        elif typed[start] not in stop:
            word = typed[start]
            related = [Term(other, FAMILY) for other in known.find_related_words(word)]
            related += [Term(meant, GUESS) for meant in guessed.get(word, ())]
            concepts.append(Concept([Term(word, 1.0), *related]))
        start += length or 1
    return concepts, [meant[0] for meant in guessed.values()]


def find_sign_words(query: str, kind: str) -> list[list[str]]:
    """The entries of this kind ("now" or "crisis") that the words typed may name, slips of the finger included: for
    each the keys of its signs."""
    typed = set(spelling.tokenize_text(query[:LONGEST]))

    def near(word: str, group: Collection[str]) -> bool:
        return (
            word in group
            or f"={word}" in group
            or any(
                (not other.startswith("=") and spelling.stem_word(word) == spelling.stem_word(other))
                or (len(other) >= 5 and word[0] == other[0] and spelling.measure_edit_distance(word, other, 1) <= 1)
                # Two letters that changed places.
                or (len(other) == 4 and word[0] == other[0] and sorted(word) == sorted(other))
                for other in group
            )
        )

    return [
        keys
        for groups, keys in load_search_words()[kind]
        if all(any(near(word, group) for word in typed) for group in groups)
    ]


# --- The answer ------------------------------------------------------------------------------------------------------
def find_articles(query: str) -> SearchResult:
    """Search. At most four queries, a fifth and more only when the index has to be brought up to date."""
    versions = load_live_versions()
    topics = {version.article.topic for version in versions.values()}
    named = find_sign_words(query, "now")
    found = SearchResult(
        topics=sorted(topics, key=lambda topic: (topic.position, topic.slug)),
        emergency=bool(named),
        signs=signs.list_words({key for keys in named for key in keys}),
        crisis=bool(find_sign_words(query, "crisis")),
    )
    if found.crisis or not versions or not spelling.tokenize_text(query):
        return found
    there = load_indexed_keys()
    if there != versions.keys():
        try:
            update_index()
            there = set(versions)
        except DatabaseError:
            # A full disk or a busy database: search goes on with the rows there are.
            logging.getLogger(__name__).warning("The search index could not be brought up to date.")
    concepts, found.guesses = parse_query(query, load_vocabulary(frozenset(there & versions.keys())))
    scores = score_versions(concepts, versions)
    roots = {root for concept in concepts for root in concept.stem_terms()}
    found.results = [
        (versions[pk], mark_words(versions[pk].title, roots), mark_words(versions[pk].summary, roots))
        for pk in sorted(scores, key=lambda pk: (-scores[pk], versions[pk].title))[:MOST_RESULTS]
    ]
    return found


def score_versions(concepts: list[Concept], versions: Mapping[int, Version]) -> dict[int, float]:
    """{pk: how well the version fits}.

    For each thing looked for the best of the ways to say it: how well the text fits it, measured against the text that
    fits it best (the two databases measure differently), times how rare it is, and more if it stands in the title or
    summary. Sports of which nothing asks are left out, where anything else fits.
    """
    numbers = {text: number for number, text in enumerate({term.text: 0 for c in concepts for term in c.terms})}
    fit: dict[int, dict[int, float]] = {number: {} for number in numbers.values()}
    for number, pk, how_well in match_terms(list(numbers)):
        if pk in versions:
            fit[number][pk] = how_well
    scores: dict[int, float] = {}
    shares: dict[int, float] = {}
    whole = 0.0
    asked: set[int] = set()
    names = name_sports(versions)
    for concept in concepts:
        best: dict[int, float] = {}
        for term in concept.terms:
            hits = fit[numbers[term.text]]
            rare = compute_rarity(len(hits), len(versions))
            top = max(hits.values(), default=0) or 1
            for pk, how_well in hits.items():
                value = term.weight * rare * (how_well / top + weigh_title_match(term.text, versions[pk]))
                if versions[pk].article.slug in REFERENCE:
                    value *= LOOKED_UP
                best[pk] = max(best.get(pk, 0), value)
        asked |= find_asked_sports(concept, best, names)
        rare = min(compute_rarity(len(best), len(versions)), RAREST) if best else 0
        whole += rare
        for pk, value in best.items():
            scores[pk] = scores.get(pk, 0) + value
            shares[pk] = shares.get(pk, 0) + rare
    fitting = {pk: value for pk, value in scores.items() if shares[pk] >= LEAST * whole}
    wanted = {pk: value for pk, value in fitting.items() if pk in asked or not versions[pk].article.sport}
    return wanted or fitting


def name_sports(versions: Mapping[int, Version]) -> dict[int, frozenset[str]]:
    """{pk: stems that name its sport} of the articles about a sport: of its name and title, but for words that stand in
    the titles of other articles too."""
    common = {root for version in versions.values() if not version.article.sport for root in title_stems(version)}
    return {
        pk: (title_stems(version) | spelling.stem_text(version.article.sport.name)) - common
        for pk, version in versions.items()
        if version.article.sport
    }


def title_stems(version: Version) -> frozenset[str]:
    return spelling.stem_text(version.title) | spelling.stem_text(version.article.slug.replace("-", " "))


def find_asked_sports(concept: Concept, found: Collection[int], names: Mapping[int, frozenset[str]]) -> set[int]:
    """Of the versions found: the sports that a word names, or all if it is the word for them or stands nowhere else."""
    roots = concept.stem_terms()
    sports = names.keys() & found
    if SPORT_WORDS & roots or (sports and sports == set(found)):
        return sports
    return {pk for pk in sports if names[pk] & roots}


def compute_rarity(holding: int, all_texts: int) -> float:
    """How much a word counts that this many of all texts hold: the idf of BM25."""
    return math.log(1 + (all_texts - holding + 0.5) / (holding + 0.5))


def weigh_title_match(text: str, version: Version) -> float:
    """What it counts that all words of a term stand in the title or in the summary."""
    roots = spelling.stem_text(text)
    return TITLE * (roots <= spelling.stem_text(version.title)) + SUMMARY * (
        roots <= spelling.stem_text(version.summary)
    )


def mark_words(text: str, roots: Collection[str]) -> SafeString:
    """The text as HTML, with the words of these roots in <mark>."""
    parts: list[str] = []
    end = 0
    for word in spelling.WORD.finditer(text):
        if spelling.stem_word(spelling.fold_text(word.group())) in roots:
            parts += [escape(text[end : word.start()]), f"<mark>{escape(word.group())}</mark>"]
            end = word.end()
    return mark_safe("".join([*parts, escape(text[end:])]))  # noqa: S308

"""The starter articles: Markdown files with TOML front matter, read and validated whole, loaded in one transaction."""

import datetime
import hashlib
import tomllib
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_slug
from django.db import transaction
from django.utils import timezone

from core.typed.tidy import tidy_markdown, tidy_text

from ..models import Article, OldAddress, Source, Sport, Topic
from ..text.markdown import find_citations
from ..text.problems import find_problems

# A table of TOML; tables by their slug or key; what a table must hold.
Row = dict[str, Any]
Rows = dict[str, Row]
Shape = Mapping[str, tuple[Any, int | None]]

FOLDER = Path(__file__).parent / "articles"
# Registers of sources that articles may cite beside those of their own folder: functions that give {key: row}. See
# content/public.py.
REGISTERS: list[Callable[[], Rows]] = []
# The topic whose articles are about one sport each.
SPORTS = "sports"

# Articles to look things up in, not to read through: longer than others, and about everything a little.
REFERENCE = ("glossary",)

# What a file must hold: field -> (kind, longest). A field with a "?" may be missing.
TOPIC = {"name": (str, 80), "summary": (str, 200), "position": (int, None)}
SPORT = {"name": (str, 80), "load": (str, 200), "position": (int, None)}
SOURCE = {
    "title": (str, 400), "body": (str, 200), "year?": (int, None), "url": (str, 500), "checked?": (datetime.date, None),
}  # fmt: skip
ARTICLE = {
    "title": (str, 120), "topic": (str, 50), "sport?": (str, 50), "position": (int, None), "summary": (str, 200),
    "written": (datetime.date, None), "review_due": (datetime.date, None), "related": (list, None),
    "figures?": (list, None),
}  # fmt: skip
FIGURE = {"label": (str, 120), "percent": ((int, float), None), "of": (str, 200), "source": (str, 50)}
KINDS = {
    str: "a text",
    int: "a whole number",
    (int, float): "a number",
    list: "a list",
    datetime.date: "a date like 2026-11-23",
}


class StarterError(Exception):
    """A starter file cannot be used; the message names the file, the field and what is wrong with it."""

    def __init__(self, file: str, field: str, problem: str) -> None:
        super().__init__(f"{file}: {field}: {problem}")


@dataclass
class ArticleFile:
    """One article's file."""

    name: str
    slug: str
    data: Row
    body: str
    digest: str
    # Where the body begins in the file; lines are counted from 1.
    first_line: int


@dataclass
class StarterContent:
    """sources: all that an article may cite; own: those of them that its folder brought."""

    topics: Rows
    sports: Rows
    sources: Rows
    own: Rows
    files: list[ArticleFile]


@dataclass
class LoadReport:
    """What a load did, by slug or key."""

    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def describe_load(self) -> Iterator[str]:
        """The report in plain words."""
        parts = [f"{format_count(len(self.added), 'article')} added", f"{len(self.updated)} updated"]
        if self.unchanged:
            parts.append(f"{len(self.unchanged)} unchanged")
        if self.edited:
            parts.append(f"{len(self.edited)} left alone because an editor changed it: {', '.join(self.edited)}")
        yield ", ".join(parts) + "."
        if self.updated:
            yield f"Updated: {', '.join(self.updated)}."
        if self.kept:
            yield f"Left as they are on the site, though the files say otherwise: {', '.join(self.kept)}."


def format_count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


# --- Reading ---------------------------------------------------------------------------------------------------------
def read_starter(folder: Path | str = FOLDER) -> StarterContent:
    """All that a folder holds, validated. Raises StarterError."""
    folder = Path(folder)
    topics = read_toml_table(folder / "topics.toml", TOPIC)
    sports = read_toml_table(folder / "sports.toml", SPORT)
    register = read_registered_sources()
    own = read_own_sources(folder / "sources.toml", register)
    sources = register | own
    files = [read_article_file(path) for path in sorted(folder.glob("*.md"))]
    slugs = {file.slug for file in files}
    for file in files:
        validate_article_file(file, topics, sports, sources, slugs)
    return StarterContent(topics, sports, sources, own, files)


def read_registered_sources() -> Rows:
    """The sources of all registers, as rows of SOURCE."""
    found: Rows = {}
    for load in REGISTERS:
        for key, row in load().items():
            if key in found:
                raise StarterError("register of sources", key, "stands in two registers.")
            validate_fields(row, SOURCE, "register of sources", f"{key}.")
            found[key] = row
    return found


def read_own_sources(path: Path, register: Rows) -> Rows:
    """The sources that a folder brings; none where it has no such file, since the register has most."""
    if not path.exists():
        return {}
    rows = read_toml_table(path, SOURCE)
    for key, row in rows.items():
        if key in register:
            raise StarterError(path.name, key, "stands in the site's register of sources: take it out, or rename it.")
        try:
            URLValidator(["http", "https"])(row["url"])
        except ValidationError:
            raise StarterError(path.name, f"{key}.url", f"“{row['url']}” is not a web address.") from None
    return rows


def list_cited_keys(file: ArticleFile) -> set[str]:
    """The keys of the sources an article stands on."""
    return set(find_citations(file.body)) | {figure["source"] for figure in file.data.get("figures", [])}


def read_utf8_file(path: Path) -> str:
    try:
        content = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise StarterError(path.name, "file", "is missing.") from None
    except UnicodeDecodeError as error:
        raise StarterError(path.name, "file", f"is not UTF-8 text ({error.reason} at byte {error.start}).") from None
    if "\0" in content:
        raise StarterError(path.name, "file", "holds a NUL character.")
    return tidy_text(content)


def parse_toml(content: str, name: str) -> Row:
    try:
        return tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise StarterError(name, "TOML", f"cannot be read: {error}.") from None


def read_toml_table(path: Path, shape: Shape) -> Rows:
    """A TOML file of [slug] tables, each of that shape."""
    rows = parse_toml(read_utf8_file(path), path.name)
    for key, row in rows.items():
        try:
            validate_slug(key)
        except ValidationError:
            raise StarterError(path.name, key, "can have only letters, digits, hyphens and underscores.") from None
        if not isinstance(row, dict):
            raise StarterError(path.name, key, f"is not a table; write [{key}].")
        validate_fields(row, shape, path.name, f"{key}.")
    return rows


def read_article_file(path: Path) -> ArticleFile:
    """A file's front matter and body."""
    try:
        validate_slug(path.stem)
    except ValidationError:
        raise StarterError(path.name, "file", "has a name that cannot be an address.") from None
    content = read_utf8_file(path)
    head, between, body = content.removeprefix("+++\n").partition("\n+++\n")
    if not content.startswith("+++\n") or not between:
        raise StarterError(path.name, "front matter", "is missing: the file starts with it, between two lines of +++.")
    digest = hashlib.sha256(content.encode()).hexdigest()
    first_line = content[: len(content) - len(body.lstrip())].count("\n") + 1
    return ArticleFile(
        path.name, path.stem, parse_toml(head, path.name), tidy_markdown(body).strip() + "\n", digest, first_line
    )


def validate_fields(row: Row, shape: Shape, file: str, prefix: str = "") -> None:
    """Refuse a table with a field missing, unknown, of the wrong kind, empty or too long."""
    fields = {name.rstrip("?"): (name.endswith("?"), *rest) for name, rest in shape.items()}
    for name in row:
        if name not in fields:
            raise StarterError(file, prefix + name, f"is not a field. The fields are: {', '.join(fields)}.")
    for name, (optional, kind, longest) in fields.items():
        if name not in row:
            if optional:
                continue
            raise StarterError(file, prefix + name, "is missing.")
        value = row[name]
        # TOML's true is a number to Python, and a date with a time is a date.
        if not isinstance(value, kind) or isinstance(value, bool | datetime.datetime):
            raise StarterError(file, prefix + name, f"is not {KINDS[kind]}.")
        if isinstance(value, str) and not value.strip():
            raise StarterError(file, prefix + name, "is empty.")
        if longest and len(value) > longest:
            raise StarterError(file, prefix + name, f"has {len(value)} characters; at most {longest}.")
        if kind is int and not 0 <= value < 32768:
            raise StarterError(file, prefix + name, "is not between 0 and 32767.")


def validate_article_file(file: ArticleFile, topics: Rows, sports: Rows, sources: Rows, slugs: Container[str]) -> None:
    """Refuse an article whose front matter or body does not fit the other files."""
    data = file.data
    validate_fields(data, ARTICLE, file.name)
    validate_place(file, topics, sports)
    if data["review_due"] <= data["written"]:
        raise StarterError(file.name, "review_due", "is not after the day it was written.")
    for slug in data["related"]:
        if slug not in slugs or slug == file.slug:
            raise StarterError(file.name, "related", f"“{slug}” is not another article of the folder.")
    validate_figures(file, sources)
    if not file.body.strip():
        raise StarterError(file.name, "body", "is empty.")
    for problem in find_problems(file.body, sources, title=data["title"], page=file.slug):
        raise StarterError(file.name, "body", problem.message)


def validate_place(file: ArticleFile, topics: Rows, sports: Rows) -> None:
    """Refuse an article that belongs to no topic, or not to its sport."""
    data = file.data
    if data["topic"] not in topics:
        raise StarterError(file.name, "topic", f"“{data['topic']}” is not one of: {', '.join(topics)}.")
    if (data["topic"] == SPORTS) != ("sport" in data):
        raise StarterError(file.name, "sport", "belongs to an article of the topic sports, and to no other.")
    if "sport" in data and data["sport"] not in sports:
        raise StarterError(file.name, "sport", f"“{data['sport']}” is not one of: {', '.join(sports)}.")
    if "sport" in data and data["sport"] != file.slug:
        raise StarterError(file.name, "sport", f"is the file's name too: {data['sport']}.md.")


def validate_figures(file: ArticleFile, sources: Rows) -> None:
    """Refuse published figures that cannot be drawn, or that have no source."""
    for figure in file.data.get("figures", []):
        if not isinstance(figure, dict):
            raise StarterError(file.name, "figures", "is written as [[figures]] tables.")
        validate_fields(figure, FIGURE, file.name, "figures.")
        if not 0 <= figure["percent"] <= 100:
            raise StarterError(file.name, "figures.percent", f"{figure['percent']} is not between 0 and 100.")
        if figure["source"] not in sources:
            raise StarterError(file.name, "figures.source", f"there is no source “{figure['source']}”.")


# --- Loading ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def load_starter(starter: StarterContent) -> LoadReport:
    """Bring the starter articles into the database. What an editor changed stays as it is."""
    report = LoadReport()
    add_missing_rows(Topic, "slug", starter.topics, report)
    add_missing_rows(Sport, "slug", starter.sports, report)
    # Not the whole register: it holds what other parts of the site cite, too.
    wanted = starter.own.keys() | set().union(*map(list_cited_keys, starter.files))
    add_missing_rows(Source, "key", {key: row for key, row in starter.sources.items() if key in wanted}, report)
    written = [file for file in starter.files if load_article(file, report)]
    # Only now is every article there that another can be related to.
    for file in written:
        Article.objects.get(slug=file.slug).related.set(Article.objects.filter(slug__in=file.data["related"]))
    return report


def add_missing_rows(model: type[Topic | Sport | Source], key: str, rows: Rows, report: LoadReport) -> None:
    """Add the rows that are missing; those that are there stay, for an editor may have changed them."""
    for name, row in rows.items():
        there, added = model.objects.get_or_create(**{key: name}, defaults=row)
        if not added and any(getattr(there, column) != value for column, value in row.items()):
            report.kept.append(f"{model._meta.verbose_name} {name}")


def load_article(file: ArticleFile, report: LoadReport) -> bool:
    """Add or update one article; True if it was written."""
    data = file.data
    place = {
        "topic": Topic.objects.get(slug=data["topic"]),
        "sport": Sport.objects.get(slug=data["sport"]) if "sport" in data else None,
        "position": data["position"],
    }
    other = Article.objects.filter(sport=place["sport"], sport__isnull=False).exclude(slug=file.slug).first()
    article = Article.objects.select_for_update().filter(slug=file.slug).first()
    if not article and OldAddress.objects.filter(slug=file.slug).exists():
        # An editor gave it another address.
        report.edited.append(file.slug)
        return False
    newest = article and article.newest
    if newest and newest.author_id:
        report.edited.append(file.slug)
        return False
    if newest and newest.digest == file.digest:
        report.unchanged.append(file.slug)
        return False
    if other:
        raise StarterError(file.name, "sport", f"the site has another article about it: {other.slug}.")
    if article:
        for name, value in place.items():
            setattr(article, name, value)
        article.save()
    else:
        article = Article.objects.create(slug=file.slug, **place)
    article.append_version(
        title=data["title"],
        summary=data["summary"],
        body=file.body,
        figures=data.get("figures", []),
        written=data["written"],
        review_due=data["review_due"],
        note="Updated from the starter library" if newest else "From the starter library",
        approved_at=timezone.now(),
        digest=file.digest,
    )
    (report.updated if newest else report.added).append(file.slug)
    return True

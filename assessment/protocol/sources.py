"""The one register of sources, sources.toml: what rules and articles cite, each publication once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .model import Act, Block, Rule, Source

FILE = Path(__file__).with_name("sources.toml")
# Field -> its kind; those with a "?" may be missing.
FIELDS = {"title": str, "body": str, "year?": int, "url": str, "checked?": date}
KINDS = {str: "a text", int: "a whole number", date: "a date like 2026-11-23"}


class SourceError(ValueError):
    """The register cannot be used; the message names the file, the source and what is wrong with it."""


@cache
def load_sources(file: Path = FILE) -> Mapping[str, Source]:
    """The register: key -> source. Raises SourceError."""
    try:
        rows = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        # A key that stands twice is no TOML: the error names it with its line.
        raise SourceError(f"{file.name} cannot be read: {error}") from error
    found: dict[str, Source] = {}
    places: dict[str, str] = {}
    for key, row in rows.items():
        where = f"{file.name}: [{key}]"
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
            raise SourceError(f"{where}: a key has small letters and digits, with hyphens between them.")
        found[key] = parse_source(row, where)
        first = places.setdefault(normalize_address(found[key].url), key)
        if first != key:
            raise SourceError(f"{where}: [{first}] has this address already. Cite that one.")
    return MappingProxyType(found)


def parse_source(row: Any, where: str) -> Source:
    """A row of the register as a source. Raises SourceError."""
    if not isinstance(row, dict):
        raise SourceError(f"{where}: is not a table.")
    fields = {name.rstrip("?"): (kind, name.endswith("?")) for name, kind in FIELDS.items()}
    for name in row:
        if name not in fields:
            raise SourceError(f"{where}: {name} is not a field. The fields are: {', '.join(fields)}.")
    for name, (kind, optional) in fields.items():
        value = row.get(name)
        if value is None and optional:
            continue
        if value is None or value == "":
            raise SourceError(f"{where}: {name} is missing.")
        # TOML's true is a number to Python, and a date with a time is a date.
        if not isinstance(value, kind) or isinstance(value, bool | datetime):
            raise SourceError(f"{where}: {name} is not {KINDS[kind]}.")
    if not re.match(r"https?://[\w.-]+/", row["url"]):
        raise SourceError(f"{where}: url is not a web address.")
    checked = row["checked"].isoformat() if "checked" in row else ""
    return Source(row["title"], row["body"], row.get("year", 0), row["url"], checked)


def normalize_address(url: str) -> str:
    """An address without what may differ between two links to one page: http or https, www., a slash at the end."""
    return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")


def select_cited_sources(
    rules: Iterable[Rule], register: Mapping[str, Source], acts: Iterable[Act] = (), plan: Iterable[Block] = ()
) -> dict[str, Source]:
    """What rules, acts and the plan cite. A key that the register lacks is left out: verify names it
    (unknown_source)."""
    cited = [rule.sources for rule in rules] + [ban.sources for act in acts for ban in act.bans]
    cited += [block.sources for block in plan]
    keys = dict.fromkeys(key for sources in cited for key in sources)
    return {key: register[key] for key in keys if key in register}

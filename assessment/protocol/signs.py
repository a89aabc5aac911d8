"""The one register of warning signs, signs.toml: what articles, results, the check and error pages show of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from .model import Condition, Level, all_of, any_of, chosen
from .sources import load_sources

FILE = Path(__file__).with_name("signs.toml")
LEVELS = {level.code: level for level in (Level.EMERGENCY, Level.URGENT)}
# Stands for the signs that are on every page, where an article names signs.
ALWAYS = "always"
VARIANTS = ("ambulance", "department", "maternity", "crisis")
# Field -> its kind; those with a "?" may be missing.
SIGN = {
    "words": str, "such_as?": str,
    "short?": str, "level": str, "variant?": str, "groups": list, "always?": bool, "sources": list,
    "answers?": list,
}  # fmt: skip
GROUP = {"heading": str, "about?": str}
# Stands behind a sign of this variant where signs of all variants share one heading.
FIRST_CALL = {"maternity": " (call your maternity unit first)"}


class SignError(ValueError):
    """The register cannot be used; the message names the sign and what is wrong with it."""


@dataclass(frozen=True)
class Sign:
    """One warning sign. such_as: an example that follows its words. answers: what it stands for in the check; None: the
    check does not ask for it."""

    key: str
    words: str
    level: Level
    groups: tuple[str, ...]
    sources: tuple[str, ...]
    variant: str = ""
    such_as: str = ""
    always: bool = False
    short: str = ""
    answers: Condition | None = None

    @property
    def line(self) -> str:
        """The sign on a line of its own, in a list of any signs."""
        example = f", such as {self.such_as}" if self.such_as else ""
        return self.words + example + FIRST_CALL.get(self.variant, "")


@dataclass(frozen=True)
class Group:
    """Whom signs concern. about: a pattern; an article whose title it fits needs every emergency sign of the group."""

    heading: str
    about: str = ""


@dataclass(frozen=True)
class Register:
    """All signs and groups by their keys, in the order in which they are shown."""

    signs: Mapping[str, Sign]
    groups: Mapping[str, Group]


@cache
def load_signs(file: Path = FILE) -> Register:
    """The register. Raises SignError."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        # A key that stands twice is no TOML: the error names it with its line.
        raise SignError(f"{file.name} cannot be read: {error}") from error
    if data.keys() != {"groups", "signs"}:
        raise SignError(f"{file.name}: it holds [groups] and [signs.<key>], and nothing else.")
    groups = {key: parse_group(key, row) for key, row in data["groups"].items()}
    signs = {key: parse_sign(key, row, groups) for key, row in data["signs"].items()}
    if taken := signs.keys() & {*groups, ALWAYS}:
        raise SignError(f"{file.name}: {', '.join(sorted(taken))} is the name of a group, so no sign can have it.")
    return Register(MappingProxyType(signs), MappingProxyType(groups))


def parse_group(key: str, row: Any) -> Group:
    """A row of [groups]. Raises SignError."""
    check_fields(row, GROUP, f"groups.{key}")
    return Group(**row)


def parse_sign(key: str, row: Any, groups: Mapping[str, Group]) -> Sign:
    """A table [signs.<key>] as a sign. Raises SignError."""
    where = f"signs.{key}"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", key):
        raise SignError(f"{where}: a key has small letters and digits, with hyphens between them.")
    check_fields(row, SIGN, where)
    if row["level"] not in LEVELS:
        raise SignError(f"{where}: level is one of {', '.join(LEVELS)}.")
    level = LEVELS[row["level"]]
    if (level == Level.EMERGENCY) != (row.get("variant") in VARIANTS):
        raise SignError(f"{where}: an emergency, and no other, has a variant: {', '.join(VARIANTS)}.")
    if row.get("always") and level != Level.EMERGENCY:
        raise SignError(f"{where}: what stands on every page is an emergency.")
    for name, known in (("groups", groups), ("sources", load_sources())):
        if unknown := [item for item in row[name] if item not in known]:
            raise SignError(f"{where}: {name} names {', '.join(map(str, unknown))}, which is not there.")
        if not row[name]:
            raise SignError(f"{where}: {name} is empty.")
    answers = [parse_answers(text, where) for text in row.get("answers", [])]
    lists = {name: tuple(row[name]) for name in ("groups", "sources")}
    return Sign(**{**row, **lists, "key": key, "level": level, "answers": any_of(*answers) if answers else None})


def parse_answers(text: str, where: str) -> Condition:
    """ "legs=weak_one|one_numb + also=fever" as a condition. Raises SignError."""
    parts = [re.fullmatch(r"\s*(\w+)=(\w+(?:\|\w+)*)\s*", part) for part in text.split("+")]
    found = [chosen(part[1], *part[2].split("|")) for part in parts if part]
    if len(found) < len(parts):
        raise SignError(f"{where}: answers are written “question=option|option + question=option”, not “{text}”.")
    return all_of(*found)


def check_fields(row: Any, fields: Mapping[str, type], where: str) -> None:
    """Refuse a table with a field that is missing, unknown, of the wrong kind or empty. Raises SignError."""
    if not isinstance(row, dict):
        raise SignError(f"{where}: is not a table.")
    names = {name.rstrip("?"): (kind, name.endswith("?")) for name, kind in fields.items()}
    for name in row:
        if name not in names:
            raise SignError(f"{where}: {name} is not a field. The fields are: {', '.join(names)}.")
    for name, (kind, optional) in names.items():
        value = row.get(name)
        if value is None and optional:
            continue
        if not isinstance(value, kind) or value == "":
            raise SignError(f"{where}: {name} is missing, empty or of another kind.")


def list_lines(names: Iterable[str], place: str) -> list[str]:
    """A line for each of these signs: keys, groups (all their emergency signs) or ALWAYS. place: whose list it is.

    Raises SignError for what names no emergency sign.
    """
    signs = load_signs().signs.values()
    found: list[str] = []
    for name in names:
        lines = [
            sign.line
            for sign in signs
            if sign.level == Level.EMERGENCY
            and (name == sign.key or name in sign.groups or (name == ALWAYS and sign.always))
        ]
        if not lines:
            raise SignError(f"{place}: “{name}” is no emergency sign and no group of {FILE.name}.")
        found += lines
    return list(dict.fromkeys(found))


def list_in_short(lines: Iterable[str]) -> str:
    """These lines of signs as one: “Numb between your legs, trouble peeing”. A sign without short words stays whole."""
    short = {sign.line: sign.short for sign in load_signs().signs.values()}
    found = ", ".join(short.get(line) or line for line in lines)
    return found[:1].upper() + found[1:]

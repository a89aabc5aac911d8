"""The words of a protocol in one language, and the whole protocol as plain data with its digest."""

from __future__ import annotations

import hashlib
import json
import tomllib
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from .model import AtLeast, Chosen, Condition, Protocol

FOLDER = Path(__file__).parent / "words"
Words = dict[str, Any]
"""A parsed words file; its keys are the protocol's codes. See words/en.toml."""


@cache
def languages() -> tuple[str, ...]:
    """The languages offered: each has a file of words."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


@cache
def load(language: str = "en") -> Words:
    """The words of one language. Raises FileNotFoundError for a language that is not offered."""
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


def condition(item: Condition | None) -> dict[str, Any] | None:
    """A condition as plain data: {"question", "any_of"} or {"at_least", "of"}."""
    match item:
        case None:
            return None
        case Chosen():
            return {"question": item.question, "any_of": list(item.options)}
        case AtLeast():
            return {"at_least": item.count, "of": [condition(part) for part in item.conditions]}


def describe(protocol: Protocol, words: Words) -> dict[str, Any]:
    """The whole protocol as JSON-ready data: questions in order with wording and options, rules, sources, advice."""
    return {
        "code": protocol.code,
        "version": protocol.version,
        "language": words["meta"]["language"],
        "variants": list(protocol.variants),
        "questions": [
            {
                "code": question.code,
                "title": words["questions"][question.code]["title"],
                "short": words["questions"][question.code]["short"],
                "hint": words["questions"][question.code]["hint"],
                "why": words["questions"][question.code]["why"],
                "many": question.many,
                "red_flag": question.red_flag,
                "when": condition(question.when),
                "order": list(question.order),
                "options": [
                    {
                        "code": option.code,
                        "kind": option.kind,
                        "text": words["questions"][question.code]["options"][option.code],
                    }
                    for option in question.options
                ],
            }
            for question in protocol.questions
        ],
        "rules": [
            {
                "code": rule.code,
                "level": rule.level.code,
                "variant": rule.variant,
                "when": condition(rule.when),
                "do": [],
                "avoid": [],
                **words["rules"][rule.code],
                "sources": list(rule.sources),
                "articles": list(rule.articles),
                "instead_of": list(rule.instead_of),
            }
            for rule in protocol.rules
        ],
        "levels": words["levels"],
        "now_if": words["now_if"],
        "common": words["common"],
        "sources": {key: asdict(source) for key, source in protocol.sources.items()},
        "articles": {level.code: list(slugs) for level, slugs in protocol.articles.items()},
        "sport_articles": dict(protocol.sport_articles),
    }


def digest(protocol: Protocol, words: Words) -> str:
    """SHA-256 over every question, rule and word: two checks with one digest followed the same protocol."""
    whole = {"protocol": describe(protocol, words), "words": words}
    text = json.dumps(whole, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def running_digest(protocol: Protocol, language: str = "en") -> str:
    """digest() of a protocol as this process has it: neither its rules nor its words change while it runs."""
    return digest(protocol, load(language))

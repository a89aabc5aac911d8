"""The words of a protocol in one language, and the whole protocol as plain data with its digest."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from . import signs
from .model import AtLeast, Chosen, Condition, Protocol

FOLDER = Path(__file__).parent / "words"
Words = dict[str, Any]
"""A parsed words file; its keys are the protocol's codes. See words/en.toml."""


class WordsError(ValueError):
    """A file of words cannot be read; the message names it and the line."""


@cache
def list_languages() -> tuple[str, ...]:
    """The languages offered: each has a file of words."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))


@cache
def load_words(language: str = "en") -> Words:
    """The words of one language, with those of the signs that it names. Raises FileNotFoundError for a language that is
    not offered, WordsError for a file that is no TOML or names a sign that is not there."""
    file = FOLDER / f"{language}.toml"
    try:
        words = tomllib.loads(file.read_text(encoding="utf-8"))
        fill_in_signs(words)
    except ValueError as error:
        raise WordsError(f"words/{file.name} cannot be read: {error}") from error
    return words


def fill_in_signs(words: Words) -> None:
    """Put the register's words in the place of the keys of signs (signs.toml). Raises signs.SignError."""
    lists = {"now_if.signs": (words.get("now_if", {}), "signs")}
    lists |= {f"rules.{code}.now_if": (text, "now_if") for code, text in words.get("rules", {}).items()}
    for place, (text, name) in lists.items():
        if name in text:
            text[name] = signs.list_lines(text[name], place)


def count_words(words: Words, questions: Iterable[str]) -> int:
    """How many words stand on the pages of these questions: title, hint, why we ask, options; folded ones too."""
    texts = [words["questions"][code] for code in questions]
    lines = [
        line
        for text in texts
        for line in (text["title"], text["hint"], text.get("more", ""), text["why"], *text["options"].values())
    ]
    return sum(len(line.split()) for line in lines)


def dump_condition(item: Condition | None) -> dict[str, Any] | None:
    """A condition as plain data: {"question", "any_of"} or {"at_least", "of"}."""
    match item:
        case None:
            return None
        case Chosen():
            return {"question": item.question, "any_of": list(item.options)}
        case AtLeast():
            return {"at_least": item.count, "of": [dump_condition(part) for part in item.conditions]}


def outline_protocol(protocol: Protocol) -> dict[str, Any]:
    """The protocol as JSON-ready data, without a word: questions in order, rules, sources, what to read."""
    return {
        "code": protocol.code,
        "version": protocol.version,
        "variants": list(protocol.variants),
        "questions": [
            {
                "code": question.code,
                "many": question.many,
                "red_flag": question.red_flag,
                "when": dump_condition(question.when),
                "order": list(question.order),
                "options": [{"code": option.code, "kind": option.kind} for option in question.options],
            }
            for question in protocol.questions
        ],
        "rules": [
            {
                "code": rule.code,
                "level": rule.level.code,
                "variant": rule.variant,
                "when": dump_condition(rule.when),
                "sources": list(rule.sources),
                "articles": list(rule.articles),
                "instead_of": list(rule.instead_of),
            }
            for rule in protocol.rules
        ],
        "sources": {key: asdict(source) for key, source in protocol.sources.items()},
        "articles": {level.code: list(slugs) for level, slugs in protocol.articles.items()},
        "sport_articles": dict(protocol.sport_articles),
        "acts": [
            {
                "code": act.code,
                "from_level": act.from_level.code if act.from_level is not None else "",
                "bans": [{"when": dump_condition(ban.when), "sources": list(ban.sources)} for ban in act.bans],
            }
            for act in protocol.acts
        ],
        "advice": [{**asdict(advice), "levels": [level.code for level in advice.levels]} for advice in protocol.advice],
        "plan": [
            {
                **asdict(block),
                "levels": [level.code for level in block.levels],
                "when": dump_condition(block.when),
                "unless": dump_condition(block.unless),
            }
            for block in protocol.plan
        ],
        "article_acts": {slug: list(acts) for slug, acts in protocol.article_acts.items()},
    }


def describe_protocol(protocol: Protocol, words: Words) -> dict[str, Any]:
    """outline_protocol() with its words: of questions, options and rules at their places, the others beside them."""
    whole = outline_protocol(protocol)
    texts, reasons = words["questions"], words["rules"]
    return {
        **whole,
        "language": words["meta"]["language"],
        "questions": [
            {
                "code": question["code"],
                **{part: texts[question["code"]].get(part, "") for part in ("title", "short", "hint", "more", "why")},
                **question,
                "options": [
                    {**option, "text": texts[question["code"]]["options"][option["code"]]}
                    for option in question["options"]
                ],
            }
            for question in whole["questions"]
        ],
        "rules": [{**rule, "do": [], "avoid": [], **reasons[rule["code"]]} for rule in whole["rules"]],
        "advice": [{**advice, **words["advice"][advice["code"]]} for advice in whole["advice"]],
        "plan": [{**block, **words["plan"][block["code"]]} for block in whole["plan"]],
        "levels": words["levels"],
        "now_if": words["now_if"],
        "common": words["common"],
    }


def digest_protocol(protocol: Protocol, words: Words) -> str:
    """SHA-256 over every question, rule, source and word: two checks with one digest followed the same protocol.

    The day on which a source was last looked at is left out: who reads it again changes no rule, and must not undo a
    clinician's signature. Words may be missing, so that verify can name them.
    """
    rules = outline_protocol(protocol)
    for source in rules["sources"].values():
        del source["checked"]
    text = json.dumps({"protocol": rules, "words": words}, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def digest_running_protocol(protocol: Protocol, language: str = "en") -> str:
    """digest_protocol() of a protocol as this process has it: neither its rules nor its words change while it runs."""
    return digest_protocol(protocol, load_words(language))

"""Puts an assessment into words: what the patient reads, and what is frozen with the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .engine import Assessment, Fired, Step
from .model import UNSURE, Level, Protocol
from .wording import Words


def fill(item: Any, places: Mapping[str, str]) -> Any:
    """The words with {emergency_number} and the like filled in."""
    if isinstance(item, str):
        for name, value in places.items():
            item = item.replace("{" + name + "}", value)
        return item
    if isinstance(item, list):
        return [fill(part, places) for part in item]
    if isinstance(item, dict):
        return {key: fill(part, places) for key, part in item.items()}
    return item


def unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))


def answered(steps: Iterable[Step], words: Words) -> list[dict[str, Any]]:
    """Each question and answer as worded: [{"question", "title", "short", "answer": [{"option", "text"}]}]."""
    return [
        {
            "question": step.question.code,
            "title": words["questions"][step.question.code]["title"],
            "short": words["questions"][step.question.code]["short"],
            "answer": [
                {"option": code, "text": words["questions"][step.question.code]["options"][code]}
                for code in step.answer
            ],
        }
        for step in steps
    ]


def reasons(items: Iterable[Fired], words: Words) -> list[dict[str, Any]]:
    """Why rules were met: their words and the answers that met them; one line for each question that was unsure."""
    lines: dict[str, dict[str, Any]] = {}
    for fired in items:
        because = [
            {
                "question": words["questions"][question]["short"],
                "answer": words["questions"][question]["options"][option],
            }
            for question, option in fired.because
        ]
        if fired.unsure:
            unsure = [question for question, option in fired.because if option == UNSURE]
            names = ", ".join(f"\u201c{words['questions'][question]['short']}\u201d" for question in unsure)
            key, text = names, words["common"]["unsure_reason"].replace("{question}", names)
        else:
            key, text = fired.rule.code, words["rules"][fired.rule.code]["reason"]
        line = lines.setdefault(
            key, {"rules": [], "unsure": fired.unsure, "text": text, "because": because, "sources": []}
        )
        line["rules"].append(fired.rule.code)
        line["sources"] = unique(line["sources"] + list(fired.rule.sources))
    return list(lines.values())


def told(assessment: Assessment) -> list[Fired]:
    """The met rules worth telling: without those that another says better, and no small talk beside a higher level."""
    said = {code for fired in assessment.fired if not fired.unsure for code in fired.rule.instead_of}
    left = [fired for fired in assessment.fired if fired.rule.code not in said]
    if assessment.level == Level.EMERGENCY:
        return [fired for fired in left if fired.level == Level.EMERGENCY]
    if assessment.level == Level.URGENT:
        return [fired for fired in left if fired.level > Level.SELF_CARE]
    return left


def compose(protocol: Protocol, assessment: Assessment, words: Words, places: Mapping[str, str]) -> dict[str, Any]:
    """The result page as data. Raises ValueError for an assessment without a level.

    Keys: level, label, variant, time, heading, lead, reasons (of this level), also (reasons of lower levels), do,
    avoid, watch, better, now_if {heading, signs}, articles (slugs). Advice of rules follows the level's own.
    """
    if assessment.level is None:
        raise ValueError("The check is not finished: there is no level to put into words.")
    level = words["levels"][assessment.level.code]
    text = {**level, **level[assessment.variant]} if assessment.variant else level
    shown = told(assessment)
    why = reasons((fired for fired in shown if fired.level == assessment.level), words)
    if assessment.level == Level.SELF_CARE:
        plain = words["common"]["no_rules_reason"]
        why.insert(0, {"rules": [], "unsure": False, "text": plain, "because": [], "sources": []})
    # Cautions about medicines hold at every level below an emergency, even where their reason is left out.
    advising = shown if assessment.level == Level.EMERGENCY else assessment.fired
    extra = {
        kind: [line for fired in advising for line in words["rules"][fired.rule.code].get(kind, [])]
        for kind in ("do", "avoid")
    }
    sport = next((code for code in assessment.path.answers.get("sport", ()) if code in protocol.sport_articles), None)
    articles: list[str] = []
    if assessment.level < Level.EMERGENCY:
        articles += [slug for fired in assessment.fired for slug in fired.rule.articles]
        articles += [protocol.sport_articles[sport]] if sport else []
        articles += protocol.articles[assessment.level]
    filled: dict[str, Any] = fill(
        {
            "level": assessment.level.code,
            "label": text["label"],
            "variant": assessment.variant,
            "time": text["time"],
            "heading": text["heading"],
            "lead": text["lead"],
            "reasons": why,
            "also": reasons((fired for fired in shown if fired.level < assessment.level), words),
            "do": unique(text["do"] + extra["do"]),
            "avoid": unique(text["avoid"] + extra["avoid"]),
            "watch": text["watch"],
            "better": text["better"],
            "now_if": words["now_if"] if assessment.level < Level.EMERGENCY else None,
            "articles": unique(articles)[:5],
        },
        places,
    )
    return filled

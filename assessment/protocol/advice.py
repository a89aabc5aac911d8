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


def reasons(items: Iterable[Fired], words: Words, leave_out: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Why rules were met: [{"rules", "unsure", "text", "because": [{"question", "answer"}], "sources"}].

    What rests on "I am not sure" is told in one line a question. leave_out: texts that were told before.
    """
    lines: dict[str, dict[str, Any]] = {}
    for fired in items:
        because = [
            {"question": words["questions"][code]["short"], "answer": words["questions"][code]["options"][option]}
            for code, option in fired.because
        ]
        if fired.unsure:
            template = words["common"]["unsure_reason"]
            unsure = [words["questions"][code] for code, option in fired.because if option == UNSURE]
            told = [template.replace("{question}", text["short"]).replace("{why}", text["why"]) for text in unsure]
        else:
            told = [words["rules"][fired.rule.code]["reason"]]
        for text in told:
            line = lines.setdefault(
                text, {"rules": [], "unsure": fired.unsure, "text": text, "because": because, "sources": []}
            )
            line["rules"].append(fired.rule.code)
            line["sources"] = unique(line["sources"] + list(fired.rule.sources))
    return [line for text, line in lines.items() if text not in leave_out]


def told(assessment: Assessment) -> list[Fired]:
    """The met rules worth telling: without those that another says better, and no small talk beside a higher level."""
    said = {code for fired in assessment.fired if not fired.unsure for code in fired.rule.instead_of}
    left = [fired for fired in assessment.fired if fired.rule.code not in said]
    if assessment.level == Level.EMERGENCY:
        return [fired for fired in left if fired.level == Level.EMERGENCY]
    if assessment.level == Level.URGENT:
        return [fired for fired in left if fired.level > Level.SELF_CARE]
    return left


def extra(items: Iterable[Fired], words: Words, kind: str) -> list[str]:
    """What met rules add to a level's advice.

    kind: "note", "do_first" or "do", of rules met for certain; "do_unsure", of the others; "avoid", of all, since
    leaving something out does no harm.
    """
    wanted = {"do_unsure": (True,), "avoid": (False, True)}.get(kind, (False,))
    return [line for fired in items if fired.unsure in wanted for line in words["rules"][fired.rule.code].get(kind, [])]


def compose(protocol: Protocol, assessment: Assessment, words: Words, places: Mapping[str, str]) -> dict[str, Any]:
    """The result page as data. Raises ValueError for an assessment without a level.

    Keys: level, label, variant, time, heading, lead, notes, reasons (of this level), also (reasons of lower levels),
    do, avoid, watch, better, now_if {heading, signs}, articles (slugs).
    """
    if assessment.level is None:
        raise ValueError("The check is not finished: there is no level to put into words.")
    level = words["levels"][assessment.level.code]
    text = {**level, **level[assessment.variant]} if assessment.variant else level
    shown = told(assessment)
    why = reasons((fired for fired in shown if fired.level == assessment.level), words)
    if assessment.level == Level.SELF_CARE and not any(line["unsure"] for line in why):
        plain = words["common"]["no_rules_reason"]
        why.insert(0, {"rules": [], "unsure": False, "text": plain, "because": [], "sources": []})
    also = reasons(
        (fired for fired in shown if fired.level < assessment.level), words, leave_out=[line["text"] for line in why]
    )
    # Cautions about medicines hold at every level below an emergency, even where their reason is left out.
    advising = shown if assessment.level == Level.EMERGENCY else assessment.fired
    first = extra(advising, words, "do_first")
    if assessment.level == Level.URGENT and any(fired.unsure and fired.level == Level.URGENT for fired in shown):
        first.insert(0, words["common"]["unsure_emergency"])
    sport = next((code for code in assessment.path.answers.get("sport", ()) if code in protocol.sport_articles), None)
    articles: list[str] = []
    if assessment.level < Level.EMERGENCY:
        # The two that fit best, the patient's own sport, what everybody at this level needs; then the others.
        fitting = unique(slug for fired in assessment.fired for slug in fired.rule.articles)
        own = [protocol.sport_articles[sport]] if sport else []
        articles += [*fitting[:2], *own, *protocol.articles[assessment.level], *fitting[2:]]
    filled: dict[str, Any] = fill(
        {
            "level": assessment.level.code,
            "label": text["label"],
            "variant": assessment.variant,
            "time": text["time"],
            "heading": text["heading"],
            "lead": text["lead"],
            "reasons": why,
            "also": also,
            "notes": extra(assessment.fired, words, "note"),
            "do": unique(first + text["do"] + extra(advising, words, "do") + extra(advising, words, "do_unsure")),
            "avoid": unique(text["avoid"] + extra(advising, words, "avoid")),
            "watch": text["watch"],
            "better": text["better"],
            "now_if": words["now_if"] if assessment.level < Level.EMERGENCY else None,
            "articles": unique(articles)[:5],
        },
        places,
    )
    return filled

"""Puts an assessment into words: what the patient reads, and what is frozen with the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .engine import Assessment, Fired, Step, fire
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
    """The met rules worth telling: without those that another says better, and no small talk beside a higher level.

    Beside an emergency, only what is certain and urgent: a hospital should hear of a weak foot too, not of a maybe.
    """
    said = {code for fired in assessment.fired if not fired.unsure for code in fired.rule.instead_of}
    left = [fired for fired in assessment.fired if fired.rule.code not in said]
    if assessment.level == Level.EMERGENCY:
        lowest = Level.EMERGENCY if assessment.variant == "crisis" else Level.URGENT
        return [fired for fired in left if fired.level >= lowest and not fired.unsure]
    if assessment.level == Level.URGENT:
        return [fired for fired in left if fired.level > Level.SELF_CARE]
    return left


def extra(items: Iterable[Fired], words: Words, kind: str) -> list[str]:
    """What met rules add to a level's advice.

    kind: "note", "do_first", "do", "better" or "now_if", of rules met for certain; "do_unsure", of the others; "avoid",
    of all, since leaving something out does no harm.
    """
    wanted = {"do_unsure": (True,), "avoid": (False, True)}.get(kind, (False,))
    return [line for fired in items if fired.unsure in wanted for line in words["rules"][fired.rule.code].get(kind, [])]


def if_so(protocol: Protocol, assessment: Assessment, words: Words) -> list[dict[str, Any]]:
    """What would be an emergency if it were so, for each question answered "not sure": [{"heading", "signs"}].

    Each sign is tried beside the other answers, in the place of "not sure". One heading a door, the fastest first.
    """
    found: list[dict[str, Any]] = []
    for step in assessment.path.steps:
        if UNSURE not in step.answer:
            continue
        text = words["questions"][step.question.code]
        beside = [code for code in step.answer if code != UNSURE]
        signs: dict[str, list[str]] = {}
        for sign in step.question.codes("plain"):
            worst = fire(protocol, {**assessment.path.answers, step.question.code: (*beside, sign)})[:1]
            if worst and worst[0].level == Level.EMERGENCY:
                signs.setdefault(worst[0].rule.variant, []).append(text["options"][sign])
        found += [
            {"heading": words["common"]["if_so"][door].replace("{question}", text["short"]), "signs": signs[door]}
            for door in protocol.variants
            if door in signs
        ]
    return found


def say_too(assessment: Assessment, words: Words) -> str:
    """What a hospital should hear beside the reasons, where the check ended before it could ask."""
    parts = dict(words["common"]["say_too"])
    start = parts.pop("start")
    if assessment.variant != "ambulance":
        del parts["ambulance"]
    return f"{start} {'; '.join(text for code, text in parts.items() if code not in assessment.path.answers)}."


def compose(protocol: Protocol, assessment: Assessment, words: Words, places: Mapping[str, str]) -> dict[str, Any]:
    """The result page as data. Raises ValueError for an assessment without a level.

    Keys: level, label, variant, time, heading, lead, notes, if_so [{heading, signs}], reasons (of this level), also
    (reasons of lower levels), do, avoid, watch, better, now_if {heading, signs}, articles (slugs).
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
    emergency = assessment.level == Level.EMERGENCY
    advising = [fired for fired in shown if fired.level == Level.EMERGENCY] if emergency else assessment.fired
    first = extra(advising, words, "do_unsure") + extra(advising, words, "do_first")
    do = first + text["do"] + extra(advising, words, "do")
    if assessment.variant in ("ambulance", "department"):
        do.append(say_too(assessment, words))
    better = extra(assessment.fired, words, "better") if assessment.level == Level.SELF_CARE else []
    now_if = {**words["now_if"], "signs": words["now_if"]["signs"] + extra(assessment.fired, words, "now_if")}
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
            "if_so": [] if emergency else if_so(protocol, assessment, words),
            "do": unique(do),
            "avoid": unique(text["avoid"] + extra(advising, words, "avoid")),
            "watch": text["watch"],
            "better": better[0] if better else text["better"],
            "now_if": None if emergency else now_if,
            "articles": unique(articles)[:5],
        },
        places,
    )
    return filled

"""Puts an outcome into words: what the patient reads, and what is stored with the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from .engine import FiredRule, Outcome, Step, find_forbidden_acts, fire_rules, read_cautiously
from .model import DAYS, UNSURE, Advice, Block, Level, Protocol, Truth
from .wording import Words


def fill_placeholders(item: Any, places: Mapping[str, str]) -> Any:
    """The words with {emergency_number} and the like filled in."""
    if isinstance(item, str):
        for name, value in places.items():
            item = item.replace("{" + name + "}", value)
        return item
    if isinstance(item, list):
        return [fill_placeholders(part, places) for part in item]
    if isinstance(item, dict):
        return {key: fill_placeholders(part, places) for key, part in item.items()}
    return item


def drop_repeats(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))


def answers_in_words(steps: Iterable[Step], words: Words) -> list[dict[str, Any]]:
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


def list_reasons(
    items: Iterable[FiredRule], words: Words, leave_out: Iterable[Mapping[str, Any]] = ()
) -> list[dict[str, Any]]:
    """Why rules were met: [{"rules", "unsure", "text", "because": [{"question", "answer"}], "sources"}].

    All that rests on "I am not sure" is told in one line, the last. leave_out: lines that were told before.
    """
    lines: dict[str, dict[str, Any]] = {}
    doubts: dict[str, list[FiredRule]] = {}
    for fired in items:
        if fired.unsure:
            for code, option in fired.because:
                if option == UNSURE:
                    doubts.setdefault(code, []).append(fired)
            continue
        text = words["rules"][fired.rule.code]["reason"]
        line = lines.setdefault(
            text,
            {
                "rules": [],
                "unsure": False,
                "text": text,
                "because": choices_in_words(fired.because, words),
                "sources": [],
            },
        )
        line["rules"].append(fired.rule.code)
        line["sources"] = drop_repeats(line["sources"] + list(fired.rule.sources))
    told = {line["text"] for line in leave_out}
    known = [item for line in leave_out if line["unsure"] for item in line["because"]]
    new = [code for code in doubts if choices_in_words([(code, UNSURE)], words)[0] not in known]
    if new:
        rules = list({fired.rule.code: fired.rule for code in new for fired in doubts[code]}.values())
        lines[""] = {
            "rules": [rule.code for rule in rules],
            "unsure": True,
            "text": describe_doubt(new, words),
            "because": choices_in_words([(code, UNSURE) for code in new], words),
            "sources": drop_repeats(source for rule in rules for source in rule.sources),
        }
    return [line for line in lines.values() if line["text"] not in told]


def choices_in_words(pairs: Iterable[tuple[str, str]], words: Words) -> list[dict[str, str]]:
    """These (question, option) pairs as worded: [{"question", "answer"}]."""
    return [
        {"question": words["questions"][code]["short"], "answer": words["questions"][code]["options"][option]}
        for code, option in pairs
    ]


def describe_doubt(questions: list[str], words: Words) -> str:
    """The line about questions answered "not sure"; why it was asked is told of one, and not of a dozen."""
    names = ", ".join(f"“{words['questions'][code]['short']}”" for code in questions)
    if len(questions) > 1:
        return str(words["common"]["unsure_reasons"]).replace("{questions}", names)
    why = words["questions"][questions[0]]["why"]
    return str(words["common"]["unsure_reason"]).replace("{question}", names).replace("{why}", why)


def select_told_rules(outcome: Outcome) -> list[FiredRule]:
    """The met rules worth telling: without those that another says better, and no small talk beside a higher level.

    Beside an emergency, only what is certain and urgent: a hospital should hear of a weak foot too, not of a maybe.
    """
    left = list_unreplaced_rules(outcome)
    if outcome.level == Level.EMERGENCY:
        lowest = Level.EMERGENCY if outcome.variant == "crisis" else Level.URGENT
        return [fired for fired in left if fired.level >= lowest and not fired.unsure]
    if outcome.level == Level.URGENT:
        return [fired for fired in left if fired.level > Level.SELF_CARE]
    return left


def list_unreplaced_rules(outcome: Outcome) -> list[FiredRule]:
    """The met rules without those that another, met for certain, stands for."""
    said = {code for fired in outcome.fired if not fired.unsure for code in fired.rule.instead_of}
    return [fired for fired in outcome.fired if fired.rule.code not in said]


def list_extra_advice(items: Iterable[FiredRule], words: Words, kind: str) -> list[str]:
    """What met rules add to a level's advice.

    kind: "note", "do_first", "do" or "now_if", of rules met for certain; "do_unsure", of the others; "avoid",
    of all, since leaving something out does no harm.
    """
    wanted = {"do_unsure": (True,), "avoid": (False, True)}.get(kind, (False,))
    return [line for fired in items if fired.unsure in wanted for line in words["rules"][fired.rule.code].get(kind, [])]


def list_fitting_advice(
    protocol: Protocol, outcome: Outcome, words: Words, forbidden: Iterable[str]
) -> list[tuple[Advice, str, bool]]:
    """The advice for this outcome below an emergency: (advice, its line, whether that tells one to do it).

    Where an act is forbidden its line is left out, or the alternative stands in its place.
    """
    found = []
    for advice in protocol.advice:
        if is_for(advice, outcome):
            allowed = not set(advice.acts) & set(forbidden)
            line = words["advice"][advice.code].get("text" if allowed else "instead", "")
            found += [(advice, line, allowed)] if line else []
    return found


def is_for(advice: Advice, outcome: Outcome) -> bool:
    """Whether its levels and rules are those of this outcome."""
    met = {fired.rule.code for fired in list_unreplaced_rules(outcome) if not fired.unsure}
    return outcome.level in advice.levels and (not advice.rules or bool(met & set(advice.rules)))


def select_blocks(protocol: Protocol, outcome: Outcome, forbidden: Iterable[str]) -> list[Block]:
    """The steps of the plan for this outcome, in their order. In doubt one is left out, and none replaces it."""
    answers = outcome.path.answers
    doubted = read_cautiously(protocol, answers)
    return [
        block
        for block in protocol.plan
        if is_for(block, outcome)
        and not set(block.acts) & set(forbidden)
        and (block.when is None or block.when.truth(answers) == Truth.YES)
        and (block.unless is None or block.unless.truth(doubted) == Truth.NO)
    ]


def compose_plan(blocks: Iterable[Block], words: Words, today: list[dict[str, str]], own: str) -> list[dict[str, Any]]:
    """The plan by days: [{"day", "after", "due", "lines": [{"text", "article", "section", "picture"}]}].

    day: a key of DAYS; after: how many days after the result, or None; due: both in words. today: the lines of the
    first day. own: the article on the patient's sport, or "".
    """
    lines: dict[str, list[dict[str, str]]] = {day: [] for day in DAYS} | {"today": list(today)}
    for block in blocks:
        where = (own, "") if own and block.own_sport else (block.article, block.section)
        text = words["plan"][block.code]["text"]
        lines[block.day].append(plan_line(text, *where, block.picture))
    return [
        {"day": day, "after": DAYS[day], "due": words["common"]["days"][day], "lines": told}
        for day, told in lines.items()
        if told
    ]


def plan_line(text: str, article: str = "", section: str = "", picture: str = "") -> dict[str, str]:
    return {"text": text, "article": article, "section": section, "picture": picture}


def list_if_so_signs(protocol: Protocol, outcome: Outcome, words: Words) -> list[dict[str, Any]]:
    """What would be an emergency if it were so, for the questions answered "not sure": [{"heading", "signs"}].

    Each sign is tried beside the other answers, in the place of "not sure". One heading a variant, in their order.
    """
    found: dict[str, list[str]] = {}
    for step in outcome.path.steps:
        if UNSURE not in step.answer:
            continue
        text = words["questions"][step.question.code]
        beside = [code for code in step.answer if code != UNSURE]
        for sign in step.question.codes("plain"):
            worst = fire_rules(protocol, {**outcome.path.answers, step.question.code: (*beside, sign)})[:1]
            if worst and worst[0].level == Level.EMERGENCY:
                about = f"{text['about']}: " if "about" in text else ""
                found.setdefault(worst[0].rule.variant, []).append(about + text["options"][sign])
    variants = [variant for variant in protocol.variants if variant in found]
    start = words["common"]["unsure_signs"] + " "
    return [
        {
            "heading": (start if variant == variants[0] else "") + words["common"]["if_so"][variant],
            "signs": found[variant],
        }
        for variant in variants
    ]


def list_taken_back_answers(
    pairs: Iterable[Iterable[str]], answers: Mapping[str, Iterable[str]], words: Words
) -> list[dict[str, Any]]:
    """What ended an earlier walk as an emergency, and is no answer now: [{"variant", "answers": [[question, option]],
    "text"}], one a variant. pairs: (question, option, variant).
    """
    found: dict[str, list[list[str]]] = {}
    for code, option, variant in pairs:
        # The words may have changed since, and with them the options and the variants.
        known = option in words["questions"].get(code, {}).get("options", {}) and variant in words["common"]["if_so"]
        if known and option not in answers.get(code, ()):
            found.setdefault(variant, []).append([code, option])
    lines = []
    for variant, given in found.items():
        names = ", ".join(
            f"“{item['answer']}”" for item in choices_in_words(((code, option) for code, option in given), words)
        )
        action = words["levels"]["emergency"][variant]["heading"]
        text = words["common"]["taken_back"].replace("{answers}", names).replace("{action}", action)
        lines.append({"variant": variant, "answers": given, "text": text})
    return lines


def compose_say_too(outcome: Outcome, words: Words) -> str:
    """What a hospital should hear beside the reasons, where the check ended before it could ask."""
    parts = dict(words["common"]["say_too"])
    start = parts.pop("start")
    if outcome.variant != "ambulance":
        parts.pop("ambulance", None)
    return f"{start} {'; '.join(text for code, text in parts.items() if code not in outcome.path.answers)}."


def compose_result(
    protocol: Protocol,
    outcome: Outcome,
    words: Words,
    places: Mapping[str, str],
    before: Iterable[Iterable[str]] = (),
) -> dict[str, Any]:
    """The result page as data. Raises ValueError for an outcome without a level.

    Keys: level, label, variant, time, heading, lead, notes, taken_back, if_so [{heading, signs}], reasons (of this
    level), also (reasons of lower levels), do, avoid, plan (do with the articles that say more, and what to do on
    later days: see compose_plan; none in an emergency), watch, now_if {heading, signs}, articles (slugs). No line and
    no article tells one to do what the answers forbid.
    before: what list_taken_back_answers() looks at.
    """
    if outcome.level is None:
        raise ValueError("The check is not finished: there is no level to put into words.")
    level = words["levels"][outcome.level.code]
    text = {**level, **level[outcome.variant]} if outcome.variant else level
    shown = select_told_rules(outcome)
    why = list_reasons((fired for fired in shown if fired.level == outcome.level), words)
    if outcome.level == Level.SELF_CARE and not any(line["unsure"] for line in why):
        plain = words["common"]["no_rules_reason"]
        why.insert(0, {"rules": [], "unsure": False, "text": plain, "because": [], "sources": []})
    also = list_reasons((fired for fired in shown if fired.level < outcome.level), words, leave_out=why)
    # Cautions about medicines hold at every level below an emergency, even where their reason is left out.
    emergency = outcome.level == Level.EMERGENCY
    urging = [fired for fired in shown if fired.level == Level.EMERGENCY]
    advising, warning = (urging, urging) if emergency else (list_unreplaced_rules(outcome), list(outcome.fired))
    first = list_extra_advice(advising, words, "do_unsure") + list_extra_advice(advising, words, "do_first")
    forbidden = find_forbidden_acts(protocol, outcome.path.answers)
    fitting_advice = [] if emergency else list_fitting_advice(protocol, outcome, words, forbidden)
    do = first + text["do"] + [line for advice, line, _ in fitting_advice if not advice.avoid]
    do += list_extra_advice(advising, words, "do")
    avoid = text["avoid"] + [line for advice, line, _ in fitting_advice if advice.avoid]
    avoid += list_extra_advice(warning, words, "avoid")
    if outcome.variant in ("ambulance", "department"):
        do.append(compose_say_too(outcome, words))
    notes = list_extra_advice(outcome.fired, words, "note")
    signs = drop_repeats(words["now_if"]["signs"] + list_extra_advice(outcome.fired, words, "now_if"))
    sport = next((code for code in outcome.path.answers.get("sport", ()) if code in protocol.sport_articles), None)
    own = protocol.sport_articles[sport] if sport else ""
    articles: list[str] = []
    if outcome.level < Level.EMERGENCY:
        # The two that fit best, the patient's own sport, what everybody at this level needs; then the others.
        # What is urgent is read about alone: "many spasms begin like that" does not fit beside it.
        lowest = Level.URGENT if outcome.level == Level.URGENT else Level.SELF_CARE
        fitting = drop_repeats(slug for fired in outcome.fired if fired.level >= lowest for slug in fired.rule.articles)
        articles += [*fitting[:2], *filter(None, [own]), *protocol.articles.get(outcome.level, ()), *fitting[2:]]
        articles = [slug for slug in articles if not forbidden & set(protocol.article_acts.get(slug, ()))]
    more = {line: advice for advice, line, allowed in fitting_advice if advice.article and allowed}
    today = [
        plan_line(line, more[line].article, more[line].section) if line in more else plan_line(line)
        for line in drop_repeats(do)
    ]
    blocks = select_blocks(protocol, outcome, forbidden)
    plan = [] if emergency else compose_plan(blocks, words, today, own)
    filled: dict[str, Any] = fill_placeholders(
        {
            "level": outcome.level.code,
            "label": text["label"],
            "variant": outcome.variant,
            "time": text["time"],
            "heading": text["heading"],
            "lead": text["lead"],
            "reasons": why,
            "also": also,
            "notes": notes,
            "taken_back": list_taken_back_answers(before, outcome.path.answers, words),
            "if_so": [] if emergency else list_if_so_signs(protocol, outcome, words),
            "do": drop_repeats(do),
            "avoid": drop_repeats(avoid),
            "plan": plan,
            "watch": text["watch"],
            "now_if": None if emergency else {**words["now_if"], "signs": signs},
            "articles": drop_repeats(articles)[:5],
        },
        places,
    )
    return filled

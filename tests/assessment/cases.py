"""Cases: what a patient would answer, and what the guidelines then ask for. Two kinds.

vignettes/*.toml: whole stories, each with all its answers. The triage report counts these only.

boundaries/*.toml: where one answer changes the outcome, in pairs: the signs of a guideline are there, and one is not.
Each [[boundary]] has a title, a guideline, and a table of cases, a line each. A case gives only the answers in which it
differs from the well adult of boundaries/rest.toml (`answers`), and what must come of it:

    expected              the level
    variant               of an emergency: ambulance, department, maternity or crisis
    told, not_told        reasons (by rule) that the result must give for its level, for certain; and not at all
    advised, not_advised  acts that the result must tell one to do; and that these answers must forbid
    asked, not_asked      questions that this patient must be asked, and must be spared
    each                  the same case once for each of these options of a question; with two questions, each pair

Write what follows from the guideline. Do not copy what the protocol says now: the cases are there to find it wrong.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

from assessment.protocol import advice, verify, wording
from assessment.protocol.engine import assess_answers, find_forbidden_acts, is_asked
from assessment.protocol.model import Protocol

FOLDER = Path(__file__).parent / "vignettes"
BOUNDARIES = Path(__file__).parent / "boundaries"


@dataclass(frozen=True)
class Case:
    """One case. acceptable: other levels that a careful clinician could choose too. The rest: see above."""

    id: str
    story: str
    expected: str
    acceptable: list[str]
    guideline: str
    tags: list[str]
    answers: dict[str, list[str]]
    variant: str = ""
    told: list[str] = field(default_factory=list)
    not_told: list[str] = field(default_factory=list)
    advised: list[str] = field(default_factory=list)
    not_advised: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    not_asked: list[str] = field(default_factory=list)


def read_cases(file: Path) -> dict:
    return tomllib.loads(file.read_text(encoding="utf-8"))


def load_vignettes() -> list[Case]:
    """Every vignette, file by file. Raises TypeError for one with a part too many or too few."""
    return [Case(**case) for file in sorted(FOLDER.glob("*.toml")) for case in read_cases(file)["case"]]


def load_boundaries() -> list[Case]:
    """Every boundary case. Raises TypeError for one with a part too many or too few, KeyError for a missing one."""
    rest = read_cases(BOUNDARIES / "rest.toml")["answers"]
    return [
        case
        for file in sorted(BOUNDARIES.glob("*.toml"))
        for boundary in read_cases(file).get("boundary", [])
        for row in boundary["cases"]
        for case in expand_row(boundary["title"], boundary["guideline"], row, rest)
    ]


def expand_row(title: str, guideline: str, row: dict, rest: dict[str, list[str]]) -> Iterator[Case]:
    """The cases that one line of a boundary's table stands for."""
    row = dict(row)
    each, answers = row.pop("each", {}), row.pop("answers", {})
    for options in product(*each.values()):
        one = dict(zip(each, options, strict=True))
        given = {**rest, **{code: [option] if isinstance(option, str) else option for code, option in answers.items()}}
        for code, option in one.items():
            # A sign of `each` stands beside those of `answers` on the same page.
            given[code] = [*given[code], option] if code in answers else [option]
        name = " / ".join([title, row["story"], *one.values()])
        yield Case(id=name, acceptable=[], guideline=guideline, tags=[], answers=given, **row)


def list_complaints(protocol: Protocol, case: Case) -> Iterator[str]:
    """What the protocol does otherwise than the case asks for."""
    outcome = assess_answers(protocol, case.answers)
    level = "none" if outcome.level is None else outcome.level.code
    if level not in (case.expected, *case.acceptable):
        yield f"the level is {level}, not {case.expected}"
    if case.variant and outcome.variant != case.variant:
        yield f"the variant is {outcome.variant or 'none'}, not {case.variant}"
    if case.told or case.not_told:
        told = [fired for fired in advice.select_told_rules(outcome) if not fired.unsure]
        reasons = {fired.rule.code for fired in told if fired.level == outcome.level}
        yield from (f"no reason: {code}" for code in case.told if code not in reasons)
        yield from (f"told: {fired.rule.code}" for fired in told if fired.rule.code in case.not_told)
    if case.advised:
        words = wording.load_words()
        result = advice.compose_result(protocol, outcome, words, {})
        advised = {act.code for act in protocol.acts if any(verify.list_told(protocol, result, words, act))}
        yield from (f"not advised: {code}" for code in case.advised if code not in advised)
    if case.not_advised:
        # All that would be asked if no emergency ended the check: what is not asked any more forbids in any case.
        given: dict[str, tuple[str, ...]] = {}
        for question in protocol.questions:
            if is_asked(question, given):
                given[question.code] = tuple(case.answers[question.code])
        forbidden = find_forbidden_acts(protocol, given)
        yield from (f"not forbidden: {code}" for code in case.not_advised if code not in forbidden)
    if case.asked or case.not_asked:
        asked = outcome.path.answers
        yield from (f"not asked: {code}" for code in case.asked if code not in asked)
        yield from (f"asked: {code}" for code in case.not_asked if code in asked)

"""The judged table: what careful readers think of each case that the check does not call urgent.

Data: judgements/<protocol>/*.toml, one table [[group]] for cases judged alike:

    least, most   the levels between which these cases must end
    reason        in plain words
    sources       keys of sources.toml; or ["none"]: none was found, and where the readers differed the higher stands
    cases         a line each: "history=pregnant + start=fall/effort @ 65_74/75_plus". A slash parts options that are
                  judged alike, each a case of its own. After @ the ages; without, every age that no other line names.
                  "nothing" is the case of who answers all questions at their mildest.

What is judged at named ages holds there for who says more, too: with "nothing" at 75 judged a visit soon, no case at
75 may be less, and each may be that.

Readers judge on sheets, blind: shuffled, without levels and rules, a third of the lines decoys that end urgent or as an
emergency. Two readers; neither is a clinician, and nothing here says otherwise.
"""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import combinations, product
from pathlib import Path
from typing import Any

from .engine import assess_answers
from .model import NONE, Level
from .pairs import RISKS, Table
from .terms import Term
from .wording import Words

FOLDER = Path(__file__).parent / "judgements"
NOTHING = "nothing"
NO_SOURCE = "none"
# The ages at which a case is read first, the most usual one in front; and the one that stands for all from 60.
FIRST = ("18_49", "50_59", "60_64", "65_74", "75_plus", "16_17", "13_15", "13_15_alone", "under_13")
OLD, FROM_60 = "65_74", ("60_64", "65_74", "75_plus")
LINES = 400
FIELDS = ("least", "most", "reason", "sources", "cases")


class JudgementError(ValueError):
    """A file of judgements, or a sheet that came back, cannot be used; the message names the place."""


@dataclass(frozen=True)
class Judgement:
    """The bounds of cases judged alike. cases: (case, ages); no ages: every age that no other judgement names."""

    least: Level
    most: Level
    reason: str
    sources: tuple[str, ...]
    cases: tuple[tuple[Term, frozenset[str]], ...]


@cache
def load_judgements(protocol: str) -> tuple[Judgement, ...]:
    """The judgements of one protocol, by its code; none if nobody has judged it. Raises JudgementError."""
    return tuple(
        read_judgement(group, f"{file.name}, group {number}")
        for file in sorted((FOLDER / protocol).glob("*.toml"))
        for number, group in enumerate(read_groups(file), 1)
    )


def read_groups(file: Path) -> list[dict[str, Any]]:
    try:
        groups: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["group"]
    except (ValueError, KeyError) as error:
        raise JudgementError(f"{file.name} cannot be read: {error}") from error
    return groups


def read_judgement(group: Mapping[str, Any], where: str) -> Judgement:
    """One group as written in a file. where: for the message, if it is wrong."""
    if set(group) != set(FIELDS):
        raise JudgementError(f"{where}: its fields are not {', '.join(FIELDS)}")
    levels = {level.code: level for level in Level}
    if not {group["least"], group["most"]} <= levels.keys():
        raise JudgementError(f"{where}: a level is one of {', '.join(levels)}")
    least, most = levels[group["least"]], levels[group["most"]]
    if least > most or not group["reason"] or not group["sources"]:
        raise JudgementError(f'{where}: least is above most, or there is no reason, or no source and no "none"')
    cases = tuple(found for line in group["cases"] for found in read_cases(line, where))
    return Judgement(least, most, group["reason"], tuple(group["sources"]), cases)


def read_cases(line: str, where: str = "") -> Iterator[tuple[Term, frozenset[str]]]:
    """The cases of one line, with their ages."""
    said, _, ages = line.partition(" @ ")
    ways = []
    for part in said.split(" + ") if said != NOTHING else ():
        code, _, options = part.partition("=")
        if not code or not options:
            raise JudgementError(f"{where}: {line!r} is not question=option + question=option @ age/age")
        ways.append([(code, option) for option in options.split("/")])
    for chosen in product(*ways):
        yield frozenset(chosen), frozenset(ages.split("/") if ages else ())


def write_case(case: Term, ages: Iterable[str] = ()) -> str:
    """A case as a line of a file."""
    said = " + ".join(f"{code}={option}" for code, option in sorted(case)) or NOTHING
    return f"{said} @ {'/'.join(ages)}" if ages else said


def fold_cases(cases: Iterable[tuple[Term, frozenset[str]]]) -> list[str]:
    """The same cases on fewer lines: those that differ in one option stand together, with a slash."""
    groups: dict[tuple[Term, str, frozenset[str]], list[str]] = {}
    for case, ages in cases:
        for item in case or [("", "")]:
            groups.setdefault((case - {item}, item[0], ages), []).append(item[1])
    lines, done = [], set()
    for (rest, code, ages), options in sorted(groups.items(), key=lambda group: (-len(group[1]), sorted(group[0][0]))):
        left = [option for option in options if (rest | {(code, option)}, ages) not in done]
        if left:
            done |= {(rest | {(code, option)}, ages) for option in left}
            lines.append(write_case(rest | {(code, "/".join(left))} if code else rest, sorted(ages)))
    return sorted(lines)


class Bounds:
    """The judgements by case and age."""

    def __init__(self, judgements: Iterable[Judgement]) -> None:
        self.kept: dict[tuple[Term, str], Judgement] = {}
        self.twice: list[str] = []
        for judgement in judgements:
            for case, ages in judgement.cases:
                for age in ages or ("",):
                    if (case, age) in self.kept:
                        self.twice.append(write_case(case, [age] if age else ()))
                    self.kept[case, age] = judgement

    def find(self, case: Term, age: str) -> tuple[Level, Level] | None:
        """The least and the highest level that this case may have at this age; None if nobody judged it."""
        own = self.kept.get((case, age)) or self.kept.get((case, ""))
        if own is None:
            return None
        within = [
            judged for part in list_parts(case) if age and (judged := self.kept.get((part, age))) and judged is not own
        ]
        return max(item.least for item in (own, *within)), max(item.most for item in (own, *within))


def list_parts(case: Term) -> Iterator[Term]:
    """What says less than this case."""
    for size in range(len(case)):
        yield from map(frozenset, combinations(sorted(case), size))


# --- Sheets for readers ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A case at one age on a sheet. ages: for which its judgement stands; none: for all that have no line of their
    own."""

    case: Term
    age: str
    ages: tuple[str, ...]
    level: Level
    decoy: bool = False


def list_lines(table: Table) -> list[Line]:
    """Every case that ends in self-care or a visit soon, at the ages at which it must be read.

    Each once, at the age of most patients. Again at 65 to 74, for all from 60, if it is below urgent there and has a
    risk factor. Again at any age, and at 65 to 74 for all from 60, whose level does not follow, also where it is
    urgent: it is not that of the age read, nor the highest of what says less and is read at this age. Who says one
    thing, or nothing, is read at every age.
    """
    low = table.find_low_cases()
    lines: dict[tuple[Term, str], Line] = {}
    for case in sorted(low, key=lambda case: (len(case), sorted(case))):
        ends = {band: table.end_case(case, band) for band in table.bands}
        levels = {
            band: ending.level
            for band, ending in ends.items()
            if band in low[case] or (ending.whole and ending.level > Level.SOON)
        }
        within = {
            band: max(
                (line.level for part in list_parts(case) if (line := lines.get((part, band))) and band in line.ages),
                default=Level.SELF_CARE,
            )
            for band in levels
        }
        first = next((band for band in (*FIRST, *table.bands) if band in low[case]), "")
        read = {first: levels[first]}
        risky = OLD in low[case] and any(code in RISKS for code, _ in case)
        # The one that stands for all from 60 comes before them.
        for band in sorted(levels, key=lambda band: band != OLD):
            near = read[OLD if band in FROM_60 and OLD in read else first]
            follows = levels[band] == max(near, within[band])
            if len(case) < 2 or not follows or (band == OLD and risky):
                read[band] = levels[band]
        for band, level in read.items():
            ages = (
                (band,)
                if band != OLD
                else tuple(age for age in FROM_60 if age in levels and age not in {*read} - {OLD})
            )
            lines[case, band] = Line(case, band, () if band == first else ages, level)
    return list(lines.values())


def draw_decoys(table: Table, lines: list[Line], chance: random.Random) -> list[Line]:
    """Cases that end urgent or as an emergency, at ages drawn from the same lines: a third of all end so."""
    wanted = sum(1 if line.level <= Level.SOON else -2 for line in lines) // 2
    every = list(table.list_terms())
    found: dict[tuple[Term, str], Line] = {}
    for term in chance.sample(every, len(every)):
        if len(found) >= wanted:
            break
        age = chance.choice(lines).age
        best = table.find_cases(term).get(age)
        if best and best[1].level >= Level.URGENT and table.is_said(best[0], best[1]):
            found[best[0], age] = Line(best[0], age, (age,), best[1].level, decoy=True)
    return list(found.values())


def describe_answer(table: Table, item: tuple[str, str], words: Words) -> str:
    """An answer as the patient gives it; of a single choice, with how many others stand for the same."""
    code, option = item
    text = words["questions"][code]
    like = 0 if table.protocol.by_code[code].many else list(table.twins.values()).count(item) - 1
    return f"{text['short']}: {text['options'][option]}" + (f" (or any of {like} like it)" if like else "")


def describe_line(table: Table, line: Line, words: Words) -> str:
    """A case in the patient's words: the age if it is not the usual one, what is said, and what follow-ups got."""
    walked = assess_answers(table.protocol, table.complete_case(line.case, line.age)).path.answers
    asked = {(code, option) for code in table.follow_ups for option in walked.get(code, ()) if option != NONE}
    age = [f"Age {words['questions']['age']['options'][line.age]}"] if line.age not in ("", FIRST[0]) else []
    order = list(table.twins)
    return (
        "; ".join(age + [describe_answer(table, item, words) for item in sorted(line.case | asked, key=order.index)])
        or "Nothing."
    )


def describe_start(table: Table, words: Words) -> str:
    """What stands above a sheet."""
    usual = [
        item for item in table.options if item in table.mildest and item[0] not in table.follow_ups and item[1] != NONE
    ]
    rest = "\n".join(f"- {describe_answer(table, item, words)}" for item in usual)
    return f"""# How soon should this person with back pain be seen?

Each line is one person. Say the least and the most that you would find right, without looking at any rule:

- 0: looking after oneself at home
- 1: seen within 2 weeks
- 2: seen today
- 3: emergency care now

Answer in a file, a line each: the number of the line, least, most. For example: 17 0 1

A line gives all that is unusual. Age is 18 to 49 unless it says so. All else was answered at its mildest: none of the
warning signs, and

{rest}

"""


def write_sheets(table: Table, words: Words, folder: Path, seed: int) -> tuple[int, int]:
    """sheet-01.md and on for readers, and key.csv, which is not for them. Gives the number of lines, and of decoys."""
    chance = random.Random(seed)  # noqa: S311  an order, not a secret
    lines = list_lines(table)
    decoys = draw_decoys(table, lines, chance)
    mixed = chance.sample(lines + decoys, len(lines) + len(decoys))
    folder.mkdir(parents=True, exist_ok=True)
    start = describe_start(table, words)
    for sheet, first in enumerate(range(0, len(mixed), LINES), 1):
        rows = (
            f"{number} {describe_line(table, line, words)}\n"
            for number, line in enumerate(mixed[first : first + LINES], first + 1)
        )
        (folder / f"sheet-{sheet:02}.md").write_text(start + "".join(rows), encoding="utf-8")
    with (folder / "key.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "case", "age", "level", "decoy"])
        for number, line in enumerate(mixed, 1):
            writer.writerow([number, write_case(line.case, line.ages), line.age, int(line.level), int(line.decoy)])
    return len(mixed), len(decoys)


# --- What came back -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reading:
    """A line of the key with what the two readers said of it, and both together: of each bound the higher stands."""

    case: str
    age: str
    level: int
    decoy: bool
    first: tuple[int, int]
    second: tuple[int, int]

    @property
    def bounds(self) -> tuple[int, int]:
        return max(self.first[0], self.second[0]), max(self.first[1], self.second[1])

    @property
    def differs(self) -> bool:
        return self.first != self.second

    @property
    def outside(self) -> bool:
        """Whether the level of the protocol is outside what both together allow."""
        return not self.bounds[0] <= self.level <= self.bounds[1]


def read_answers(file: Path) -> dict[int, tuple[int, int]]:
    """One reader's file: "17 0 1" is line 17, least 0, most 1. Raises JudgementError."""
    found: dict[int, tuple[int, int]] = {}
    for row, text in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not text.strip() or text.startswith("#"):
            continue
        try:
            number, least, most = map(int, text.split())
        except ValueError as error:
            raise JudgementError(f"{file.name}, row {row}: {text!r} is not: number least most") from error
        if number in found or not 0 <= least <= most <= max(Level):
            raise JudgementError(f"{file.name}, row {row}: {text!r} stands twice, or is no range of levels")
        found[number] = least, most
    return found


def merge_readings(key: Path, first: Path, second: Path) -> list[Reading]:
    """Both readers' answers, line by line of the key. Raises JudgementError if one is missing."""
    answers = read_answers(first), read_answers(second)
    found = []
    with key.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            number = int(row["number"])
            for name, given in zip((first.name, second.name), answers, strict=True):
                if number not in given:
                    raise JudgementError(f"{name}: line {number} is missing")
            one, other = (given[number] for given in answers)
            found.append(Reading(row["case"], row["age"], int(row["level"]), row["decoy"] == "1", one, other))
    return found


def summarize_readings(readings: Iterable[Reading]) -> list[str]:
    """How far the readers agreed, how they took the decoys, and where the protocol is outside."""
    every = list(readings)
    real, decoys = [item for item in every if not item.decoy], [item for item in every if item.decoy]
    low = [item for item in decoys if item.bounds[1] < item.level]
    either = [item for item in decoys if min(item.first[1], item.second[1]) < item.level]
    outside = [item for item in real if item.outside]
    return [
        f"cases read: {len(real)}; the readers differed on {sum(item.differs for item in real)}",
        f"decoys read: {len(decoys)}; both judged {len(low)} lower than they end, one of them {len(either)}",
        f"outside what the readers allow: {len(outside)}",
        *(
            f"- {item.case} (read at {item.age or 'any age'}): level {item.level}, judged {item.bounds[0]} to "
            f"{item.bounds[1]}"
            for item in outside
        ),
    ]


def write_groups(readings: Iterable[Reading]) -> str:
    """The merged readings as a file of judgements, one group for each pair of bounds; reasons and sources are still to
    be written, and cases that are outside stand in groups of their own, to be settled first."""
    groups: dict[tuple[bool, tuple[int, int]], list[tuple[Term, frozenset[str]]]] = {}
    for item in readings:
        if not item.decoy:
            groups.setdefault((item.outside, item.bounds), []).extend(read_cases(item.case))
    parts = []
    for (outside, (least, most)), cases in sorted(groups.items(), key=lambda group: group[0]):
        lines = "".join(f'  "{line}",\n' for line in fold_cases(cases))
        parts.append(
            ("# OUTSIDE: settle these by a source, or change the rule.\n" if outside else "")
            + f'[[group]]\nleast = "{Level(least).code}"\nmost = "{Level(most).code}"\nreason = ""\nsources = []\n'
            + f"cases = [\n{lines}]\n"
        )
    return "\n".join(parts)

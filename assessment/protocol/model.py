"""The parts a protocol is made of. Immutable, plain Python, nothing of Django.

A condition is built only from "this option was chosen" with All, Any and AtLeast. There is no "not": choosing one more
warning sign can therefore never make a met condition unmet, which is what lets `verify` prove that a worse answer never
lowers the level.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import KW_ONLY, dataclass, field
from enum import IntEnum
from functools import cached_property

Answers = Mapping[str, tuple[str, ...]]
"""Question code -> the option codes chosen, in the question's order."""


class Level(IntEnum):
    """How soon to get care. Ordered: the level of a check is the highest that any met rule asks for."""

    SELF_CARE = 0
    SOON = 1  # within 2 weeks
    URGENT = 2  # today, within 24 hours
    EMERGENCY = 3  # now

    @property
    def code(self) -> str:
        return self.name.lower()

    @property
    def short_label(self) -> str:
        """Its name on staff pages; what patients read is in the words."""
        return self.name.replace("_", "-").capitalize()

    @property
    def label(self) -> str:
        """Its name on staff pages, with the time frame where there is one."""
        return self.short_label + {Level.URGENT: ": within 24 hours", Level.SOON: ": within 2 weeks"}.get(self, "")


class Truth(IntEnum):
    """Whether a condition is met. UNSURE: met if what the patient was not sure about is so."""

    NO = 0
    UNSURE = 1
    YES = 2


@dataclass(frozen=True)
class Option:
    """One choice. kind: "plain", "none" ("None of these": excludes the others) or "unsure" ("I am not sure")."""

    code: str
    kind: str = "plain"


@dataclass(frozen=True)
class Question:
    """One page of the check.

    many: a checklist instead of one choice. red_flag: its answers can show an emergency or urgent sign.
    when: asked only if this is met or unsure. order: option codes from best to worst, for a single choice whose
    options can be compared; options left out cannot be compared with any other. mild: the answer that says least,
    where there is neither an order nor "None of these".
    """

    code: str
    options: tuple[Option, ...]
    _: KW_ONLY
    many: bool = False
    red_flag: bool = False
    when: Condition | None = None
    order: tuple[str, ...] = ()
    mild: str = ""

    @cached_property
    def by_code(self) -> dict[str, Option]:
        return {option.code: option for option in self.options}

    @cached_property
    def alone(self) -> frozenset[str]:
        """The options that exclude the others."""
        return frozenset(self.codes(NONE))

    @property
    def mildest(self) -> str:
        """The answer that says least: "None of these", the one named, the best of an order, or the first option."""
        if NONE in self.by_code:
            return NONE
        return self.mild or (self.order or self.codes())[0]

    def codes(self, kind: str | None = None) -> tuple[str, ...]:
        return tuple(option.code for option in self.options if kind in (None, option.kind))


@dataclass(frozen=True)
class Chosen:
    """At least one of these options of the question was chosen; unsure if "I am not sure" was and none of them."""

    question: str
    options: tuple[str, ...]

    def truth(self, answers: Answers) -> Truth:
        given = answers.get(self.question)
        if given is None:
            return Truth.NO
        # A plain loop: the proofs ask this a million times.
        for code in given:
            if code in self.options:
                return Truth.YES
        return Truth.UNSURE if UNSURE in given else Truth.NO

    def support(self, answers: Answers) -> frozenset[tuple[str, str]]:
        given = answers.get(self.question, ())
        met = [code for code in self.options if code in given] or [code for code in given if code == UNSURE]
        return frozenset((self.question, code) for code in met)

    def atoms(self) -> Iterator[Chosen]:
        yield self


@dataclass(frozen=True)
class AtLeast:
    """At least `count` of the conditions are met."""

    count: int
    conditions: tuple[Condition, ...]

    def truth(self, answers: Answers) -> Truth:
        # The truth of the count-th truest part; most often one part settles it.
        certain, spare = self.count, len(self.conditions) - self.count
        for condition in self.conditions:
            truth = condition.truth(answers)
            if truth is Truth.YES:
                certain -= 1
                if not certain:
                    return Truth.YES
            elif truth is Truth.NO:
                spare -= 1
                if spare < 0:
                    return Truth.NO
        return Truth.UNSURE

    def support(self, answers: Answers) -> frozenset[tuple[str, str]]:
        """The chosen (question, option) pairs that make it as true as it is."""
        truth = self.truth(answers)
        met = [condition for condition in self.conditions if condition.truth(answers) >= max(truth, Truth.UNSURE)]
        return frozenset().union(*(condition.support(answers) for condition in met))

    def atoms(self) -> Iterator[Chosen]:
        for condition in self.conditions:
            yield from condition.atoms()


Condition = Chosen | AtLeast
UNSURE = "not_sure"
RATHER_NOT = "rather_not"
NONE = "none"


def chosen(question: str, *options: str) -> Chosen:
    return Chosen(question, options)


def all_of(*conditions: Condition) -> AtLeast:
    return AtLeast(len(conditions), conditions)


def any_of(*conditions: Condition) -> AtLeast:
    return AtLeast(1, conditions)


@dataclass(frozen=True)
class Source:
    """A published source, from the one register (sources.toml). year: 0 if the page gives none. checked: ISO date when
    the fact was last seen in it; empty while nobody has."""

    title: str
    body: str
    year: int
    url: str
    checked: str = ""


@dataclass(frozen=True)
class Rule:
    """When `when` is met, the check's level is at least `level`; when it is only unsure, one level less.

    variant: which variant of an emergency ("ambulance", "department", "maternity", "crisis"). sources: keys of the
    protocol's sources. articles: slugs worth reading for a patient whom this rule concerns. instead_of: rules whose
    text is left out of the result when this one is met, because this one says the same and more.
    """

    code: str
    level: Level
    _: KW_ONLY
    when: Condition
    sources: tuple[str, ...]
    variant: str = ""
    articles: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ban:
    """Answers that forbid an act, with the keys of the sources that say so."""

    when: Condition
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Act:
    """A thing that advice tells one to do, such as using warmth.

    bans: what forbids it. from_level: it is forbidden too while a rule of this level or a higher one is met or unsure:
    not before somebody has seen the patient.
    """

    code: str
    bans: tuple[Ban, ...]
    _: KW_ONLY
    from_level: Level | None = None


@dataclass(frozen=True)
class Advice:
    """A line that tells one to do something. Its words: advice.<code>, "text", and "instead" for whom it is forbidden
    (warns: it has only "instead", and says nothing to others).

    levels, rules: for whom: everybody at these levels; with rules, only who meets one of them for certain. avoid: it
    stands under "Avoid". article, section: what says more (a slug, and the id of a heading).
    """

    code: str
    acts: tuple[str, ...]
    _: KW_ONLY
    levels: tuple[Level, ...] = ()
    rules: tuple[str, ...] = ()
    avoid: bool = False
    warns: bool = False
    article: str = ""
    section: str = ""


# When a step of the plan is due: its name, and how many days after the result; None where no day can be named.
DAYS: Mapping[str, int | None] = {
    "today": 0, "day_1": 1, "day_3": 3, "week_1": 7, "week_2": 14, "week_6": 42, "seen": None,
}  # fmt: skip


@dataclass(frozen=True)
class Block(Advice):
    """A step of the plan after a result: advice for a later day than today. Its words: plan.<code>, as of Advice.

    day: a key of DAYS. when: only for whom this is met for certain. unless: for nobody for whom this is met or in
    doubt. picture: a drawing's name, only where no answer brings the step: the browser asks for its file by name.
    own_sport: the article is that of the patient's sport, where it has one. sources: keys of the protocol's sources.
    """

    day: str
    when: Condition | None = None
    unless: Condition | None = None
    picture: str = ""
    own_sport: bool = False
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Protocol:
    """A whole check: questions in the order they are asked, rules, sources, and what to read at each level.

    acts, advice: what one is told to do, and to whom not; plan: the same for later days. article_acts: the acts that an
    article as a whole is about.
    parts: the names of the check's parts by the codes of their first questions, in order.
    """

    code: str
    version: str
    questions: tuple[Question, ...]
    rules: tuple[Rule, ...]
    sources: Mapping[str, Source]
    articles: Mapping[Level, tuple[str, ...]]
    sport_articles: Mapping[str, str] = field(default_factory=dict)
    variants: tuple[str, ...] = ("ambulance", "department", "maternity", "crisis")
    acts: tuple[Act, ...] = ()
    advice: tuple[Advice, ...] = ()
    plan: tuple[Block, ...] = ()
    article_acts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def by_code(self) -> dict[str, Question]:
        return {question.code: question for question in self.questions}

    @cached_property
    def emergencies(self) -> dict[str, tuple[Rule, ...]]:
        """The emergency rules that look at a question, by its code."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            if rule.level == Level.EMERGENCY:
                for code in {atom.question for atom in rule.when.atoms()}:
                    found.setdefault(code, []).append(rule)
        return {code: tuple(rules) for code, rules in found.items()}

    @cached_property
    def part_numbers(self) -> dict[str, int]:
        """Which part a question belongs to, from 1; none where the protocol names no parts."""
        number, found = 0, {}
        for question in self.questions:
            number += question.code in self.parts
            found[question.code] = number
        return found

    def question(self, code: str) -> Question | None:
        return self.by_code.get(code)

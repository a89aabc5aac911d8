"""Which two answers, and which three risk factors, can come together in one check, and what then comes of it.

A *case* is all that a patient says beyond the mildest answers, age aside. Many pairs come down to one case: "pregnant"
beside the mildest answer to any other question is the case "pregnant". Where a question must be opened first, what
opens it at the lowest level belongs to the case. So nobody has to judge one patient twice.

Left out, because each is another case under a second name:
- a pair with an age, beyond the age's own: it is the other answer alone, at that age;
- a triple with an age: it is the pair at that age;
- a triple with a mildest answer: it is the pair without it;
- an option that no condition tells from an earlier one of its question (`find_twins`): the right side of a place, a
  second sport. Once a condition does tell them apart, its cases are new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations, product

from . import terms
from .engine import assess_answers
from .model import UNSURE, Answers, Condition, Level, Protocol, Truth
from .terms import Term

Choice = tuple[str, str]
"""A (question, option)."""

AGE = "age"
# The questions about what makes a harmless pain a dangerous one: three of them at once are looked at, too.
RISKS = ("history", "pregnancy", "after_birth", "medicines", "start", "clot", "vessels")


@dataclass(frozen=True)
class Ending:
    """Where a case ends at one age: its level, the (rule, unsure) that were met, the question whose answer stopped the
    check, if one did, and whether all of the case was asked."""

    level: Level
    rules: tuple[tuple[str, bool], ...]
    stop: str
    whole: bool


class KnownTruth:
    """A condition whose truth is kept for each set of answers to the questions it looks at."""

    def __init__(self, condition: Condition) -> None:
        self.condition = condition
        self.codes = tuple(dict.fromkeys(atom.question for atom in condition.atoms()))
        self.kept: dict[tuple[tuple[str, ...] | None, ...], Truth] = {}

    def find_truth(self, answers: Answers) -> Truth:
        key = tuple([answers.get(code) for code in self.codes])
        if key not in self.kept:
            self.kept[key] = self.condition.truth(answers)
        return self.kept[key]


class Table:
    """The cases of one protocol. They end as by the engine; only what differs from the quiet walk is looked at."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.twins = find_twins(protocol)
        self.quiet = terms.complete_answers(protocol, frozenset())
        self.mildest = {(code, option) for code, answer in self.quiet.items() for option in answer}
        age = protocol.question(AGE)
        # One empty age where none is asked.
        self.bands = dict.fromkeys(age.codes() if age else ("",))
        every = ((question.code, option) for question in protocol.questions for option in question.codes())
        self.options = tuple(item for item in every if item[0] != AGE and self.twins[item] == item)
        self.rules = [KnownTruth(rule.when) for rule in protocol.rules]
        self.gates = {
            question.code: KnownTruth(question.when) for question in protocol.questions if question.when is not None
        }
        # Asked of some only, and not just by age.
        self.follow_ups = {code for code, gate in self.gates.items() if set(gate.codes) != {AGE}}
        self.looking = self.find_looking()
        self.place = {question.code: number for number, question in enumerate(protocol.questions)}
        self.starts = {}
        for band in self.bands:
            asked = assess_answers(protocol, self.complete_case(frozenset(), band)).path.answers
            self.starts[band] = asked, self.find_met(range(len(self.rules)), asked)
        self.opened: dict[Choice, tuple[Term, ...]] = {}
        self.kept: dict[tuple[Term, str], Ending] = {}

    def find_looking(self) -> dict[Choice, set[int]]:
        """By answer, the rules that it can help to meet. "Not sure" can help all that look at its question."""
        found: dict[Choice, set[int]] = {item: set() for item in self.twins}
        for number, rule in enumerate(self.protocol.rules):
            for atom in rule.when.atoms():
                for option in (*atom.options, UNSURE):
                    found.setdefault((atom.question, option), set()).add(number)
        return found

    @cached_property
    def certain(self) -> dict[Choice, Level]:
        """The level that each answer asks for, whatever else is said."""
        return {
            item: self.rate_rules(self.find_met(range(len(self.rules)), {item[0]: (item[1],)})) for item in self.twins
        }

    def list_terms(self, highest: Level = Level.EMERGENCY) -> Iterator[Term]:
        """Every pair, and every triple of risk factors; without answers that by themselves ask for more than this."""
        left = [item for item in self.options if self.certain[item] <= highest]
        risks = [item for item in left if item[0] in RISKS and item not in self.mildest]
        for chosen in chain(combinations(left, 2), combinations(risks, 3)):
            term = frozenset(chosen)
            if terms.can_be_chosen(self.protocol, term):
                yield term

    def find_low_cases(self) -> dict[Term, dict[str, Ending]]:
        """The cases of all pairs and triples that end in self-care or a visit soon, by the ages at which they do."""
        found: dict[Term, dict[str, Ending]] = {}
        for term in self.list_terms(Level.SOON):
            for band, (case, ending) in self.find_cases(term, Level.SOON).items():
                found.setdefault(case, {})[band] = ending
        return found

    def find_cases(self, term: Term, highest: Level = Level.EMERGENCY) -> dict[str, tuple[Term, Ending]]:
        """By age, the mildest case in which all of the term is said, and its ending. highest: none above this."""
        found: dict[str, tuple[Term, Ending]] = {}
        for case, ages in self.open_term(term):
            if any(self.certain[item] > highest for item in case):
                continue
            for band in ages & self.bands.keys() if ages else self.bands:
                ending = self.end_case(case, band)
                if ending.level > highest or not self.is_said(term, ending):
                    continue
                best = found.get(band)
                if best is None or (ending.level, len(case), sorted(case)) < (
                    best[1].level,
                    len(best[0]),
                    sorted(best[0]),
                ):
                    found[band] = case, ending
        return found

    def open_term(self, term: Term) -> dict[tuple[Term, frozenset[str]], None]:
        """The cases in which all of a term is asked, each with the ages that it takes; none if any will do."""
        found: dict[tuple[Term, frozenset[str]], None] = {}
        unsure = {code: option for code, option in term if option == UNSURE}
        for ways in product(*(self.open_choice(item, unsure) for item in term)):
            wider = frozenset().union(*ways)
            if len(wider) == len(term) or terms.can_be_chosen(self.protocol, wider):
                case = frozenset(item for item in wider if item[0] != AGE and item not in self.mildest)
                found[case, frozenset(option for code, option in wider if code == AGE)] = None
        return found

    def complete_case(self, case: Term, band: str) -> dict[str, tuple[str, ...]]:
        """An answer to every question: the case's, and else the mildest."""
        chosen = terms.complete_answers(self.protocol, case)
        return {**chosen, AGE: (band,)} if band else chosen

    def open_choice(self, item: Choice, unsure: Mapping[str, str]) -> Iterable[Term]:
        """What it takes to be asked for it, and it. unsure: questions answered "not sure"; that opens as a yes does."""
        if item not in self.opened:
            ways = terms.add_gates(self.protocol, frozenset({item}))
            self.opened[item] = tuple({frozenset(self.twins[one] for one in way): None for way in ways})
        ways = self.opened[item]
        if not unsure or ways == (frozenset({item}),):
            return ways
        doubtful = (
            frozenset(one if one == item else (one[0], unsure.get(one[0], one[1])) for one in way) for way in ways
        )
        return dict.fromkeys((*ways, *doubtful))

    def is_said(self, term: Term, ending: Ending) -> bool:
        """Whether the check goes on until all of the term was asked."""
        return not ending.stop or all(self.place[code] <= self.place[ending.stop] for code, _ in term)

    def end_case(self, case: Term, band: str) -> Ending:
        """Where the case ends at this age."""
        key = case, band
        if key not in self.kept:
            self.kept[key] = self.compute_ending(case, band)
        return self.kept[key]

    def compute_ending(self, case: Term, band: str) -> Ending:
        """As the engine, but from the end of the quiet walk of this age: only what differs from it is looked at."""
        asked, met = self.starts[band]
        given: dict[str, tuple[str, ...]] = {}
        for code, option in case:
            given[code] = (*given.get(code, ()), option)
        walked, changed = {**asked, **given}, set(given)
        for code, gate in self.gates.items():
            if not changed.isdisjoint(gate.codes):
                changed.add(code)
                if gate.find_truth(walked) is Truth.NO:
                    walked.pop(code, None)
                else:
                    walked[code] = given.get(code) or self.quiet[code]
            elif code not in asked:
                walked.pop(code, None)
        # Conditions are positive: another answer meets no rule that does not look at it. But it can lose one.
        touched = {number for number in met if not changed.isdisjoint(self.rules[number].codes)}
        left = {number: unsure for number, unsure in met.items() if number not in touched}
        for code in changed & walked.keys():
            for option in walked[code]:
                touched |= self.looking[code, option]
        left |= self.find_met(touched, walked)
        stop = ""
        if certain := [self.rules[number] for number in left if self.is_emergency(number) and not left[number]]:
            stop = min((self.find_stop(test, walked) for test in certain), key=self.place.__getitem__)
            walked = {code: walked[code] for code in walked if self.place[code] <= self.place[stop]}
            left = self.find_met(left, walked)
        rules = tuple((self.protocol.rules[number].code, left[number]) for number in sorted(left))
        return Ending(self.rate_rules(left), rules, stop, given.keys() <= walked.keys())

    def is_emergency(self, number: int) -> bool:
        return self.protocol.rules[number].level is Level.EMERGENCY

    def find_stop(self, test: KnownTruth, answers: Answers) -> str:
        """The question whose answer meets this condition."""
        said: dict[str, tuple[str, ...]] = {}
        for code in sorted(answers.keys() & test.codes, key=self.place.__getitem__):
            said[code] = answers[code]
            if test.find_truth(said) is Truth.YES:
                return code
        raise ValueError("The condition is not met.")

    def find_met(self, numbers: Iterable[int], answers: Answers) -> dict[int, bool]:
        """The rules that are met, by their place -> whether only unsure."""
        found = {}
        for number in numbers:
            truth = self.rules[number].find_truth(answers)
            if truth is Truth.YES or (
                truth is Truth.UNSURE and self.protocol.rules[number].level is not Level.SELF_CARE
            ):
                found[number] = truth is Truth.UNSURE
        return found

    def rate_rules(self, met: Mapping[int, bool]) -> Level:
        rules = self.protocol.rules
        return Level(max((rules[number].level - unsure for number, unsure in met.items()), default=Level.SELF_CARE))


def find_twins(protocol: Protocol) -> dict[Choice, Choice]:
    """Each (question, option) -> the first one that the protocol cannot tell from it.

    Of a checklist only the two sides of one place are twins: to a reader, a kidney and a buttock are not one place. Nor
    is an option at which nothing looks the twin of another: it may have been forgotten.
    """
    conditions = [rule.when for rule in protocol.rules]
    conditions += [question.when for question in protocol.questions if question.when is not None]
    atoms = list(dict.fromkeys(atom for condition in conditions for atom in condition.atoms()))
    found = {}
    for question in protocol.questions:
        first: dict[object, Choice] = {}
        for option in question.options:
            looked = tuple(
                n for n, atom in enumerate(atoms) if atom.question == question.code and option.code in atom.options
            )
            side = option.code.removesuffix("_left").removesuffix("_right")
            name = "" if looked and not question.many else side
            item = (question.code, option.code)
            found[item] = first.setdefault((looked, option.kind, name), item)
    return found

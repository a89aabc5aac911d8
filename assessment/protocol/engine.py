"""Walks a protocol. On every request the answers are replayed from the first question: position is never stored,
answers off the path are ignored, and nobody can jump ahead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .model import RATHER_NOT, UNSURE, Answers, Level, Protocol, Question, Rule, Truth


class AnswerError(ValueError):
    """An answer that the question does not allow. `code`: required, unknown, several or none_with_others."""

    def __init__(self, code: str, question: str, options: tuple[str, ...] = ()) -> None:
        super().__init__(f"{question}: {code} {', '.join(options)}".strip())
        self.code, self.question, self.options = code, question, options


@dataclass(frozen=True)
class Step:
    """A question as asked and the option codes chosen, in the question's order."""

    question: Question
    answer: tuple[str, ...]


@dataclass(frozen=True)
class AnswerPath:
    """The steps answered so far, and the next question; next is None when the check is over."""

    steps: tuple[Step, ...]
    next: Question | None
    stopped: bool = False

    @property
    def answers(self) -> dict[str, tuple[str, ...]]:
        return {step.question.code: step.answer for step in self.steps}

    def asks(self, code: str) -> bool:
        """Whether this question may be shown now: it was answered on this path, or it is the next one."""
        return code in self.answers or (self.next is not None and self.next.code == code)

    def before(self, code: str) -> Question | None:
        """The question before this one on the path."""
        previous = None
        for step in self.steps:
            if step.question.code == code:
                break
            previous = step.question
        return previous


@dataclass(frozen=True)
class FiredRule:
    """A rule that is met, the level it asks for, and the (question, option) pairs that met it.

    unsure: it is met only if what the patient was not sure about is so; the level is then one less than the rule's.
    """

    rule: Rule
    level: Level
    unsure: bool
    because: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Outcome:
    """What answers lead to. level is None while questions are open and no emergency answer was given."""

    level: Level | None
    fired: tuple[FiredRule, ...]
    path: AnswerPath

    @property
    def deciding(self) -> tuple[tuple[str, str], ...]:
        """The (question, option) pairs behind the rules that asked for this level."""
        pairs = {pair for fired in self.fired if fired.level == self.level for pair in fired.because}
        order = {
            (step.question.code, code): (i, j)
            for i, step in enumerate(self.path.steps)
            for j, code in enumerate(step.answer)
        }
        return tuple(sorted(pairs, key=order.__getitem__))

    @property
    def variant(self) -> str:
        """Which variant of an emergency; empty at other levels."""
        found = [fired.rule.variant for fired in self.fired if fired.level == self.level == Level.EMERGENCY]
        return found[0] if found else ""


def validate_answer(question: Question, given: Iterable[str]) -> tuple[str, ...]:
    """The chosen option codes in the question's order, without repeats. Raises AnswerError."""
    wanted = set(given)
    unknown = wanted - question.by_code.keys()
    if unknown:
        raise AnswerError("unknown", question.code, tuple(sorted(unknown)))
    if not wanted:
        raise AnswerError("required", question.code)
    if len(wanted) == 1:
        return tuple(wanted)
    answer = tuple(code for code in question.by_code if code in wanted)
    if not question.many:
        raise AnswerError("several", question.code, answer)
    if wanted & question.alone:
        raise AnswerError("none_with_others", question.code, answer)
    return answer


def is_asked(question: Question, answers: Answers) -> bool:
    """Whether these earlier answers call for the question. Being unsure calls for it too."""
    return question.when is None or question.when.truth(answers) >= Truth.UNSURE


def is_stopped_by(protocol: Protocol, answers: Answers, last: str) -> bool:
    """Whether the answer to the question `last` met an emergency rule for certain: the check ends at once."""
    return any(rule.when.truth(answers) == Truth.YES for rule in protocol.emergencies.get(last, ()))


def replay_answers(protocol: Protocol, answers: Mapping[str, Iterable[str]]) -> AnswerPath:
    """Walk from the first question with these answers; an answer the question does not allow counts as not given."""
    steps: list[Step] = []
    walked: dict[str, tuple[str, ...]] = {}
    for question in protocol.questions:
        if not is_asked(question, walked):
            continue
        try:
            answer = validate_answer(question, answers.get(question.code, ()))
        except AnswerError:
            return AnswerPath(tuple(steps), question)
        walked[question.code] = answer
        steps.append(Step(question, answer))
        if is_stopped_by(protocol, walked, question.code):
            return AnswerPath(tuple(steps), None, stopped=True)
    return AnswerPath(tuple(steps), None)


def fire_rules(protocol: Protocol, answers: Answers) -> tuple[FiredRule, ...]:
    """The rules these answers meet: highest level first, an emergency's variants in their order, then as listed."""
    order = {rule.code: number for number, rule in enumerate(protocol.rules)}
    fired = []
    for rule in protocol.rules:
        truth = rule.when.truth(answers)
        if truth == Truth.NO or (truth == Truth.UNSURE and rule.level == Level.SELF_CARE):
            continue
        unsure = truth == Truth.UNSURE
        level = Level(rule.level - 1) if unsure else rule.level
        fired.append(FiredRule(rule, level, unsure, tuple(sorted(rule.when.support(answers)))))

    def rank(item: FiredRule) -> tuple[int, int, int, int]:
        variant = protocol.variants.index(item.rule.variant) if item.rule.variant else len(protocol.variants)
        return (-item.level, item.unsure, variant, order[item.rule.code])

    return tuple(sorted(fired, key=rank))


def assess_answers(protocol: Protocol, answers: Mapping[str, Iterable[str]]) -> Outcome:
    """The level these answers lead to, with the rules that were met; no level from a partial set of answers."""
    path = replay_answers(protocol, answers)
    fired = fire_rules(protocol, path.answers)
    if path.next is not None:
        return Outcome(None, fired, path)
    return Outcome(max((item.level for item in fired), default=Level.SELF_CARE), fired, path)


def read_cautiously(protocol: Protocol, answers: Answers) -> dict[str, tuple[str, ...]]:
    """The answers as whoever must do no harm reads them: what a patient would rather not say is not known, nor is what
    was not asked though it applies, for example since the check ended before.

    A question that the answers rule out is no doubt, such as the signs of a pregnancy at 70: its gate opens on every
    sign that makes it apply, and on "not sure" (see verify.prove_red_flags).
    """
    read: dict[str, tuple[str, ...]] = {}
    for question in protocol.questions:
        if question.code in answers:
            given = answers[question.code]
            read[question.code] = tuple(UNSURE if code == RATHER_NOT else code for code in given)
        elif is_asked(question, read):
            read[question.code] = (UNSURE,)
    return read


def find_forbidden_acts(protocol: Protocol, answers: Answers) -> frozenset[str]:
    """The codes of the acts that no advice may tell this patient. A doubt forbids too: see read_cautiously."""
    read = read_cautiously(protocol, answers)
    feared = max((rule.level for rule in protocol.rules if rule.when.truth(read) >= Truth.UNSURE), default=None)
    return frozenset(
        act.code
        for act in protocol.acts
        if (act.from_level is not None and feared is not None and feared >= act.from_level)
        or any(ban.when.truth(read) >= Truth.UNSURE for ban in act.bans)
    )

"""What the conditions of a protocol come down to: minimal sets of answers, and walks that show them.

Conditions are positive (see `model`), so each is met exactly by the sets of answers that contain one of its minimal
terms. Every proof in `verify`, the decision table and the flow diagram are built on that.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, product

from .engine import Outcome, assess_answers
from .model import Chosen, Condition, Level, Protocol, Question, Rule, Truth

Term = frozenset[tuple[str, str]]
"""A set of (question, option) pairs that meets a condition when all are chosen."""


def can_be_chosen(protocol: Protocol, term: Term) -> bool:
    """Whether one patient can choose all of it: a single choice takes one option, "None of these" stands alone."""
    said: dict[str, str] = {}
    for code, option in term:
        question = protocol.by_code.get(code)
        if question is None or option not in question.by_code:
            return False
        if code in said and (not question.many or option in question.alone or said[code] in question.alone):
            return False
        said[code] = option
    return True


def keep_smallest_terms(terms: set[Term]) -> tuple[Term, ...]:
    """Without the terms that contain another; in a stable order."""
    kept = [term for term in terms if not any(other < term for other in terms)]
    return tuple(sorted(kept, key=lambda term: (len(term), sorted(term))))


@cache
def find_minimal_terms(protocol: Protocol, condition: Condition) -> tuple[Term, ...]:
    """The minimal terms of a condition that one patient can choose."""
    if isinstance(condition, Chosen):
        terms = {frozenset({(condition.question, option)}) for option in condition.options}
    else:
        parts = [find_minimal_terms(protocol, part) for part in condition.conditions]
        terms = {
            frozenset().union(*chosen)
            for group in combinations(parts, condition.count)
            for chosen in product(*group)
        }  # fmt: skip
    return keep_smallest_terms({term for term in terms if can_be_chosen(protocol, term)})


@cache
def add_gates(protocol: Protocol, term: Term) -> tuple[Term, ...]:
    """The term together with what it takes to be asked its questions, and theirs."""
    grown = {term}
    for question in reversed(protocol.questions):
        if question.when is None:
            continue
        opening = find_minimal_terms(protocol, question.when)
        grown = {
            wider
            for one in grown
            for more in (opening if any(code == question.code for code, _ in one) else (frozenset(),))
            if can_be_chosen(protocol, wider := one | more)
        }
    return keep_smallest_terms(grown)


def complete_answers(protocol: Protocol, term: Term) -> dict[str, tuple[str, ...]]:
    """Answers to every question: the term's, and the mildest everywhere else."""
    given = {code for code, _ in term}
    return {
        question.code: tuple(option for option in question.codes() if (question.code, option) in term)
        if question.code in given
        else (find_mildest_option(protocol, question),)
        for question in protocol.questions
    }


@cache
def find_mildest_option(protocol: Protocol, question: Question) -> str:
    """The mildest answer; where options have no order, one that asks for the least by itself, and then the one that
    the fewest rules and gates look at."""
    if question.mild or question.order or question.codes("none"):
        return question.mildest
    conditions = [rule.when for rule in protocol.rules if rule.level > Level.SELF_CARE]
    conditions += [other.when for other in protocol.questions if other.when is not None]
    atoms = [atom for condition in conditions for atom in condition.atoms() if atom.question == question.code]

    def weight(option: str) -> tuple[int, int]:
        alone = {question.code: (option,)}
        met = [rule.level for rule in protocol.rules if rule.when.truth(alone) == Truth.YES]
        return max(met, default=Level.SELF_CARE), sum(option in atom.options for atom in atoms)

    return min(question.codes("plain"), key=weight)


Walk = tuple[dict[str, tuple[str, ...]], Outcome]
"""The answers on a path, and their outcome."""


@cache
def take_walk(protocol: Protocol, term: Term) -> Walk:
    """The walk of whoever gives these answers and else the mildest. Kept: several proofs go the same ways."""
    outcome = assess_answers(protocol, complete_answers(protocol, term))
    return outcome.path.answers, outcome


def find_walks(protocol: Protocol, term: Term) -> Iterator[Walk]:
    """Walks on whose path every pair of the term is given, one for each way to be asked its questions.

    The rest is answered as mildly as can be. Since emergencies are positive too, milder answers elsewhere can only let
    a walk go further: if the mildest is stopped before the term is complete, every walk is.
    """
    for wider in add_gates(protocol, term):
        walk = take_walk(protocol, wider)
        if all(option in walk[0].get(code, ()) for code, option in term):
            yield walk


def find_witnesses(protocol: Protocol, rule: Rule) -> Iterator[tuple[Term, Walk | None]]:
    """Each minimal term of a rule with a walk that meets it, at the rule's own level where there is one."""
    for term in find_minimal_terms(protocol, rule.when):
        best = next((walk for walk in find_walks(protocol, term) if walk[1].level == rule.level), None)
        yield term, best or next(find_walks(protocol, term), None)

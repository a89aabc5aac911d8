"""make mutate: break the protocol in every small way, and see what notices that it is wrong.

A mutant is the protocol with one rule gone, one level lower or higher, or one condition changed: an option dropped, a
part dropped, the count one more or less, a question's condition gone; or with an act of advice that has one ban less.
What a careful person would tidy up with it is tidied up (the variant of an emergency, mentions of a rule that is gone,
idle words and sources). What notices it is a vignette, a boundary case (see ../cases.py), a proof of verify_protocol
or, counted for itself, the judged table of pairs. The exported table, the diagram and the digest would notice each of
them too, and are left out: a stale file says "changed", not "wrong".

The proofs take most of the time, so they are tried on what no case killed; with --proofs (make mutate ARGS=--proofs) on
every mutant, to count what they kill by themselves.
"""

import multiprocessing
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from itertools import chain

from assessment.protocol import terms, verify, wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import Act, AtLeast, Chosen, Condition, Level, Protocol, Question, Rule

from .. import cases

# The proofs about structure, the quick ones first. The others look at words and sources, which no mutant changes, or
# (partial) at the engine.
STRUCTURE_PROOFS = (
    verify.prove_well_formed,
    verify.prove_every_answer_used,
    verify.prove_red_flags,
    verify.prove_variants,
    verify.prove_lengths,
    verify.prove_monotone,
    verify.prove_reachable,
    verify.prove_unsure,
    verify.prove_decisive,
)
VIGNETTE, BOUNDARY, PROOF = "a vignette", "a boundary case", "a proof of verify_protocol"
TABLE = "the judged table"


@dataclass(frozen=True)
class Mutant:
    """name: what was changed, for people."""

    name: str
    protocol: Protocol


def changed(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """The condition with one thing changed, each way."""
    if isinstance(condition, Chosen):
        for option in condition.options:
            rest = tuple(other for other in condition.options if other != option)
            if rest:
                yield f"without {condition.question}={option}", Chosen(condition.question, rest)
        return
    count, parts = condition.count, condition.conditions
    for number, part in enumerate(parts):
        rest = (*parts[:number], *parts[number + 1 :])
        if rest:
            # "All of them" stays "all of them".
            yield f"without part {number + 1} ({told(part)})", AtLeast(min(count, len(rest)), rest)
        for what, other in changed(part):
            yield what, AtLeast(count, (*parts[:number], other, *parts[number + 1 :]))
    for other in (count - 1, count + 1):
        if 1 <= other <= len(parts):
            yield f"{other} instead of {count} of {len(parts)} parts", AtLeast(other, parts)


def told(condition: Condition) -> str:
    atoms = [f"{atom.question}={'/'.join(atom.options)}" for atom in condition.atoms()]
    return " & ".join(atoms)


def with_rule(old: Rule, new: Rule | None) -> Protocol:
    """The protocol with a rule replaced, or gone together with every mention of it."""
    if new:
        return replace(PROTOCOL, rules=tuple(new if rule is old else rule for rule in PROTOCOL.rules))
    return replace(
        PROTOCOL,
        rules=tuple(
            replace(rule, instead_of=tuple(code for code in rule.instead_of if code != old.code))
            for rule in PROTOCOL.rules
            if rule is not old
        ),
    )


def with_question(old: Question, new: Question) -> Protocol:
    return replace(PROTOCOL, questions=tuple(new if question is old else question for question in PROTOCOL.questions))


def with_act(old: Act, new: Act) -> Protocol:
    return replace(PROTOCOL, acts=tuple(new if act is old else act for act in PROTOCOL.acts))


def changed_acts() -> Iterator[Mutant]:
    """Each act with one ban gone or changed, and with another level from which it is forbidden."""
    for act in PROTOCOL.acts:
        for number, ban in enumerate(act.bans):
            rest = (*act.bans[:number], *act.bans[number + 1 :])
            name = f"act {act.code}: {told(ban.when)}"
            yield Mutant(f"{name}: allowed", with_act(act, replace(act, bans=rest)))
            for what, when in changed(ban.when):
                yield Mutant(f"{name}: {what}", with_act(act, replace(act, bans=(*rest, replace(ban, when=when)))))
        if act.from_level is not None:
            for level in (Level(act.from_level - 1), Level(act.from_level + 1), None):
                yield Mutant(f"act {act.code}: from {level!r}", with_act(act, replace(act, from_level=level)))


def mutants() -> Iterator[Mutant]:
    yield from changed_acts()
    for rule in PROTOCOL.rules:
        yield Mutant(f"rule {rule.code} ({rule.level.code}): removed", with_rule(rule, None))
        if rule.level > Level.SELF_CARE:
            lower = replace(rule, level=Level(rule.level - 1), variant="")
            yield Mutant(f"rule {rule.code} ({rule.level.code}): one level lower", with_rule(rule, lower))
        if rule.level < Level.EMERGENCY:
            variant = "department" if rule.level == Level.URGENT else ""
            higher = replace(rule, level=Level(rule.level + 1), variant=variant)
            yield Mutant(f"rule {rule.code} ({rule.level.code}): one level higher", with_rule(rule, higher))
        for what, when in changed(rule.when):
            yield Mutant(f"rule {rule.code} ({rule.level.code}): {what}", with_rule(rule, replace(rule, when=when)))
    for question in PROTOCOL.questions:
        if question.when is not None:
            for what, when in chain([("asked always", None)], changed(question.when)):
                yield Mutant(f"question {question.code}: {what}", with_question(question, replace(question, when=when)))


@cache
def known() -> dict[str, list[cases.Case]]:
    """Both kinds of cases; read once, before the work is shared out."""
    return {VIGNETTE: cases.load_vignettes(), BOUNDARY: cases.load_boundaries()}


def seen_by_cases(protocol: Protocol) -> set[str]:
    """Which kinds of cases get something else than they should."""
    return {
        kind
        for kind, those in known().items()
        if any(next(cases.list_complaints(protocol, case), None) for case in those)
    }


def unproven(protocol: Protocol, proofs: Iterable[verify.Proof]) -> bool:
    """Whether a proof fails; the first finding is enough."""
    report, words = verify.ProofReport(), {"en": wording.load_words()}
    return any(next(check(protocol, words, report), None) for check in proofs)


def judge(mutant: Mutant, proofs: bool = True) -> tuple[str, set[str]]:
    """The mutant's name, and what notices it. proofs: try them, and the judged table, even if a case notices it."""
    found = seen_by_cases(mutant.protocol)
    if proofs or not found:
        if unproven(mutant.protocol, STRUCTURE_PROOFS):
            found.add(PROOF)
        # What is not well formed cannot be walked.
        if not unproven(mutant.protocol, [verify.prove_well_formed]) and unproven(
            mutant.protocol, [verify.prove_pairs_judged]
        ):
            found.add(TABLE)
    for kept in (terms.find_minimal_terms, terms.add_gates, terms.find_mildest_option, terms.take_walk):
        kept.cache_clear()  # they would hold every mutant
    return mutant.name, found


def summary(done: Iterable[tuple[str, set[str]]], proofs: bool) -> tuple[str, list[str]]:
    """What to print, and the names of the mutants that nothing noticed. done, proofs: from judge, as given to it."""
    done = sorted(done, key=lambda pair: pair[0])
    counts = Counter(kind for _, found in done for kind in found)
    survived = [name for name, found in done if not found]
    by_cases = sum(1 for _, found in done if found & {VIGNETTE, BOUNDARY})
    killed, total = len(done) - len(survived), len(done)
    tried = total if proofs else total - by_cases
    lines = [
        f"Mutants: {total}",
        *(f"Killed by {kind}: {counts[kind]}" for kind in (VIGNETTE, BOUNDARY)),
        f"Killed by a case of either kind: {by_cases}",
        *(f"Killed by {kind}: {counts[kind]} of the {tried} it was tried on" for kind in (PROOF, TABLE)),
        "Excused as equivalent: 0 (the script excuses none)",
        f"Killed in all: {killed} = {100 * killed / total:.1f} %",
        f"Survived: {len(survived)}",
        *(f"- {name}" for name in survived),
    ]
    return "\n".join(lines), survived


def main() -> int:
    """Print the counts and what survived; 1 if anything did."""
    if judge(Mutant("", PROTOCOL))[1]:
        sys.stdout.write("The protocol itself fails a case or a proof: mend that first.\n")
        return 1
    proofs = "--proofs" in sys.argv[1:]
    with multiprocessing.Pool(os.cpu_count()) as pool:
        done = pool.imap_unordered(partial(judge, proofs=proofs), mutants(), chunksize=4)
        text, survived = summary(done, proofs)
    sys.stdout.write(text + "\n")
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())

"""make mutate: break the protocol in every small way, and see what notices.

A mutant is the protocol with one rule gone or one level lower, or one condition changed: an option dropped, a part
dropped, the count one more or less, a question's condition gone. What a careful person would tidy up with it is tidied
up (the door of a lowered emergency, mentions of a rule that is gone, idle words and sources), so that only a proof, a
vignette or the exported table can notice. The digest would notice each of them, and is left out.
"""

import multiprocessing
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from assessment.protocol import export, terms, verify, wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess
from assessment.protocol.model import AtLeast, Chosen, Condition, Level, Protocol, Question, Rule

from .. import cases

# The proofs about structure, the quick ones first. The others look at words and sources, which no mutant changes, or
# (partial) at the engine.
CHECKS = (
    verify.well_formed, verify.feeding, verify.red_flags, verify.doors, verify.lengths, verify.monotone,
    verify.reachable, verify.unsure, verify.decisive,
)  # fmt: skip
KILLERS = ("vignettes", "verify", "table", "flow diagram", "nothing")


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


def mutants() -> Iterator[Mutant]:
    for rule in PROTOCOL.rules:
        yield Mutant(f"rule {rule.code} ({rule.level.code}): removed", with_rule(rule, None))
        if rule.level > Level.SELF_CARE:
            lower = replace(rule, level=Level(rule.level - 1), variant="")
            yield Mutant(f"rule {rule.code} ({rule.level.code}): one level lower", with_rule(rule, lower))
        for what, when in changed(rule.when):
            yield Mutant(f"rule {rule.code} ({rule.level.code}): {what}", with_rule(rule, replace(rule, when=when)))
    for question in PROTOCOL.questions:
        if question.when is not None:
            for what, when in chain([("asked always", None)], changed(question.when)):
                yield Mutant(f"question {question.code}: {what}", with_question(question, replace(question, when=when)))


def failing(protocol: Protocol) -> bool:
    """Whether a vignette gets a level that it should not."""
    for case in vignettes():
        level = assess(protocol, case.answers).level
        if level is None or level.code not in (case.expected, *case.acceptable):
            return True
    return False


def unproven(protocol: Protocol, words: dict[str, wording.Words]) -> bool:
    """Whether a proof fails; the first finding is enough."""
    report = verify.Report()
    return any(next(check(protocol, words, report), None) for check in CHECKS)


@cache
def vignettes() -> list[cases.Case]:
    """Read once, before the work is shared out."""
    return cases.load()


@cache
def present() -> tuple[list[tuple[str, ...]], str]:
    """The table's rows and the diagram as exported (the tests hold the files to them)."""
    return export.table_rows(PROTOCOL, wording.load()), export.diagram(PROTOCOL, wording.load())


def killer(protocol: Protocol, words: wording.Words) -> str:
    """What notices the mutant, in the order of KILLERS."""
    if failing(protocol):
        return "vignettes"
    if unproven(protocol, {"en": words}):
        return "verify"
    rows, flow = present()
    if export.table_rows(protocol, words) != rows:
        return "table"
    if export.diagram(protocol, words) != flow:
        return "flow diagram"
    return "nothing"


def judge(mutant: Mutant) -> tuple[str, str]:
    found = killer(mutant.protocol, wording.load())
    for kept in (terms.minimal, terms.gates, terms.quiet, terms.taken):
        kept.cache_clear()  # they would hold every mutant
    return mutant.name, found


def main() -> int:
    """Print the counts and what only the table or the diagram noticed; 1 if nothing noticed a mutant."""
    if killer(PROTOCOL, wording.load()) != "nothing":
        sys.stdout.write("The protocol itself fails a vignette or a proof: mend that first.\n")
        return 1
    with multiprocessing.Pool(os.cpu_count()) as pool:
        done = sorted(pool.imap_unordered(judge, mutants(), chunksize=4))
    counts = Counter(found for _, found in done)
    both, total = counts["vignettes"] + counts["verify"], len(done)
    table = both + counts["table"]
    lines = [
        f"Mutants: {total}",
        f"Killed by verify and vignettes alone: {both} = {100 * both / total:.1f} % "
        f"(a vignette: {counts['vignettes']}, of the rest a proof: {counts['verify']})",
        f"Killed by the decision table as well: {table} = {100 * table / total:.1f} %",
        f"Killed by the flow diagram as well: {table + counts['flow diagram']}",
        f"Killed by nothing: {counts['nothing']}",
    ]
    for found in KILLERS[2:]:
        names = [name for name, by in done if by == found]
        if names:
            lines += ["", f"Killed by {found}{' only' * (found != 'nothing')} ({len(names)}):"]
            lines += [f"- {name}" for name in names]
    sys.stdout.write("\n".join(lines) + "\n")
    return 1 if counts["nothing"] else 0


if __name__ == "__main__":
    sys.exit(main())

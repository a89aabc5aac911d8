"""Proofs over a whole protocol. Each takes a protocol apart instead of trying samples, and each has a named finding.

The argument for "a worse answer never lowers the level": every condition is positive (`model`), so with more signs
chosen each met rule stays met and each asked question stays asked. Two things could still break it, and are proven
here one by one: a rule that rests on "None of these" (finding `rests_on_none`), and a single choice whose worse option
loses a rule or a question that its better option had (`worse_answer_lowers_level`, `worse_answer_hides_question`).
Being unsure lies between no and yes in every condition, so the same proofs hold for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import combinations, product
from typing import Any

# The one thing that the protocol has from elsewhere: articles are measured with the same formula. It is plain Python.
from core.readability import compute_reading_grade

from . import judging, pairs, sources, terms
from .advice import compose_result, select_blocks
from .engine import Outcome, assess_answers, find_forbidden_acts, is_asked
from .model import (
    DAYS,
    RATHER_NOT,
    UNSURE,
    Act,
    AtLeast,
    Block,
    Chosen,
    Condition,
    Level,
    Protocol,
    Question,
    Rule,
    Truth,
)
from .wording import FOLDER, Words, count_words

TYPICAL_PAGES, TYPICAL_WORDS, LONGEST_PAGES, HIGHEST_GRADE = 13, 1880, 24, 6.0
# Words that every language needs beside those of questions, rules and levels.
ALWAYS = (
    "meta.language", "now_if.heading", "now_if.signs",
    *(f"common.{name}" for name in (
        "unsure_reason", "unsure_reasons", "unsure_signs", "taken_back", "no_rules_reason", "none_with_others",
        "required_one", "required_many", "required_many_any", "several", "unknown", "say_too.start",
    )),
)  # fmt: skip
# Words that a rule may have beside its reason.
OPTIONAL = ("do", "avoid", "do_first", "do_unsure", "note", "now_if")


@dataclass(frozen=True)
class Finding:
    """Something that does not hold: its stable name, where, and what is wrong."""

    name: str
    where: str
    problem: str

    def __str__(self) -> str:
        return f"{self.name}: {self.where}: {self.problem}"


@dataclass
class ProofReport:
    """What was proven, in words with numbers, the findings, and a walk for each rule, question and option."""

    proofs: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    witnesses: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    unverified: list[str] = field(default_factory=list)
    statistics: dict[str, Any] = field(default_factory=dict)


TellingWays = list[tuple[Level | None, list[terms.Term]]]
Proof = Callable[[Protocol, Mapping[str, Words], ProofReport], Iterator[Finding]]


def list_conditions(protocol: Protocol) -> Iterator[tuple[str, Condition]]:
    """Every condition with the name of its owner."""
    for question in protocol.questions:
        if question.when is not None:
            yield f"question {question.code}", question.when
    for rule in protocol.rules:
        yield f"rule {rule.code}", rule.when
    for act in protocol.acts:
        for ban in act.bans:
            yield f"act {act.code}", ban.when
    for block in protocol.plan:
        yield from ((f"plan {block.code}", condition) for condition in (block.when, block.unless) if condition)


def prove_well_formed(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Codes are unique and known, conditions can be met, and a question has options and looks only at earlier ones."""
    yield from find_repeated_codes(protocol)
    yield from find_unknown_codes(protocol)
    yield from find_looks_ahead(protocol)
    yield from find_unknown_acts(protocol)
    for question in protocol.questions:
        if not question.options:
            yield Finding("no_options", f"question {question.code}", "it has nothing to choose")
        if unknown := set(question.order) - set(question.codes()):
            yield Finding("unknown_code", f"question {question.code}", f"its order names {', '.join(sorted(unknown))}")
    report.proofs.append(
        "Every path ends: questions are walked once in one order, and each looks only at earlier ones "
        f"({len(protocol.questions)} questions, {sum(1 for _ in list_conditions(protocol))} conditions)."
    )


def find_repeated_codes(protocol: Protocol) -> Iterator[Finding]:
    for kind, codes in (
        ("question", [question.code for question in protocol.questions]),
        ("rule", [rule.code for rule in protocol.rules]),
        ("act", [act.code for act in protocol.acts]),
        ("advice", [advice.code for advice in protocol.advice]),
        ("plan", [block.code for block in protocol.plan]),
        *((f"option of {question.code}", list(question.codes())) for question in protocol.questions),
    ):
        for code in {code for code in codes if codes.count(code) > 1}:
            yield Finding("code_twice", kind, f"{code!r} stands twice")


def find_unknown_codes(protocol: Protocol) -> Iterator[Finding]:
    for where, condition in list_conditions(protocol):
        for atom in condition.atoms():
            question = protocol.question(atom.question)
            if question is None:
                yield Finding("unknown_code", where, f"there is no question {atom.question!r}")
            elif missing := set(atom.options) - set(question.codes()):
                yield Finding("unknown_code", where, f"{atom.question!r} has no option {', '.join(sorted(missing))}")
            elif UNSURE in atom.options and where.startswith("question"):
                yield Finding("unsure_as_answer", where, "'not sure' is no sign: it opens what a yes opens by itself")


def find_unknown_acts(protocol: Protocol) -> Iterator[Finding]:
    """Advice and articles with an act or a rule that is not there, and acts that nobody is told to do."""
    acts, rules = {act.code for act in protocol.acts}, {rule.code for rule in protocol.rules}
    told = {f"advice {advice.code}": advice.acts for advice in protocol.advice}
    told |= {f"plan {block.code}": block.acts for block in protocol.plan}
    told |= {f"article {slug}": codes for slug, codes in protocol.article_acts.items()}
    for where, codes in told.items():
        for code in set(codes) - acts:
            yield Finding("unknown_act", where, f"there is no act {code!r}")
    for code in acts - {code for codes in told.values() for code in codes}:
        yield Finding("idle_act", f"act {code}", "no advice and no article tells one to do it")
    for advice in (*protocol.advice, *protocol.plan):
        for code in set(advice.rules) - rules:
            yield Finding("unknown_code", f"advice {advice.code}", f"there is no rule {code!r}")
    for block in protocol.plan:
        if block.day not in DAYS:
            yield Finding("unknown_code", f"plan {block.code}", f"there is no day {block.day!r}")


def find_looks_ahead(protocol: Protocol) -> Iterator[Finding]:
    """Questions that wait for the answer to a later one."""
    place = {question.code: number for number, question in enumerate(protocol.questions)}
    for question in protocol.questions:
        for atom in question.when.atoms() if question.when else ():
            if place.get(atom.question, -1) >= place[question.code]:
                yield Finding(
                    "looks_ahead", f"question {question.code}", f"it waits for {atom.question!r}, asked later"
                )


def prove_reachable(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Every question, option and rule is met on some walk; the walk is kept as its witness."""
    for question in protocol.questions:
        for option in question.codes():
            found = next(terms.find_walks(protocol, frozenset({(question.code, option)})), None)
            if found:
                report.witnesses[f"{question.code}={option}"] = found[0]
            else:
                yield Finding("unreachable_option", f"question {question.code}", f"no walk leads to {option!r}")
    for rule in protocol.rules:
        whole = terms.find_minimal_terms(protocol, rule.when)
        if not whole:
            yield Finding("impossible_rule", f"rule {rule.code}", "no patient can choose what it asks for")
        for term, walk in terms.find_witnesses(protocol, rule):
            if walk is None:
                yield Finding(
                    "unreachable_term",
                    f"rule {rule.code}",
                    f"the check always ends before {describe_term(term)} is complete",
                )
            else:
                report.witnesses.setdefault(f"rule {rule.code}", walk[0])
    report.proofs.append(
        f"Every question, option, rule and way to meet a rule is reachable: {len(report.witnesses)} walks."
    )


def prove_decisive(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """No rule is dead: each way to meet it decides on some walk, which would have a lower level or lose its words
    without it."""
    ways = 0
    for rule in protocol.rules:
        without = replace(protocol, rules=tuple(other for other in protocol.rules if other is not rule))
        for term, walk in terms.find_witnesses(protocol, rule):
            if walk is None:
                continue
            ways += 1
            outcome = walk[1]
            if outcome.level != rule.level:
                yield Finding(
                    "dead_rule", f"rule {rule.code}", f"{describe_term(term)} never leads to {rule.level.code}"
                )
            elif rule.level > Level.SELF_CARE and not any(
                assess_answers(without, walked).level != rule.level for walked, _ in terms.find_walks(protocol, term)
            ):
                same = [item.rule for item in outcome.fired if item.level == rule.level and item.rule is not rule]
                if not same or any(rule.code in other.instead_of for other in same):
                    yield Finding(
                        "dead_rule", f"rule {rule.code}", f"{describe_term(term)} decides nothing and is never told"
                    )
    report.proofs.append(f"No rule is dead: each of {ways} ways to meet one decides, or is told beside another reason.")
    report.statistics["ways to meet a rule"] = ways


def reduce_condition(condition: Condition, question: str, option: str) -> Condition | bool:
    """The condition once this single choice is answered: True, False, or what is left of it."""
    if isinstance(condition, Chosen):
        return option in condition.options if condition.question == question else condition
    left, met = [], 0
    for part in condition.conditions:
        rest = reduce_condition(part, question, option)
        if rest is True:
            met += 1
        elif rest is not False:
            left.append(rest)
    needed = condition.count - met
    if needed <= 0:
        return True
    return AtLeast(needed, tuple(left)) if needed <= len(left) else False


def is_implied(protocol: Protocol, stronger: Condition | bool, weaker: list[Condition | bool]) -> bool:
    """Whether meeting `stronger` meets at least one of `weaker`: tried on each minimal term, which decides it, since
    all of them are positive."""
    if stronger is False or any(item is True for item in weaker):
        return True
    left = [item for item in weaker if not isinstance(item, bool)]
    if stronger is True:
        return False
    for term in terms.find_minimal_terms(protocol, stronger):
        answers: dict[str, tuple[str, ...]] = {}
        for code, option in sorted(term):
            answers[code] = (*answers.get(code, ()), option)
        if not any(item.truth(answers) == Truth.YES for item in left):
            return False
    return True


def prove_monotone(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """A worse answer never lowers the level, and never hides a question."""
    yield from find_rests_on_none(protocol)
    pairs = [
        (question, better, worse)
        for question in protocol.questions
        for better, worse in combinations(question.order, 2)
    ]
    for question, better, worse in pairs:
        yield from find_lost_rules(protocol, question, better, worse)
        yield from find_hidden_questions(protocol, question, better, worse)
    report.proofs.append(
        f"A worse answer never lowers the level and never hides a question: all conditions are positive, none rests on "
        f"'none', and {len(pairs)} pairs of better and worse options lose nothing."
    )


def find_rests_on_none(protocol: Protocol) -> Iterator[Finding]:
    """Conditions that "None of these" meets."""
    for where, condition in list_conditions(protocol):
        owner = next((rule for rule in protocol.rules if where == f"rule {rule.code}"), None)
        if owner and owner.level == Level.SELF_CARE:
            continue
        for atom in condition.atoms():
            question = protocol.question(atom.question)
            none = set(question.codes("none")) & set(atom.options) if question and question.many else None
            if none:
                yield Finding(
                    "rests_on_none", where, f"it is met by {', '.join(none)} of {atom.question}, not by a sign"
                )


def find_lost_rules(protocol: Protocol, question: Question, better: str, worse: str) -> Iterator[Finding]:
    """Rules that the better answer meets and the worse one does not, nor any other of their level."""
    left = [(other.level, reduce_condition(other.when, question.code, worse)) for other in protocol.rules]
    for rule in protocol.rules:
        before = reduce_condition(rule.when, question.code, better)
        after = [rest for level, rest in left if level >= rule.level]
        if rule.level > Level.SELF_CARE and not is_implied(protocol, before, after):
            yield Finding(
                "worse_answer_lowers_level", f"question {question.code}", f"{worse!r} loses rule {rule.code!r}"
            )


def find_hidden_questions(protocol: Protocol, question: Question, better: str, worse: str) -> Iterator[Finding]:
    """Questions that the better answer opens and the worse one does not, unless it ends the check."""
    for other in protocol.questions:
        if other.when is None:
            continue
        before = reduce_condition(other.when, question.code, better)
        after = [reduce_condition(other.when, question.code, worse)]
        if not is_implied(protocol, before, after) and not is_emergency_alone(protocol, question.code, worse):
            yield Finding(
                "worse_answer_hides_question", f"question {question.code}", f"{worse!r} hides question {other.code!r}"
            )


def is_emergency_alone(protocol: Protocol, question: str, option: str) -> bool:
    """Whether this answer alone is an emergency."""
    return any(
        rule.level == Level.EMERGENCY and rule.when.truth({question: (option,)}) == Truth.YES for rule in protocol.rules
    )


def prove_unsure(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Each red-flag question offers "I am not sure"; it opens what a yes opens, and costs one level at most."""
    for question in protocol.questions:
        if question.red_flag and not question.codes("unsure"):
            yield Finding("no_unsure_option", f"question {question.code}", "a red flag needs 'I am not sure'")
    yield from find_gates_closed_to_unsure(protocol)
    yield from find_unsure_above_yes(protocol)
    walks = 0
    for rule in protocol.rules:
        if rule.level < Level.URGENT:
            continue
        for code, answers in list_unsure_walks(protocol, rule):
            level = assess_answers(protocol, answers).level
            walks += 1
            if level is None or level < rule.level - 1:
                got = "no level" if level is None else level.code
                yield Finding("unsure_drops_too_far", f"rule {rule.code}", f"'not sure' on {code!r} gives {got}")
    report.proofs.append(
        f"'Not sure' on a sign costs at most one level: {walks} walks, each emergency and urgent rule."
    )


def find_gates_closed_to_unsure(protocol: Protocol) -> Iterator[Finding]:
    """Red-flag questions that a yes opens and "I am not sure" does not."""
    for question in protocol.questions:
        if question.when is None or not question.red_flag:
            continue
        for term in terms.find_minimal_terms(protocol, question.when):
            for code in {code for code, _ in term}:
                gate = protocol.question(code)
                if gate is None or not gate.codes("unsure"):
                    continue
                answers = {**terms.complete_answers(protocol, term), code: gate.codes("unsure")}
                if not is_asked(question, answers):
                    yield Finding(
                        "gate_closed_to_unsure", f"question {question.code}", f"'not sure' on {code!r} hides it"
                    )


def find_unsure_above_yes(protocol: Protocol) -> Iterator[Finding]:
    """Rules that name "I am not sure" about a sign itself, and where a yes in its place would ask for less."""
    for rule in protocol.rules:
        for atom in rule.when.atoms():
            question = protocol.by_code[atom.question]
            for sign in question.codes("plain") if UNSURE in atom.options and question.red_flag else ():
                if sign == question.mildest:
                    continue
                before = reduce_condition(rule.when, question.code, UNSURE)
                after = [
                    reduce_condition(other.when, question.code, sign)
                    for other in protocol.rules
                    if other.level >= rule.level
                ]
                if not is_implied(protocol, before, after):
                    yield Finding("unsure_above_yes", f"rule {rule.code}", f"{sign!r} of {question.code} asks for less")


def list_unsure_walks(protocol: Protocol, rule: Rule) -> Iterator[tuple[str, dict[str, tuple[str, ...]]]]:
    """The walks that meet this rule, each again with "I am not sure" in the place of one question's signs."""
    for term, walk in terms.find_witnesses(protocol, rule):
        for code in sorted({code for code, _ in term}) if walk else ():
            asked = protocol.question(code)
            if walk and asked and asked.codes("unsure"):
                answers = terms.complete_answers(protocol, frozenset())
                yield code, {**answers, **walk[0], code: asked.codes("unsure")}


def prove_red_flags(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """A red-flag question is asked of everybody, or follows from answers to such questions and to plain facts."""
    for question in protocol.questions:
        if not question.red_flag or question.when is None:
            continue
        for atom in question.when.atoms():
            gate = protocol.question(atom.question)
            if gate is not None and set(gate.codes("none")) & set(atom.options):
                yield Finding(
                    "gate_rests_on_none", f"question {question.code}", f"it follows from no sign in {gate.code}"
                )
    always = [question.code for question in protocol.questions if question.red_flag and question.when is None]
    later = {question.code: question.when for question in protocol.questions if question.red_flag and question.when}
    facts = []
    for code, when in later.items():
        asked = {atom.question: None for atom in when.atoms()}
        plain = [gate for gate in asked if not protocol.by_code[gate].red_flag]
        facts += [f"{code} by {' and '.join(plain)}"] if plain else []
    if not always:
        yield Finding("no_red_flags", "protocol", "no warning sign is asked of everybody")
    report.proofs.append(
        f"No branch skips a red flag: {len(always)} red-flag questions are asked on every walk ({', '.join(always)}); "
        f"{len(later)} follow-ups open on every answer that makes them apply, 'not sure' included ({', '.join(later)})"
        f"; what else can close one is a plain fact: {'; '.join(facts) or 'nothing'}."
    )


def prove_no_partial_level(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Cut short anywhere, a walk has no level, unless its last answer was an emergency."""
    cut = 0
    for name, answers in report.witnesses.items():
        outcome = assess_answers(protocol, answers)
        steps = outcome.path.steps
        walked: dict[str, tuple[str, ...]] = {}
        for step in steps[:-1]:
            walked[step.question.code] = step.answer
            cut += 1
            if assess_answers(protocol, walked).level is not None:
                yield Finding("level_from_partial", name, f"a level after {step.question.code!r}, with questions open")
                break
    report.proofs.append(f"No level from partial answers: {cut} walks cut short.")


def prove_no_forbidden_act(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """No result tells one to do what the answers forbid, and none does where the patient is not sure.

    Each way to forbid an act is tried alone, and with whatever else brings advice with that act.
    """
    if not protocol.acts:
        return
    text, ways, walks = next(iter(words.values())), 0, 0
    for act in protocol.acts:
        telling = list_telling_ways(protocol, act)
        for term in list_forbidding_terms(protocol, act):
            ways += 1
            for wider, outcome in find_telling_walks(protocol, term, telling):
                walks += 1
                for told in list_told(protocol, compose_result(protocol, outcome, text, {}), text, act):
                    yield Finding("forbidden_act", f"act {act.code}", f"{told!r} in spite of {describe_term(wider)}")
    report.proofs.append(
        f"No forbidden advice: {len(protocol.acts)} acts, {ways} ways to forbid one, 'not sure' included, each alone "
        f"and with each level, rule and sport that brings such advice: {walks} walks below an emergency."
    )
    report.statistics["ways to forbid an act"] = ways


def find_telling_walks(protocol: Protocol, term: terms.Term, ways: TellingWays) -> Iterator[tuple[terms.Term, Outcome]]:
    """Walks below an emergency with all of the term: with nothing else, and with one term of each way."""
    alone = next((wider for wider in terms.add_gates(protocol, term) if is_met_below_emergency(protocol, wider)), None)
    if alone is None:
        # It is an emergency by itself, and with more signs it stays one.
        return
    lowest = terms.take_walk(protocol, alone)[1].level
    yield alone, terms.take_walk(protocol, alone)[1]
    for level, choices in ways:
        if level is not None and lowest is not None and level < lowest:
            continue
        for wider in (alone | way for way in choices):
            if terms.can_be_chosen(protocol, wider) and is_met_below_emergency(protocol, wider):
                outcome = terms.take_walk(protocol, wider)[1]
                if level in (None, outcome.level):
                    yield wider, outcome
                    break


def is_met_below_emergency(protocol: Protocol, term: terms.Term) -> bool:
    """Whether these answers and else the mildest are all given, on a walk that is finished and no emergency."""
    answers, outcome = terms.take_walk(protocol, term)
    whole = all(option in answers.get(code, ()) for code, option in term)
    return whole and outcome.level is not None and outcome.level < Level.EMERGENCY


def list_telling_ways(protocol: Protocol, act: Act) -> TellingWays:
    """What brings advice with this act: levels (with the ways to get there), rules, a sport (they are all alike)."""
    slugs = {slug for slug, codes in protocol.article_acts.items() if act.code in codes}
    blocks = [block for block in protocol.plan if act.code in block.acts]
    advice = [*(item for item in protocol.advice if act.code in item.acts), *blocks]
    levels = {level for item in advice for level in item.levels}
    levels |= {level for level, articles in protocol.articles.items() if slugs & set(articles)}
    bringing = {code for item in advice for code in item.rules}
    found: TellingWays = [
        (
            level,
            [
                way
                for rule in protocol.rules
                if rule.level == level
                for way in terms.find_minimal_terms(protocol, rule.when)
            ],
        )
        for level in sorted(levels)
    ]
    found += [
        (None, list(terms.find_minimal_terms(protocol, rule.when)))
        for rule in protocol.rules
        if rule.level < Level.EMERGENCY and (rule.code in bringing or slugs & set(rule.articles))
    ]
    found += [(None, list(terms.find_minimal_terms(protocol, block.when))) for block in blocks if block.when]
    sports = [frozenset({("sport", code)}) for code, slug in protocol.sport_articles.items() if slug in slugs]
    return [*found, (None, sports[:1])]


def list_forbidding_terms(protocol: Protocol, act: Act) -> set[terms.Term]:
    """Every least set of answers of its bans, and one of each rule that forbids the act; and each with one question
    answered "I am not sure" or "I would rather not say" in the place of its signs."""
    found = {term for ban in act.bans for term in terms.find_minimal_terms(protocol, ban.when)}
    if act.from_level is not None:
        rules = (rule for rule in protocol.rules if rule.level >= act.from_level)
        found |= {term for rule in rules for term in terms.find_minimal_terms(protocol, rule.when)[:1]}
    for term in tuple(found):
        for code in {code for code, _ in term}:
            for doubt in {UNSURE, RATHER_NOT} & protocol.by_code[code].by_code.keys():
                found.add(frozenset({(code, doubt), *((other, option) for other, option in term if other != code)}))
    return found


def list_told(protocol: Protocol, result: Mapping[str, Any], words: Words, act: Act) -> Iterator[str]:
    """The lines and articles of a result that tell one to do this."""
    lines = {words["advice"][advice.code].get("text") for advice in protocol.advice if act.code in advice.acts}
    lines |= {words["plan"][block.code]["text"] for block in protocol.plan if act.code in block.acts}
    slugs = {slug for slug, codes in protocol.article_acts.items() if act.code in codes}
    planned = [line for step in result["plan"] for line in step["lines"]]
    told = (*result["do"], *result["avoid"], *(line["text"] for line in planned))
    yield from (line for line in told if line in lines)
    yield from (slug for slug in (*result["articles"], *(line["article"] for line in planned)) if slug in slugs)


def prove_plan_reachable(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Every step of the plan is told to somebody, at each of its levels."""
    for block in protocol.plan:
        for level in block.levels:
            if not any(
                block in select_blocks(protocol, outcome, find_forbidden_acts(protocol, outcome.path.answers))
                for outcome in list_planned_outcomes(protocol, block, level)
            ):
                yield Finding("unreachable_step", f"plan {block.code}", f"no walk that ends in {level.code} tells it")
    report.statistics["steps of the plan"] = len(protocol.plan)
    report.proofs.append(f"Each of {len(protocol.plan)} steps of the plan is told at each of its levels.")


def list_planned_outcomes(protocol: Protocol, block: Block, level: Level) -> Iterator[Outcome]:
    """Outcomes at this level where the step's own condition and its rules are met, with as little else as can be."""
    nothing: list[terms.Term] = [frozenset()]
    own = list(terms.find_minimal_terms(protocol, block.when)) if block.when else nothing
    ruled = [term for rule in protocol.rules if rule.code in block.rules for term in ways_to_meet(protocol, rule)]
    raising = [term for rule in protocol.rules if rule.level == level for term in ways_to_meet(protocol, rule)]
    for parts in product(nothing + raising, ruled or nothing, own):
        term = frozenset().union(*parts)
        if terms.can_be_chosen(protocol, term):
            yield from (outcome for _, outcome in terms.find_walks(protocol, term) if outcome.level == level)


def ways_to_meet(protocol: Protocol, rule: Rule) -> list[terms.Term]:
    return list(terms.find_minimal_terms(protocol, rule.when))


def prove_lengths(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """The shortest full walk and the longest, over every combination of the answers that gates look at."""
    asked = walk_gate_combinations(protocol)
    sizes = sorted(len(walk) for walk in asked)
    typical = len(assess_answers(protocol, terms.complete_answers(protocol, frozenset())).path.steps)
    if typical > TYPICAL_PAGES:
        yield Finding(
            "too_long", "protocol", f"a walk with nothing wrong has {typical} pages, more than {TYPICAL_PAGES}"
        )
    if sizes[-1] > LONGEST_PAGES:
        longest = max(asked, key=len)
        yield Finding(
            "too_long",
            "protocol",
            f"the longest walk has {sizes[-1]} pages, more than {LONGEST_PAGES}. It asks: {', '.join(longest)}",
        )
    report.statistics.update(
        {"pages, nothing wrong": typical, "pages, longest": sizes[-1], "gate combinations": len(sizes)}
    )
    report.proofs.append(
        f"Lengths over all {len(sizes)} combinations that decide what is asked: {typical} pages with nothing wrong, "
        f"median {sizes[len(sizes) // 2]}, longest {sizes[-1]}."
    )


def walk_gate_combinations(protocol: Protocol) -> list[tuple[str, ...]]:
    """The questions asked, for every combination of answers that gates tell apart; emergencies do not cut it short."""
    kinds: dict[str, list[tuple[str, ...]]] = {}
    gates = [atom for question in protocol.questions if question.when for atom in question.when.atoms()]
    for code in dict.fromkeys(atom.question for atom in gates):
        question, atoms = protocol.by_code[code], [atom for atom in gates if atom.question == code]
        given: list[tuple[str, ...]] = [(option,) for option in question.codes()]
        if question.many:
            given.append(question.codes("plain"))
        seen: dict[tuple[Truth, ...], tuple[str, ...]] = {}
        for answer in given:
            seen.setdefault(tuple(atom.truth({code: answer}) for atom in atoms), answer)
        kinds[code] = list(seen.values())
    quiet = terms.complete_answers(protocol, frozenset())
    found = []
    for combination in product(*kinds.values()):
        answers = {**quiet, **dict(zip(kinds, combination, strict=True))}
        walked: dict[str, tuple[str, ...]] = {}
        for question in protocol.questions:
            if is_asked(question, walked):
                walked[question.code] = answers[question.code]
        found.append(tuple(walked))
    return found


def prove_every_answer_used(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Every question, and every option that is a sign, changes something."""
    atoms = [atom for _, condition in list_conditions(protocol) for atom in condition.atoms()]
    used = {(atom.question, option) for atom in atoms for option in atom.options}
    for question in protocol.questions:
        if not any(code == question.code for code, _ in used):
            yield Finding("idle_question", f"question {question.code}", "no rule and no question looks at it")
        elif question.many and question.red_flag:
            for option in question.codes("plain"):
                if (question.code, option) not in used:
                    yield Finding("idle_option", f"question {question.code}", f"nothing looks at {option!r}")
    report.proofs.append("Every question feeds a rule or a further question, and so does every sign of a checklist.")


def prove_sourced(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Every rule, ban and step of the plan cites known sources; a source has title, body and address; unseen facts are
    listed."""
    cited = set()
    bans = [(f"act {act.code}", ban.sources) for act in protocol.acts for ban in act.bans]
    steps = [(f"plan {block.code}", block.sources) for block in protocol.plan]
    for where, keys in [*((f"rule {rule.code}", rule.sources) for rule in protocol.rules), *bans, *steps]:
        if not keys:
            yield Finding("no_source", where, "it cites no source")
        for key in keys:
            cited.add(key)
            if key not in protocol.sources:
                yield Finding("unknown_source", where, f"there is no source {key!r} in sources.toml")
    for key, source in protocol.sources.items():
        if key not in cited:
            yield Finding("idle_source", f"source {key}", "no rule, act or step of the plan cites it")
        if not (source.title and source.body and re.match(r"https://[\w.-]+/", source.url)):
            yield Finding("bad_source", f"source {key}", "it needs a title, a body and an https address")
        if not source.checked:
            report.unverified.append(f"{key}: {source.title} ({source.body})")
    report.statistics["rules"] = len(protocol.rules)
    report.statistics["sources"] = len(protocol.sources)
    report.statistics["sources nobody has seen yet"] = len(report.unverified)
    report.proofs.append(
        f"Each of {len(protocol.rules)} rules, {len(bans)} bans and {len(steps)} steps cites at least one of "
        f"{len(protocol.sources)} sources."
    )


def prove_variants(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """An emergency rule names its variant, no other rule does, and what a rule replaces is not higher than itself."""
    levels = {rule.code: rule.level for rule in protocol.rules}
    for rule in protocol.rules:
        if rule.level == Level.EMERGENCY and rule.variant not in protocol.variants:
            yield Finding(
                "wrong_variant", f"rule {rule.code}", f"{rule.variant!r} is none of {', '.join(protocol.variants)}"
            )
        if rule.level != Level.EMERGENCY and rule.variant:
            yield Finding("wrong_variant", f"rule {rule.code}", "only an emergency has a variant")
        for code in rule.instead_of:
            if code not in levels:
                yield Finding(
                    "unknown_code", f"rule {rule.code}", f"it stands instead of {code!r}, which does not exist"
                )
            elif levels[code] > rule.level:
                yield Finding("hides_higher_rule", f"rule {rule.code}", f"it would hide {code!r}, which is higher")


def prove_worded(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Each language has exactly the words that the protocol needs: texts, or lists of lines."""
    wanted = {*ALWAYS, *(f"common.if_so.{variant}" for variant in protocol.variants)}
    for question in protocol.questions:
        wanted |= {f"questions.{question.code}.{part}" for part in ("title", "short", "why", "hint")}
        wanted |= {f"questions.{question.code}.options.{option}" for option in question.codes()}
    wanted |= {f"rules.{rule.code}.reason" for rule in protocol.rules} | {
        f"parts.{name}" for name in protocol.parts.values()
    }
    for level in Level:
        wanted |= {f"levels.{level.code}.{part}" for part in ("label", "time", "watch")}
        places = [f"emergency.{variant}" for variant in protocol.variants] if level == Level.EMERGENCY else [level.code]
        wanted |= {f"levels.{place}.{part}" for place in places for part in ("heading", "lead", "do", "avoid")}
    wanted |= {f"advice.{advice.code}.{'instead' if advice.warns else 'text'}" for advice in protocol.advice}
    wanted |= {f"plan.{block.code}.text" for block in protocol.plan}
    wanted |= {f"common.days.{day}" for day in DAYS}
    optional = {f"advice.{advice.code}.instead" for advice in protocol.advice}
    optional |= {f"rules.{rule.code}.{part}" for rule in protocol.rules for part in OPTIONAL}
    optional |= {f"common.not_asked.{question.code}" for question in protocol.questions} | {"meta.name"}
    optional |= {f"common.say_too.{code}" for code in (*protocol.by_code, "always", "ambulance")}
    optional |= {f"questions.{question.code}.{part}" for question in protocol.questions for part in ("about", "more")}
    for language, text in words.items():
        there = flatten_words(text)
        for name in sorted(wanted - there.keys()):
            yield Finding("missing_words", language, f"{name} in {FOLDER.name}/{language}.toml")
        for name in sorted(there.keys() - wanted - optional):
            yield Finding("idle_words", language, name)
        for name in sorted(there.keys() & (wanted | optional)):
            value = there[name]
            if value == "" and not name.endswith(".hint"):
                yield Finding("missing_words", language, f"{name} in {FOLDER.name}/{language}.toml is empty")
            if is_list_of_lines(name) and not (
                isinstance(value, list) and all(isinstance(line, str) for line in value)
            ):
                yield Finding("wrong_kind_of_words", language, f"{name} is a list of texts")
            if not is_list_of_lines(name) and not isinstance(value, str):
                yield Finding("wrong_kind_of_words", language, f"{name} is one text")
    report.proofs.append(f"The words are complete in each language: {', '.join(words)}.")


def is_list_of_lines(name: str) -> bool:
    """Whether these words are a list of lines: what a rule adds, and what one should do, avoid and watch for."""
    start, *_, last = name.split(".")
    return (start == "rules" and last != "reason") or (
        start in ("levels", "now_if") and last in ("do", "avoid", "watch", "signs")
    )


def flatten_words(item: Any, name: str = "") -> dict[str, Any]:
    """A nested table as {"a.b.c": value}."""
    if not isinstance(item, dict):
        return {name: item}
    found: dict[str, Any] = {}
    for part, rest in item.items():
        found |= flatten_words(rest, f"{name}.{part}" if name else part)
    return found


def collect_lines(item: Any) -> list[str]:
    """Every line of text in a part of the words."""
    if isinstance(item, str):
        return [item]
    return [line for part in (item.values() if isinstance(item, dict) else item) for line in collect_lines(part)]


def list_texts(text: Words) -> Iterator[tuple[str, str]]:
    """What a patient reads in one piece, with its place: a question's page, a rule's lines, a level's advice."""
    for kind in ("questions", "rules"):
        for code, part in text[kind].items():
            yield f"{kind}.{code}", "\n".join(collect_lines(part))
    yield "advice", "\n".join(collect_lines(text.get("advice", {})))
    yield "plan", "\n".join(collect_lines(text.get("plan", {})))
    yield "now_if", "\n".join(collect_lines(text["now_if"]))
    yield "common", "\n".join(collect_lines(text["common"]))
    for level, part in text["levels"].items():
        shared = {name: value for name, value in part.items() if not isinstance(value, dict)}
        variants = {name: value for name, value in part.items() if isinstance(value, dict)} or {"": {}}
        for variant, advice in variants.items():
            yield f"levels.{level}.{variant}".rstrip("."), "\n".join(collect_lines({**shared, **advice}))


def prove_readable(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Every English text can be read in the sixth school year."""
    if "en" not in words:
        return
    grades = {place: compute_reading_grade(text) for place, text in list_texts(words["en"])}
    for place, value in grades.items():
        if value > HIGHEST_GRADE:
            yield Finding("hard_to_read", place, f"reading grade {value}, more than {HIGHEST_GRADE:g}")
    ordered = sorted(grades.values())
    median, highest = ordered[len(ordered) // 2], ordered[-1]
    report.statistics.update({"reading grade, median": median, "reading grade, highest": highest})
    report.proofs.append(f"Reading grades of {len(ordered)} texts: median {median}, highest {highest}.")


def prove_short(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Whoever has nothing wrong reads no more than TYPICAL_WORDS, folded words counted too."""
    asked = assess_answers(protocol, terms.complete_answers(protocol, frozenset())).path.answers
    report.statistics["options, nothing wrong"] = sum(len(protocol.by_code[code].options) for code in asked)
    for language, text in words.items():
        count = count_words(text, asked)
        report.statistics[f"words, nothing wrong, {language}"] = count
        if count > TYPICAL_WORDS:
            yield Finding(
                "too_wordy", language, f"a walk with nothing wrong has {count} words, more than {TYPICAL_WORDS}"
            )


def prove_pairs_judged(protocol: Protocol, words: Mapping[str, Words], report: ProofReport) -> Iterator[Finding]:
    """Every pair and every three risk factors that end in self-care or a visit soon were judged, each at each age; and
    whatever was judged ends within its bounds."""
    table = pairs.Table(protocol)
    low = table.find_low_cases()
    report.statistics["pairs and triples that can end below urgent, as cases"] = len(low)
    try:
        judgements = judging.load_judgements(protocol.code)
    except judging.JudgementError as error:
        yield Finding("bad_judgement", "judgements", str(error))
        return
    if not judgements:
        report.proofs.append(f"Nobody has judged a pair yet: {len(low)} cases wait.")
        return
    bounds = judging.Bounds(judgements)
    yield from find_bad_judgements(protocol, judgements, bounds)
    for case, endings in low.items():
        if missing := [age or "any age" for age in endings if bounds.find(case, age) is None]:
            yield Finding("unjudged_case", judging.write_case(case), f"nobody has judged it, at {', '.join(missing)}")
    matched = yield from find_outside_judgements(table, low, bounds)
    for case, age in (one for one in bounds.kept if one not in matched):
        line = judging.write_case(case, [age] if age else ())
        yield Finding("idle_judgement", line, "no pair and no triple comes down to it")
    report.statistics["judgements"] = len(judgements)
    report.proofs.append(
        f"Every pair of answers and every three risk factors that end below urgent were judged: "
        f"{len(low)} cases, {sum(map(len, low.values()))} with their ages, in {len(judgements)} groups; none ends "
        "outside its bounds."
    )


def find_bad_judgements(
    protocol: Protocol, judgements: tuple[judging.Judgement, ...], bounds: judging.Bounds
) -> Iterator[Finding]:
    """Cases judged twice, and sources that do not exist."""
    for line in bounds.twice:
        yield Finding("judged_twice", line, "two groups judge it")
    known = {judging.NO_SOURCE, *protocol.sources, *sources.load_sources()}
    for key in sorted({key for judgement in judgements for key in judgement.sources} - known):
        yield Finding("unknown_source", "judgements", f"there is no source {key!r} in sources.toml")


def find_outside_judgements(
    table: pairs.Table, low: Mapping[terms.Term, Mapping[str, pairs.Ending]], bounds: judging.Bounds
) -> Generator[Finding, None, set[tuple[terms.Term, str]]]:
    """Judged cases that end lower or higher than they may, also those that are urgent now. Gives the judgements that
    were needed."""
    matched = set()
    for case, age in product(dict.fromkeys(case for case, _ in bounds.kept), table.bands):
        allowed = bounds.find(case, age)
        if allowed is None or not case <= table.twins.keys():
            continue
        ending = table.end_case(case, age)
        if not ending.whole or (ending.level <= Level.SOON and age not in low.get(case, ())):
            continue
        matched.add((case, age) if (case, age) in bounds.kept else (case, ""))
        least, most = allowed
        if not least <= ending.level <= most:
            yield Finding(
                "outside_judgement",
                judging.write_case(case),
                f"at {age or 'any age'} it ends in {ending.level.code}, judged {least.code} to {most.code}",
            )
    return matched


def describe_term(term: terms.Term) -> str:
    return " + ".join(f"{code}={option}" for code, option in sorted(term))


# A protocol with unknown codes or variants cannot be walked: these wait for prove_well_formed and prove_variants.
PROOFS: tuple[Proof, ...] = (
    prove_reachable,
    prove_decisive,
    prove_monotone,
    prove_unsure,
    prove_red_flags,
    prove_no_partial_level,
    prove_no_forbidden_act,
    prove_plan_reachable,
    prove_lengths,
    prove_every_answer_used,
    prove_sourced,
    prove_pairs_judged,
)


def verify_protocol(protocol: Protocol, words: Mapping[str, Words]) -> ProofReport:
    """Prove all of it; words: language -> its words. The report's findings are empty when everything holds."""
    report = ProofReport()
    report.findings += prove_well_formed(protocol, words, report)
    report.findings += prove_variants(protocol, words, report)
    sound = not report.findings
    # Words are looked at in any case: an option without any is the first mistake of whoever adds one.
    wrong = list(prove_worded(protocol, words, report))
    for prove in PROOFS if sound else ():
        # A result cannot be put into words that are missing.
        if not (wrong and prove is prove_no_forbidden_act):
            report.findings += prove(protocol, words, report)
    report.findings += wrong
    if not wrong:
        report.findings += prove_readable(protocol, words, report)
        # A protocol that cannot be walked has no length.
        if not report.findings:
            report.findings += prove_short(protocol, words, report)
    return report

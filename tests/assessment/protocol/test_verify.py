"""Each finding of verify, triggered by a protocol with one thing broken, and the real protocol without any."""

import ast
import copy
import inspect
import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from assessment import system_checks
from assessment.protocol import advice, judging, terms, verify, wording
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import Outcome
from assessment.protocol.engine import assess_answers as real_assess
from assessment.protocol.model import (
    DAYS,
    NONE,
    UNSURE,
    Act,
    Advice,
    Ban,
    Block,
    Level,
    Option,
    Protocol,
    Question,
    Rule,
    Source,
    all_of,
    any_of,
    chosen,
)

KINDS = {NONE: "none", UNSURE: "unsure", "dunno": "unsure"}
SOURCES = {"book": Source("A book", "A publisher", 2020, "https://example.org/book", "2026-01-01")}


def question(code, *options, **more):
    return Question(code, tuple(Option(option, KINDS.get(option, "plain")) for option in options), **more)


def urgent(code, when, **more):
    return Rule(code, Level.URGENT, when=when, sources=("book",), **more)


def soon(code, when):
    return Rule(code, Level.SOON, when=when, sources=("book",))


def emergency(code, when, **more):
    return Rule(code, Level.EMERGENCY, when=when, sources=("book",), **{"variant": "ambulance", **more})


COMMON = (
    "unsure_reason", "unsure_reasons", "unsure_signs", "taken_back", "no_rules_reason", "none_with_others",
    "required_one", "required_many", "required_many_any", "several", "unknown",
)  # fmt: skip

# A sound protocol of two warning signs, a follow-up, and one question whose answers have an order.
SIGNS = question("signs", "chest", "fever", NONE, UNSURE, many=True, red_flag=True)
FALL = question("fall", "no", "small", "big", UNSURE, order=("no", "small", "big"))
AFTER = question("after", "bone", NONE, UNSURE, many=True, red_flag=True, when=chosen("fall", "small", "big"))
CHEST, FEVER = emergency("chest", chosen("signs", "chest")), urgent("fever", chosen("signs", "fever"))
BONE = urgent("bone", chosen("after", "bone"))
SOUND = Protocol("sound", "1.0.0", (SIGNS, FALL, AFTER), (CHEST, FEVER, BONE), SOURCES, {}, {}, ("ambulance",))


def plus(*parts: Question | Rule) -> Protocol:
    """The sound protocol with more questions and rules at its end."""
    questions = tuple(part for part in parts if isinstance(part, Question))
    rules = tuple(part for part in parts if isinstance(part, Rule))
    return replace(SOUND, questions=SOUND.questions + questions, rules=SOUND.rules + rules)


def swap(old: Question | Rule, **changes) -> Protocol:
    """The sound protocol with one question or rule changed."""
    new = replace(old, **changes)
    return replace(
        SOUND,
        questions=tuple(new if part is old else part for part in SOUND.questions),
        rules=tuple(new if part is old else part for part in SOUND.rules),
    )


# The sound protocol with an act that a fever forbids, and advice to do it.
WARMTH, PACK = (
    Act("warmth", (Ban(chosen("signs", "fever"), ("book",)),)),
    Advice("pack", ("warmth",), levels=tuple(Level)),
)
TELLING = replace(SOUND, acts=(WARMTH,), advice=(PACK,), article_acts={"heat": ("warmth",)})
STEP = Block("later", ("warmth",), levels=(Level.SELF_CARE, Level.URGENT), day="week_1", sources=("book",))
PLANNED = replace(TELLING, plan=(STEP,))


def words_of(protocol: Protocol) -> wording.Words:
    """Just the words that a protocol needs."""
    advice = {"heading": "Rest", "lead": "Rest now.", "do": ["Rest."], "avoid": ["Work."]}
    shared = {"label": "Now", "time": "now", "watch": []}
    return {
        "meta": {"language": "en"},
        "common": {
            **dict.fromkeys(COMMON, "It is so."),
            "say_too": {"start": "Say so:"},
            "if_so": dict.fromkeys(protocol.variants, "Call if:"),
            "days": dict.fromkeys(DAYS, "Later"),
        },
        "questions": {
            question.code: {
                **dict.fromkeys(("title", "short", "why"), "Is it so?"),
                "hint": "",
                "options": dict.fromkeys(question.codes(), "It is."),
            }
            for question in protocol.questions
        },
        "rules": {rule.code: {"reason": "You told us so."} for rule in protocol.rules},
        "advice": {item.code: {"text": "Use it."} for item in protocol.advice},
        "plan": {block.code: {"text": f"Do it: {block.code}."} for block in protocol.plan},
        "levels": {
            **{level.code: {**shared, **advice} for level in Level if level != Level.EMERGENCY},
            "emergency": {**shared, **{variant: dict(advice) for variant in protocol.variants}},
        },
        "now_if": {"heading": "Call if:", "signs": ["it is."]},
    }


def found(protocol: Protocol, words: wording.Words | None = None) -> set[str]:
    report = verify.verify_protocol(protocol, {"en": words or words_of(protocol)})
    return {finding.name for finding in report.findings}


def worded(change: Callable[[wording.Words], object]) -> tuple[Protocol, wording.Words]:
    """The sound protocol with words that were changed."""
    words = copy.deepcopy(words_of(SOUND))
    change(words)
    return SOUND, words


COUGH = question("cough", NONE, "dry", "wet", UNSURE)
# Asked only of those whom an emergency has stopped already, and looked at only together with something else.
NEVER = question("never", "yes", "no", when=chosen("signs", "chest"))
LATER = question("later", "yes", "no", when=any_of(chosen("never", "yes"), chosen("fall", "big")))

BROKEN: dict[str, Protocol | tuple[Protocol, wording.Words]] = {
    # Well formed
    "code_twice": plus(FEVER),
    "unknown_code": swap(FEVER, when=chosen("signs", "knee")),
    "unsure_as_answer": swap(AFTER, when=chosen("fall", "small", "big", UNSURE)),
    "no_options": plus(question("empty")),
    "looks_ahead": swap(FALL, when=chosen("after", "bone")),
    # Reachable, decisive
    "unreachable_option": plus(NEVER, LATER, urgent("later", chosen("later", "yes"))),
    "impossible_rule": plus(urgent("both", all_of(chosen("fall", "small"), chosen("fall", "big")))),
    "unreachable_term": plus(urgent("late", all_of(chosen("signs", "chest"), chosen("fall", "big")))),
    "dead_rule": plus(urgent("again", chosen("signs", "fever"), instead_of=("fever",))),
    # Monotone
    "rests_on_none": plus(urgent("well", all_of(chosen("signs", NONE), chosen("fall", "big")))),
    "worse_answer_lowers_level": plus(urgent("small", chosen("fall", "small"))),
    "worse_answer_hides_question": swap(AFTER, when=chosen("fall", "small")),
    # Not sure
    "unsure_above_yes": plus(emergency("unsure", all_of(chosen("signs", UNSURE), chosen("fall", "big")))),
    "no_unsure_option": plus(
        question("flag", "yes", "no", red_flag=True),
        urgent("flag", all_of(chosen("flag", "yes"), chosen("fall", "big"))),
    ),
    "gate_closed_to_unsure": plus(
        question("gate", "no", "yes", "dunno"),
        question("flag", "yes", NONE, UNSURE, red_flag=True, many=True, when=chosen("gate", "yes")),
        soon("flag", chosen("flag", "yes")),
    ),
    "unsure_drops_too_far": plus(
        question("flag", "bad", NONE, "dunno", many=True, red_flag=True), emergency("flag", chosen("flag", "bad"))
    ),
    # Red flags
    "gate_rests_on_none": plus(
        COUGH, question("flag", "yes", NONE, UNSURE, many=True, red_flag=True, when=chosen("cough", NONE)),
        soon("flag", chosen("flag", "yes")),
    ),
    "no_red_flags": replace(
        SOUND, questions=tuple(replace(question, red_flag=False) for question in SOUND.questions)
    ),
    # Lengths
    "too_long": plus(
        *(question(f"more_{number}", "no", "yes") for number in range(15)),
        *(soon(f"more_{number}", chosen(f"more_{number}", "yes")) for number in range(15)),
    ),
    "too_wordy": worded(lambda words: words["questions"]["signs"].update(hint="Tell us more. " * 700)),
    # Acts of advice
    "unknown_act": replace(TELLING, advice=(PACK, replace(PACK, code="walk", acts=("walk",)))),
    "unreachable_step": replace(PLANNED, plan=(replace(STEP, levels=(Level.SOON,)),)),
    "idle_act": replace(TELLING, acts=(WARMTH, replace(WARMTH, code="walk"))),
    # Feeding
    "idle_question": plus(COUGH),
    "idle_option": swap(SIGNS, options=(Option("knee"), *SIGNS.options)),
    # Sources
    "no_source": swap(FEVER, sources=()),
    "unknown_source": swap(FEVER, sources=("book", "rumour")),
    "idle_source": replace(SOUND, sources={**SOURCES, "other": SOURCES["book"]}),
    "bad_source": replace(SOUND, sources={"book": replace(SOURCES["book"], url="http://example.org/")}),
    # Variants
    "wrong_variant": swap(FEVER, variant="ambulance"),
    "hides_higher_rule": swap(FEVER, instead_of=("chest",)),
    # Words
    "missing_words": worded(lambda words: words["rules"]["fever"].pop("reason")),
    "idle_words": worded(lambda words: words["rules"].update(knee={"reason": "You told us so."})),
    "wrong_kind_of_words": worded(lambda words: words["levels"]["soon"].update(do="Rest.")),
    "hard_to_read": worded(
        lambda words: words["rules"]["fever"].update(reason="Immunocompromised individuals necessitate admission.")
    ),
}  # fmt: skip
# Held by the engine, not by the protocol's data: the engine is broken instead.
BY_THE_ENGINE = {"level_from_partial", "forbidden_act"}
# About the judged table: the judgements are broken instead.
BY_THE_TABLE = {"bad_judgement", "judged_twice", "unjudged_case", "outside_judgement", "idle_judgement"}


def leaves(table, path=()):
    """The way to each table and each word in it."""
    for key, part in table.items():
        yield (*path, key)
        if isinstance(part, dict):
            yield from leaves(part, (*path, key))


# Words that a language may do without: what a rule adds, and lines for one question or one helper.
MAY_BE_MISSING = re.compile(
    r"meta\.name|advice\.(?!anti_inflammatory|ask_first|no_warmth)\w+\.instead|rules\.\w+\.(?!reason)\w+|questions\.\w+\.(about|more)|common\.(say_too\.(?!start)\w+|not_asked(\.\w+)?)"
)


def test_every_word_and_table_that_is_missing_is_named():
    words = copy.deepcopy(wording.load_words())
    for *path, last in list(leaves(words)):
        table = words
        for key in path:
            table = table[key]
        name, gone = ".".join((*path, last)), table.pop(last)
        findings = list(verify.prove_worded(PROTOCOL, {"en": words}, verify.ProofReport()))
        table[last] = gone
        if not MAY_BE_MISSING.fullmatch(name):
            assert {finding.name for finding in findings} == {"missing_words"}, name
            assert all(finding.problem.startswith(name) for finding in findings), name
        else:
            assert findings == [], name


def parts_gone(protocol: Protocol):
    """The protocol without one of its questions, options, rules or sources."""
    for part in protocol.questions:
        yield replace(protocol, questions=tuple(other for other in protocol.questions if other is not part))
        for option in part.options:
            fewer = replace(part, options=tuple(other for other in part.options if other is not option))
            yield replace(protocol, questions=tuple(fewer if other is part else other for other in protocol.questions))
    for rule in protocol.rules:
        yield replace(protocol, rules=tuple(other for other in protocol.rules if other is not rule))
    for key in protocol.sources:
        yield replace(protocol, sources={other: source for other, source in protocol.sources.items() if other != key})


def test_every_part_of_the_protocol_that_is_missing_is_named(monkeypatch):
    # The others take a second for each part.
    monkeypatch.setattr(verify, "PROOFS", (verify.prove_sourced,))
    monkeypatch.setattr(verify, "prove_readable", lambda *given: ())
    for broken in parts_gone(SOUND):
        assert verify.verify_protocol(broken, {"en": words_of(SOUND)}).findings
    for broken in parts_gone(PROTOCOL):
        assert verify.verify_protocol(broken, {"en": wording.load_words()}).findings


def test_wrong_words_do_not_hide_what_else_is_wrong():
    protocol = swap(FEVER, sources=("rumour",))
    words = words_of(protocol)
    del words["rules"]["fever"]
    assert found(protocol, words) == {"unknown_source", "missing_words"}


def test_a_text_in_the_place_of_a_table_is_named():
    protocol, words = worded(lambda words: words["questions"].update(fall="Did you fall?"))
    assert found(protocol, words) == {"missing_words", "idle_words"}


def test_a_walk_that_is_too_long_is_told_question_by_question():
    protocol = plus(*(question(f"more_{number}", "no", "yes") for number in range(25)))
    problems = [item.problem for item in verify.verify_protocol(protocol, {"en": words_of(protocol)}).findings]
    assert any(problem.endswith("more_23, more_24") for problem in problems)


def test_the_sound_protocol_has_no_findings():
    assert found(SOUND) == set()


def test_a_rule_may_name_not_sure_where_every_other_sign_of_the_question_asks_for_as_much():
    assert found(plus(urgent("unsure", all_of(chosen("after", UNSURE), chosen("fall", "big"))))) == set()


def test_the_sign_that_asks_for_less_than_not_sure_is_named():
    findings = list(verify.find_unsure_above_yes(BROKEN["unsure_above_yes"]))
    assert [str(finding) for finding in findings] == ["unsure_above_yes: rule unsure: 'fever' of signs asks for less"]


def test_the_answer_that_is_named_as_the_mildest_is_taken_where_a_walk_needs_one():
    gate = question("gate", "bad", "usual", UNSURE, mild="usual")
    assert terms.find_mildest_option(plus(gate), gate) == "usual"
    assert terms.find_mildest_option(plus(gate, soon("usual", chosen("gate", "usual"))), gate) == "usual"


def test_the_answer_that_says_least_need_not_ask_for_as_much_as_not_sure():
    gate = replace(question("gate", "usual", "bad", UNSURE, mild="usual"), red_flag=True)
    rules = (urgent("bad", chosen("gate", "bad", UNSURE)),)
    assert list(verify.find_unsure_above_yes(plus(gate, *rules))) == []
    assert list(verify.find_unsure_above_yes(plus(replace(gate, mild="bad"), *rules))) != []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_protocol_triggers_its_finding_and_no_other(name):
    broken = BROKEN[name]
    protocol, words = broken if isinstance(broken, tuple) else (broken, None)
    assert found(protocol, words) == {name}


def test_an_emergency_without_a_variant_triggers_the_same_finding():
    assert found(swap(CHEST, variant="")) == {"wrong_variant"}


def test_an_emergency_with_an_unknown_variant_triggers_the_same_finding():
    assert found(swap(CHEST, variant="window")) == {"wrong_variant"}


def test_an_engine_that_gives_a_level_too_early_triggers_its_finding(monkeypatch):
    def hasty(protocol, answers):
        outcome = real_assess(protocol, answers)
        return Outcome(outcome.level or Level.SELF_CARE, outcome.fired, outcome.path)

    monkeypatch.setattr(verify, "assess_answers", hasty)
    assert found(SOUND) == {"level_from_partial"}


def test_a_sound_protocol_with_advice_has_no_findings():
    assert found(TELLING) == set()


def test_advice_for_a_rule_that_is_not_there_is_named():
    assert found(replace(TELLING, advice=(replace(PACK, rules=("knee",)),))) == {"unknown_code"}


def test_a_sound_protocol_with_a_plan_has_no_findings():
    assert found(PLANNED) == set()


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"day": "never"}, "unknown_code"),
        ({"rules": ("knee",)}, "unknown_code"),
        ({"when": chosen("knee", "yes")}, "unknown_code"),
        ({"acts": ("walk",)}, "unknown_act"),
        ({"sources": ()}, "no_source"),
        ({"unless": chosen("fall", "no", "small", "big")}, "unreachable_step"),
    ],
)
def test_a_step_of_the_plan_that_cannot_be_right_is_named(change, name):
    assert found(replace(PLANNED, plan=(replace(STEP, **change),))) == {name}


def test_a_step_of_the_plan_without_words_is_named():
    words = words_of(PLANNED)
    del words["plan"]["later"], words["common"]["days"]
    assert found(PLANNED, words) == {"missing_words"}


def test_a_ban_without_a_source_is_named():
    bare = replace(WARMTH, bans=(Ban(chosen("signs", "fever"), ()),))
    assert found(replace(TELLING, acts=(bare,))) == {"no_source"}


def test_a_warning_needs_its_own_words_and_no_others():
    warning = replace(TELLING, advice=(PACK, replace(PACK, code="warning", warns=True)))
    words = words_of(warning)
    assert found(warning, words) == {"missing_words", "idle_words"}
    words["advice"]["warning"] = {"instead": "No heat."}
    assert found(warning, words) == set()


@pytest.mark.parametrize("forgotten", ["a line", "an article", "a step", "an article of a step"])
def test_an_engine_that_forgets_a_ban_triggers_its_finding(monkeypatch, forgotten):
    monkeypatch.setattr(advice, "find_forbidden_acts", lambda protocol, answers: frozenset())
    reading = dict.fromkeys(Level, ("heat",))
    idle = replace(STEP, acts=(), article="heat")
    telling = {
        "a line": TELLING,
        "an article": replace(TELLING, articles=reading),
        "a step": replace(PLANNED, advice=()),
        "an article of a step": replace(PLANNED, advice=(), plan=(idle,)),
    }[forgotten]
    report = verify.verify_protocol(telling, {"en": words_of(telling)})
    assert {finding.name for finding in report.findings} == {"forbidden_act"}
    told = {"a line": "'Use it.'", "a step": "'Do it: later.'"}.get(forgotten, "'heat'")
    assert any(finding.problem.startswith(told) for finding in report.findings)
    # Not sure about the fever forbids it too.
    assert any("signs=not_sure" in finding.problem for finding in report.findings)


def names_in_the_source() -> set[str]:
    """Every name that verify gives a finding."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(verify))) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Finding"]
    assert all(isinstance(call.args[0], ast.Constant) for call in made), "a finding's name is written out"
    return {call.args[0].value for call in made}


def test_every_finding_has_a_broken_protocol():
    assert names_in_the_source() == BROKEN.keys() | BY_THE_ENGINE | BY_THE_TABLE


def test_the_real_protocol_has_no_findings():
    assert [str(finding) for finding in system_checks.prove_protocol().findings] == []


def test_a_finding_reads_name_where_problem():
    assert str(verify.Finding("no_source", "rule fever", "it cites no source")) == (
        "no_source: rule fever: it cites no source"
    )


def test_a_source_nobody_has_seen_is_listed_and_is_no_finding():
    unseen = replace(SOUND, sources={"book": replace(SOURCES["book"], checked="")})
    report = verify.verify_protocol(unseen, {"en": words_of(unseen)})
    assert report.findings == []
    assert report.unverified == ["book: A book (A publisher)"]


def test_the_proof_about_red_flags_says_which_plain_fact_closes_a_follow_up():
    report = verify.ProofReport()
    assert list(verify.prove_red_flags(PROTOCOL, {}, report)) == []
    assert "pregnancy by age" in report.proofs[0]
    report = verify.ProofReport()
    assert list(verify.prove_red_flags(SOUND, {}, report)) == []
    assert "is a plain fact" in report.proofs[0]


def test_every_rule_and_option_has_a_witness():
    report = verify.verify_protocol(SOUND, {"en": words_of(SOUND)})
    wanted = {f"rule {rule.code}" for rule in SOUND.rules}
    wanted |= {f"{question.code}={option}" for question in SOUND.questions for option in question.codes()}
    assert report.witnesses.keys() == wanted


def test_a_protocol_whose_longest_walk_is_too_long_is_named(monkeypatch):
    monkeypatch.setattr(verify, "LONGEST_PAGES", 1)
    assert found(SOUND) == {"too_long"}


def test_a_word_that_is_empty_is_named_as_missing():
    assert found(*worded(lambda words: words["questions"]["fall"].update(title=""))) == {"missing_words"}


def test_a_list_in_the_place_of_one_text_is_named():
    protocol, words = worded(lambda words: words["questions"]["fall"].update(title=["Did you fall?"]))
    assert found(protocol, words) == {"wrong_kind_of_words"}


def test_only_english_words_are_measured_by_their_reading_grade():
    report = verify.verify_protocol(SOUND, {"xx": words_of(SOUND)})
    assert "reading grade, highest" not in report.statistics
    assert "reading grade, highest" in verify.verify_protocol(SOUND, {"en": words_of(SOUND)}).statistics


def test_what_is_always_met_is_implied_only_by_what_is_always_met():
    assert not verify.is_implied(SOUND, True, [False, chosen("signs", "fever")])
    assert verify.is_implied(SOUND, True, [False, True])


def test_an_answer_to_a_question_that_is_not_there_can_be_chosen_by_nobody():
    assert terms.can_be_chosen(SOUND, frozenset({("signs", "fever")}))
    assert not terms.can_be_chosen(SOUND, frozenset({("knee", "fever")}))


def test_a_rule_that_a_graver_one_always_outdoes_is_named_as_dead():
    assert found(plus(urgent("never", chosen("signs", "chest")))) == {"dead_rule"}


def test_a_condition_is_not_implied_by_another_answer():
    assert not verify.is_implied(SOUND, chosen("signs", "fever"), [chosen("signs", "chest")])


GROUP = """
[[group]]
least = "{least}"
most = "{most}"
reason = "Nothing speaks for more."
sources = ["{source}"]
cases = {cases}
"""
# What the sound protocol can say without being urgent.
HOME = ["nothing", "fall=small/not_sure"]  # nothing tells a big fall from a small one
SOON = ["fall=small/not_sure + after=not_sure"]


@pytest.fixture
def judge(tmp_path, monkeypatch):
    """judge(home, soon): the findings about the sound protocol, with these cases judged self-care and soon."""
    monkeypatch.setattr(judging, "FOLDER", tmp_path)
    (tmp_path / "sound").mkdir()

    def write(home=HOME, soon=SOON, protocol=SOUND, source="book", more=""):
        text = GROUP.format(least="self_care", most="self_care", source=source, cases=home)
        text += GROUP.format(least="soon", most="soon", source="none", cases=soon)
        (tmp_path / "sound" / "all.toml").write_text(text + more, encoding="utf-8")
        judging.load_judgements.cache_clear()
        report = verify.verify_protocol(protocol, {"en": words_of(protocol)})
        return [str(finding) for finding in report.findings]

    yield write
    judging.load_judgements.cache_clear()


def test_a_protocol_with_every_pair_judged_has_no_findings(judge):
    assert judge() == []


def test_a_pair_that_nobody_judged_is_named(judge):
    assert judge(soon=["fall=small + after=not_sure"]) == [
        "unjudged_case: after=not_sure + fall=not_sure: nobody has judged it, at any age"
    ]


def test_a_new_option_is_unjudged_until_somebody_judges_it(judge):
    options = (*FALL.options, Option("huge"))
    assert judge(protocol=swap(FALL, options=options)) == ["unjudged_case: fall=huge: nobody has judged it, at any age"]


def test_a_pair_that_ends_lower_than_judged_is_named_with_its_bounds(judge):
    assert judge(home=["nothing"], soon=[*SOON, "fall=small/not_sure"])[0] == (
        "outside_judgement: fall=small: at any age it ends in self_care, judged soon to soon"
    )


def test_a_pair_that_became_urgent_is_named_too(judge):
    protocol = plus(urgent("any_fall", chosen("fall", "small", "big")))
    assert judge(protocol=protocol) == [
        "outside_judgement: fall=small: at any age it ends in urgent, judged self_care to self_care",
        "outside_judgement: fall=not_sure: at any age it ends in soon, judged self_care to self_care",
        "outside_judgement: after=not_sure + fall=small: at any age it ends in urgent, judged soon to soon",
    ]


def test_a_judgement_that_nothing_comes_down_to_is_named(judge):
    assert judge(home=[*HOME, "fall=huge", "signs=none + fall=small"]) == [
        "idle_judgement: fall=huge: no pair and no triple comes down to it",
        "idle_judgement: fall=small + signs=none: no pair and no triple comes down to it",
    ]


def test_a_case_that_two_groups_judge_is_named(judge):
    assert judge(soon=[*SOON, "nothing"])[0] == "judged_twice: nothing: two groups judge it"


def test_a_judgement_with_a_source_that_does_not_exist_is_named(judge):
    assert judge(source="rumour") == ["unknown_source: judgements: there is no source 'rumour' in sources.toml"]


def test_a_file_of_judgements_that_cannot_be_used_is_named(judge):
    assert judge(more="[[group]]\n") == [
        "bad_judgement: judgements: all.toml, group 3: its fields are not least, most, reason, sources, cases"
    ]

"""The register of warning signs, held against the rules of the check."""

import pytest

from assessment.protocol import signs, terms, verify
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import fire_rules
from assessment.protocol.model import Level, Truth, any_of
from core.readability import compute_reading_grade

REGISTER = signs.load_signs()
ASKED = {key: sign for key, sign in REGISTER.signs.items() if sign.answers}


def list_rules(level):
    return [pytest.param(rule, id=rule.code) for rule in PROTOCOL.rules if rule.level == level]


def join_signs(level):
    """What at least one sign of this level or a higher one stands for."""
    return any_of(*(sign.answers for sign in ASKED.values() if sign.level >= level))


@pytest.mark.parametrize("rule", list_rules(Level.EMERGENCY) + list_rules(Level.URGENT))
def test_every_rule_is_covered_by_a_sign_of_its_level(rule):
    covered = join_signs(rule.level)
    missing = [
        verify.describe_term(term)
        for term in terms.find_minimal_terms(PROTOCOL, rule.when)
        if covered.truth(collect_answers(term)) < Truth.YES
    ]
    assert missing == []


def collect_answers(term):
    """A term as answers: {question: options}."""
    answers = {}
    for code, option in sorted(term):
        answers[code] = (*answers.get(code, ()), option)
    return answers


@pytest.mark.parametrize("key", ASKED)
def test_no_sign_is_milder_than_the_check(key):
    sign = ASKED[key]
    for term in terms.find_minimal_terms(PROTOCOL, sign.answers):
        for fired in fire_rules(PROTOCOL, collect_answers(term)):
            assert fired.level <= sign.level, (verify.describe_term(term), fired.rule.code)


@pytest.mark.parametrize("key", ASKED)
def test_no_sign_is_stricter_than_the_check(key):
    sign = ASKED[key]
    for term in terms.find_minimal_terms(PROTOCOL, sign.answers):
        levels = [outcome.level for _, outcome in terms.find_walks(PROTOCOL, term)]
        assert sign.level in levels, verify.describe_term(term)


@pytest.mark.parametrize("key", REGISTER.signs)
def test_a_sign_can_be_read_in_the_seventh_school_year(key):
    sign = REGISTER.signs[key]
    assert compute_reading_grade(f"{sign.words} {sign.such_as}") <= 7.5


def test_the_signs_of_every_page_are_few_and_stand_first():
    always = [key for key, sign in REGISTER.signs.items() if sign.always]
    assert always == list(REGISTER.signs)[: len(always)]
    assert 5 <= len(always) <= 6


def test_each_sign_of_every_page_has_short_words_for_a_line_of_several():
    assert all(sign.short for sign in REGISTER.signs.values() if sign.always)


def test_a_list_has_each_sign_once_and_says_whom_to_call_first():
    lines = signs.list_lines(["numb-saddle", "always", "birth", "birth-fever"], "here")
    assert lines[0] == REGISTER.signs["numb-saddle"].words
    assert len(lines) == len(set(lines))
    assert f"{REGISTER.signs['birth-fever'].words} (call your maternity unit first)" in lines
    assert any(line.endswith("such as a car crash or a bad fall") for line in lines)


@pytest.mark.parametrize("name", ["nothing", "weak-leg"])
def test_what_is_no_emergency_sign_is_refused_in_a_list(name):
    with pytest.raises(signs.SignError, match=f"rules.x.now_if: “{name}” is no emergency sign"):
        signs.list_lines([name], "rules.x.now_if")


SOUND = """
[groups]
all = { heading = "For all" }

[signs.numb]
words = "you are numb"
level = "emergency"
variant = "department"
groups = ["all"]
sources = ["nhs-back-pain"]
answers = ["saddle=numb|sex + also=fever"]
"""


@pytest.fixture
def read(tmp_path):
    """read(text): the register with this text."""

    def make(text):
        file = tmp_path / "signs.toml"
        file.write_text(text, encoding="utf-8")
        return signs.load_signs(file)

    yield make
    signs.load_signs.cache_clear()


def test_answers_are_read_as_a_condition(read):
    answers = read(SOUND).signs["numb"].answers
    assert answers.truth({"saddle": ("sex",), "also": ("fever",)}) == Truth.YES
    assert answers.truth({"saddle": ("sex",), "also": ("none",)}) == Truth.NO


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[groups]", "[groups", "cannot be read"),
        ("[signs.numb]", "[sings.numb]", "it holds \\[groups\\] and"),
        ("[signs.numb]", "[signs.all]", "all is the name of a group"),
        ("[signs.numb]", "[signs.Numb]", "a key has small letters"),
        ('words = "you are numb"', "", "words is missing"),
        ('"emergency"', '"soon"', "level is one of emergency, urgent"),
        ('"department"', '"home"', "an emergency, and no other, has a variant"),
        ('"emergency"', '"urgent"', "an emergency, and no other, has a variant"),
        ('["all"]', '["some"]', "groups names some"),
        ('["nhs-back-pain"]', '["rumour"]', "sources names rumour"),
        ('["nhs-back-pain"]', "[]", "sources is empty"),
        ("saddle=numb|sex", "saddle", "answers are written"),
        ("answers", "answer", "answer is not a field"),
    ],
)
def test_a_register_that_cannot_be_used_is_refused_with_the_place(read, old, new, problem):
    assert old in SOUND
    with pytest.raises(signs.SignError, match=problem):
        read(SOUND.replace(old, new))

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

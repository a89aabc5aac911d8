"""Conditions."""

import pytest

from assessment.protocol.model import AtLeast, Level, Option, Question, Truth, all_of, any_of, chosen

A, B = chosen("q", "a"), chosen("p", "b")


@pytest.mark.parametrize(
    ("given", "truth"),
    [({}, Truth.NO), ({"q": ("x",)}, Truth.NO), ({"q": ("a", "x")}, Truth.YES), ({"q": ("not_sure",)}, Truth.UNSURE)],
)
def test_an_option_is_chosen_not_chosen_or_unsure(given, truth):
    assert A.truth(given) == truth


def test_every_is_as_true_as_its_least_true_part():
    assert all_of(A, B).truth({"q": ("a",), "p": ("not_sure",)}) == Truth.UNSURE
    assert all_of(A, B).truth({"q": ("a",)}) == Truth.NO


def test_some_is_as_true_as_its_most_true_part():
    assert any_of(A, B).truth({"q": ("not_sure",), "p": ("b",)}) == Truth.YES


def test_at_least_counts():
    two_of_three = AtLeast(2, (A, B, chosen("r", "c")))
    assert two_of_three.truth({"q": ("a",)}) == Truth.NO
    assert two_of_three.truth({"q": ("a",), "r": ("c",)}) == Truth.YES
    assert two_of_three.truth({"q": ("a",), "r": ("not_sure",)}) == Truth.UNSURE


def test_the_support_is_the_answers_that_met_it():
    answers = {"q": ("a",), "p": ("x",)}
    assert any_of(A, B).support(answers) == {("q", "a")}


@pytest.mark.parametrize(
    ("options", "more", "mildest"),
    [
        (("bad", "worse"), {}, "bad"),
        (("bad", "worse"), {"mild": "worse"}, "worse"),
        (("bad", "worse"), {"order": ("worse", "bad")}, "worse"),
        (("bad", "none"), {"mild": "bad"}, "none"),
    ],
)
def test_the_mildest_answer_is_none_of_these_then_the_one_named_then_the_best_or_the_first(options, more, mildest):
    assert Question("q", tuple(Option(code) for code in options), **more).mildest == mildest


def test_levels_are_ordered():
    assert Level.SELF_CARE < Level.SOON < Level.URGENT < Level.EMERGENCY


def test_a_level_has_a_label_with_its_time_frame_and_a_short_one_without():
    assert [(level.label, level.short_label) for level in Level] == [
        ("Self-care", "Self-care"), ("Soon: within 2 weeks", "Soon"), ("Urgent: within 24 hours", "Urgent"),
        ("Emergency", "Emergency"),
    ]  # fmt: skip

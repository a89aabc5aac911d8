"""The reading grade: one measure for the articles and for the protocol."""

from core import readability


def test_short_words_in_short_sentences_are_easier_than_long_ones():
    easy = "Keep moving a little. Use a warm pack."
    hard = "Continuation of habitual activities accompanied by superficial thermotherapy is recommended universally."
    assert readability.compute_reading_grade(easy) < 3 < 12 < readability.compute_reading_grade(hard)


def test_a_text_without_words_has_no_grade():
    assert readability.compute_reading_grade("") == readability.compute_reading_grade("12 %\n") == 0.0

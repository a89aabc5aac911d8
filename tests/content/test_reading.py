"""The reading grade: one measure for the articles and for the protocol."""

from assessment.protocol import reading as protocol
from content import library, reading


def test_articles_and_the_protocol_are_measured_alike():
    bodies = {file.slug: file.body for file in library.read().files}
    assert {slug for slug, body in bodies.items() if reading.grade(body) != protocol.grade(body)} == set()


def test_short_words_in_short_sentences_are_easier_than_long_ones():
    easy = "Keep moving a little. Use a warm pack."
    hard = "Continuation of habitual activities accompanied by superficial thermotherapy is recommended universally."
    assert reading.grade(easy) < 3 < 12 < reading.grade(hard)


def test_a_text_without_words_has_no_grade():
    assert reading.grade("") == reading.grade("12 %\n") == 0.0

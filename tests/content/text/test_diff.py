import time

import pytest

from content.text.diff import DiffPart, diff_texts, diff_versions, find_first_changed_section


def read(parts, kinds):
    return "".join(part.text for part in parts if part.kind in kinds)


def test_a_changed_word_is_taken_out_and_put_in_alone():
    assert diff_texts("Rest for two days.\n", "Rest for three days.\n") == [
        DiffPart("same", "Rest for"),
        DiffPart("removed", " two"),
        DiffPart("added", " three"),
        DiffPart("same", " days.\n"),
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", "new\n"),
        ("old\n", ""),
        ("a b c\n\nd\n", "a c\n\nd e\n"),
        ("  two  spaces\n", "two spaces \n"),
        ("x", "x\n"),
        ("- a\n- b\n", "- b\n- a\n"),
    ],
)
def test_both_texts_can_be_read_from_a_comparison(old, new):
    parts = diff_texts(old, new)
    assert read(parts, {"same", "removed"}) == old
    assert read(parts, {"same", "added"}) == new


def test_what_stays_the_same_far_from_a_change_is_folded():
    lines = [f"line {number}\n" for number in range(30)]
    parts = diff_texts("".join(lines), "".join([*lines[:15], "changed\n", *lines[16:]]))
    assert [part.text for part in parts if part.kind == "folded"] == ["13", "12"]


@pytest.mark.parametrize("text", ["a " * 50_000, "\n" * 50_000, "a\n" * 50_000])
def test_long_texts_are_compared_without_a_wait(text):
    start = time.process_time()
    diff_texts(text, text[1:] + "b")
    assert time.process_time() - start < 5


@pytest.mark.django_db
def test_only_what_differs_is_named(add, words, sources):
    article = add()
    old = article.newest
    new = article.append_version(
        **{**words(), "written": old.written, "review_due": old.review_due},
        figures=[{"label": "Golfers", "percent": 37, "of": "1,170", "source": "who-2023"}],
    )
    assert [name for name, _ in diff_versions(old, new)] == ["Published figures"]


@pytest.mark.parametrize(
    ("new", "section"),
    [
        ("a\n\n## b\n\nc\n", None),
        ("A\n\n## b\n\nc\n", 0),
        ("a\n\n## B\n\nc\n", 1),
        ("a\n\n## b\n\nc\n\nd\n", 1),
        ("a\n\n## b\n\nc\n## d\n\nX\n", 2),
        ("a\n", 0),
        ("a\n\n## b\n\nc\n\n::: fold d\nX\n:::\n", 2),
    ],
)
def test_the_preview_opens_on_the_section_that_changed_first(new, section):
    assert find_first_changed_section("a\n\n## b\n\nc\n", new) == section

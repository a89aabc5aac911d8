"""What must be put right before a text is saved, and where."""

import pytest

from content.text.markdown import CONTAINERS
from content.text.problems import find_problems


def said(body):
    """What must be put right, as one text."""
    return " ".join(map(str, find_problems(body, {"a"})))


INSIDE = {"emergency": "- chest", "steps": "1. x"}
NAMES = {"fold": "fold More", "figure": "figure golf"}


def test_a_good_text_has_no_problems():
    boxes = "\n".join(f"::: {NAMES.get(name, name)}\n{INSIDE.get(name, '- x')}\n:::\n" for name in CONTAINERS)
    assert find_problems(f"Answer. [@a]\n\n## More\n\n{boxes}", {"a"}) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("x [@nobody]", "no source “nobody” in the list"),
        ("x [@not a key]", "“[@not a key]” is no source of the list"),
        ("::: warning\n- x\n:::\n", "not a box this site knows"),
        ("::: do\n- x\n", "is not closed"),
        ("::: do\n- x\n:::\n\n:::\n", "closes no box"),
        ("- a\n\n  ::: do\n  - x\n  :::\n", "stands on its own"),
        ("# Title", "starts with ##"),
        ("::: soon\n- x\n:::\n\n::: soon\n- y\n:::\n", "more than one"),
        ("x" * 100_001, "100,001 characters"),
    ],
)
def test_what_must_be_put_right_is_said_in_words(body, words):
    assert words in said(body)


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("One.\n\nTwo\nlines. [@nobody]\n", 4),
        ("One.\n\n::: do\n- x\n", 3),
        ("- a\n- b [@not a key]\n", 2),
        ("| a |\n|---|\n| b [@nobody] |\n", 3),
        ("x" * 100_001, None),
    ],
)
def test_what_must_be_put_right_is_said_with_its_line(body, line):
    assert [problem.line for problem in find_problems(body, {"a"})] == [line]


@pytest.mark.parametrize("name", ["do", "avoid", "urgent", "self-care"])
@pytest.mark.parametrize(
    ("inside", "lines"),
    [
        ("lying in bed all day\nlifting with a twist", [2, 3]),
        ("- lying in bed all day\nlifting with a twist", [3]),
        ("- lying in bed\n\n| a | b |\n|---|---|\n| 1 | 2 |", [4, 5, 6]),
        ("", [1]),
        ("- lying in bed all day\n  and all night\n- lifting", []),
        ("1. walk\n2. rest\n\n- turn over", []),
    ],
)
def test_a_box_of_lines_holds_a_list_and_nothing_else(name, inside, lines):
    assert [problem.line for problem in find_problems(f"::: {name}\n{inside}\n:::\n", ())] == lines


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("One.\n\n::: fold More\nx\n", 3, "The box “fold” is not closed"),
        ("::: fold More\n::: do\n- x\n:::\n", 1, "The box “fold” is not closed"),
        ("::: fold\nx\n:::\n", 1, "A fold has a title"),
        ("::: fold What [@a] says\nx\n:::\n", 1, "A fold has a title of plain words"),
        ("::: fold More\n\n:::\n", 1, "“::: fold” is empty: write its words"),
        ("::: fold More\n## Inside\n\nx\n:::\n", 2, "starts with ###"),
        ("::: fold More\n::: urgent\n- x\n:::\n:::\n", 2, "stands in a fold, where nobody sees it"),
        ("::: fold More\n- a\n\n  ::: do\n  - x\n  :::\n:::\n", 4, "stands inside something else"),
        ("::: note\n::: fold More\nx\n:::\n:::\n", 2, "stands inside something else"),
        ("::: steps\n- walk\n:::\n", 2, "start each line in it with its number, “1. walk”"),
        ("::: steps\n:::\n", 1, "“::: steps” is empty"),
        ("::: avoid\n- a\n-\n:::\n", 3, "This line of the box “avoid” has no words."),
        ("::: figure gulf\nx\n:::\n", 1, "There is no picture “gulf”. The pictures are: recovery"),
        ("::: figure\nx\n:::\n", 1, "A figure names its picture"),
        ("::: figure golf\n:::\n", 1, "is empty: write below its first line what to see"),
        ("::: figure golf\nx\n:::\n\n::: picture golf\n", 5, "“golf” is there more than once"),
    ],
)
def test_a_wrong_block_must_be_put_right_and_is_named_once_with_its_line(body, line, words):
    (found,) = find_problems(body, {"a"})
    assert found.line == line
    assert words in found.message


@pytest.mark.parametrize("block", ["::: do\n- x\n:::", "::: steps\n1. x\n:::", "::: figure golf\nx\n:::", "### More"])
def test_a_fold_may_hold_blocks_and_small_headings(block):
    assert said(f"::: fold More\nWords.\n\n{block}\n\nWords.\n:::\n") == ""


def test_a_note_may_hold_sentences_and_tables():
    assert said("::: note\nBed for days.\n\n| a | b |\n|---|---|\n| 1 | 2 |\n:::\n") == ""


def test_what_a_line_of_a_box_lacks_is_shown():
    assert "“- lifting with a twist”" in said("::: avoid\n- lying in bed\nlifting with a twist\n:::\n")


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        ("| a | b | c |\n|---|---|\n| 1 | 2 | 3 |", 1, "3 cells in the first row and 2 in the line below"),
        ("Text.\n\n| a | b |\n|---|\n| 1 | 2 |", 3, "write |---|---| below"),
        ("| a | b |\n| 1 | 2 |", 1, "lacks its second line: write |---|---|"),
        ("Words.\n\nClub | Swing\nDriver | Fast", 3, "lacks its second line: write |---|---|"),
        ("|---|---|\n| 1 | 2 |", 1, "starts with the names of its columns"),
        ("| a | b |\n|---|---|\n| 1 | 2 | 3 |", 3, "has 3 cells, the first row has 2"),
        ("| a | b |\n|---|---|\n| 1 |", 3, "has 1 cell, the first row has 2"),
        ("| a | b |\n|---|---|\n| 1 | 2 |\nWords after it.", 4, "an empty line after the table"),
        ("::: note\n| a | b |\n|---|\n| 1 | 2 |\n:::", 2, "2 cells in the first row"),
    ],
)
def test_a_table_that_patients_would_read_as_bars_or_with_cells_left_out_must_be_put_right(body, line, words):
    (found,) = find_problems(body, ())
    assert found.line == line
    assert words in found.message


@pytest.mark.parametrize(
    "body",
    [
        "| a | b |\n|:--|--:|\n| 1 | |\n|  | 2 |",
        "a | b\n--- | ---\n1 | 2",
        "| a \\| b | c |\n|---|---|\n| 1 | 2 \\| 3 |",
        "Either a | or b.",
        "Words\n---",
        "```\n| a | b |\n```",
        "| Only |\n|---|\n| one |",
    ],
)
def test_a_good_table_and_a_bar_in_a_sentence_have_no_problems(body):
    assert said(body) == ""


def test_a_box_with_a_heading_of_its_own_is_one_mistake_and_is_said_once():
    found = said("::: avoid What to avoid\n- lying in bed\n:::\n\nMore.\n")
    assert found == "Line 1: The box “avoid” brings its own heading. Write “::: avoid” and nothing after it."


def test_a_forgotten_end_of_a_box_is_one_mistake_and_is_said_where_the_box_begins():
    body = "A. [@a]\n\n::: avoid\n- lying in bed\n\n## More\n\nWords.\n\n::: do\n- walk\n:::\n\n::: note\nx\n:::\n"
    message = "Line 3: The box “avoid” is not closed. Put ::: on a line of its own after its last line."
    assert said(body) == message


def test_what_is_wrong_before_a_box_without_an_end_is_said_too():
    found = find_problems("A. [@gone]\n\n::: do\n- walk\n", {"a"})
    assert [problem.line for problem in found] == [1, 3]


def test_what_looks_like_a_box_in_code_needs_no_end():
    assert said("```\n::: do\n```\n") == ""

"""What is pasted from an office program is checked and drawn as one and the same text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text.markdown import LONGEST, render_article_uncached
from content.text.problems import find_problems
from core.typed.tidy import tidy_markdown


def html(body):
    text = render_article_uncached(body, (), "911")
    return text.opening + text.rest


@pytest.mark.parametrize(
    "mark",
    [
        "-\u00a0",
        "\u2022\t",
        "\u2022",
        "\u2013 ",
        "-\u3000",
        "\u200b- ",
        "\ufeff- ",
        "    - ",
        "\uf0b7\u2009",
        "\u00b7 ",
    ],
)
@pytest.mark.parametrize("box", ["emergency", "do"])
def test_each_line_of_a_pasted_list_in_a_box_is_a_line_of_its_own(mark, box):
    pasted = f"::: {box}\r\n{mark}numbness of the saddle\r\n{mark}new weakness\r\n:::\r\n"
    assert [str(problem) for problem in find_problems(pasted, set()) if "holds a list" in problem.message] == []
    assert "<li>numbness of the saddle</li>" in html(pasted)
    assert "<li>new weakness</li>" in html(pasted)


@pytest.mark.parametrize(
    "heading", ["##Keep moving", "##\u00a0Keep moving", "##\u200bKeep moving", "    ## Keep moving"]
)
def test_a_pasted_heading_is_a_heading(heading):
    assert '<h2 id="keep-moving">Keep moving</h2>' in html(f"Answer.\n\n{heading}\n\nMore.")


def test_four_pasted_blanks_make_no_block_of_code():
    assert html("    Call now.") == "<p>Call now.</p>\n"


@given(st.text("-\u00a0\u2022#: \n\r\tab\u200b\u2013\u3000>*`|\u202e", max_size=60))
def test_what_checks_a_text_and_what_draws_it_read_the_same_words(body):
    assert html(body) == html(tidy_markdown(body))
    assert find_problems(body, set()) == find_problems(tidy_markdown(body), set())


def test_the_longest_text_is_counted_as_it_is_stored():
    assert find_problems("x\r\n" * (LONGEST // 2), set()) == []

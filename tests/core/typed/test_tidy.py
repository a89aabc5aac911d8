"""One form for what is typed and pasted: words, values, codes."""

import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.starter import loader
from core.typed import tidy as typed
from core.typed.tidy import DIGITS, FOR_DIGITS, FOR_LETTERS, read_code, tidy_line, tidy_markdown, tidy_text, tidy_value

KEYS = "BCDFGHJKLMNPQRSTVWXZ"
ANYTHING = st.text(max_size=80) | st.text(
    "a\u0301\u00a0\u200b\u200c\u200d\u202e\ufeff\u2022\u2013#- \n\r\t>\u0e47", max_size=40
)


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("numb\u00a0legs\u3000and\u2009arms", "numb legs and arms"),
        ("numb\u200bness\ufeff", "numbness"),
        ("\u202eevil\u202c and \u2066more\u2069", "evil and more"),
        ("one\r\ntwo\rthree\u2028four\x0bfive\x85six", "one\ntwo\nthree\nfour\nfive\nsix"),
        ("Jose\u0301", "Jos\u00e9"),
        ("a\0b\x07c\x9bd", "abcd"),
        ("soft\u00adhyphen", "softhyphen"),
        ("\ud800half", "\ufffdhalf"),
        ("hidden\U000e0068\U000e0069", "hidden"),
        ("Z" + "\u0335" * 400, "Z" + "\u0335" * 8),
        ("num\u200cb\u200d", "numb"),
    ],
)
def test_what_cannot_be_seen_goes_and_blanks_are_blanks(pasted, kept):
    assert tidy_text(pasted) == kept


@pytest.mark.parametrize(
    "words",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a non-joiner
        "\u0915\u094d\u200d\u0937",  # Hindi, with a joiner
        "\U0001f468\U0001f3fd\u200d\u2695\ufe0f \u2764\ufe0f\u200d\U0001f525",  # emoji of several signs
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # the flag of Scotland
        "\u05e9\u05dc\u05d5\u05dd\u200f (2)",  # Hebrew, with its plain mark
        "\u0e17\u0e35\u0e48\u0e19\u0e35\u0e48",  # Thai
        "\u80cc\u4e2d\u304c\u75db\u3044",  # Japanese
        "Vie\u0302\u0323t",
    ],
)
def test_writing_that_needs_marks_keeps_them(words):
    assert tidy_text(words) == unicodedata.normalize("NFC", words)


def test_a_line_has_single_blanks():
    assert tidy_line(" Ana\u00a0 \t Mar\u200b\u00eda\r\nBcc: x ") == "Ana Mar\u00eda Bcc: x"


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("-\u00a0numbness", "- numbness"),
        ("\u2022\tnumbness", "- numbness"),
        ("\u2022numbness", "- numbness"),
        ("\u2013 numbness", "- numbness"),
        ("\uf0b7 numbness", "- numbness"),
        ("\u200e\u2022 numbness", "- numbness"),
        ("    \u2022 numbness", "- numbness"),
        ("##Keep moving", "## Keep moving"),
        ("##\u00a0Keep moving", "## Keep moving"),
        ("##\u200bKeep moving", "## Keep moving"),
        ("###Keep", "### Keep"),
    ],
)
def test_lists_and_headings_of_an_office_program_become_those_of_markdown(pasted, kept):
    assert tidy_markdown(pasted) == kept


@pytest.mark.parametrize(
    "text", ["---", "- a", "-5 degrees", "\u20135", "# one", "## ##", "a \u2013 b", "#1 of 3", ":::"]
)
def test_other_signs_at_the_beginning_of_a_line_stay(text):
    assert tidy_markdown(text) == text


@given(ANYTHING)
def test_what_is_tidy_stays_as_it_is_and_lines_stay_lines(text):
    for tidy in (tidy_text, tidy_line, tidy_markdown, tidy_value):
        assert tidy(tidy(text)) == tidy(text)
    assert tidy_markdown(text).count("\n") == tidy_text(text).count("\n")


def test_every_text_that_comes_with_the_site_is_tidy():
    """So that tidying what is read changes none of them."""
    root = Path(loader.__file__).parents[2]
    files = [path for app in ("content", "assessment") for path in root.glob(f"{app}/**/*.toml")]
    assert [path.name for path in files if tidy_text(text := path.read_text()) != text] == []
    bodies = {path.name: path.read_text() for path in loader.FOLDER.glob("*.md")}
    assert [name for name, body in bodies.items() if tidy_markdown(body) != body] == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("\uff11\uff12", "12"),
        ("\u0661\u0662", "12"),
        ("\u200b12\u202c", "12"),
        ("2026\u201112\u201101", "2026-12-01"),
        ("\u22125", "-5"),
        ("\uffa0\u316412\u115f", "12"),
        ("12\u00a0.5", "12 .5"),
    ],
)
def test_a_value_has_the_signs_of_a_keyboard(written, value):
    assert tidy_value(written) == value


@pytest.mark.parametrize(
    "written",
    [
        "4729 1836 0518", "472918360518", "4729-1836-0518", "4729\u20131836\u20140518", "4729\u22121836\u20110518",
        "code: 4729 1836 0518", "My code is 4729 1836 0518.", "\u201c4729 1836 0518\u201d", "4729.1836.0518",
        "\u202a4729\u200b1836\u202c0518\ufeff",
        "\uff14\uff17\uff12\uff19 \uff11\uff18\uff13\uff16 \uff10\uff15\uff11\uff18",
        "\u0664\u0667\u0662\u0669 \u0661\u0668\u0663\u0666 \u0660\u0665\u0661\u0668", "4729 l836 O5I8",
        "472\u200d918360518",
        "4 7 2 9 1 8 3 6 0 5 1 8", "(4729) 1836/0518", "4729\u00a01836\u30000518", "C\u00f3digo\uff1a4729 1836 0518",
    ],
)  # fmt: skip
def test_a_code_of_digits_is_read_however_it_is_written(written):
    assert read_code(written, DIGITS, 12, FOR_DIGITS) == "472918360518"


@pytest.mark.parametrize(
    "written",
    [
        "KTRBN-XDWLC", "ktrbn xdwlc", "Ktrbnxdwlc", "KTRBN\u2013XDWLC", "code: KTRBN-XDWLC", "my code is ktrbn-xdwlc",
        "\u201cKTRBN-XDWLC\u201d.", "KTRBN\u200b-XDWLC\u202c",
        "\uff2b\uff34\uff32\uff22\uff2e-\uff38\uff24\uff37\uff2c\uff23",
        "K.T.R.B.N. X.D.W.L.C.", "KTR8N-XDW1C", "\u041a\u0422R\u0412N-\u0425DWL\u0421", "KTRBN_XDWLC", "KTRBN-XDWIC",
    ],
)  # fmt: skip
def test_a_code_of_letters_is_read_however_it_is_written(written):
    assert read_code(written, KEYS, 10, FOR_LETTERS) == "KTRBNXDWLC"


@pytest.mark.parametrize("written", ["", "code", "4729 1836 051", "4729 1836 0518 1", "12345678901234"])
def test_what_has_too_few_or_too_many_signs_is_no_code(written):
    assert read_code(written, DIGITS, 12, FOR_DIGITS) == ""


def test_a_telephone_number_is_no_code_of_letters():
    assert read_code("(555) 812-6612", KEYS, 10, FOR_LETTERS) == ""


def test_a_word_before_a_code_of_all_letters_is_no_part_of_it():
    assert read_code("code: abcd-efgh", "abcdefghijklmnopqrstuvwxyz234567", 8, {}) == "abcdefgh"


def test_a_code_is_looked_for_in_no_more_than_a_few_lines():
    assert read_code("x " * 100_000 + "4729 1836 0518", DIGITS, 12, FOR_DIGITS) == ""


def test_no_letter_of_the_keys_is_read_as_another():
    assert re.sub(f"[{KEYS}]", "", KEYS.translate(FOR_LETTERS)) == ""
    assert KEYS.translate(FOR_LETTERS) == KEYS.translate(typed.ALIKE) == KEYS


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("    - a\n    - b", "- a\n- b"),
        ("\t\u2022 a\n\t\t\u2022 b\n\nMore", "- a\n    - b\n\nMore"),
        ("- a\n\n    - b", "- a\n\n    - b"),
        ("1. a\n    more", "1. a\n    more"),
        ("    - a\n\nMore\n\n  - b", "- a\n\nMore\n\n  - b"),
        # A line that goes on below its item ends no list.
        ("1. One, a long\nline\n    - inside\n2. Two", "1. One, a long\nline\n    - inside\n2. Two"),
    ],
)
def test_a_list_that_was_pasted_far_in_comes_to_the_margin_as_a_whole(pasted, kept):
    assert tidy_markdown(pasted) == kept


@pytest.mark.parametrize("name", ["\u0639\u0644\u06cc\u06f1", "\u30e6\u30fc\u30b6\u30fc", "nora"])
def test_the_letters_and_digits_of_a_name_stay(name):
    assert typed.tidy_name(f" \u200b{name}\u00a0") == name

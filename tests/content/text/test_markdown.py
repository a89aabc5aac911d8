import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.text.drawings import TEMPLATES, render_drawing
from content.text.markdown import CARDS, find_citations, render_article
from content.text.problems import find_problems

from .test_problems import said


def html(body, sources=(), number="911"):
    text = render_article(body, tuple(sources), number)
    return text.opening + text.rest


def test_an_emergency_box_names_the_number_and_has_a_button_that_calls_it():
    found = html("::: emergency\n- new weakness in a leg\n:::\n", number="999")
    title = "Call 999 or go to an emergency department now if you have back pain and:"
    assert f'<div class="card emergency"><h2>{title}</h2><div>' in found
    assert '<a class="button call" href="tel:999">Call 999</a>' in found
    assert "<li>new weakness in a leg</li>" in found


@pytest.mark.parametrize("name", ["urgent", "soon", "self-care"])
def test_a_card_has_its_heading(name):
    assert f'<div class="card {name}"><h2>{CARDS[name]}</h2><div>' in html(f"::: {name}\n- x\n:::\n")


@pytest.mark.parametrize(("name", "title"), [("do", "Do"), ("avoid", "Avoid")])
def test_a_list_of_advice_has_its_heading(name, title):
    assert f'<div class="{name}"><h3>{title}</h3><ul>' in html(f"## Now\n\n::: {name}\n- x\n:::\n")


def test_a_list_of_advice_before_any_heading_has_one_of_the_second_level():
    assert html("::: do\n- x\n:::\n").startswith('<div class="do"><h2>Do</h2>')


def test_steps_are_an_ordered_list_and_strong_words_that_begin_one_are_its_label():
    found = html("::: steps\n1. **Today.** Walk\n2. Go **slowly**\n:::\n")
    assert found.startswith('<div class="steps"><ol>')
    assert '<li><strong class="when">Today.</strong> Walk</li>' in found
    assert "<li>Go <strong>slowly</strong></li>" in found


def test_a_fold_has_its_title_and_a_place_inside_it_that_opens_it():
    found = html("::: fold What studies say\nWords.\n:::\n")
    start = '<details class="fold"><summary>What studies say</summary><div id="what-studies-say" tabindex="-1">'
    assert found.startswith(f"{start}<p>Words.</p>")


def test_a_fold_holds_boxes_and_ends_at_its_own_mark():
    found = html("::: fold More\n::: do\n- x\n:::\n\nInside.\n:::\n\nOutside.\n")
    assert found.index("Inside.") < found.index("</details>") < found.index("Outside.")


def test_a_fold_and_a_heading_of_the_same_words_are_two_places():
    found = html("## More\n\n::: fold More\nx\n:::\n")
    assert '<h2 id="more">' in found
    assert '<div id="more-2" ' in found


def test_the_title_of_a_fold_is_words_and_no_element():
    assert "<summary>&lt;b onclick=a()&gt;</summary>" in html("::: fold <b onclick=a()>\nx\n:::\n")


def test_a_fold_is_no_section_of_the_table_of_contents():
    text = render_article("## One\n\n::: fold Two\n### Three\n\nx\n:::\n", (), "911")
    assert text.headings == [("one", "One")]


def test_a_figure_has_the_words_of_the_article_below_its_picture():
    found = html("::: figure golf\nThe trunk turns. [@a]\n:::\n", ["a"])
    assert re.match(r"<figure><img [^>]*><figcaption><p>The trunk turns.<sup>.*</figcaption></figure>", found, re.S)
    assert found.count("<figcaption>") == 1


def test_a_figure_may_show_two_pictures_side_by_side():
    found = html("::: figure golf disc\nStart and end.\n:::\n")
    assert re.match(r"<figure><img[^>]*><img[^>]*><figcaption><p>Start and end.", found, re.S)


def test_a_figure_with_an_unknown_name_is_shown_as_typed():
    assert html("::: figure golf gulf\nx\n:::\n").startswith("<figure>::: figure golf gulf<figcaption><p>x")


def test_a_figure_stands_in_a_fold():
    found = html("::: fold More\n::: figure golf\nx\n:::\n:::\n\n::: figure disc\ny\n:::\n")
    golf, disc = (found.index(f"figures/{name}") for name in ("golf", "disc"))
    assert golf < found.index("</details>") < disc


def test_a_note_has_no_heading_of_its_own():
    assert html("::: note\n**Mind this.** Words.\n:::\n").startswith(
        '<div class="note"><p><strong>Mind this.</strong> Words.'
    )


def test_headings_have_ids_that_differ():
    text = render_article("## Rest\n\n## Rest\n\n### Détails\n", (), "911")
    assert text.headings == [("rest", "Rest"), ("rest-2", "Rest")]
    assert '<h3 id="details">' in text.rest


@pytest.mark.parametrize("title", ["Source 1", "Sources", "Main", "Figures", "Related", "Check"])
def test_a_heading_never_takes_an_id_of_the_page(title):
    ((name, _),) = render_article(f"## {title}\n", (), "911").headings
    assert name not in ("main", "check", "related", "figures", "sources", "source-1")


def test_a_heading_without_letters_has_an_id():
    assert render_article("## ???\n", (), "911").headings == [("section", "???")]


def test_the_text_is_parted_before_its_first_heading():
    text = render_article("Answer first.\n\n## Then\n\nDetail.\n", (), "911")
    assert text.opening == "<p>Answer first.</p>\n"
    assert text.rest.startswith('<h2 id="then">Then</h2>')


def test_a_main_heading_in_the_text_becomes_a_section():
    assert "<h1" not in html("# Title\n")


def test_citations_are_numbered_links_with_a_name():
    found = html("Rare. [@b; @a]\n\nYes [@a].\n", ["b", "a"])
    assert 'Rare.<sup><a href="#source-1" aria-label="source 1">1</a>, <a href="#source-2"' in found
    assert 'Yes.<sup><a href="#source-2" aria-label="source 2">2</a></sup></p>' in found


@pytest.mark.parametrize("typed", ["Yes. [@a]", "Yes [@a].", "Yes[@a]."])
def test_a_number_stands_behind_the_stop_however_it_was_typed(typed):
    assert "<p>Yes.<sup><a" in html(typed, ["a"])


def test_an_unknown_citation_stays_as_it_was_typed():
    assert html("Rare [@nobody].\n") == "<p>Rare [@nobody].</p>\n"


def test_citations_come_once_in_the_order_they_first_appear():
    assert find_citations("x [@b; @a]\n\n- y [@a]\n- z [@c]\n\n`[@code]`\n") == ("b", "a", "c")


def test_tables_are_tables():
    assert "<td>1</td>" in html("| a |\n|---|\n| 1 |\n")


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "[x](vbscript:msgbox)",
        "<javascript:alert(1)>",
        "![x](https://example.org/x.png)",
        '[x](/a "onclick=alert(1)")',
        "<iframe src=//example.org></iframe>",
        "::: note\n<style>body{display:none}</style>\n:::",
        "## <b onclick=alert(1)>x</b>",
        "```html\n<script>alert(1)</script>\n```",
        "[@<script>]",
        "| <script> |\n|---|\n| <img onerror=x> |",
        '<a href="https://example.org" style="position:fixed">x</a>',
    ],
)
def test_hostile_text_becomes_no_element_that_could_harm(body):
    found = html(body)
    assert not re.search(r"<(script|img|iframe|style|b|svg|form|input)\b", found)
    assert not re.search(r"<[^>]*\s(on\w+|style|title|src)=", found)
    assert all(link.startswith(("http", "/", "#", "tel:", "mailto:")) for link in re.findall(r'href="([^"]*)"', found))


@pytest.mark.parametrize(
    "body",
    [
        "::: do\n::: avoid\n- x\n:::\n:::\n",
        ":::: note\n::: do\n- x\n:::\n::::\n",
        "- a\n  ::: do\n  - x\n",
        "> ::: emergency\n> x\n",
        "::: do",
        "::: do\n\n\n",
        ":::",
        "::: nonsense\n- x\n:::\n",
        "",
        "\n\n",
    ],
)
def test_a_box_in_the_wrong_place_still_makes_a_page_with_balanced_elements(body):
    found = html(body)
    assert found.count("<div") == found.count("</div>")


@given(st.text(alphabet=":\n -#>[]@;|`*ab d\t", max_size=60))
def test_no_text_whatever_stops_a_page(body):
    html(body, ["a"])
    find_problems(body, {"a"})
    find_citations(body)


def test_an_unclosed_box_ends_with_the_text():
    assert html("::: note\nwords\n").count("</div>") == 1


def test_a_huge_table_is_drawn():
    assert html("|a|b|\n|---|---|\n" + "|1|2|\n" * 5000).count("<tr>") == 5001


def test_deep_nesting_is_drawn():
    assert html("> " * 5000 + "x")
    assert html("[" * 5000)


def test_a_text_without_end_is_cut():
    assert len(html("word " * 100_000)) < 110_000


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_picture_stands_where_its_line_stands_and_has_words_for_those_who_do_not_see_it(name):
    found = html(f"Before.\n\n::: picture {name}\n\nAfter.\n")
    assert re.match(r"<p>Before.</p>\s*<figure>.*</figure>\s*<p>After.</p>", found, re.DOTALL)
    assert re.search(r'<svg [^>]*role="img"[^>]*><title>[^<]{10,}</title><desc>[^<]{40,}</desc>', found)
    assert find_problems(f"Before.\n\n::: picture {name}\n\nAfter.\n", ()) == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_picture_is_small_and_takes_its_colours_from_the_stylesheet(name):
    found = render_drawing(name)
    assert len(found.encode()) <= 6_000
    assert not re.search(r"style|<script|\bon\w+=|\bid=|url\(|#[0-9a-f]{3}|rgb", found)
    assert set(re.findall(r'(?:fill|stroke)="([^"]*)"', found)) <= {"none", "currentColor"}


def test_the_name_of_an_earlier_drawing_shows_what_is_drawn_for_it_now():
    assert "figures/soccer" in html("::: picture kick\n")


def test_a_picture_after_a_list_or_a_text_needs_no_empty_line():
    assert html("- a\n::: picture golf\n").index("</ul>") < html("- a\n::: picture golf\n").index("<figure>")
    assert html("Words.\n::: picture golf\nMore.\n").startswith("<p>Words.</p>")


@pytest.mark.parametrize(
    "line",
    [
        "::: picture nonsense",
        "::: picture Golf",
        "::: picture ../../base",
        "::: picture golf.html",
        "::: picture golf onload=alert(1)",
        "::: picture <svg onload=alert(1)>",
        "::: picture",
        "::: picturegolf",
        "- a\n\n  ::: picture golf",
        "> ::: picture golf",
        "::: note\n::: picture golf\n:::",
    ],
)
def test_what_is_no_picture_is_shown_as_typed_and_said_in_words(line):
    found = html(line)
    assert "<svg" not in found
    assert "<figure" not in found
    assert "::: picture" in found
    assert re.search("The pictures are: recovery|“golf” needs a line of its own", said(line))


@pytest.mark.parametrize("body", ["<figure><svg><path/></svg></figure>", "```\n::: picture golf\n```"])
def test_an_editor_cannot_write_a_drawing(body):
    assert "<svg" not in html(body)


def test_a_picture_is_cleaned_around_and_not_through():
    found = html("<script>a()</script>\n\n::: picture recovery\n\n<svg onload=b()></svg>\n")
    assert found.count("<svg") == 1
    assert "<script" not in found


def test_the_same_picture_twice_is_said_in_words():
    assert said("::: picture golf\n\n::: picture golf\n") == "Line 3: The picture “golf” is there more than once."


def test_a_picture_that_is_not_on_the_list_is_never_looked_for():
    with pytest.raises(LookupError):
        render_drawing("../article")


@pytest.mark.parametrize(
    ("typed", "link"),
    [
        ("tel:+44(0)2079460000", "tel:+44-20-7946-0000"),
        ("tel:202-555-0123%20ext%204", "tel:+1-202-555-0123;ext=4"),
        ("TEL:911", "tel:911"),
        ("mailto:ana@example.com?bcc=all@example.com", "mailto:ana@example.com"),
        ("mailto:a%0D%0ABcc:x@example.com", "mailto:a%20Bcc%3Ax@example.com"),
    ],
)
def test_a_link_that_calls_or_writes_reaches_one_number_or_reader(typed, link):
    assert f'<a href="{link}">here</a>' in html(f"[here]({typed})")

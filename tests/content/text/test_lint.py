"""What an editor is told about a text while writing it."""

import pytest

from content.text import lint

# Long enough, easy enough, and without a fault.
PLAIN = "Walk a little every hour. Use a warm pack. Rest when you need to.\n\n" * 40


def codes(body, **known):
    """The codes of what is found, without the length that a short test text has."""
    return [finding.code for finding in lint.lint_article(body, **known) if finding.code != "too_short"]


def test_a_good_text_has_no_findings():
    assert lint.lint_article(PLAIN) == []


def test_a_text_that_cannot_be_saved_says_why():
    found = lint.lint_article(PLAIN + "A fact. [@gone]\n", known=["who-2023"])
    assert found[0].code == "form"
    assert "no source “gone”" in found[0].message


@pytest.mark.parametrize(("words", "code"), [(499, ["too_short"]), (500, []), (1400, []), (1401, ["too_long"])])
def test_a_text_has_500_to_1400_words(words, code):
    body = "Walk now. " * (words // 2) + "Walk. " * (words % 2)
    assert [finding.code for finding in lint.lint_article(body)] == code


def test_hard_words_are_found():
    sentence = "Rehabilitation necessitates multidisciplinary collaboration and continuous individualized evaluation. "
    assert codes(sentence * 5) == ["hard_to_read"]


def test_a_long_sentence_is_found_with_its_line():
    body = "Short.\n\n" + "and ".join(["walk a bit "] * 12) + ".\n"
    found = [finding for finding in lint.lint_article(body) if finding.code == "long_sentence"]
    assert [finding.line for finding in found] == [3]


@pytest.mark.parametrize("words", ["here", "click here", "Read more", "this page", "more"])
def test_a_link_that_does_not_say_where_it_leads_is_found(words):
    assert codes(f"See [{words}](/check/).\n") == ["vague_link"]


def test_a_link_that_says_where_it_leads_is_fine():
    assert codes("See [the first days at home](/treatment/first-days-at-home/).\n") == []


def test_links_lead_to_pages_and_places_that_are_there():
    known = {"/causes/overuse/": {"what-helps"}, "/check/": None}
    assert (
        codes("Read [about overuse](/causes/overuse/#what-helps) and [the check](/check/#any).\n", addresses=known)
        == []
    )
    for address in ("/causes/gone/", "/causes/overuse/#gone", "#gone", "overuse", "//example.org/x"):
        assert codes(f"Read [about overuse]({address}).\n", addresses=known) == ["broken_link"], address


def test_a_link_may_lead_to_a_heading_of_the_same_page():
    assert codes("## What helps\n\nSee [what helps](#what-helps) and [the sources](#sources).\n") == []


@pytest.mark.parametrize("link", ["<https://example.org/a>", "[www.example.org](/check/)", "[/causes/discs/](/check/)"])
def test_a_link_that_shows_an_address_is_found(link):
    assert codes(f"See {link}.\n") == ["bare_address"]


def test_every_column_of_a_table_has_a_heading():
    found = lint.lint_article("Walk.\n\n| | Helps |\n|---|---|\n| Heat | yes |\n")
    assert [(finding.code, finding.line) for finding in found if finding.code != "too_short"] == [("empty_head", 3)]
    assert codes("| What | Helps |\n|---|---|\n| Heat | yes |\n| | no |\n") == []


def test_a_table_fits_a_phone_as_long_as_its_words_do():
    row = "| {} | {} | {} |\n"
    table = row.format("a" * 14, "b", "c") + "|---|---|---|\n" + row.format("d", "e" * 12, "{}")
    assert codes(table.format("f" * 12)) == []
    assert codes(table.format("f" * 13)) == ["wide_table"]
    # Many short words are no harm: they stand below one another.
    assert codes(table.format("short words. " * 20)) == []
    # What only leads somewhere is not seen.
    assert codes(table.format("[fast](/treatment/first-days-at-home/)")) == []


def test_two_tables_are_measured_each_on_its_own():
    table = f"| {'a' * 20} | {'b' * 20} |\n|---|---|\n| c | d |\n"
    assert codes(f"{table}\n{table}") == []


def test_headings_go_down_one_step_at_a_time():
    assert codes("## One\n\nText.\n\n#### Deep\n\nText.\n") == ["heading_jump"]
    assert codes("## One\n\nText.\n\n### Two\n\nText.\n\n## Three\n\nText.\n") == []


@pytest.mark.parametrize("item", ["do not lift", "don't lift", "never lift", "Avoid lifting"])
def test_a_no_inside_the_avoid_box_is_found(item):
    assert codes(f"::: avoid\n- {item}\n:::\n") == ["double_no"]


def test_a_number_to_call_is_left_to_the_clinic():
    assert codes("Call 911 at once.\n") == ["own_number"]
    assert codes("We asked 112 men. [@a]\n", known=["a"]) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "About 37% had pain.", "In 1 of every 10 people it lasts.", "A study of 1,172 people.",
        "Half of them got better.",
        "Two in three came back.", "They had 11 times the odds.", "Of 25 juniors, 9 had it.", "Take 400 mg.",
        "One in 100 has it.", "Seven of ten had it.", "33 studies were put together.",
    ],
)  # fmt: skip
def test_a_figure_without_its_source_is_found(sentence):
    assert codes(f"{sentence}\n") == ["unsourced_figure"]
    assert codes(f"{sentence} [@a]\n", known=["a"]) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Walk for 10 minutes.",
        "Wait for 6 weeks.",
        "You are 65 or older.",
        "Do it 3 times a day.",
        "Go from 20 to 30 shots.",
        "From the age of 60, go at once.",
    ],
)
def test_how_long_how_often_and_how_old_are_no_figures(sentence):
    assert codes(f"{sentence}\n") == []


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("A fact. [@a] A new survey says 62% took pills.", ["A new survey says 62% took pills."]),
        ("80% had pain. Most of them were men. [@a]", []),
        ("It ends soon [@a]. Of 30 men, 9 had it [@a]. Take 400 mg.", ["Take 400 mg."]),
        ("[@a] found that 40% had pain.", []),
        ("- 40% had pain [@a]. 62% took pills.\n- 20% had none", ["62% took pills."]),
    ],
)
def test_a_source_stands_for_its_sentence_and_those_before_it(body, named):
    assert [words for _, words in lint.find_unsourced_statistics(body)] == named


def test_a_figure_without_a_source_is_named_by_its_own_sentence():
    found = lint.lint_article("A fact. [@a] A new survey says 62% took pills.", known=["a"])
    assert "“A new survey says 62% took pills.” has no source of its own." in found[-1].message


def test_the_source_of_a_list_may_stand_before_or_after_it():
    known = {"known": ["a"]}
    assert codes("A study found: [@a]\n\n- 40% had pain\n- 20% had none\n", **known) == []
    assert codes("- 40% had pain\n- 20% had none\n\nThis is from one study. [@a]\n", **known) == []
    assert codes("Cited. [@a]\n\nOther words.\n\n- 40% had pain\n", **known) == ["unsourced_figure"]


@pytest.mark.parametrize(
    "sign", ["You lose control of your bladder.", "With chest pain, act.", "Numb between your legs?"]
)
def test_a_text_that_names_a_red_flag_has_an_emergency_card(sign):
    assert codes(f"{sign}\n") == ["no_emergency_card"]
    assert codes(f"{sign}\n\n::: emergency\n:::\n") == []


def test_bare_numbers_are_figures_in_a_table_of_shares_and_a_plan_in_others():
    rows = "|---|---|\n| A | 51 |\n"
    assert codes(f"| Group | In every 100 |\n{rows}") == ["unsourced_figure"]
    assert codes(f"| Week | Minutes |\n{rows}") == []


def test_a_list_may_carry_the_source_of_the_sentence_before_it():
    assert codes("A study of 146 people found:\n\n- less pain [@a]\n", known=["a"]) == []


def test_the_set_words_of_a_care_card_may_be_long():
    assert "long_sentence" not in codes("::: emergency\n- " + "and so on " * 12 + "\n:::\n")


def test_the_signs_of_the_register_make_no_text_too_long():
    every = "Walk. " * 1399 + "\n\n::: signs emergency\n\n::: signs urgent\n"
    assert codes(every) == []
    assert codes(f"{every}\nWalk on.") == ["too_long"]


def test_a_red_flag_in_the_summary_counts_too():
    assert codes("Walk.\n", summary="Chest pain with a sore back.") == ["no_emergency_card"]


def test_two_emergency_cards_are_one_too_many():
    card = "::: emergency\n- chest\n:::\n\n"
    assert codes(card * 2) == ["form"]


@pytest.mark.parametrize(
    "body", ["", "\n", "::: emergency", "[@a", "[](", "- ", "|a|\n|-|", "\0", "# x\n" * 50, "[x](a b)"]
)
def test_any_text_is_answered(body):
    assert isinstance(lint.lint_article(body), list)


def test_a_very_long_text_is_answered_at_once():
    assert [finding.code for finding in lint.lint_article("word " * 30_000)] == ["form"]


def test_findings_come_in_the_order_of_the_lines():
    body = "One in 100.\n\nSee [here](/x/).\n\nTwo in 100.\n"
    assert [finding.line for finding in lint.lint_article(body) if finding.line] == [1, 3, 5]


def test_a_link_with_spaces_in_its_address_is_found():
    assert codes("See [there](heat and cold) and walk.\n") == ["broken_link"]


@pytest.mark.parametrize(
    "words", ["title of the fold", "Words that only some people need.", "what to see in the picture"]
)
def test_words_that_a_button_put_into_a_block_are_to_be_typed_over(words):
    assert [finding.code for finding in lint.lint_placeholders(f"::: fold A\n{words}\n:::\n")] == ["placeholder"]

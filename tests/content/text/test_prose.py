"""A text as it is read."""

from content.text import prose


def test_a_claim_is_what_was_said_since_the_source_before():
    body = "One fact [@a]. Two facts. They go together. [@b; @c]\n\n- an item [@a]\n"
    assert prose.find_claims(body) == [
        ("One fact", "a"),
        ("Two facts. They go together", "b"),
        ("Two facts. They go together", "c"),
        ("an item", "a"),
    ]


def test_the_title_of_a_fold_is_read_as_a_heading_and_what_it_holds_as_text():
    body = "::: fold What studies say\nOne fact. [@a]\n\n::: do\n- walk\n:::\n:::\n"
    assert [(part.line, part.kind, part.text, part.box) for part in prose.read_passages(body)] == [
        (1, "heading", "What studies say", "fold"),
        (2, "paragraph", "One fact.", "fold"),
        (5, "item", "walk", "do"),
    ]


def test_a_link_may_lead_to_a_fold():
    assert "what-studies-say" in prose.list_page_ids("::: fold What studies say\nx\n:::\n")


def test_the_reading_grade_is_of_folded_words_and_captions_too():
    body = "::: fold More\nFolded words.\n\n::: figure golf\nWords below.\n:::\n:::\n"
    assert prose.extract_running_text(body) == "Folded words.\nWords below."

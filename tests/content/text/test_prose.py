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

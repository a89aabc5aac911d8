import pytest

from content.text.sheet import build_sheet, has_moves

MOVE = """### Knee hug

::: figure knee-to-chest-1 knee-to-chest-2
Words below the picture.
:::

::: steps
1. Lift one knee [@who-2023].
:::

**You should feel** a stretch.

::: fold Show the movement
::: figure knee-to-chest-moving
It moves.
:::
:::
"""
BODY = f"""Answer first [@who-2023].

::: fold What studies say
Rare.
:::

::: emergency
:::

{MOVE}
### Bridge

::: figure bridge-1
x
:::

::: steps
1. Lift your hips.
:::

## Why

They come from hospitals.
"""


def test_each_move_has_its_heading_its_pictures_and_its_steps_and_nothing_else():
    moves = build_sheet(BODY, "911").moves
    assert [move.name for move in moves] == ["Knee hug", "Bridge"]
    text = moves[0].text
    for shown in ("<h3>Knee hug</h3>", "knee-to-chest-1", "knee-to-chest-2", "<li>Lift one knee.</li>"):
        assert shown in text
    for left_out in ("Words below", "You should feel", "movement", "moving", "who-2023"):
        assert left_out not in text


def test_before_the_moves_stand_the_signs_of_the_register_and_neither_folds_nor_source_marks():
    before = build_sheet(BODY, "911").before
    assert "Answer first." in before
    assert "Call 911" in before
    assert "numb" in before
    assert "studies" not in before
    assert "who-2023" not in before


def test_what_follows_the_last_move_is_left_to_the_article():
    found = build_sheet(BODY, "911")
    assert "hospitals" not in found.before + "".join(move.text for move in found.moves)


def test_pictures_load_at_once_for_some_browsers_print_only_what_is_there():
    assert 'loading="lazy"' not in build_sheet(BODY, "911").moves[1].text


@pytest.mark.parametrize(
    "body",
    ["Words.\n", "### Words\n\n::: steps\n1. One.\n:::\n", MOVE.replace("### ", "## "), f"Words.\n\n{MOVE[:90]}"],
)
def test_an_article_without_moves_has_no_page_to_print(body):
    assert not has_moves(body)
    assert build_sheet(body, "911") is None


def test_an_article_with_moves_has_one():
    assert has_moves(BODY)

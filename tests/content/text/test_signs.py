"""What an emergency box draws from the register of signs, and what keeps it from being saved."""

import re

import pytest

from content.text import markdown, prose, signs
from content.text.problems import find_problems

REGISTER = signs.Register(
    {
        "numb": signs.Sign("you are numb", "", "emergency", "department", ("nerves",), True),
        "crash": signs.Sign("you had a crash", "with a car", "emergency", "ambulance", ("injury",), True),
        "fall": signs.Sign("you are pregnant and fell", "", "emergency", "maternity", ("pregnancy", "injury"), False),
        "weak": signs.Sign("a leg is weak", "", "urgent", "", ("nerves",), False),
    },
    {
        "nerves": signs.Group("Nerves", ""),
        "injury": signs.Group("After a fall", ""),
        "pregnancy": signs.Group("If you are pregnant", "pregnan"),
    },
)


@pytest.fixture(autouse=True)
def register(monkeypatch):
    monkeypatch.setattr(signs, "REGISTERED", [REGISTER])
    for cached in (markdown.parse_as_read_cached, prose.read_passages, markdown.render_article):
        cached.cache_clear()
    yield
    for cached in (markdown.parse_as_read_cached, prose.read_passages, markdown.render_article):
        cached.cache_clear()


def card(*lines):
    return "\n".join(["::: emergency", *(f"- {line}" for line in lines), ":::", ""])


def read(body):
    """The lines that a reader meets in the emergency box."""
    return [part.text for part in prose.read_passages(body) if part.box == "emergency"]


def said(body, **about):
    return [(problem.line, problem.message) for problem in find_problems(body, (), **about)]


def test_an_empty_box_shows_the_signs_of_every_page():
    assert read(card()) == ["you are numb", "you had a crash, such as with a car"]


def test_the_signs_of_every_page_come_first_unless_the_box_says_where():
    assert read(card("fall"))[0] == "you are numb"
    assert read(card("crash"))[:2] == ["you are numb", "you had a crash, such as with a car"]
    assert read(card("crash", "always"))[:2] == ["you had a crash, such as with a car", "you are numb"]


def test_an_article_may_give_its_own_example():
    assert "you had a crash, such as into the boards" in read(card("crash: into the boards"))
    assert "such as with a car" not in " ".join(read(card("crash: into the boards")))


def test_a_group_stands_for_all_its_signs_and_each_is_shown_once():
    lines = read(card("injury", "fall"))
    assert lines.count("you are pregnant and fell") == 1


def test_a_group_begins_with_the_signs_that_are_its_own_before_any_others():
    later = {key: REGISTER.signs[key] for key in ("fall", "crash")}
    assert REGISTER._replace(signs=later).list_members("injury") == ["crash", "fall"]


MANY = REGISTER._replace(
    signs={
        **{
            f"common-{n}": signs.Sign(f"sign {n}", "", "emergency", "department", ("nerves",), True, f"short {n}")
            for n in range(6)
        },
        **{f"own-{n}": signs.Sign(f"my {n}", "", "emergency", "ambulance", ("injury",), False) for n in range(6)},
        "fall": REGISTER.signs["fall"],
    }
)


def draw(monkeypatch, *lines):
    """(signs in sight, words of the line that folds, signs behind it) of an emergency box."""
    monkeypatch.setattr(signs, "REGISTERED", [MANY])
    html = markdown.render_article_uncached(card(*lines), (), "911").opening
    fold = re.search(r"<details.*?<summary>(.*?)</summary>(.*?)</details>", html, re.DOTALL)
    items = re.findall(r"<li>(.*?)</li>", html.replace(fold[0], "") if fold else html)
    return items, fold and fold[1], re.findall(r"<li>(.*?)</li>", fold[2]) if fold else []


def test_a_box_shows_five_signs_and_folds_the_others_of_every_page_under_their_names(monkeypatch):
    seen, line, folded = draw(monkeypatch, "own-0")
    assert seen == ["sign 0", "sign 1", "sign 2", "sign 3", "my 0"]
    assert line == "2 more signs: short 4, short 5"
    assert folded == ["sign 4", "sign 5"]


def test_a_box_folds_no_sign_that_it_names_itself_nor_the_first_two(monkeypatch):
    seen, _, folded = draw(monkeypatch, "common-5", *(f"own-{n}" for n in range(6)))
    assert seen == ["sign 0", "sign 1", "sign 5", *(f"my {n}" for n in range(6))]
    assert folded == ["sign 2", "sign 3", "sign 4"]


def test_a_box_says_where_the_signs_of_every_page_stand_and_still_folds_them(monkeypatch):
    assert draw(monkeypatch, "injury", "always")[2] == [f"sign {n}" for n in range(2, 6)]


def test_a_box_folds_no_sign_alone(monkeypatch):
    assert draw(monkeypatch) == ([f"sign {n}" for n in range(6)], None, [])


def test_a_box_folds_no_sign_that_its_line_could_not_name(monkeypatch):
    nameless = MANY.signs["common-4"]._replace(short="")
    monkeypatch.setitem(MANY.signs, "common-4", nameless)
    seen, line, _ = draw(monkeypatch, "own-0", "own-1")
    assert (seen.count("sign 4"), line) == (1, "2 more signs: short 3, short 5")


def test_what_is_folded_stands_above_what_the_maternity_unit_is_called_about(monkeypatch):
    monkeypatch.setattr(signs, "REGISTERED", [MANY])
    html = markdown.render_article_uncached(card("own-0", "fall"), (), "911").opening
    assert html.index("</details>") < html.index(signs.MATERNITY)


def test_what_is_folded_is_read_as_the_box(monkeypatch):
    monkeypatch.setattr(signs, "REGISTERED", [MANY])
    assert len(read(card("own-0"))) == 7
    assert not [part for part in prose.read_passages(card("own-0")) if part.kind == "heading"]


def test_what_the_maternity_unit_is_called_about_stands_below_its_own_line():
    lines = read(card("pregnancy"))
    assert lines[-2:] == [signs.MATERNITY, "you are pregnant and fell"]


def test_every_box_leads_to_all_signs_but_on_their_own_page():
    link = 'href="/symptoms/signs-that-need-help-now/"'
    assert link in markdown.render_article(card(), (), "911").opening
    assert link not in markdown.render_article("::: signs emergency\n", (), "911").opening


def test_all_signs_of_a_level_stand_under_their_groups_each_once():
    page = markdown.render_article("::: signs emergency\n\n::: signs urgent\n", (), "911").opening
    assert page.count('class="card emergency"') == page.count('class="card urgent"') == 1
    for sign in REGISTER.signs.values():
        assert page.count(sign.words) == 1
    assert page.index("After a fall</h3>") < page.index("you had a crash")
    assert page.index("pregnant</h3>") < page.index("you are pregnant and fell")


def test_words_from_before_the_register_stay_as_they_were_typed():
    assert read(card("chest pain", "your pee turns dark")) == ["chest pain", "your pee turns dark"]


def test_beside_signs_nothing_that_was_typed_is_lost_but_for_a_key_that_is_gone():
    lines = read(card("fall", "your pee turns dark", "dark-pee"))
    assert "your pee turns dark" in lines
    assert "dark-pee" not in lines


def test_without_a_register_a_box_is_what_was_typed(monkeypatch):
    monkeypatch.setattr(signs, "REGISTERED", [])
    assert read(card("numb")) == ["numb"]
    assert said(card("numb")) == []
    assert "::: signs emergency" in markdown.render_article_uncached("::: signs emergency\n", (), "911").opening


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("chest pain", "“chest pain” is no sign of the register. "),
        ("nubm", "did you mean “numb”?"),
        ("numb: often", "takes no example"),
        ("pregnancy: late", "takes no example"),
        ("weak", "needs advice today, not an emergency"),
    ],
)
def test_a_line_that_is_weaker_than_the_register_must_be_put_right(line, words):
    ((number, message),) = said(card("numb", line))
    assert number == 3
    assert words in message


@pytest.mark.parametrize("lines", [(), ("always",), ("numb", "crash: into the boards"), ("pregnancy",)])
def test_a_box_that_names_signs_is_good(lines):
    assert said(card(*lines)) == []


@pytest.mark.parametrize("body", [card(), card("crash"), "No box at all.\n"])
def test_a_page_about_a_group_needs_all_of_its_signs(body):
    ((_, message),) = said(body, title="Pregnant, and your back hurts")
    assert "needs the line “- pregnancy”" in message
    assert said(card("pregnancy"), title="Pregnant, and your back hurts") == []
    assert said(card("fall"), title="Pregnant, and your back hurts") == []


def test_the_page_of_all_signs_needs_both_levels_and_no_box_of_its_own():
    both = "::: signs emergency\n\n::: signs urgent\n"
    assert said(both, page="signs-that-need-help-now") == []
    ((_, message),) = said("::: signs urgent\n", page="signs-that-need-help-now")
    assert "needs the line “::: signs emergency”" in message
    ((number, message),) = said(f"{both}\n{card()}", page="signs-that-need-help-now")
    assert (number, "take this one out" in message) == (5, True)
    assert said(both, title="Pregnant") == []


def test_signs_of_no_level_must_be_put_right():
    ((number, message),) = said("Words.\n\n::: signs all\n")
    assert (number, "names a level" in message) == (3, True)


def test_a_line_without_its_dash_is_named_once():
    assert [number for number, _ in said("::: emergency\nnumb\nchest pain\n:::\n")] == [2, 3]

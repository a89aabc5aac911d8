"""The style guide: every part of a page in every state, on one's own machine only."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(client):
    answer = client.get("/styleguide/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_nobody_sees_it_on_a_real_site(client, settings):
    settings.LOCAL = False
    assert client.get("/styleguide/").status_code == 404


@pytest.mark.parametrize("level", ["emergency", "urgent", "soon", "self-care"])
def test_it_shows_the_card_of_each_level(page, level):
    assert f'<div class="card {level}">' in page


@pytest.mark.parametrize(
    "part", ["do", "avoid", "steps", "fold", "note", "field", "field has-error", "error-summary", "ask", "pics"]
)
def test_it_shows_every_part(page, part):
    assert f'class="{part}"' in page


def test_it_shows_every_kind_of_field_empty_filled_in_and_wrong(page):
    for state in ("empty", "filled", "wrong"):
        for field in ("one_0", "many_0", "line", "lines", "choice", "extra"):
            assert f'id="id_{state}-{field}"' in page, (state, field)


def test_search_engines_are_kept_out(page):
    assert '<meta name="robots" content="noindex">' in page

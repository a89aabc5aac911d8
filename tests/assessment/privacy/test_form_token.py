import pytest

from assessment.privacy.form_token import is_form_token, make_form_token

TOKEN = "ab" * 32


def test_a_page_carries_a_hash_of_the_token_and_the_token_itself_is_none():
    assert is_form_token(make_form_token(TOKEN), TOKEN)
    assert not is_form_token(TOKEN, TOKEN)


@pytest.mark.parametrize("sent", [None, "", "f" * 64, "ä" * 64])
def test_anything_else_is_none(sent):
    assert not is_form_token(sent, TOKEN)


def test_a_page_outlives_a_change_of_the_key_with_the_old_one_as_a_fallback(settings):
    before = make_form_token(TOKEN)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another " * 10, [settings.SECRET_KEY]
    assert is_form_token(before, TOKEN)
    assert make_form_token(TOKEN) != before

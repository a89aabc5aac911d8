from core.keyed_hashes import list_hashes


def test_each_purpose_and_each_secret_has_a_hash_of_its_own(settings):
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new " * 20, ["old " * 20]
    new, old = list_hashes("a purpose", "a value")
    assert len({new, old, *list_hashes("another purpose", "a value")}) == 4
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "old " * 20, []
    assert list_hashes("a purpose", "a value") == [old]

"""Words and the digest."""

import copy
import dataclasses

import pytest

from assessment.protocol import signs, wording
from assessment.protocol.back_pain import PROTOCOL


def test_a_language_that_is_not_offered_is_refused():
    with pytest.raises(FileNotFoundError):
        wording.load_words("xx")


def test_the_digest_changes_with_one_word():
    words = copy.deepcopy(wording.load_words())
    before = wording.digest_protocol(PROTOCOL, words)
    words["questions"]["now"]["title"] += "?"
    assert wording.digest_protocol(PROTOCOL, words) != before


def test_the_digest_changes_with_one_rule():
    fewer = dataclasses.replace(PROTOCOL, rules=PROTOCOL.rules[1:])
    assert wording.digest_protocol(fewer, wording.load_words()) != wording.digest_protocol(
        PROTOCOL, wording.load_words()
    )


def changed_source(**changes):
    key, source = next(iter(PROTOCOL.sources.items()))
    return dataclasses.replace(PROTOCOL, sources={**PROTOCOL.sources, key: dataclasses.replace(source, **changes)})


def test_the_digest_changes_with_the_title_of_a_source():
    other = changed_source(title="Another")
    assert wording.digest_protocol(other, wording.load_words()) != wording.digest_protocol(
        PROTOCOL, wording.load_words()
    )


def test_the_digest_stays_when_a_source_is_read_again():
    again = changed_source(checked="2099-01-01")
    assert wording.digest_protocol(again, wording.load_words()) == wording.digest_protocol(
        PROTOCOL, wording.load_words()
    )


def test_words_that_are_no_toml_are_named_with_their_line(monkeypatch, tmp_path):
    (tmp_path / "xx.toml").write_text("[meta]\nlanguage = en\n")
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    with pytest.raises(wording.WordsError, match=r"words/xx\.toml cannot be read: .*line 2"):
        wording.load_words("xx")


def test_the_description_names_when_a_question_is_asked():
    questions = {item["code"]: item for item in wording.describe_protocol(PROTOCOL, wording.load_words())["questions"]}
    assert questions["both_legs"]["when"] == {"question": "legs", "any_of": ["both"]}
    assert questions["now"]["when"] is None


def places(item, path=()):
    """The way to each text in nested tables and lists."""
    if isinstance(item, str):
        yield path
    else:
        for key, part in item.items() if isinstance(item, dict) else enumerate(item):
            yield from places(part, (*path, key))


def test_the_digest_changes_with_any_word(monkeypatch):
    # The rules, which stay as they are here, take most of a digest's time.
    monkeypatch.setattr(wording, "outline_protocol", lambda protocol: {"sources": {}})
    words = copy.deepcopy(wording.load_words())
    before = wording.digest_protocol(PROTOCOL, words)
    for *path, last in places(words):
        table = words
        for key in path:
            table = table[key]
        whole, table[last] = table[last], table[last] + "?"
        assert wording.digest_protocol(PROTOCOL, words) != before, (path, last)
        table[last] = whole


def test_a_list_of_signs_is_filled_in_from_their_register(tmp_path, monkeypatch):
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    named = '[now_if]\nsigns = ["always"]\n[rules.birth]\nnow_if = ["birth-fever"]\n'
    (tmp_path / "yy.toml").write_text(named, encoding="utf-8")
    (tmp_path / "zz.toml").write_text(named.replace("birth-fever", "birth-fevers"), encoding="utf-8")
    words = wording.load_words("yy")
    assert words["now_if"]["signs"] == signs.list_lines(["always"], "")
    assert words["rules"]["birth"]["now_if"] == signs.list_lines(["birth-fever"], "")
    with pytest.raises(wording.WordsError, match="“birth-fevers” is no emergency sign"):
        wording.load_words("zz")


def test_every_file_of_words_is_a_language():
    assert wording.list_languages() == tuple(sorted(file.stem for file in wording.FOLDER.iterdir()))
    assert "en" in wording.list_languages()

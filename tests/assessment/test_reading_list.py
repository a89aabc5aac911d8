"""What the check sends its patients to read."""

from dataclasses import replace

from assessment import reading_list
from assessment.protocol import signs
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.model import Level
from content.text import signs as text_signs


def test_a_level_that_sends_nobody_to_read_is_named_unless_it_is_an_emergency(monkeypatch):
    monkeypatch.setattr(reading_list, "PROTOCOL", replace(PROTOCOL, articles={}))
    unread = {who for who, slug in reading_list.list_needed_articles() if slug is None}
    assert unread == {f"level {level.code}" for level in Level if level != Level.EMERGENCY}


def test_articles_get_every_sign_and_group_of_the_register():
    rows, groups = reading_list.list_sign_rows()
    shown = text_signs.load_register()
    assert list(shown.signs) == list(rows) == list(signs.load_signs().signs)
    assert list(shown.groups) == list(groups)
    assert shown.signs["accident"] == text_signs.Sign(**rows["accident"])

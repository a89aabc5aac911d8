"""Fields that tidy what was typed before they look at it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.typed import fields


@pytest.mark.parametrize(
    ("field", "typed", "clean"),
    [
        (fields.LineField(), " Ana\u00a0Mar\u200bia\r\n", "Ana Maria"),
        (fields.TextField(), "one\r\ntwo\u200b", "one\ntwo"),
        (fields.NumberField(), "\u200b\uff12\u0660", 20),
        (fields.DecimalField(), "\u06f1\u06f2.5", 12.5),
        (fields.DayField(), "2026\u201112\u201101", datetime.date(2026, 12, 1)),
        (fields.EmailField(), "\u202aana@example.com\u202c", "ana@example.com"),
        (fields.NameField(), "ana\u200b", "ana"),
        (fields.SlugField(), "heat\u2011pack", "heat-pack"),
        (fields.AddressField(assume_scheme="https"), "\u200bhttps://example.com/", "https://example.com/"),
    ],
)
def test_a_field_reads_what_was_meant(field, typed, clean):
    assert field.clean(typed) == clean


@pytest.mark.parametrize("typed", ["\u200b", "\u00a0\u3000", "\u202e\ufeff", "\u3164", "\u2800\u200d"])
def test_what_nobody_sees_is_no_answer(typed):
    for field in (fields.LineField(), fields.TextField()):
        with pytest.raises(ValidationError, match="required"):
            field.clean(typed)


def test_a_new_line_counts_as_one_letter():
    assert fields.TextField(max_length=3).clean("a\r\nb") == "a\nb"


@pytest.mark.parametrize("typed", ["2026-03-08T02:30", "2026-11-01T01:30"])
def test_a_time_that_comes_twice_or_never_is_refused_in_plain_words(settings, typed):
    settings.TIME_ZONE = "America/New_York"
    with pytest.raises(ValidationError, match="The clocks change then"):
        fields.MomentField().clean(typed)


def test_a_time_is_by_the_clock_of_the_clinic(settings):
    settings.TIME_ZONE = "America/New_York"
    assert fields.MomentField().clean("2026-07-01T09:00").astimezone(datetime.UTC).hour == 13
    assert timezone.get_current_timezone_name() == "America/New_York"

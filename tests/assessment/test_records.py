"""Saving a check."""

import re

import pytest

from assessment import records
from assessment.checks import Check
from assessment.models import Assessment

from .walks import STRAIN

pytestmark = pytest.mark.django_db


def test_a_reference_has_no_vowels_and_no_look_alikes():
    for _ in range(200):
        assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{5}-[BCDFGHJKLMNPQRSTVWXZ]{5}", records.new_reference())


def test_saving_the_same_check_twice_gives_one_record():
    check = Check(answers=STRAIN)
    assert records.save(check) == records.save(check)
    assert Assessment.objects.count() == 1


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch):
    drawn = iter(["BBBBB-BBBBB", "BBBBB-BBBBB", "CCCCC-CCCCC"])
    monkeypatch.setattr(records, "new_reference", lambda: next(drawn))
    assert records.save(Check(answers=STRAIN)).reference == "BBBBB-BBBBB"
    assert records.save(Check(answers=STRAIN)).reference == "CCCCC-CCCCC"


def test_a_check_with_open_questions_is_not_saved():
    with pytest.raises(ValueError, match="not finished"):
        records.save(Check(answers={"now": ["none"]}))
    assert not Assessment.objects.exists()

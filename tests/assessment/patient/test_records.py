"""Saving a check."""

import json
import re

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from assessment.models import Assessment
from assessment.patient import records
from assessment.patient.session import Check
from assessment.privacy import consent

from ..walks import STRAIN

YES = consent.build_consent("finish")

pytestmark = pytest.mark.django_db


def test_a_reference_has_no_vowels_and_no_look_alikes():
    for _ in range(200):
        assert re.fullmatch(r"[BCDFGHJKLMNPQRSTVWXZ]{5}-[BCDFGHJKLMNPQRSTVWXZ]{5}", records.make_reference())


def test_saving_the_same_check_twice_gives_one_record():
    check = Check(answers=STRAIN)
    assert records.submit_check(check, YES) == records.submit_check(check, YES)
    assert Assessment.objects.count() == 1


def test_a_reference_that_is_taken_is_drawn_again(monkeypatch):
    drawn = iter(["BBBBB-BBBBB", "BBBBB-BBBBB", "CCCCC-CCCCC"])
    monkeypatch.setattr(records, "make_reference", lambda: next(drawn))
    assert records.submit_check(Check(answers=STRAIN), YES).reference == "BBBBB-BBBBB"
    assert records.submit_check(Check(answers=STRAIN), YES).reference == "CCCCC-CCCCC"


def test_a_check_with_open_questions_is_not_saved():
    with pytest.raises(ValueError, match="not finished"):
        records.submit_check(Check(answers={"now": ["none"]}), YES)
    assert not Assessment.objects.exists()


def test_an_unsaved_record_comes_out_of_a_session_as_it_went_in():
    record = records.build_assessment(Check(answers=STRAIN))
    again = records.unpack_assessment(json.loads(json.dumps(records.pack_assessment(record))))
    assert again.pk is None
    for field in Assessment._meta.concrete_fields:
        stored = json.loads(DjangoJSONEncoder().encode(getattr(record, field.attname)))
        assert json.loads(DjangoJSONEncoder().encode(getattr(again, field.attname))) == stored, field.name


def test_what_was_agreed_can_be_read_from_the_record():
    assert records.read_given_consent(records.submit_check(Check(answers=STRAIN), YES)) == YES


def test_a_record_without_consent_says_that_nothing_was_agreed():
    assert records.read_given_consent(records.build_assessment(Check(answers=STRAIN))) == {}


def test_a_check_that_finds_no_free_reference_is_an_error_and_not_lost_in_silence(monkeypatch):
    first = records.submit_check(Check(answers=STRAIN), YES)
    monkeypatch.setattr(records, "make_reference", lambda: first.reference)
    with pytest.raises(RuntimeError, match="No free reference"):
        records.submit_check(Check(answers=STRAIN), YES)
    assert Assessment.objects.get() == first


def test_a_step_is_linked_to_its_section_where_the_article_is_published(monkeypatch):
    there = {"slug": "heat-and-cold", "title": "Heat or cold?", "address": "/treatment/heat-and-cold/"}
    monkeypatch.setattr(records, "find_article_links", lambda slugs: [there for slug in slugs if slug == there["slug"]])
    result = records.build_assessment(Check(answers=STRAIN)).result
    linked = [line for day in result["plan"] for line in day["lines"] if "address" in line]
    assert [(line["title"], line["address"]) for line in linked] == [
        ("Heat or cold?", "/treatment/heat-and-cold/#how-to-use-heat")
    ]
    assert linked[0]["text"] in result["do"]

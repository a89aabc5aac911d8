"""A saved check stays as it is."""

import pytest
from django.contrib.auth import get_user_model

from assessment import consent
from assessment.models import Assessment, Contact, FrozenError, Review

from .walks import STRAIN, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(client):
    walk(client, STRAIN)
    return Assessment.objects.get()


def test_a_saved_check_cannot_be_saved_again(record):
    record.level = 3
    with pytest.raises(FrozenError):
        record.save()


def test_saved_checks_cannot_be_changed_in_bulk(record):
    with pytest.raises(FrozenError):
        Assessment.objects.update(level=3)


def test_a_review_cannot_be_changed(record):
    user = get_user_model().objects.create_user("someone")
    review = Review.objects.create(assessment=record, reviewer=user, note="Called back")
    review.note = "Did not call"
    with pytest.raises(FrozenError):
        review.save()


def test_the_record_names_the_protocol_it_followed(record):
    from assessment.protocol import wording
    from assessment.protocol.back_pain import PROTOCOL

    assert record.protocol_version == PROTOCOL.version
    assert record.protocol_digest == wording.digest(PROTOCOL, wording.load())
    assert record.language == "en"


def test_most_urgent_first_then_longest_waiting(client, record):
    walk(client, {"now": ["chest"]})
    walk(client, STRAIN)
    assert [item.level for item in Assessment.objects.all()] == [3, 0, 0]
    times = [item.finished_at for item in Assessment.objects.filter(level=0)]
    assert times == sorted(times)


def test_contact_details_go_without_the_record_and_with_it(record):
    Contact.objects.create(assessment=record, locked="x", **consent.given("contact")).delete()
    assert Assessment.objects.exists()
    Contact.objects.create(assessment=record, locked="x", **consent.given("contact"))
    record.delete()
    assert not Contact.objects.exists()

"""A review changes in one way, one step at a time, and who comes second is told."""

import pytest

from assessment.models import Override, Review
from assessment.models.review import StaleError
from assessment.protocol.model import Level
from core.append_only import AppendOnlyError

from ..staff import EMERGENCY, SOON, make_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def review():
    return make_assessment(SOON).review


@pytest.fixture
def override(ana):
    record = make_assessment(EMERGENCY)
    return Override.objects.create(
        assessment=record,
        from_level=Level.EMERGENCY,
        to_level=Level.SOON,
        reason="He meant last year",
        proposed_by=ana,
        needs_second=True,
    )


def test_a_review_is_not_written_past_its_version(review):
    with pytest.raises(AppendOnlyError, match=r"Review\.change_at_version"):
        review.save()
    with pytest.raises(AppendOnlyError, match=r"Review\.change_at_version"):
        Review.objects.update(version=7)
    review.refresh_from_db()
    assert review.version == 1


@pytest.mark.parametrize("change", ["bulk_update", "update_or_create"])
def test_no_way_to_write_many_reviews_goes_past_their_versions(review, change):
    given = {"bulk_update": ([[review], ["level"]], {}), "update_or_create": ([], {"pk": review.pk})}
    args, kwargs = given[change]
    with pytest.raises(AppendOnlyError, match=r"Review\.change_at_version"):
        getattr(Review.objects, change)(*args, **kwargs)


def test_of_two_who_saw_the_same_review_the_second_changes_nothing(review, ana, ben):
    review.change_at_version(1, state="in_review", assigned_to=ana)
    with pytest.raises(StaleError):
        review.change_at_version(1, assigned_to=ben)
    review.refresh_from_db()
    assert (review.assigned_to, review.version) == (ana, 2)


def test_a_check_that_nobody_looked_at_is_not_closed(review):
    with pytest.raises(ValueError, match="does not go from new to closed"):
        review.change_at_version(1, state="closed")


def test_an_override_is_not_written_again(override):
    override.to_level = Level.SELF_CARE
    with pytest.raises(AppendOnlyError, match="decided once"):
        override.save()


def test_an_override_is_decided_once(override, ben):
    override.record_decision(ben, accepted=False)
    with pytest.raises(StaleError):
        override.record_decision(ben, accepted=True)
    override.refresh_from_db()
    assert override.accepted is False


def test_nobody_lowers_an_emergency_alone(override, ana):
    with pytest.raises(ValueError, match="second person"):
        override.record_decision(ana, accepted=True)
    override.refresh_from_db()
    assert override.decided_at is None

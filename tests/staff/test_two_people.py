"""Where two people are needed, one account is never both: with every role, as a superuser, and in the tables."""

import pytest
from django.contrib.auth.models import Group, User
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils import timezone

from assessment.clinic import review_actions
from assessment.models import Assessment, Override, Tombstone
from assessment.models.retention import DeletionReason
from assessment.protocol.model import Level
from assessment.retention import deletion
from content import publishing
from content.models import Article, Topic, Version
from core import audit
from core.second_person import UNTIL_IT_IS_THEIRS, explain_dependence

from ..assessment.staff import EMERGENCY, look_at, make_assessment

pytestmark = pytest.mark.django_db


@pytest.fixture
def everybody(db):
    """One account with every role there is, and a superuser besides."""
    user = User.objects.create_superuser("everybody")
    user.groups.set(Group.objects.all())
    return user


@pytest.fixture
def version(everybody):
    topic = Topic.objects.create(slug="causes", name="Causes", summary="Why backs seize up.")
    article = Article.objects.create(slug="overuse", topic=topic)
    today = timezone.localdate()
    words = {
        "title": "Overuse", "summary": "Too much.", "body": "Too much, too soon.\n", "written": today,
        "review_due": today + timezone.timedelta(days=300), "note": "First words",
    }  # fmt: skip
    return publishing.send_for_approval(publishing.write_version(article, everybody, words), everybody)


def test_nobody_agrees_to_their_own_lowering_of_an_emergency(everybody):
    record = make_assessment(EMERGENCY)
    review_actions.claim_review(everybody, record, 1)
    made = review_actions.override_level(everybody, look_at(everybody, record), 2, Level.SOON, "It was read wrong.")
    record = Assessment.objects.get(pk=record.pk)
    with pytest.raises(review_actions.RefusedError, match="A second person"):
        review_actions.decide_override(everybody, look_at(everybody, record), record.review.version, True)
    with pytest.raises(IntegrityError):
        QuerySet(Override).filter(pk=made.pk).update(accepted=True, decided_by=everybody, decided_at=timezone.now())


@pytest.mark.parametrize("handed", [("account", "new"), ("account", "password"), ("reset", None)])
def test_an_account_that_the_first_person_can_open_is_no_second_person(everybody, handed):
    action, what = handed
    puppet = User.objects.create_superuser("puppet")
    audit.record_event(everybody, action, user=puppet.pk, **({"what": what} if what else {}))
    record = make_assessment(EMERGENCY)
    review_actions.claim_review(everybody, record, 1)
    review_actions.override_level(everybody, look_at(everybody, record), 2, Level.SOON, "It was read wrong.")
    record = Assessment.objects.get(pk=record.pk)
    with pytest.raises(review_actions.RefusedError, match="made your account, or gave it a password"):
        review_actions.decide_override(puppet, look_at(puppet, record), record.review.version, True)
    deletion.propose_deletion(everybody, record, DeletionReason.values[0])
    with pytest.raises(review_actions.RefusedError, match="made your account, or gave it a password"):
        deletion.confirm_deletion(puppet, record)


@pytest.mark.parametrize("handed", [{"action": "account", "what": "new"}, {"action": "reset"}])
def test_two_accounts_that_one_person_can_open_are_one_person(everybody, handed):
    sock, other, made_by_sock = (User.objects.create_superuser(name) for name in ("sock", "other", "third"))
    for maker, made in ((everybody, sock), (everybody, other), (sock, made_by_sock)):
        audit.record_event(maker, user=made.pk, **handed)
    record = make_assessment(EMERGENCY)
    review_actions.claim_review(sock, record, 1)
    review_actions.override_level(sock, look_at(sock, record), 2, Level.SOON, "It was read wrong.")
    record = Assessment.objects.get(pk=record.pk)
    deletion.propose_deletion(sock, record, DeletionReason.values[0])
    for second in (other, made_by_sock):
        with pytest.raises(review_actions.RefusedError, match="made"):
            review_actions.decide_override(second, look_at(second, record), record.review.version, True)
        with pytest.raises(review_actions.RefusedError, match="made"):
            deletion.confirm_deletion(second, record)
    assert "One person made both your account and that of sock" in explain_dependence(other, sock)
    assert explain_dependence(made_by_sock, other)


def test_accounts_that_no_account_made_are_two_people(everybody):
    first, second = User.objects.create_superuser("first"), User.objects.create_superuser("second")
    for made in (first, second):
        audit.record_event(None, "account", user=made.pk, what="new")
    assert explain_dependence(second, first) == ""


def test_a_colleague_whose_account_the_first_person_only_looked_after_is_a_second_person(everybody, monkeypatch):
    colleague, newer = User.objects.create_superuser("colleague"), User.objects.create_superuser("newer")
    audit.record_event(everybody, "account", user=colleague.pk, what="active")
    audit.record_event(everybody, "account", user=newer.pk, what="new")
    assert explain_dependence(colleague, everybody) == ""
    assert explain_dependence(newer, colleague) == ""
    assert explain_dependence(newer, everybody)
    assert "You made the account of newer" in explain_dependence(everybody, newer)
    audit.record_event(newer, "reset", user=colleague.pk)
    assert explain_dependence(colleague, everybody)
    later = timezone.now() + UNTIL_IT_IS_THEIRS
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    assert explain_dependence(newer, everybody) == ""


def test_nobody_agrees_to_their_own_deletion(everybody):
    record = make_assessment()
    deletion.propose_deletion(everybody, record, DeletionReason.values[0])
    with pytest.raises(review_actions.RefusedError, match="A second person"):
        deletion.confirm_deletion(everybody, record)
    assert Assessment.objects.filter(pk=record.pk).exists()


def test_no_tombstone_names_one_account_twice(everybody):
    name = everybody.username
    with pytest.raises(IntegrityError):
        Tombstone.objects.create(
            reference_hash="a", key_hash="b", end="staff", why="x", proposed_by=name, confirmed_by=name
        )


def test_nobody_approves_their_own_words(everybody, version):
    with pytest.raises(publishing.PublishingError, match="somebody else"):
        publishing.approve_version(version, everybody)
    now = timezone.now()
    with pytest.raises(IntegrityError):
        Version.objects.filter(pk=version.pk).update(approved_at=now, publish_at=now, approved_by=everybody)


def test_nobody_signs_the_review_of_their_own_words(everybody, version):
    with pytest.raises(publishing.PublishingError, match="somebody else"):
        publishing.sign_clinical_review(version, everybody)
    with pytest.raises(IntegrityError):
        Version.objects.filter(pk=version.pk).update(clinical_reviewer=everybody)

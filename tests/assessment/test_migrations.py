"""What is in a database from before the queue carries over."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from assessment.models import Contact, Note, Review, triggers
from assessment.privacy import contact_details

from .staff import SOON, finished

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE, AFTER = "0005_draft", "0014_chain_begins_at_one"


def migrate(to):
    """As a person does it, with the signals that rename content types and take the guards away meanwhile."""
    call_command("migrate", "assessment", to, verbosity=0)
    return MigrationExecutor(connection).loader.project_state(("assessment", to)).apps


@pytest.fixture
def old():
    """The tables as they were, and as they are again afterwards."""
    pattern = finished(SOON)
    values = {
        field.attname: getattr(pattern, field.attname)
        for field in pattern._meta.concrete_fields
        if field.name not in ("id", "token", "reference", "retain_until", "key_hash")
    }
    pattern.delete()
    # Content types of today; those of then come back with the way back.
    ContentType.objects.filter(app_label="assessment", model__in=["review", "note"]).delete()
    ContentType.objects.clear_cache()
    yield migrate(BEFORE), values
    call_command("migrate", verbosity=0)


def test_reviews_become_notes_and_every_check_gets_its_place(old, settings):
    apps, values = old
    person = get_user_model().objects.create_user("somebody")
    group = apps.get_model("auth", "Group").objects.create(name="Physicians")
    group.permissions.add(apps.get_model("auth", "Permission").objects.get(codename="add_review"))
    Check = apps.get_model("assessment", "Assessment")
    sent = timezone.now() - timedelta(days=3)
    for number in range(3):
        Check.objects.create(
            **{**values, "finished_at": sent}, token=f"t{number}", reference=f"BBBBB-BBBB{'CDF'[number]}"
        )
    done, open_one, called = Check.objects.order_by("pk")
    at = sent + timedelta(hours=2)
    for hours in (0, 5):
        apps.get_model("assessment", "Review").objects.create(
            assessment=done, reviewer_id=person.pk, reviewed_at=at + timedelta(hours=hours), note=f"Called {hours}"
        )
    locked = contact_details.lock({"name": "Ana", "telephone": "555 0100 123", "email": ""})
    for check, text in ((called, locked), (open_one, "unreadable")):
        apps.get_model("assessment", "Contact").objects.create(
            assessment=check, locked=text, consent_text="x", consent_version="1", consent_at=sent
        )

    migrate(AFTER)

    assert list(Note.objects.values_list("text", "author")) == [("Called 0", person.pk), ("Called 5", person.pk)]
    closed = Review.objects.get(pk=done.pk)
    assert (closed.state, closed.reason, closed.assigned_to, closed.minutes) == ("closed", "earlier", person, 120)
    assert (closed.reviewed_at, closed.closed_at) == (at, at + timedelta(hours=5))
    waiting = Review.objects.get(pk=open_one.pk)
    fresh = finished(json.loads(json.dumps(SOON))).review
    assert (waiting.state, waiting.level, waiting.sport) == ("new", 1, "golf")
    assert waiting.answers_digest == fresh.answers_digest
    assert waiting.due_at > waiting.submitted_at == sent
    key = contact_details.telephone_keys("5550100123")[0]
    assert list(Contact.objects.order_by("pk").values_list("telephone_key", flat=True)) == [key, ""]
    assert {"add_note", "change_review"} <= set(group.permissions.values_list("codename", flat=True))
    assert triggers.missing() == []

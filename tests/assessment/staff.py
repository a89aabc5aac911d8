"""People and checks for the tests of what staff do."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.utils import timezone

from assessment.models import Contact
from assessment.patient import callbacks, records
from assessment.patient.session import Check
from assessment.privacy import consent
from core import audit

from .walks import STRAIN

EMERGENCY = {"now": ["chest"]}
SOON = {**STRAIN, "legs": ["one_numb"]}
URGENT = {**STRAIN, "also": ["fever"]}


def make_clerk(username="clerk", password=None):
    user = get_user_model().objects.create_user(username, password=password, is_staff=True)
    user.groups.add(Group.objects.get(name="Clinic staff"))
    return user


def make_assessment(answers=STRAIN, hours_ago=0.0, **fields):
    """A check as a patient sent it, this many hours ago."""
    record = records.build_assessment(Check(answers=answers))
    record.reference = records.make_reference()
    record.finished_at = timezone.now() - timedelta(hours=hours_ago)
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()
    return record


def look_at(user, record):
    """As the record's page does: whoever closes an urgent check has read it."""
    audit.record_event(user, "view", record)
    return record


def make_contact(record, telephone="555 0100 123", email="", name="Ana Example"):
    details = {"name": name, "telephone": telephone, "email": email}
    callbacks.save_callback(record, details, consent.build_consent("contact"))
    return Contact.objects.get(assessment=record)

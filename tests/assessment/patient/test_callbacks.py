"""Who asks for a call is asked for once, also when two requests come together."""

import pytest

from assessment.models import Contact
from assessment.patient import callbacks
from assessment.privacy import consent, contact_details
from core.audit import AuditEvent

from ..staff import SOON, make_assessment

pytestmark = pytest.mark.django_db


def save(record, telephone):
    details = {"name": "Ana Example", "telephone": telephone, "email": ""}
    callbacks.save_callback(record, details, consent.build_consent("contact"))


def test_the_last_number_that_was_left_is_the_one_to_call():
    record = make_assessment(SOON)
    save(record, "555 0100 123")
    save(record, "555 0100 999")
    assert contact_details.decrypt_details(Contact.objects.get().locked)["telephone"] == "555 0100 999"
    assert AuditEvent.objects.filter(action="call").count() == 2


def test_a_request_that_lost_the_race_leaves_the_other_ones_number_and_no_event(monkeypatch):
    record = make_assessment(SOON)
    save(record, "555 0100 123")
    delete = Contact.objects.none().delete
    monkeypatch.setattr(callbacks.Contact.objects, "filter", lambda **asked: type("Nothing", (), {"delete": delete}))
    save(record, "555 0100 999")
    assert contact_details.decrypt_details(Contact.objects.get().locked)["telephone"] == "555 0100 123"
    assert AuditEvent.objects.filter(action="call").count() == 1

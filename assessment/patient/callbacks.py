"""The wish of a patient to be called back: saved apart from the answers, and taken away again, each with its trace."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from core import audit

from ..models import Assessment, Contact, row_digests
from ..privacy import contact_details


def save_callback(record: Assessment, details: dict[str, str], agreed: Mapping[str, Any]) -> None:
    """Keep these details, under lock, with what the patient agreed to. Asked again, the newer ones count.

    Of two presses at once one is kept. Raises ValueError without a key to lock with.
    """
    given = {"locked": contact_details.encrypt_details(details), **contact_details.build_search_keys(details), **agreed}
    with transaction.atomic():
        Contact.objects.filter(assessment=record).delete()
        asked, made = Contact.objects.get_or_create(assessment=record, defaults=given)
        if made:
            asked.refresh_from_db()
            audit.record_event(None, "call", record, **row_digests.digest_rows(asked))


def delete_callback(number: int | None) -> None:
    """No call after all for the check with this number: the details go, the check stays."""
    if number is None:
        return
    with transaction.atomic():
        record = Assessment.objects.filter(pk=number).only("reference").first()
        if record and Contact.objects.filter(assessment=record).delete()[0]:
            audit.record_event(None, "no_call", record)

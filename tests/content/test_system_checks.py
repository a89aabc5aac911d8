"""What the clinic has not said of itself is named, to whoever starts the site."""

import pytest
from django.db import OperationalError

from content.models import ClinicDetails, TeamMember
from content.system_checks import find_empty_details


@pytest.mark.django_db
def test_everything_that_is_empty_is_named(settings):
    settings.CLINIC = {**settings.CLINIC, "phone": "", "address": "", "map": ""}
    (found,) = find_empty_details()
    for words in ("CLINIC_PHONE", "CLINIC_ADDRESS", "CLINIC_MAP", "when it is open", "how to book", "who works there"):
        assert words in found.msg


@pytest.mark.django_db
def test_a_clinic_that_said_everything_hears_nothing(settings):
    settings.CLINIC = {**settings.CLINIC, "phone": "1", "address": "2", "map": "https://maps.example/"}
    ClinicDetails.objects.update(hours="Monday: 8 to 6", booking_link="https://clinic.example/")
    TeamMember.objects.create(name="Sample Person", role="nurse")
    assert find_empty_details() == []


def test_before_the_first_migration_only_the_settings_are_named(settings, monkeypatch):
    def fail():
        raise OperationalError("no such table")

    monkeypatch.setattr(ClinicDetails.objects, "first", fail)
    settings.CLINIC = {**settings.CLINIC, "phone": "1", "address": "", "map": "https://maps.example/"}
    (found,) = find_empty_details()
    assert found.msg == "The clinic's page leaves out what is still empty: its address (CLINIC_ADDRESS)."

"""New keys for call-back details: everything is locked anew, and nothing is ever lost to a wrong key."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from assessment.management.commands import rotate_keys
from assessment.models import Contact
from assessment.privacy import contact_details

from .test_contact_details import ANA, ask, patient  # noqa: F401

pytestmark = pytest.mark.django_db
OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture
def asked(patient, settings):  # noqa: F811
    """A patient who asked to be called back under the old key."""
    settings.CONTACT_KEYS = [OLD]
    ask(patient)
    return Contact.objects.get()


def test_after_it_the_old_key_can_go(asked, settings, capsys):
    settings.CONTACT_KEYS = [NEW, OLD]
    call_command("rotate_keys")
    settings.CONTACT_KEYS = [NEW]
    asked.refresh_from_db()
    assert asked.details() == ANA
    assert "1 call-back details" in capsys.readouterr().out


def test_a_wrong_key_is_told_and_nothing_is_overwritten(asked, settings):
    settings.CONTACT_KEYS = [LOST]
    with pytest.raises(CommandError, match="1 could not be opened"):
        call_command("rotate_keys")
    assert Contact.objects.get().locked == asked.locked


def test_what_a_patient_writes_meanwhile_stays(asked, settings, monkeypatch):
    settings.CONTACT_KEYS = [NEW, OLD]
    newer = contact_details.encrypt_details({**ANA, "name": "Bo Example"})
    real = rotate_keys.contact_details.build_cipher

    def box():
        Contact.objects.update(locked=newer)
        return real()

    monkeypatch.setattr(rotate_keys.contact_details, "build_cipher", box)
    call_command("rotate_keys")
    assert Contact.objects.get().locked == newer


def test_it_goes_through_all_batches_and_can_be_run_again(asked, settings, monkeypatch):
    monkeypatch.setattr(rotate_keys, "BATCH", 1)
    settings.CONTACT_KEYS = [NEW, OLD]
    for _ in range(2):
        call_command("rotate_keys")
    assert Contact.objects.get().details() == ANA


def test_without_a_key_it_says_so(settings):
    settings.LOCAL, settings.CONTACT_KEYS = False, []
    with pytest.raises(CommandError, match="CONTACT_KEYS"):
        call_command("rotate_keys")

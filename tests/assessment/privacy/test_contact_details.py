"""Asking to be called back, and the lock on what is written there."""

import html
import traceback

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.test import Client

from assessment.models import Assessment, Contact
from assessment.privacy import consent, contact_details
from assessment.privacy.form_token import make_form_token

from ...site_project.test_settings import read
from ..walks import STRAIN, answer_question, begin_check, walk_check

pytestmark = pytest.mark.django_db

ANA = {"name": "Ana Example", "telephone": "555 0100 123", "email": ""}


def text(response):
    return html.unescape(response.content.decode())


def ask(client, **details):
    """Fill in and send the form on the page of the saved result."""
    token = make_form_token(Assessment.objects.latest("pk").token)
    return client.post("/check/call-back/", {"token": token, "consent": consent.VERSION, **ANA, **details})


@pytest.fixture
def patient(client):
    """A patient who looks at a saved result."""
    walk_check(client, STRAIN)
    return client


def test_a_call_back_is_kept_with_the_words_agreed_to(patient):
    assert ask(patient).headers["Location"] == "/check/result/#call-back"
    asked = Contact.objects.get()
    assert asked.assessment == Assessment.objects.get()
    assert asked.details() == ANA
    assert asked.consent_text == consent.render_consent("contact")
    assert asked.consent_version == consent.VERSION
    assert asked.consent_at


def test_the_form_shows_the_words_and_lets_the_browser_fill_it_in(patient):
    page = text(patient.get("/check/result/"))
    assert consent.render_consent("contact") in page
    for token in ("name", "tel", "email"):
        assert f'autocomplete="{token}"' in page


def test_a_number_or_an_e_mail_address_is_enough(patient):
    assert "(optional)" not in text(patient.get("/check/result/"))
    ask(patient, telephone="", email="ana@example.com")
    assert Contact.objects.get().details()["email"] == "ana@example.com"


@pytest.mark.parametrize(
    ("details", "message"),
    [
        ({"name": " "}, "Write the name"),
        ({"telephone": ""}, "Write a telephone number or an e-mail address"),
        ({"telephone": " ", "email": " "}, "Write a telephone number or an e-mail address"),
        ({"telephone": "call me"}, "Write the number with digits"),
        ({"telephone": "555 0100 or 555 0200"}, "Write the number with digits"),
        ({"telephone": "12"}, "too few or too many digits"),
        ({"telephone": "1" * 21}, "too few or too many digits"),
        ({"telephone": "020 7946 0958"}, "start with + and the code of that country"),
        ({"telephone": "+999 2079 460958"}, "start with + and the code of that country"),
        ({"telephone": "", "email": "ana"}, "Write the e-mail address in full"),
        ({"telephone": "", "email": "ana@example.com\r\nBcc: x@example.com"}, "Write the e-mail address in full"),
        ({"name": "a" * 101}, "at most 100 characters"),
    ],
)
def test_details_that_cannot_be_used_are_a_field_error_and_stay_in_the_form(patient, details, message):
    response = ask(patient, **{"email": "", **details})
    page = text(response)
    assert response.status_code == 422
    assert message in page
    assert "<title>Error: " in page
    assert 'value="Ana Example"' in page or "name" in details
    assert Assessment.objects.get().result["heading"] in page
    assert not Contact.objects.exists()


@pytest.mark.parametrize("pressed", ["", "no", "2020-01-01"])
def test_nothing_is_kept_without_a_yes_to_the_present_words(patient, pressed):
    response = ask(patient, consent=pressed)
    assert response.status_code == 409
    assert "Please read it again" in text(response)
    assert 'value="Ana Example"' in text(response)
    assert not Contact.objects.exists()


def test_a_form_of_an_earlier_result_is_not_kept_with_the_newer_one(patient):
    earlier = make_form_token(Assessment.objects.get().token)
    walk_check(patient, STRAIN)
    assert ask(patient, token=earlier).status_code == 409
    assert not Contact.objects.exists()


def test_asking_twice_keeps_one_call_back(patient):
    ask(patient)
    ask(patient, telephone="555 0100 999")
    assert Contact.objects.get().details()["telephone"] == "555 0100 999"


def test_the_patient_sees_what_was_asked_and_can_take_it_away(patient):
    ask(patient)
    assert "555 0100 123" in text(patient.get("/check/result/"))
    assert patient.post("/check/call-back/remove/").headers["Location"] == "/check/result/"
    assert not Contact.objects.exists()
    assert Assessment.objects.exists()
    assert "Ask to be called back" in text(patient.get("/check/result/"))


def test_after_clearing_the_device_nobody_can_take_it_away(patient):
    ask(patient)
    patient.post("/check/delete/")
    patient.post("/check/call-back/remove/")
    assert Contact.objects.exists()


def test_an_unsaved_result_offers_no_call_back(client):
    _, token = walk_check(client, STRAIN, agree="no")
    assert "Ask to be called back" not in text(client.get("/check/result/"))
    sent = {"token": token, "consent": consent.VERSION, **ANA}
    assert client.post("/check/call-back/", sent).headers["Location"] == "/check/result/"
    assert not Contact.objects.exists()


def test_an_emergency_offers_no_call_back(client):
    answer_question(client, "now", "chest", token=begin_check(client))
    assert "Ask to be called back" not in text(client.get("/check/result/"))
    assert ask(client).headers["Location"] == "/check/result/"
    assert not Contact.objects.exists()


def test_the_address_of_the_form_shows_the_result(patient, client):
    assert patient.get("/check/call-back/").headers["Location"] == "/check/result/"


def test_the_table_holds_no_readable_detail(patient):
    ask(patient, email="ana@example.com")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM assessment_contact")
        row = str(cursor.fetchall())
    # Whole, and with signs that neither hex nor base64 has: any three letters or digits come up there by chance.
    for detail in (ANA["name"], ANA["telephone"], "5550100123", "example.com"):
        assert detail not in row


def test_no_detail_is_in_the_session(patient):
    ask(patient)
    assert set(patient.session.keys()) == {"result", "note"}


def test_a_new_key_in_front_still_reads_what_the_old_one_locked(settings):
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.CONTACT_KEYS = [old]
    locked = contact_details.encrypt_details(ANA)
    settings.CONTACT_KEYS = [new, old]
    assert contact_details.decrypt_details(locked) == ANA
    newest = contact_details.encrypt_details(ANA)
    settings.CONTACT_KEYS = [new]
    assert contact_details.decrypt_details(newest) == ANA
    with pytest.raises(contact_details.UnreadableError):
        contact_details.decrypt_details(locked)


def test_without_keys_nothing_is_offered_outside_local_mode(patient, settings):
    settings.LOCAL, settings.CONTACT_KEYS = False, []
    assert "Ask to be called back" not in text(patient.get("/check/result/"))
    assert ask(patient).headers["Location"] == "/check/result/"
    assert not Contact.objects.exists()


def test_a_key_of_the_clinic_is_used_outside_local_mode(patient, settings):
    settings.LOCAL, settings.CONTACT_KEYS = False, [Fernet.generate_key().decode()]
    ask(patient)
    assert Contact.objects.get().details() == ANA


@pytest.mark.parametrize("keys", [[], [Fernet.generate_key().decode()]])
def test_a_result_whose_call_back_cannot_be_read_is_still_shown(patient, settings, keys):
    ask(patient)
    settings.LOCAL, settings.CONTACT_KEYS = False, keys
    page = text(patient.get("/check/result/"))
    assert "You asked to be called back" in page
    assert Contact.objects.get().locked not in page


def test_the_keys_are_a_setting_newest_first():
    keys = [Fernet.generate_key().decode() for _ in range(2)]
    assert read(CONTACT_KEYS=f"{keys[0]}, {keys[1]},")["CONTACT_KEYS"] == keys


@pytest.mark.parametrize("key", ["short", "é" * 44, "A" * 43])
def test_a_key_that_is_none_stops_the_start_and_is_not_printed(key):
    good = Fernet.generate_key().decode()
    with pytest.raises(ImproperlyConfigured, match="Key 2 of CONTACT_KEYS") as stopped:
        read(CONTACT_KEYS=f"{good},{key}")
    printed = "".join(traceback.format_exception(stopped.value))
    assert key not in printed
    assert good not in printed


@pytest.mark.parametrize("days", ["0", "-1", "a year"])
def test_a_time_to_keep_that_is_none_stops_the_start(days):
    with pytest.raises(ImproperlyConfigured, match="RETENTION_DAYS"):
        read(RETENTION_DAYS=days)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("555 0100 ext 12", "555 0100 x 12"),
        ("555 0100 #12", "555 0100 x12"),
        ("555\u20110100\u2011123", "555-0100-123"),
        ("555\u00a00100\u202f123", "555 0100 123"),
        ("\u0665\u0665\u0665 \u0660\u0661\u0660\u0660 \u0661\u0662\u0663", "555 0100 123"),
        ("+44 (0)20 7946 0958", "+44 (0)20 7946 0958"),
        ("011 44 20 7946 0958", "011 44 20 7946 0958"),
        ("202-555-0123 Ext. 4", "202-555-0123 x 4"),
    ],
)
def test_a_number_is_taken_as_people_and_phones_write_it(patient, typed, kept):
    ask(patient, telephone=typed)
    assert Contact.objects.get().details()["telephone"] == kept


def test_who_asks_on_a_result_that_is_gone_reads_that_nobody_will_call(patient):
    other = Client()
    other.cookies = patient.cookies.copy()
    patient.post("/check/delete/")
    response = ask(other)
    assert response.status_code == 409
    assert "We did not get your request for a call" in text(response)


@pytest.mark.parametrize("address", ["/check/send/", "/check/correct/", "/check/call-back/remove/"])
def test_a_page_loaded_again_where_a_form_was_sent_shows_the_result(patient, address):
    ask(patient)
    assert patient.get(address).headers["Location"] == "/check/result/"
    assert Contact.objects.exists()


@pytest.mark.parametrize("typed", ["5550100123", "555\u20110100 123", "555 0100 123 #4", "\u0665\u0665\u0665 0100 123"])
def test_staff_find_a_number_however_they_write_it(typed):
    assert contact_details.hash_telephone(typed) == contact_details.hash_telephone("555 0100 123")


def test_a_number_of_another_country_is_found_by_what_its_owner_says():
    assert contact_details.hash_telephone("+44 7700 900123")[0] in contact_details.hash_telephone("07700 900123")


def test_a_search_looks_for_the_former_key_too():
    stored = contact_details.hash_value("telephone", "550100123")
    assert set(stored) < set(contact_details.hash_telephone("+1 555 0100-123 ext 4"))


def test_what_is_stored_is_the_key_of_the_national_number():
    stored = contact_details.build_search_keys(ANA)["telephone_key"]
    assert stored == contact_details.hash_value("telephone", "5550100123")[0]

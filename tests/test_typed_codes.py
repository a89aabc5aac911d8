"""Each place that reads a code, a number or an address reads it however it is typed."""

import pytest
from django.test import Client

from assessment.admin.search import build_search
from assessment.models import Assessment
from assessment.privacy import contact_details, deletion_key
from staff import factors

from .assessment.staff import SOON, make_assessment, make_contact
from .staff.people import PASSWORD, make_phone, read_code, sign_in_staff

pytestmark = pytest.mark.django_db
WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def hide(code):
    """As it comes out of a mail, with marks that nobody sees."""
    return "\u202a" + code[:3] + "\u200b" + code[3:] + "\u202c\ufeff"


def space(code):
    return "\u2013".join(code[at : at + 2] for at in range(0, len(code), 2))


WRITTEN = {
    "as it is": str,
    "marks": hide,
    "dashes": space,
    "wide": lambda code: code.translate(WIDE),
    "quotes": lambda code: f"\u201c{code}\u201d.",
    "words": lambda code: f"code: {code}",
    "small": str.lower,
}


@pytest.fixture(params=WRITTEN)
def write(request):
    return WRITTEN[request.param]


def test_the_reference_in_the_search_of_staff(write):
    assert build_search(write("KTRBN-XDWLC")) == build_search("KTRBN-XDWLC")
    assert build_search("KTRBN-XDWLC")[0] == "reference"


def test_the_reference_for_the_export(write, person):
    record = make_assessment(SOON)
    make_assessment(SOON)
    sent = {"code": write(record.reference), "kind": "json", "purpose": "patient"}
    answer = sign_in_staff(person("Leads")).post("/admin/assessment/assessment/export/", sent)
    assert b"".join(answer.streaming_content).count(b'"sent": "') == 1


def test_the_reference_of_a_deleted_check(write, person):
    answer = sign_in_staff(person("Leads")).post("/admin/assessment/assessment/endings/", {"q": write("KTRBN-XDWLC")})
    assert "No check with the code" in answer.content.decode()


def test_the_key_that_deletes(write):
    record = make_assessment(SOON)
    Client().post("/check/delete-what-i-sent/", {"key": write(deletion_key.recover_key(record))})
    assert not Assessment.objects.exists()


def test_the_code_from_the_phone(write, person):
    nurse = person("Clinic staff")
    device = make_phone(nurse)
    client = Client()
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    assert client.post("/admin/code/", {"code": write(read_code(device))}).status_code == 302


def test_a_code_from_the_paper(write, person):
    nurse = person("Clinic staff")
    make_phone(nurse)
    paper = factors.make_recovery_codes(nurse)
    client = Client()
    client.post("/admin/login/", {"username": nurse.username, "password": PASSWORD})
    assert client.post("/admin/code/", {"code": write(paper[0])}).status_code == 302


def test_the_name_of_an_account(person):
    nurse = person("Clinic staff")
    make_phone(nurse)
    sent = {"username": f"\u200b{nurse.username}\ufeff ", "password": PASSWORD}
    assert Client().post("/admin/login/", sent).status_code == 302


@pytest.mark.parametrize(
    "written",
    [
        "555 0100 123", "\u202a555\u20110100\u2011123\u202c", "\uff15\uff15\uff15 0100 123", "Tel.: 555 0100 123",
        "my number is 555-0100-123", "\u201c555 0100 123\u201d.", "555\u22120100\u2212123",
        "phone: (555) 0100-123 ext 4",
    ],
)  # fmt: skip
def test_a_telephone_number_in_the_search_of_staff(written):
    kind, meant = build_search(written)
    assert kind == "telephone"
    record = make_assessment(SOON)
    make_contact(record)
    assert Assessment.objects.get(meant) == record


@pytest.mark.parametrize(
    "written",
    [
        "Ana <ANA@example.com>",
        "\u202aana@example.com\u202c",
        "mailto:ana@example.com",
        "ana\uff20example.com.",
        "ana@ex\u200bample.com",
    ],
)
def test_an_address_in_the_search_of_staff(written):
    assert contact_details.hash_email(written) == contact_details.hash_email("ana@example.com")


def test_what_is_said_of_a_code_that_is_not_found_is_true_of_every_code(person):
    answer = sign_in_staff(person("Clinic staff")).post("/admin/assessment/assessment/find/", {"q": "KTRBN-XDWLC"})
    assert "a code has no vowels, and no Y." in answer.content.decode()
    assert set("AEIOUY") == set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set(deletion_key.ALPHABET)

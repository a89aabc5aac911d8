"""The clinic's own page: what it says of itself, at once, and nothing that nobody said."""

import json
import re

import pytest

from content.models import ClinicDetails, TeamMember
from core.readability import compute_reading_grade

from ...marks import show

pytestmark = pytest.mark.django_db
PLACE = {"phone": "(202) 555-0123", "address": "1 Main Street", "map": "https://maps.example/?q=a&b"}


@pytest.fixture
def place(settings):
    settings.CLINIC = {**settings.CLINIC, "name": "Harbor Clinic", **PLACE}


def main(client):
    page = client.get("/clinic/").content.decode()
    return page[page.index("<main") : page.index("</main>")]


def test_a_clinic_that_said_nothing_is_not_invented_anything(client):
    page = main(client)
    assert re.findall(r"<h2[^>]*>([^<]*)", page) == ["Call us"]
    assert "has not put a phone number on this site yet" in page
    assert 'href="tel:911"' in page


def test_the_number_calls_and_the_map_is_linked(client, place):
    page = main(client)
    assert 'href="tel:+1-202-555-0123"' in page
    assert 'href="https://maps.example/?q=a&amp;b"' in page
    assert "1 Main Street" in page


def test_hours_and_how_to_book_are_shown_line_by_line_as_they_were_written(client):
    ClinicDetails.objects.update(
        hours="Monday: 8 to 6\nTuesday: <b>closed</b>", booking_link="https://clinic.example/b"
    )
    page = main(client)
    assert "Monday: 8 to 6<br>Tuesday: &lt;b&gt;closed&lt;/b&gt;" in page
    assert 'href="https://clinic.example/b">Book online' in page


def test_who_works_there_stands_in_the_clinics_order_with_a_registration_only_where_there_is_one(client):
    TeamMember.objects.create(name="Second Sample", role="nurse", position=2)
    TeamMember.objects.create(name="First Sample", role="physical therapist", registration="PT 0000", position=1)
    page = main(client)
    assert page.index("First Sample") < page.index("physical therapist") < page.index("Second Sample")
    assert page.count("Registration") == 1


def test_an_approver_changes_the_hours_and_an_editor_does_not(client, approver, editor, signed_in):
    details = ClinicDetails.objects.get()
    address = f"/admin/content/clinicdetails/{details.pk}/change/"
    for who, hours in ((approver, "Monday: 8 to 6"), (editor, "Never")):
        signed_in(who).post(address, {"hours": hours, **show(details)})
    assert "Monday: 8 to 6" in main(client)


def test_every_page_leads_to_the_clinic(client, add):
    add()
    for address in ("/", "/causes/overuse/", "/check/", "/nowhere/"):
        assert '<a href="/clinic/">' in client.get(address).content.decode()
    assert "<loc>http://testserver/clinic/</loc>" in client.get("/sitemap.xml").content.decode()


def test_the_footer_leads_from_the_address_to_the_map(client, place):
    assert '<a href="https://maps.example/?q=a&amp;b">1 Main Street</a>' in client.get("/privacy/").content.decode()


def test_machines_read_the_same_of_the_clinic(client, place):
    found = json.loads(re.search(r"ld\+json\">(.*?)</script>", client.get("/clinic/").content.decode())[1])
    assert found == {
        "@context": "https://schema.org", "@type": "MedicalClinic", "name": "Harbor Clinic", "url": "http://testserver/",
        "telephone": PLACE["phone"], "address": PLACE["address"], "hasMap": PLACE["map"],
    }  # fmt: skip


def test_the_page_is_easy_to_read_and_costs_two_queries(client, django_assert_num_queries):
    with django_assert_num_queries(2):
        words = re.sub(r"<[^>]+>", " ", main(client))
    assert compute_reading_grade(words) <= 6

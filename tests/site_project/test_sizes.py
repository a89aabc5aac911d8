"""How much may be sent: refused by what the head says, before anything of a body is read."""

import pytest

from site_project.sizes import MOST, MOST_OF_STAFF
from site_project.worker import MOST_BODY

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/check/begin/", "/nowhere/"])
def test_a_large_body_is_refused_in_plain_words(client, address):
    response = client.post(address, b"", content_type="text/plain", CONTENT_LENGTH=MOST + 1)
    assert response.status_code == 413
    assert "too large to send" in response.content.decode()
    assert 'href="tel:911"' in response.content.decode()
    assert "Content-Security-Policy" in response.headers


def test_as_much_as_is_allowed_is_not_refused(client):
    assert client.post("/", b"", content_type="text/plain", CONTENT_LENGTH=MOST).status_code != 413


@pytest.mark.parametrize(("length", "refused"), [(MOST_OF_STAFF, False), (MOST_OF_STAFF + 1, True)])
def test_staff_may_send_a_picture(client, length, refused):
    response = client.post("/admin/", b"", content_type="text/plain", CONTENT_LENGTH=length)
    assert (response.status_code == 413) is refused


@pytest.mark.parametrize("address", ["/", "/admin/"])
def test_a_body_that_does_not_say_how_large_it_is_is_refused(client, address):
    assert client.post(address, headers={"transfer-encoding": "chunked"}).status_code == 411


def test_what_the_web_process_takes_in_is_what_staff_may_send():
    assert MOST_BODY == MOST_OF_STAFF

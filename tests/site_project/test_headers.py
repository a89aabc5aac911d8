"""Security headers and what a patient's page may not contain."""

import re

import pytest

pytestmark = pytest.mark.django_db
PAGES = ["/", "/check/", "/admin/login/", "/nothing-here/"]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_the_strict_policy(client, address):
    policy = client.get(address).headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("X-Frame-Options", "DENY"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
    ],
)
def test_every_page_has_the_other_headers(client, address, name, value):
    assert client.get(address).headers[name] == value


@pytest.mark.parametrize("method", ["put", "patch", "delete", "trace"])
def test_other_methods_are_refused(client, method):
    assert getattr(client, method)("/").status_code == 405


@pytest.mark.parametrize("address", ["/check/", "/admin/login/"])
def test_check_and_staff_pages_are_kept_nowhere(client, address):
    response = client.get(address)
    assert response.headers["Cache-Control"] == "no-store, private"
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("address", ["/", "/check/"])
def test_patient_pages_hold_no_script_no_inline_style_and_no_outside_address(client, address):
    page = client.get(address).content.decode()
    assert not re.search(r"<script(?![^>]*application/ld\+json)", page)
    assert not re.search(r"\son\w+=", page)
    assert not re.search(r"<style|\sstyle=", page)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//(?!testserver)', re.sub(r"<a [^>]*>", "", page))

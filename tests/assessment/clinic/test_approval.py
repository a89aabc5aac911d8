"""Staff see whether a clinician has signed the rules, and for which rules the signature is."""

import html
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from assessment.clinic import approval
from assessment.models import Assessment
from assessment.patient import records
from assessment.patient.session import Check

from ..walks import STRAIN

OTHER = "0123456789ab" + "f" * 52
NOT_APPROVED = "Protocol not clinically approved"


@pytest.fixture
def sign(settings):
    """Set an approval; without a digest it is for the rules that run."""

    def make(digest=None, on=date(2026, 3, 1), approver="A. Clinician"):
        settings.CLINICAL_APPROVER, settings.CLINICAL_APPROVAL_DATE = approver, on
        settings.CLINICAL_APPROVED_DIGEST = approval.running_digest() if digest is None else digest

    return make


def test_rules_nobody_signed_are_not_approved():
    assert approval.describe_approval() == approval.ApprovalStatement(False, NOT_APPROVED)


def test_a_digest_without_a_name_approves_nothing(settings):
    settings.CLINICAL_APPROVED_DIGEST = approval.running_digest()
    assert approval.describe_approval() == approval.ApprovalStatement(False, NOT_APPROVED)


def test_the_signed_rules_are_approved_by_name_and_date(sign):
    sign()
    assert approval.describe_approval() == approval.ApprovalStatement(True, "Approved by A. Clinician on 1 March 2026")


def test_an_approval_of_other_rules_approves_nothing(sign):
    sign(OTHER)
    text = f"{NOT_APPROVED}. The approval is for other rules (digest 0123456789ab)"
    assert approval.describe_approval() == approval.ApprovalStatement(False, text)


def test_one_changed_word_ends_the_approval(sign, monkeypatch):
    sign()
    words = approval.wording.load_words()
    changed = {**words, "common": {**words["common"], "unknown": "Choose another answer."}}
    monkeypatch.setattr(approval.wording, "load_words", lambda: changed)
    assert approval.describe_approval().approved is False


def test_an_approval_that_names_no_rules_approves_nothing(sign):
    sign("")
    assert approval.describe_approval().approved is False
    assert "CLINICAL_APPROVED_DIGEST is not set" in approval.describe_approval().text


def test_an_approval_holds_from_its_date_on(sign):
    today = timezone.localdate()
    sign(on=today)
    assert approval.describe_approval().approved is True
    sign(on=today + timedelta(days=1))
    assert approval.describe_approval().approved is False


def test_an_older_check_is_told_by_its_own_digest(sign):
    sign()
    assert approval.describe_approval(approval.running_digest()).approved is True
    assert approval.describe_approval(OTHER).approved is False
    # It may have been approved in its time, so the record says no more than this.
    assert approval.describe_approval(OTHER).text.startswith("The approval is for other rules")


@pytest.fixture
def clerk(client, person):
    client.force_login(person("Clinic staff"))
    return client


def saved(digest):
    record = records.build_assessment(Check(answers=STRAIN))
    record.reference, record.protocol_digest = records.make_reference(), digest
    record.save()
    return record


def page(clerk, address):
    response = clerk.get(address)
    assert response.status_code == 200
    return html.unescape(response.content.decode())


def note(text):
    """The line over the page, and whether it stands out."""
    return re.findall(r'<p class="(approval(?: missing)?)">(.*?)</p>', text)


def of_record(text):
    """The line of the record about the rules it followed."""
    return re.search(r'class="rules-approval">(.*?)</span>', text, re.S)[1]


LIST = "/admin/assessment/assessment/"


@pytest.mark.django_db
def test_the_list_and_the_record_say_that_nobody_approved_the_rules(clerk):
    record = saved(approval.running_digest())
    for address in (LIST, f"{LIST}{record.pk}/change/"):
        assert note(page(clerk, address)) == [("approval missing", NOT_APPROVED)]
    assert of_record(page(clerk, f"{LIST}{record.pk}/change/")) == NOT_APPROVED


@pytest.mark.django_db
def test_the_list_and_the_record_name_who_approved_the_rules(clerk, sign):
    sign()
    record = saved(approval.running_digest())
    for address in (LIST, f"{LIST}{record.pk}/change/"):
        assert note(page(clerk, address)) == [("approval", "Approved by A. Clinician on 1 March 2026")]
    assert of_record(page(clerk, f"{LIST}{record.pk}/change/")) == "Approved by A. Clinician on 1 March 2026"


@pytest.mark.django_db
def test_a_record_of_other_rules_says_so_while_the_site_runs_approved_ones(clerk, sign):
    sign()
    record = saved(OTHER)
    shown = page(clerk, f"{LIST}{record.pk}/change/")
    assert note(shown) == [("approval", "Approved by A. Clinician on 1 March 2026")]
    assert of_record(shown) == f"The approval is for other rules (digest {approval.running_digest()[:12]})"


@pytest.mark.django_db
def test_a_record_of_approved_rules_says_so_while_the_site_runs_others(clerk, sign):
    sign(OTHER)
    record = saved(OTHER)
    shown = page(clerk, f"{LIST}{record.pk}/change/")
    assert note(shown) == [
        ("approval missing", f"{NOT_APPROVED}. The approval is for other rules (digest 0123456789ab)")
    ]
    assert of_record(shown) == "Approved by A. Clinician on 1 March 2026"


@pytest.mark.django_db
def test_a_name_is_shown_as_it_is_written_and_never_as_markup(clerk, sign):
    sign(approver="<b>A</b> & B")
    record = Assessment.objects.get(pk=saved(approval.running_digest()).pk)
    for address in (LIST, f"{LIST}{record.pk}/change/"):
        assert "&lt;b&gt;A&lt;/b&gt; &amp; B" in clerk.get(address).content.decode()


@pytest.mark.django_db
def test_the_pages_have_nothing_inline_that_the_policy_would_refuse(clerk):
    record = saved(approval.running_digest())
    for address in (LIST, f"{LIST}{record.pk}/change/"):
        shown = page(clerk, address)
        assert "staff.css" in shown
        assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)[^>]*>", shown) == []

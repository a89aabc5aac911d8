"""Whether staff kept the level that the check gave."""

import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from assessment.clinic import agreement, review_actions
from assessment.clinic.agreement import Agreement, compute_wilson_interval
from core.audit import AuditEvent

from ...staff.people import sign_in_staff
from ..staff import SOON, URGENT, look_at, make_assessment
from ..walks import STRAIN

pytestmark = pytest.mark.django_db


def closed(who, answers, reason="advised", to=None, opened=True):
    record = make_assessment(answers)
    if opened:
        look_at(who, record)
    version = review_actions.claim_review(who, record, 1).version
    if to is not None:
        review_actions.override_level(who, record, version, to, "She cannot lift her foot")
        version += 1
    review_actions.close_review(who, record, version, reason, "Called")
    return record


def test_kept_raised_and_lowered_are_counted_by_the_rule_that_decided(ana):
    closed(ana, SOON)
    closed(ana, SOON, to=2)
    closed(ana, URGENT, to=0)
    make_assessment(SOON)
    total, rules = agreement.measure_agreement()
    assert total == Agreement("", 1, 1, 1)
    found = {rule.code: rule for rule in rules}
    assert (found["numb_one"], found["numb_one"].share) == (Agreement("numb_one", 1, 1, 0), 50)
    assert found["fever"].lowered == 1
    # It asked for self-care, and did not decide.
    assert "strain" not in found


@pytest.mark.parametrize("reason", ["duplicate", "unreached"])
def test_who_was_not_reached_or_sent_two_checks_says_nothing_about_the_rules(ana, reason):
    closed(ana, SOON, reason=reason)
    assert agreement.measure_agreement() == (Agreement("", 0, 0, 0), [])


def test_a_check_that_nobody_opened_says_nothing_about_the_rules(ana):
    closed(ana, SOON, opened=False)
    closed(ana, STRAIN)
    assert agreement.measure_agreement()[0].decided == 1


def test_the_last_checks_are_counted_whatever_stands_between_them(ana, monkeypatch):
    monkeypatch.setattr(agreement, "JUDGED", 1)
    closed(ana, SOON, to=2)
    closed(ana, URGENT)
    closed(ana, SOON, reason="unreached")
    assert agreement.measure_agreement()[0] == Agreement("", 1, 0, 0)


def test_the_interval_is_that_of_newcombes_table():
    """Newcombe, Stat Med 1998; 17: 857-872, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29."""
    for hits, number, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert compute_wilson_interval(hits, number) == pytest.approx((low, high), abs=0.00005)


@given(st.integers(1, 500).flatmap(lambda number: st.tuples(st.integers(0, number), st.just(number))))
def test_the_interval_holds_the_share_and_nothing_beyond_0_and_1(counted):
    hits, number = counted
    low, high = compute_wilson_interval(hits, number)
    assert 0 <= low <= hits / number <= high <= 1
    # Seen from the other side it is the same.
    assert compute_wilson_interval(number - hits, number) == pytest.approx((1 - high, 1 - low))


def test_of_nothing_everything_may_be_true():
    assert compute_wilson_interval(0, 0) == (0, 1)


def shown(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_start_page_leads_from_a_rule_in_words_to_its_cases(ana):
    raised, kept = closed(ana, SOON, to=2), closed(ana, SOON)
    client = sign_in_staff(ana)
    start = shown(client, "/admin/")
    address = re.search(r'href="([^"]*/agreement/numb_one/)">You told us one leg is numb', start)[1]
    cases = shown(client, address)
    assert cases.index(raised.reference) < cases.index(kept.reference)
    assert "(missed)" in cases
    assert "She cannot lift her foot" in cases
    assert "Of 2 checks" in cases
    assert "50% (95% interval: 9 to 91%)" in cases
    event = AuditEvent.objects.order_by("-number").first()
    assert (event.action, event.facts["filters"], event.facts["found"]) == ("list", "rule", 2)


def test_a_rule_that_decided_nothing_has_no_page(ana):
    assert sign_in_staff(ana).get("/admin/assessment/assessment/agreement/numb_one/").status_code == 404


def test_who_may_not_see_checks_sees_no_cases(ana, person):
    closed(ana, SOON)
    address = "/admin/assessment/assessment/agreement/numb_one/"
    assert Client().get(address).status_code == 302
    assert sign_in_staff(person("Auditors")).get(address).status_code == 403

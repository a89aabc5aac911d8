"""Random patients on the real pages: what the site says is what the engine says."""

import html
import re

import hypothesis
import pytest
from django.test import Client
from hypothesis import strategies as st

from assessment.models import Assessment
from assessment.privacy import consent
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import assess_answers
from assessment.protocol.model import Level
from core.throttle import Bucket

from ..walks import find_token

OPTION = re.compile(r'<input type="(radio|checkbox)" name="answer" value="([a-z0-9_]+)"')


def options_on(page):
    """What the page itself offers: ("radio" or "checkbox", the values)."""
    found = OPTION.findall(page)
    return found[0][0], [value for _, value in found]


def choose(data, code, kind, values):
    """What this patient ticks. Mostly nothing is wrong, so that walks get long; never what a page would refuse."""
    alone = [value for value in values if value in PROTOCOL.question(code).codes("none")]
    if kind == "radio":
        return [data.draw(st.sampled_from(values))]
    if alone and data.draw(st.integers(0, 3)):
        return [data.draw(st.sampled_from(alone))]
    signs = [value for value in values if value not in alone]
    return data.draw(st.lists(st.sampled_from(signs), min_size=1, max_size=3, unique=True))


@pytest.mark.django_db
@hypothesis.settings(max_examples=40, suppress_health_check=list(hypothesis.HealthCheck), deadline=None)
@hypothesis.given(st.data())
def test_every_walk_over_the_pages_ends_where_the_engine_says(data):
    # So many come from no one network.
    Bucket.objects.all().delete()
    client = Client()
    response = client.post("/check/", {"consent": consent.VERSION}, follow=True)
    given = {}
    for _ in range(len(PROTOCOL.questions) + 2):
        address = response.redirect_chain[-1][0]
        if address in ("/check/answers/", "/check/result/"):
            break
        code = address.split("/")[2]
        assert code not in given, f"{code} was asked twice"
        page = response.content.decode()
        given[code] = choose(data, code, *options_on(page))
        response = client.post(address, {"answer": given[code], "token": find_token(response)}, follow=True)
    if address == "/check/answers/":
        response = client.post(address, {"token": find_token(response), "consent": consent.VERSION}, follow=True)

    expected = assess_answers(PROTOCOL, given)
    record = Assessment.objects.latest("pk")
    assert record.level == expected.level
    assert {item["question"]: [part["option"] for part in item["answer"]] for item in record.answers} == {
        code: list(answer) for code, answer in expected.path.answers.items()
    }
    assert given.keys() == expected.path.answers.keys()
    assert [item["code"] for item in record.rules] == [item.rule.code for item in expected.fired]
    assert f"<h1>{html.escape(record.result['heading'])}</h1>" in response.content.decode()
    assert expected.path.stopped <= (expected.level == Level.EMERGENCY)

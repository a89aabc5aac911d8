"""Whoever only looks leaves nothing behind: no row in any table, and no cookie but the one that forms need."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from assessment.protocol.back_pain import PROTOCOL

from .test_hostile_input import patterns

pytestmark = pytest.mark.django_db
PLACES = {"topic_slug": "causes", "slug": "muscle-strain", "code": PROTOCOL.questions[0].code}

WRITE = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)")


def fill_in(route):
    """The address of a route, with something in each of its places."""
    route = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: PLACES.get(found[1], "1"), route)
    return "/" + re.sub(r"\(\?P<\w+>.*?\)|[\^$]|\\Z", "", route)


ADDRESSES = sorted({fill_in(route) for route in patterns(get_resolver())})


def test_a_first_look_at_any_address_writes_nothing_and_sets_no_cookie_but_that_of_forms():
    for address in ADDRESSES:
        with CaptureQueriesContext(connection) as asked:
            answer = Client().get(address)
        assert answer.status_code < 500, address
        assert set(answer.cookies) <= {"csrftoken"}, address
        assert not [query["sql"] for query in asked if WRITE.match(query["sql"])], address


def test_the_addresses_are_those_of_the_whole_site():
    assert {"/check/return/", "/check/now/", "/admin/login/", "/admin/code/", "/", "/livez"} <= set(ADDRESSES)
    assert len(ADDRESSES) > 60

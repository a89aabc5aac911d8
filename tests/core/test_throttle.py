"""Limits: so often at once, then once in a while; and nothing in the database that names anybody."""

import datetime

import pytest
from django.utils import timezone

from core import throttle
from core.throttle import Bucket, RateLimit, get_client_network, take_token

from ..at_once import run_at_once

pytestmark = pytest.mark.django_db
LIMIT = RateLimit("test", 10, datetime.timedelta(minutes=1))


def empty(who="a", now=None):
    while take_token(LIMIT, who, now):
        pass


def test_a_bucket_gives_as_often_as_its_capacity_says():
    now = timezone.now()
    assert [take_token(LIMIT, "a", now) for _ in range(12)] == [True] * 10 + [False] * 2


def test_waiting_fills_the_bucket_again_one_token_at_a_time():
    now = timezone.now()
    empty(now=now)
    assert not take_token(LIMIT, "a", now + LIMIT.refill * 0.9)
    assert take_token(LIMIT, "a", now + LIMIT.refill)
    assert not take_token(LIMIT, "a", now + LIMIT.refill)


def test_a_bucket_is_never_fuller_than_full():
    now = timezone.now() - datetime.timedelta(minutes=30)
    take_token(LIMIT, "a", now)
    later = now + datetime.timedelta(minutes=20)
    assert [take_token(LIMIT, "a", later) for _ in range(11)] == [True] * 10 + [False]


def test_who_waits_as_long_as_told_is_let_in():
    now = timezone.now()
    empty(now=now)
    assert take_token(LIMIT, "a", now + datetime.timedelta(seconds=LIMIT.wait))
    assert RateLimit("x", 1, datetime.timedelta(seconds=1.2)).wait == 2


def test_others_and_other_limits_have_their_own():
    empty()
    assert take_token(LIMIT, "b")
    assert take_token(RateLimit("another", 10, LIMIT.refill), "a")


def test_a_token_given_back_can_be_taken_again():
    now = timezone.now()
    empty(now=now)
    throttle.return_token(LIMIT, "a", now)
    assert take_token(LIMIT, "a", now)
    assert not take_token(LIMIT, "a", now)


def test_a_full_bucket_does_not_run_over():
    now = timezone.now()
    take_token(LIMIT, "a", now)
    for _ in range(3):
        throttle.return_token(LIMIT, "a", now)
    assert [take_token(LIMIT, "a", now) for _ in range(11)] == [True] * 10 + [False]


def test_a_request_that_asked_the_clock_earlier_and_comes_later_takes_nothing_more():
    now = timezone.now()
    empty(now=now)
    assert not take_token(LIMIT, "a", now - datetime.timedelta(milliseconds=20))
    assert not take_token(LIMIT, "a", now - datetime.timedelta(seconds=30))
    assert not take_token(LIMIT, "a", now)


def test_a_clock_that_was_set_back_takes_nothing_away():
    now = timezone.now()
    take_token(LIMIT, "a", now)
    assert take_token(LIMIT, "a", now - datetime.timedelta(hours=3))


def test_a_take_is_one_query(django_assert_num_queries):
    for _ in range(2):
        with django_assert_num_queries(1):
            take_token(LIMIT, "a")


@pytest.mark.django_db(transaction=True)
def test_thirty_at_once_from_one_client_do_not_slip_past_the_bucket():
    # One moment for all: who asked the clock before the bucket was made may find it emptier by a token.
    now = timezone.now()
    assert sum(run_at_once(30, lambda _: take_token(LIMIT, "a", now))) == LIMIT.capacity


def test_a_bucket_that_is_full_again_is_deleted_and_another_stays():
    now = timezone.now()
    take_token(LIMIT, "a", now - LIMIT.refill)
    take_token(LIMIT, "b", now)
    assert throttle.purge_buckets(now) == 1
    assert Bucket.objects.get().key == throttle.make_bucket_key(LIMIT, "b", now)


def test_the_key_of_a_bucket_changes_every_day_and_holds_no_address():
    now = timezone.now()
    key = throttle.make_bucket_key(LIMIT, "192.0.2.7", now)
    assert key == throttle.make_bucket_key(LIMIT, "192.0.2.7", now)
    assert key != throttle.make_bucket_key(LIMIT, "192.0.2.7", now + datetime.timedelta(days=1))
    assert key != throttle.make_bucket_key(LIMIT, "192.0.2.8", now)
    assert len(key) == 64
    assert set(key) <= set("0123456789abcdef")


def test_the_key_of_a_bucket_needs_the_secret_key(settings):
    now = timezone.now()
    before = throttle.make_bucket_key(LIMIT, "a", now)
    settings.SECRET_KEY = "another " * 8
    assert throttle.make_bucket_key(LIMIT, "a", now) != before


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [
        (0, None, "192.0.2.1"),
        (0, "198.51.100.9", "192.0.2.1"),
        (1, "198.51.100.9", "198.51.100.9"),
        (1, "203.0.113.66, 198.51.100.9", "198.51.100.9"),
        (2, "203.0.113.66,198.51.100.9 , 10.0.0.1", "198.51.100.9"),
        # Fewer entries than proxies, or no address: nobody of ours wrote it.
        (2, "203.0.113.66", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "unknown", "192.0.2.1"),
        (1, "198.51.100.9\n", "198.51.100.9"),
    ],
)
def test_the_address_is_the_one_that_our_own_proxies_saw(rf, settings, proxies, header, found):
    settings.TRUSTED_PROXIES = proxies
    headers = {} if header is None else {"x-forwarded-for": header}
    assert get_client_network(rf.get("/", headers=headers, REMOTE_ADDR="192.0.2.1")) == found


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
        ("/run/site.sock", ""),
    ],
)
def test_one_phone_cannot_be_many_by_its_many_addresses(rf, address, found):
    assert get_client_network(rf.get("/", REMOTE_ADDR=address)) == found


@pytest.mark.parametrize(("refill", "seconds", "minutes"), [(0.1, 1, 1), (60, 60, 1), (61, 61, 2), (90.5, 91, 2)])
def test_the_time_to_wait_is_never_told_too_short(refill, seconds, minutes):
    limit = RateLimit("test", 1, datetime.timedelta(seconds=refill))
    assert (limit.wait, limit.minutes) == (seconds, minutes)


def test_a_bucket_is_shown_by_the_beginning_of_its_key():
    assert str(Bucket(key="0123456789abcdef")) == "01234567"


PROXY = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(("proxy", "counted", "found"), [(PROXY, 0, ["content.W001"]), (PROXY, 1, []), (None, 0, [])])
def test_a_proxy_that_is_not_counted_is_warned_of(settings, proxy, counted, found):
    settings.SECURE_PROXY_SSL_HEADER, settings.TRUSTED_PROXIES = proxy, counted
    assert [warning.id for warning in throttle.system_check_proxies()] == found

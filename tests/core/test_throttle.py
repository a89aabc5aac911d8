"""Limits: so often at once, then once in a while; and nothing in the database that names anybody."""

import datetime

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from core import throttle
from core.throttle import Bucket, RateLimit, count_networks, take_token, take_tokens

from ..at_once import run_at_once

pytestmark = pytest.mark.django_db
LIMIT = RateLimit("test", 10, datetime.timedelta(minutes=1))
# Nothing comes back while a slow machine is at it.
SLOW = RateLimit("slow", 10, datetime.timedelta(hours=2))


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


@pytest.mark.parametrize("minutes", [1, 15, 40, 180, 600000])
def test_a_clock_that_was_set_back_takes_nothing_away(minutes):
    now = timezone.now()
    empty(now=now)
    assert take_token(LIMIT, "a", now - datetime.timedelta(minutes=minutes))


@settings(max_examples=25)
@given(
    moves=st.lists(st.tuples(st.booleans(), st.integers(-4_000_000, 4_000_000)), max_size=8),
    capacity=st.integers(1, 4),
    refill=st.integers(1, 100_000),
)
def test_whatever_the_clock_did_who_is_told_to_wait_has_all_tokens_after_one_window(moves, capacity, refill):
    """moves: take or return one, at a moment of a clock that jumps anywhere (milliseconds)."""
    limit, start = RateLimit("jumps", capacity, datetime.timedelta(milliseconds=refill)), timezone.now()
    latest = start
    for takes, jump in moves:
        latest = start + datetime.timedelta(milliseconds=jump)
        (throttle.take_token if takes else throttle.return_token)(limit, "a", latest)
    take_token(limit, "a", latest)
    later = latest + limit.refill * capacity + throttle.DRIFT
    assert all(take_token(limit, "a", later) for _ in range(capacity))
    assert not take_token(limit, "a", later)
    Bucket.objects.all().delete()


@settings(max_examples=25)
@given(waits=st.lists(st.integers(0, 5_000), max_size=15), capacity=st.integers(1, 5), refill=st.integers(1, 3_000))
def test_no_rhythm_of_asking_gets_more_than_capacity_and_refill_allow(waits, capacity, refill):
    """waits: milliseconds between one try and the next."""
    limit, start = RateLimit("rhythm", capacity, datetime.timedelta(milliseconds=refill)), timezone.now()
    passed = taken = 0
    for wait in waits:
        passed += wait
        taken += take_token(limit, "a", start + datetime.timedelta(milliseconds=passed))
        assert taken <= capacity + passed / refill
    Bucket.objects.all().delete()


def test_of_several_buckets_all_give_or_none():
    empty("full of guesses")
    assert not take_tokens([(LIMIT, "a"), (LIMIT, "full of guesses"), (LIMIT, "b")])
    assert Bucket.objects.count() == 1
    assert take_tokens([(LIMIT, "a"), (LIMIT, "b")])
    assert Bucket.objects.count() == 3


def use_up(rf, address, most=1000):
    """Send from this address until it is refused; return how often it was not."""
    for number in range(most):
        if not take_tokens(count_networks(SLOW, rf.get("/", REMOTE_ADDR=address))):
            return number
    raise AssertionError("nobody refused")


def test_sixteen_networks_of_one_home_get_four_times_as_much_as_one_and_others_keep_theirs(rf):
    sent = sum(use_up(rf, f"2001:db8:0:{number:x}::1") for number in range(16))
    assert sent == SLOW.capacity * 4
    assert use_up(rf, "2001:db8:0:100::1") == SLOW.capacity
    assert use_up(rf, "2001:db8:1::1") == SLOW.capacity


def test_a_48_gets_sixteen_times_as_much_as_one_64(rf):
    assert sum(use_up(rf, f"2001:db8:0:{number:x}00::1") for number in range(40)) == SLOW.capacity * 16


def test_a_24_of_ipv4_gets_eight_times_as_much_as_one_address(rf):
    assert sum(use_up(rf, f"192.0.2.{number}") for number in range(20)) == SLOW.capacity * 8
    assert use_up(rf, "192.0.3.1") == SLOW.capacity


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

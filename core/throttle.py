"""Slows down who sends too much: token buckets in the database, one for each limit and each who.

A bucket's row is named by an HMAC of both under a key of this day, which is made from SECRET_KEY and stored nowhere.
Nothing leads from a row to an address or a name, nor from one day's row to the next day's.
"""

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage
from django.core.checks import Warning as Warned
from django.db import connection, models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from . import durability
from .client_address import list_client_networks


class Bucket(models.Model):
    """How much more one client may send of something just now. Its key names nobody."""

    key = models.CharField(max_length=64, unique=True)
    full_at = models.BigIntegerField(db_index=True, help_text="When it is full again, in milliseconds since 1970.")

    class Meta:
        db_table = "content_bucket"
        default_permissions = ()

    def __str__(self) -> str:
        return self.key[:8]


@dataclass(frozen=True)
class RateLimit:
    """`capacity` times at once, and once more after each `refill`. The name keeps the buckets of limits apart."""

    name: str
    capacity: int
    refill: timedelta

    @property
    def wait(self) -> int:
        """Seconds after which one refused may surely try again: the Retry-After of a page that says 429."""
        return ceil(self.refill.total_seconds())

    @property
    def minutes(self) -> int:
        """As wait, in minutes as a page says them: 1 or more."""
        return ceil(self.wait / 60)

    def multiply(self, factor: int) -> "RateLimit":
        """So many times as often, at once and later."""
        return replace(self, capacity=self.capacity * factor, refill=self.refill / factor)


# A limit and who is counted: any text, such as the name of a network.
Count = tuple[RateLimit, str]
# Requests do not come here in the order in which they asked the clock (SQLite lets them wait for 20 seconds), so a
# bucket may seem emptier than empty. By more than this, its moment is from before the clock was set back, and it counts
# as full.
DRIFT = timedelta(seconds=30)
# One statement, so that people who come at once cannot share a token, on SQLite and PostgreSQL alike; the ORM's own
# upsert (bulk_create) has no condition.
TAKE = """
INSERT INTO content_bucket (key, full_at) VALUES (%(key)s, %(now)s + %(refill)s)
ON CONFLICT (key) DO UPDATE SET full_at = CASE
  WHEN content_bucket.full_at BETWEEN %(now)s AND %(now)s + %(whole)s THEN content_bucket.full_at + %(refill)s
  ELSE excluded.full_at END
WHERE content_bucket.full_at NOT BETWEEN %(now)s + %(whole)s - %(refill)s + 1 AND %(now)s + %(whole)s + %(drift)s
"""


def take_token(limit: RateLimit, who: str, now: datetime | None = None) -> bool:
    """Take one token; False when this bucket is empty. One query."""
    refill = to_milliseconds(limit.refill)
    values: dict[str, int | str] = {
        "key": make_bucket_key(limit, who, now),
        "now": to_epoch_milliseconds(now),
        "refill": refill,
        "whole": limit.capacity * refill,
        "drift": to_milliseconds(DRIFT),
    }
    with connection.cursor() as cursor:
        cursor.execute(TAKE, values)
        return bool(cursor.rowcount == 1)


def return_token(limit: RateLimit, who: str, now: datetime | None = None) -> None:
    """Put the token of one take_token() back: it turned out not to count."""
    Bucket.objects.filter(key=make_bucket_key(limit, who, now)).update(
        full_at=F("full_at") - to_milliseconds(limit.refill)
    )


def take_tokens(counts: Iterable[Count]) -> bool:
    """Take a token of each, or of none: False when one of these buckets is empty."""
    # Nobody was told of a token, so it does not wait for the disk, and on SQLite nobody waits for it.
    with durability.defer_disk_sync(), transaction.atomic():
        taken = all(take_token(limit, who) for limit, who in counts)
        if not taken:
            transaction.set_rollback(True)
    return taken


def return_tokens(counts: Iterable[Count]) -> None:
    for limit, who in counts:
        return_token(limit, who)


def count_networks(limit: RateLimit, request: HttpRequest, of: str = "") -> list[Count]:
    """What to take for one request: a token of each network it comes from, the narrowest first; wider ones have more.

    of: what is counted apart in them, such as the name that somebody guesses at.
    """
    return [(limit.multiply(factor), f"{network}\n{of}") for network, factor in list_client_networks(request)]


def purge_buckets(now: datetime | None = None) -> int:
    """Delete the buckets that are full again, which is the same as none; return how many."""
    return Bucket.objects.filter(full_at__lte=to_epoch_milliseconds(now)).delete()[0]


def to_milliseconds(time: timedelta) -> int:
    return time // timedelta(milliseconds=1)


def to_epoch_milliseconds(now: datetime | None = None) -> int:
    """Milliseconds since 1970: whole numbers, so that both databases add them alike."""
    return int((now or timezone.now()).timestamp() * 1000)


def make_bucket_key(limit: RateLimit, who: str, now: datetime | None = None) -> str:
    """A name for this bucket that is of no use on another day, or without SECRET_KEY."""
    daily = salted_hmac("content.throttle", timezone.localdate(now).isoformat(), algorithm="sha256").digest()
    return hmac.new(daily, f"{limit.name}\n{who}".encode(), hashlib.sha256).hexdigest()


def system_check_proxies(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """System check of `manage.py check --deploy`: behind a proxy nobody may count as the proxy."""
    if settings.TRUSTED_PROXIES or not settings.SECURE_PROXY_SSL_HEADER:
        return []
    return [
        Warned(
            "BEHIND_TLS_PROXY says that a proxy is in front, but TRUSTED_PROXIES is 0: all visitors count as one "
            "network, and one who sends too much makes all others wait.",
            hint="Set TRUSTED_PROXIES to the number of your proxies. Each adds one address to X-Forwarded-For.",
            id="content.W001",
        )
    ]

"""The cache generation: the articles as patients read them from one change to the next. No page kept of it is older.

Three things tell that a new generation began:
1. The stamp, asked at every request. Whoever changes what pages show sets it after the commit, so before an editor
   reads "saved". On one machine it is a file; with REDIS_URL set, a key that several machines share.
2. The clock. A generation knows the next moment at which words come, go or fall due for review by themselves.
3. Its number in the database, asked every RECHECK seconds. Triggers count it up inside the transaction
   that changes something, whichever program does so. It catches what the stamp can miss: a process that was killed
   between its commit and its stamp, a Redis that hung or came back from an old copy, SQL typed by hand. Nobody was told
   "saved" in these cases; what is kept is then at most RECHECK seconds old.

Readers note stamp and number before they make a page, never after. So what was made while somebody published belongs
to the generation that has just ended, and is dropped with it.
"""

import datetime
import threading
import time
from collections.abc import Hashable

from django.db import Error, close_old_connections
from django.utils import timezone

from ..models import CacheGeneration, Version
from . import stamps
from .cached_page import CachedPage
from .stamps import StampMark

RECHECK = 5


class Generation:
    """stamp and number as they were when it began, until (POSIX time), and its pages."""

    def __init__(self, stamp: StampMark, number: int, until: float) -> None:
        self.stamp, self.number, self.until = stamp, number, until
        self.recheck_at = time.monotonic() + RECHECK
        self.pages: dict[Hashable, CachedPage] = {}
        self.size = 0

    def store_page(self, key: Hashable, page: CachedPage, size: int) -> None:
        """Keep a page; size: about the bytes it takes. At LIMIT all others are let go."""
        with renewal_lock:
            if self.size + size > LIMIT:
                self.pages.clear()
                self.size = 0
            self.pages[key] = page
            self.size += size


# Bytes kept in one process. Sixty articles take about 6 MB.
LIMIT = 64 * 1024 * 1024
renewal_lock = threading.RLock()


class Current:
    """The generation that this process serves pages of; None while it knows of none."""

    generation: Generation | None = None


def read_generation() -> Generation | None:
    """The generation as of now; None when that cannot be known, so that nothing may be kept."""
    mark, known = stamps.generation_stamp.read(), Current.generation
    if mark is None:
        Current.generation = None
        return None
    if known is None or known.stamp != mark or time.time() >= known.until:
        with renewal_lock:
            return renew_generation(mark)
    if time.monotonic() >= known.recheck_at and renewal_lock.acquire(blocking=False):
        # One asks; the others need not wait for the database.
        try:
            return renew_generation(mark)
        finally:
            renewal_lock.release()
    return known


def renew_generation(mark: StampMark) -> Generation | None:
    """Ask the database. While it does not answer a generation goes on: nobody can publish then."""
    known = Current.generation
    if known and (known.stamp != mark or time.time() >= known.until):
        known = None
    if known and time.monotonic() < known.recheck_at:
        return known  # another thread was first
    try:
        close_old_connections()
        number, until = query_generation()
    except Error:
        if known:
            known.recheck_at = time.monotonic() + RECHECK
        return known
    # Another moment of its end though nobody wrote: the clock was set, and some words are not live that were, or are.
    if known and (known.number, known.until) == (number, until):
        known.recheck_at = time.monotonic() + RECHECK
    else:
        known = Current.generation = Generation(mark, number, until)
    return known


def query_generation() -> tuple[int, float]:
    """(the generation's number, until when it lasts by itself as POSIX time)."""
    number = CacheGeneration.objects.values_list("number", flat=True).first() or 0
    now = timezone.now()
    tomorrow = timezone.localdate(now) + datetime.timedelta(days=1)
    # Pages say when a review is overdue.
    midnight = timezone.make_aware(datetime.datetime.combine(tomorrow, datetime.time.min))
    return number, min(midnight, Version.objects.next_change(now) or midnight).timestamp()

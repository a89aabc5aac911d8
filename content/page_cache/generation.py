"""The edition: the library as patients read it from one change to the next. What is kept of it must never be older.

Three things tell that a new edition began:
1. The stamp, asked at every request. Whoever changes what pages show sets it after the commit, so before an editor
   reads "saved". On one machine it is a file; with REDIS_URL set, a key that several machines share.
2. The clock. An edition knows the next moment at which words come, go or fall due for review by themselves.
3. The number of the edition in the database, asked every RECHECK seconds. Triggers count it up inside the transaction
   that changes something, whichever program does so. It catches what the stamp can miss: a process that was killed
   between its commit and its stamp, a Redis that came back from an old copy, SQL typed by hand. Nobody was told
   "saved" in these cases; what is kept is then at most RECHECK seconds old.

Readers note stamp and number before they make a page, never after. So what was made while somebody published belongs
to the edition that has just ended, and is dropped with it.
"""

import datetime
import threading
import time

from django.db import Error, close_old_connections
from django.utils import timezone

from ..models import CacheGeneration, Version
from . import stamps

RECHECK = 5


class Generation:
    """stamp and number as they were when it began, until (POSIX time), and what is kept of it."""

    def __init__(self, stamp, number, until):
        self.stamp, self.number, self.until = stamp, number, until
        self.check_at = time.monotonic() + RECHECK
        self.kept = {}
        self.size = 0

    def keep(self, key, value, size):
        """Keep a value; size: about the bytes it takes. At LIMIT all others are let go."""
        with renewal_lock:
            if self.size + size > LIMIT:
                self.kept.clear()
                self.size = 0
            self.kept[key] = value
            self.size += size


# Bytes kept in one process. Sixty articles take about 6 MB.
LIMIT = 64 * 1024 * 1024
renewal_lock = threading.RLock()
current_generation = None


def read_generation():
    """The edition as of now; None when that cannot be known, so that nothing may be kept."""
    mark, known = stamps.generation_stamp.read(), current_generation
    if mark is None:
        return forget_generation()
    if known is None or known.stamp != mark or time.time() >= known.until:
        with renewal_lock:
            return renew_generation(mark)
    if time.monotonic() >= known.check_at and renewal_lock.acquire(blocking=False):
        # One asks; the others need not wait for the database.
        try:
            return renew_generation(mark)
        finally:
            renewal_lock.release()
    return known


def forget_generation():
    global current_generation
    current_generation = None


def renew_generation(mark):
    """Ask the database. While it does not answer an edition goes on: nobody can publish then."""
    global current_generation
    known = (
        current_generation
        if current_generation and current_generation.stamp == mark and time.time() < current_generation.until
        else None
    )
    if known and time.monotonic() < known.check_at:
        return known  # another thread was first
    try:
        close_old_connections()
        number, until = query_generation()
    except Error:
        if known:
            known.check_at = time.monotonic() + RECHECK
        return known
    if known and known.number == number:
        known.check_at = time.monotonic() + RECHECK
    else:
        current_generation = Generation(mark, number, until)
    return current_generation


def query_generation():
    """(the edition's number, until when it lasts by itself as POSIX time)."""
    number = CacheGeneration.objects.values_list("number", flat=True).first() or 0
    now = timezone.now()
    tomorrow = timezone.localdate(now) + datetime.timedelta(days=1)
    # Pages say when a review is overdue.
    midnight = timezone.make_aware(datetime.datetime.combine(tomorrow, datetime.time.min))
    return number, min(midnight, Version.objects.next_change(now) or midnight).timestamp()

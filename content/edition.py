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
import logging
import os
import re
import threading
import time
import uuid

from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import Error, close_old_connections, connections, transaction
from django.utils import timezone

logger = logging.getLogger(__name__)

RECHECK = 5
# After Redis did not answer, everything is made anew for so long, without asking it again at every request.
PAUSE = 2
# Tables of the library that no public page shows. Whoever adds a table need not think of this list: it then counts.
NOT_SHOWN = {"autosave", "bucket", "edition", "feedback", "presence", "reminder", "search", "sharelink"}


# --- The stamp -------------------------------------------------------------------------------------------------------
class FileStamp:
    """A file that grows by one byte a change: no clock and no file system is too coarse to see that."""

    def __init__(self, path):
        self.path = path

    def read(self):
        try:
            found = os.stat(self.path)
        except FileNotFoundError:
            return ()
        return found.st_size, found.st_ino, found.st_mtime_ns

    def set(self):
        with open(self.path, "ab") as file:
            file.write(b".")


class CacheStamp:
    """A key in Django's cache, for web servers on several machines. None while the cache does not answer."""

    KEY = "content.edition"

    def __init__(self):
        self.ask_again = 0.0

    def read(self):
        if time.monotonic() < self.ask_again:
            return None
        try:
            found = cache.get(self.KEY)
            if found is None:
                cache.add(self.KEY, uuid.uuid4().hex, timeout=None)
                found = cache.get(self.KEY)
            return found
        except Exception as error:  # each client library raises its own
            self.ask_again = time.monotonic() + PAUSE
            logger.error("The shared cache does not answer; pages are made anew: %s", type(error).__name__)
            return None

    def set(self):
        cache.set(self.KEY, uuid.uuid4().hex, timeout=None)


def make_stamp():
    return CacheStamp() if settings.REDIS_URL else FileStamp(settings.DATA_DIR / "edition")


stamp = make_stamp()


# --- Who changes something -------------------------------------------------------------------------------------------
WRITE = re.compile(r'(?:INSERT (?:OR \w+ )?INTO|UPDATE|DELETE FROM) "?content_(\w+)')


def watch(connection, **kwargs):
    """See every write that goes through Django on this connection: save(), update(), bulk_create() and SQL alike."""
    if see not in connection.execute_wrappers:
        connection.execute_wrappers.append(see)


def see(execute, sql, params, many, context):
    result = execute(sql, params, many, context)
    if isinstance(sql, str) and (found := WRITE.match(sql)) and found[1] not in NOT_SHOWN:
        transaction.on_commit(stamp.set, using=context["connection"].alias, robust=True)
    return result


NEXT = (
    "INSERT INTO content_edition (id, number) VALUES (1, 1) "
    "ON CONFLICT (id) DO UPDATE SET number = content_edition.number + 1;"
)
EVENTS = ("INSERT", "UPDATE", "DELETE")
FUNCTION = f"""CREATE OR REPLACE FUNCTION content_edition_next() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN {NEXT} RETURN NULL; END $$"""


def uncount(sender, using="default", **kwargs):
    """Before `migrate`: no triggers, since SQLite cannot rebuild a table that a trigger names."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for statement in drop(connection, set(connection.introspection.table_names(cursor))):
            cursor.execute(statement)


def count(sender, using="default", **kwargs):
    """After `migrate`: the triggers that count, and one more, since a migration may have changed words."""
    connection = connections[using]
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
        if "content_edition" not in there:
            return
        for statement in [*drop(connection, there), *create(connection, there), NEXT]:
            cursor.execute(statement)


def drop(connection, there):
    for table in sorted(shown_tables() & there):
        if connection.vendor == "postgresql":
            yield f"DROP TRIGGER IF EXISTS {table}_edition ON {table}"
        else:
            yield from (f"DROP TRIGGER IF EXISTS {table}_edition_{event}" for event in EVENTS)


def create(connection, there):
    if connection.vendor == "postgresql":
        yield FUNCTION
    for table in sorted(shown_tables() & there):
        if connection.vendor == "postgresql":
            yield (
                f"CREATE TRIGGER {table}_edition AFTER {' OR '.join(EVENTS)} ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION content_edition_next()"
            )
        else:
            for event in EVENTS:
                yield f"CREATE TRIGGER {table}_edition_{event} AFTER {event} ON {table} BEGIN {NEXT} END"


def shown_tables():
    models = apps.get_app_config("content").get_models(include_auto_created=True)
    return {model._meta.db_table for model in models} - {f"content_{name}" for name in NOT_SHOWN}


# --- The edition that patients read now -------------------------------------------------------------------------------
class Edition:
    """stamp and number as they were when it began, until (POSIX time), and what is kept of it."""

    def __init__(self, stamp, number, until):
        self.stamp, self.number, self.until = stamp, number, until
        self.check_at = time.monotonic() + RECHECK
        self.kept = {}
        self.size = 0

    def keep(self, key, value, size):
        """Keep a value; size: about the bytes it takes. At LIMIT all others are let go."""
        with turn:
            if self.size + size > LIMIT:
                self.kept.clear()
                self.size = 0
            self.kept[key] = value
            self.size += size


# Bytes kept in one process. Sixty articles take about 6 MB.
LIMIT = 64 * 1024 * 1024
turn = threading.RLock()
edition = None


def current():
    """The edition as of now; None when that cannot be known, so that nothing may be kept."""
    mark, known = stamp.read(), edition
    if mark is None:
        return forget()
    if known is None or known.stamp != mark or time.time() >= known.until:
        with turn:
            return renew(mark)
    if time.monotonic() >= known.check_at and turn.acquire(blocking=False):
        # One asks; the others need not wait for the database.
        try:
            return renew(mark)
        finally:
            turn.release()
    return known


def forget():
    global edition
    edition = None


def renew(mark):
    """Ask the database. While it does not answer an edition goes on: nobody can publish then."""
    global edition
    known = edition if edition and edition.stamp == mark and time.time() < edition.until else None
    if known and time.monotonic() < known.check_at:
        return known  # another thread was first
    try:
        close_old_connections()
        number, until = ask()
    except Error:
        if known:
            known.check_at = time.monotonic() + RECHECK
        return known
    if known and known.number == number:
        known.check_at = time.monotonic() + RECHECK
    else:
        edition = Edition(mark, number, until)
    return edition


def ask():
    """(the edition's number, until when it lasts by itself as POSIX time)."""
    from content.models import Edition as Row
    from content.models import Version

    number = Row.objects.values_list("number", flat=True).first() or 0
    now = timezone.now()
    tomorrow = timezone.localdate(now) + datetime.timedelta(days=1)
    # Pages say when a review is overdue.
    midnight = timezone.make_aware(datetime.datetime.combine(tomorrow, datetime.time.min))
    return number, min(midnight, Version.objects.next_change(now) or midnight).timestamp()

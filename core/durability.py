"""What a power cut may take back: the last answers of a check that is still going on, and counts. Nothing else.

The database is set to write everything to the disk before it says yes (site_project/settings.py). That is needed for
whatever somebody was told is kept: an assessment, a code on paper, a deletion. For each answer on the way it costs more
than all the rest of the request: docs/decisions/0010-answers-on-the-way.md.

SQLite, set to synchronous=NORMAL for one statement, still writes it to its log before the answer goes out, so no killed
process loses it; only the system's own cache may. The next assessment, of whomever, brings the log to the disk with
everything in it. PostgreSQL with synchronous_commit=off would lose the last moments with its own process too, so there
only counts are written that way.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


def write_statement(sql: str, values: Sequence[Any], *, told: bool) -> int:
    """Run one statement as a transaction of its own; return how many rows it wrote.

    told: somebody goes on as if it were kept, so it must outlive every process, though not a power cut. Inside a
    transaction it is as sure as that one.
    """
    soon = connection.vendor == "postgresql" and not told and not connection.in_atomic_block
    with defer_disk_sync(), connection.cursor() as cursor:
        # Both go in one message, which is one transaction, and the setting ends with it.
        cursor.execute(f"SET LOCAL synchronous_commit TO off; {sql}" if soon else sql, values)
        while soon and cursor.nextset():
            pass
        rows: int = cursor.rowcount
        return rows


@contextmanager
def defer_disk_sync() -> Iterator[None]:
    """SQLite: what is written inside does not wait for the disk."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()
    own = connection.connection
    own.execute("PRAGMA synchronous=NORMAL")
    try:
        yield
    finally:
        own.execute("PRAGMA synchronous=FULL")

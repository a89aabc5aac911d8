"""manage.py purge: keeps the promise of how long answers are kept. Run it every day."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from content.public import purge_expired_rows
from core import throttle

from ...retention import deletion

# A clock that jumped ahead would make everything look old. After more days than these without a run it is asked twice.
MOST_DAYS = 14
STAMP = "purged"


def require_plausible_clock() -> None:
    """Raises CommandError when the last run seems long ago, once: whoever runs it again says that it is."""
    stamp, now = settings.DATA_DIR / STAMP, timezone.now()
    last = datetime.fromtimestamp(stamp.stat().st_mtime, UTC) if stamp.exists() else now
    stamp.touch()
    if now - last > timedelta(days=MOST_DAYS):
        raise CommandError(
            f"Nothing was deleted: by the clock of this machine ({now:%Y-%m-%d %H:%M} UTC) the last run was "
            f"{(now - last).days} days ago. If the clock is right, run it again; it will delete."
        )


class Command(BaseCommand):
    help = (
        "Delete saved checks whose time is over, with everything that belongs to them (a tombstone stays; a check that "
        "is held stays whole), open or put-aside checks that have ended, old mails, and readers' notes older than "
        "RETENTION_DAYS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        require_plausible_clock()
        done = deletion.purge_expired()
        notes = purge_expired_rows()
        throttle.purge_buckets()
        if not deletion.truncate_wal():
            # The next run, or the last connection that closes, does it.
            self.stderr.write("Somebody was reading: the log of the database still holds what was deleted. Run again.")
        if options["verbosity"]:
            self.stdout.write(
                f"{done['assessments']} checks, {done['unfinished']} open or put-aside checks that had ended, and "
                f"{notes} notes of readers were deleted."
            )
        if done["failed"]:
            raise CommandError(f"{done['failed']} checks whose time is over could not be deleted: see the log.")

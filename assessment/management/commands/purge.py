"""manage.py purge: keeps the promise of how long answers are kept. Run it every day."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from content.public import purge_expired_rows
from core import throttle

from ...retention import deletion

# A clock that jumped ahead would make everything look old. After more days than these without a run a person is asked.
MOST_DAYS = 14
logger = logging.getLogger(__name__)
STAMP = "purged"


def require_plausible_clock() -> None:
    """Raises CommandError when the last run seems long ago, until a person says --clock-is-right."""
    stamp, now = settings.DATA_DIR / STAMP, timezone.now()
    last = datetime.fromtimestamp(stamp.stat().st_mtime, UTC) if stamp.exists() else now
    if now - last > timedelta(days=MOST_DAYS):
        raise CommandError(
            f"Nothing was deleted: by the clock of this machine ({now:%Y-%m-%d %H:%M} UTC) the last run was "
            f"{(now - last).days} days ago. If the clock is right: manage.py purge --clock-is-right"
        )


class Command(BaseCommand):
    help = (
        "Delete saved checks whose time is over, with everything that belongs to them (a tombstone stays; a check that "
        "is held stays whole), open or put-aside checks that have ended, old mails, and readers' notes older than "
        "RETENTION_DAYS."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--clock-is-right", action="store_true", help="Delete although the last run seems long ago."
        )

    def handle(self, *args: Any, clock_is_right: bool, **options: Any) -> None:
        if not clock_is_right:
            try:
                require_plausible_clock()
            except CommandError as error:
                logger.error("%s", error)  # to ADMINS: no timer answers it
                raise
        (settings.DATA_DIR / STAMP).touch()
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

"""manage.py purge: keeps the promise of how long answers are kept. Run it every day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from content.public import purge_expired_rows
from core import throttle

from ...retention import deletion


class Command(BaseCommand):
    help = (
        "Delete saved checks whose time is over, with everything that belongs to them (a tombstone stays; a check that "
        "is held stays whole), open or put-aside checks that have ended, old mails, and readers' notes older than "
        "RETENTION_DAYS."
    )

    def handle(self, *args: Any, **options: Any) -> None:
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

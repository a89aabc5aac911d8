"""manage.py purge: keeps the promise of how long answers are kept. Run it every day."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.db import connection
from django.utils import timezone

from assessment import drafts
from assessment.models import Assessment
from content.doors import purge as purge_library


class Command(BaseCommand):
    help = (
        "Delete saved checks (with contact details and reviews) and readers' notes older than RETENTION_DAYS, and open "
        "or put-aside checks that have ended."
    )

    def handle(self, *args, **options):
        now = timezone.now()
        old = Assessment.objects.filter(finished_at__lt=now - timedelta(days=settings.RETENTION_DAYS))
        checks = old.count()
        old.delete()
        ended = drafts.purge() + Session.objects.filter(expire_date__lt=now).delete()[0]
        notes, _ = purge_library()
        if connection.vendor == "sqlite" and not connection.in_atomic_block:
            with connection.cursor() as cursor:
                # secure_delete has overwritten the rows; what the log still holds goes into the file, and the log away.
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if options["verbosity"]:
            self.stdout.write(f"{checks} checks and {ended} ended drafts were deleted, and {notes} notes of readers.")

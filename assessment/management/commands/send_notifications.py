"""manage.py send_notifications: tells staff by e-mail that something waits. Run it every few minutes."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...clinic import notifications


class Command(BaseCommand):
    help = "Make and send the mails to staff that are due. Safe to run twice at once, and after a crash."

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.EMAIL_HOST or settings.LOCAL):
            raise CommandError("There is no mail server: set EMAIL_HOST.")
        unwritten = notifications.write_due_mails()
        done = notifications.send_due_mails()
        if options["verbosity"] > 1 or done["sent"]:
            self.stdout.write(f"{done['sent']} mails were sent.")
        if unwritten:
            raise CommandError(f"{unwritten} of the four kinds of mails could not be made: see the log.")
        if done["failed"] or done["given_up"]:
            raise CommandError(
                f"{done['failed']} mails could not be sent now and are tried again; {done['given_up']} were given up."
            )

"""manage.py remind_editors: the weekly mail about overdue pages; run it every day or every week."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ... import reminders


class Command(BaseCommand):
    help = (
        "Mails those who look after pages whose review is overdue, once a week each. No mail when nothing is overdue."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sent = reminders.send_reminders()
        except reminders.RemindersError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{sent} mail{'' if sent == 1 else 's'} sent.")

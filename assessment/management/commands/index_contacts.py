"""manage.py index_contacts: makes contact details findable that were saved before, or under another SECRET_KEY."""

from typing import Any

from django.core.management.base import BaseCommand

from ...models import Contact
from ...privacy import contact_details


class Command(BaseCommand):
    help = "Renew the keyed hashes by which staff find a check by telephone number or e-mail address."

    def handle(self, *args: Any, verbosity: int, **options: Any) -> None:
        done = unreadable = 0
        for asked in Contact.objects.order_by("pk").iterator(chunk_size=500):
            details = asked.details()
            if details is None:
                unreadable += 1
                continue
            found = contact_details.build_search_keys(details)
            if found != {"telephone_key": asked.telephone_key, "email_key": asked.email_key}:
                done += Contact.objects.filter(pk=asked.pk, locked=asked.locked).update(**found)
        if verbosity:
            self.stdout.write(f"{done} contact details were indexed; {unreadable} are under another key.")

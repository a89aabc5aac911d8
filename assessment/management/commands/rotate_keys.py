"""manage.py rotate_keys: after a new key was put in front of CONTACT_KEYS, lock what older keys locked with it."""

from typing import Any

from cryptography.fernet import InvalidToken
from django.core.management.base import BaseCommand, CommandError

from ...models import Contact
from ...privacy import contact_details

BATCH = 200


class Command(BaseCommand):
    help = (
        "Lock every call-back detail with the newest of CONTACT_KEYS. What no key opens is counted and left as it is. "
        "It can be stopped and begun again, beside patients who write."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        if not contact_details.can_encrypt():
            raise CommandError("There is no key: set CONTACT_KEYS.")
        last, locked, unreadable = 0, 0, 0
        while rows := list(Contact.objects.filter(pk__gt=last).order_by("pk").values_list("pk", "locked")[:BATCH]):
            for pk, old in rows:
                try:
                    new = contact_details.build_cipher().rotate(old).decode()
                except InvalidToken:
                    unreadable += 1
                    continue
                # Only over what was read: what a patient wrote meanwhile has the newest key already.
                locked += Contact.objects.filter(pk=pk, locked=old).update(locked=new)
            last = rows[-1][0]
        self.stdout.write(f"{locked} call-back details are locked with the newest key.")
        if unreadable:
            raise CommandError(
                f"{unreadable} could not be opened with any of CONTACT_KEYS, and were left as they are. Take no key "
                "away: put the key that is missing back at the end of the list, then run this again."
            )

"""manage.py lost_phone NAME: when nobody is left who can take a lost phone away on the staff pages."""

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit

from ... import factors


class Command(BaseCommand):
    help = "Take the phone and the recovery codes of this account away; the next login sets up a new phone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="The user name.")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account {name!r}.")
        factors.forget_phone(user)
        audit.record_event(None, "reset", user=user.pk)
        self.stdout.write(f"{name} sets up a new phone at the next login.")

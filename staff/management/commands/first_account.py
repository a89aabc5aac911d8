"""manage.py first_account: somebody must be able to log in to a new site."""

import secrets
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand
from django.db import transaction

from ...given_passwords import mark_given_password

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


class Command(BaseCommand):
    help = "Create the first staff account if there is none, and print its password once. Does nothing otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(is_staff=True).exists():
            return
        password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
        with transaction.atomic():
            user = User.objects.create_superuser("admin", password=password)
            mark_given_password(user.pk)
        self.stdout.write(
            "A first staff account was created. This password is shown only now; you choose your own when you log in:"
        )
        self.stdout.write(f"  user name: admin\n  password:  {password}")

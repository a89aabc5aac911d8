"""manage.py backup FOLDER: a whole copy of the database while the site runs. Every night, and before an upgrade."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import backups


class Command(BaseCommand):
    help = (
        "Copy the whole database to FOLDER, checked and counted; locked when BACKUP_KEY is set. The oldest copies go."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--keep", type=int, default=14, help="How many copies stay in the folder (14).")

    def handle(self, *args: Any, folder: Path, keep: int, **options: Any) -> None:
        if keep < 1:
            raise CommandError("--keep must be 1 or more.")
        try:
            made = backups.make_backup(folder, keep)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            total = sum(backups.read_manifest(made)["rows"].values())
            self.stdout.write(f"{made}: {total} rows, {made.stat().st_size} bytes.")

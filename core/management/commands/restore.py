"""manage.py restore FILE: bring a copy back to a new place, or only prove that it can be (--verify)."""

import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import backups


class Command(BaseCommand):
    help = (
        "Restore a copy made by 'backup' to a place that is not there yet (a path for SQLite, a database name for "
        "PostgreSQL) and compare its rows. Nothing is ever overwritten: point the site to the new place afterwards."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        either = parser.add_mutually_exclusive_group(required=True)
        either.add_argument("--to", help="The new file, or the new database.")
        either.add_argument(
            "--verify", action="store_true", help="Restore to a place of its own, compare, take it away."
        )

    def handle(self, *args: Any, file: Path, to: str, verify: bool, **options: Any) -> None:
        try:
            if verify:
                to = f"restore_{secrets.token_hex(6)}"
                if backups.read_manifest(file)["database"] == "sqlite":
                    to = str(Path(settings.DATA_DIR) / f"{to}.sqlite3")
            rows = backups.restore_backup(file, to)
            if verify:
                backups.remove_restored(file, to)
        except (backups.BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        if options["verbosity"]:
            done = "can be restored" if verify else f"is restored to {to}"
            self.stdout.write(f"{file.name} {done}: {sum(rows.values())} rows in {len(rows)} tables, as in the copy.")

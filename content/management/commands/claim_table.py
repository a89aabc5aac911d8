"""manage.py claim_table [--check]: write docs/claims.csv, every claim of the starter articles with its source."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...starter import claims, loader

FILE = "docs/claims.csv"


class Command(BaseCommand):
    help = (
        f"Writes {FILE} from content/starter/articles: article, claim, source, address, and the day the source was "
        "read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is out of date")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        path = Path(settings.BASE_DIR) / FILE
        table = claims.format_claims_csv(loader.read_starter())
        if check:
            if not path.exists() or path.read_text(encoding="utf-8") != table:
                raise CommandError(f"{FILE} is out of date. Run: manage.py claim_table")
            return
        path.write_text(table, encoding="utf-8")
        self.stdout.write(f"{FILE} holds {loader.format_count(table.count(chr(10)) - 1, 'claim')}.")

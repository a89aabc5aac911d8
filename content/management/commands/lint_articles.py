"""manage.py lint_articles [--folder]: are the starter articles fit to be read? Exit status 1 if something is not."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...starter import lint, loader


class Command(BaseCommand):
    help = "Lints every article of content/starter/articles and prints them in figures, with what is to be put right."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--folder", default=loader.FOLDER, help="lint another folder than content/starter/articles")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        try:
            files = loader.read_starter(folder)
        except loader.StarterError as error:
            raise CommandError(f"The articles cannot be read. {error}") from error
        self.stdout.write(f"{'article':40}{'words':>7}{'grade':>7}{'sources':>9}{'figures':>9}")
        for row in lint.count_articles(files):
            self.stdout.write(f"{row.article:40}{row.words:7,}{row.grade:7}{row.sources:9}{row.figures:9}")
        found = list(lint.lint_articles(files))
        self.stdout.write("")
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            raise CommandError(f"{loader.format_count(len(found), 'thing')} to put right.")
        self.stdout.write(f"{loader.format_count(len(files.files), 'article')}, nothing to put right.")

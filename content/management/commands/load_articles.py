"""manage.py load_articles [--if-empty]: bring the starter articles into the database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from ...models import Article
from ...starter import loader
from ...web import search


class Command(BaseCommand):
    help = (
        "Loads the articles of content/starter/articles. Runs as often as you like; what an editor changed stays as "
        "it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the site has an article")
        parser.add_argument("--folder", default=loader.FOLDER, help="read another folder than content/starter/articles")

    def handle(self, *args: Any, if_empty: bool, folder: str, **options: Any) -> None:
        if if_empty and Article.objects.exists():
            return
        try:
            files = loader.read_starter(folder)
            try:
                report = loader.load_starter(files)
            except IntegrityError:
                # Two processes started at once and the other one was first: its rows are there now.
                report = loader.load_starter(files)
        except loader.StarterError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        # The first visitor who searches need not wait for it.
        search.update_index()
        for line in report.describe_load():
            self.stdout.write(line)

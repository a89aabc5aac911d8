"""manage.py load_library [--if-empty]: bring the starter library into the database."""

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from content import library, search
from content.models import Article


class Command(BaseCommand):
    help = "Loads the articles of content/library. Runs as often as you like; what an editor changed stays as it is."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing if the site has an article")
        parser.add_argument("--folder", default=library.FOLDER, help="read another folder than content/library")

    def handle(self, *, if_empty, folder, **options):
        if if_empty and Article.objects.exists():
            return
        try:
            files = library.read(folder)
            try:
                report = library.load(files)
            except IntegrityError:
                # Two processes started at once and the other one was first: its rows are there now.
                report = library.load(files)
        except library.LibraryError as error:
            raise CommandError(f"Nothing was loaded. {error}") from error
        # The first visitor who searches need not wait for it.
        search.update()
        for line in report.lines():
            self.stdout.write(line)

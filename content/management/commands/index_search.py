"""manage.py index_search: write the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand

from ...web import search


class Command(BaseCommand):
    help = (
        "Writes the search index anew from what patients can read now. Search keeps it true by itself; this is for "
        "after an upgrade that changes what is stored in it."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        written, _ = search.update_index(rebuild=True)
        self.stdout.write(f"The search index holds {written} articles.")

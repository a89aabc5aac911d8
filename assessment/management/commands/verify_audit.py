"""manage.py verify_audit: whether the audit is whole, and whether what is stored is what it says."""

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit

from ...clinic import reconcile
from ...models import triggers


class Command(BaseCommand):
    help = (
        "Walk the chain of audit events, then look at each stored check, note, change of level, call-back wish, hold "
        "and deletion: was one changed, moved, added or removed by hand? Note the line it prints outside this machine, "
        "and give it back later with --noted."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--noted", default="", metavar="NUMBER:HASH", help="A head that was printed earlier.")

    def handle(self, *args: Any, noted: str, verbosity: int, **options: Any) -> None:
        try:
            head = audit.verify_chain(noted)
        except audit.BrokenChainError as broken:
            # What the events say proves nothing then.
            raise CommandError(f"The audit is not whole. {broken}", returncode=1) from broken
        except ValueError as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        found = 0
        for sentence in self.find_faults():
            self.stderr.write(sentence)
            found += 1
        if found:
            raise CommandError(f"What is stored is not what the audit says: {found} found.", returncode=1)
        if verbosity:
            self.stdout.write(f"{head.number} events, whole. {head}")

    @staticmethod
    def find_faults() -> Iterator[str]:
        if dropped := triggers.list_dropped_triggers():
            yield f"The database has lost triggers: {', '.join(dropped)}. Run manage.py migrate."
        yield from reconcile.find_discrepancies()

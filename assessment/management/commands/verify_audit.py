"""manage.py verify_audit: whether the audit is whole, and whether what is stored is what it says."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import audit, triggers
from core.watch import vouching, witness

from ...clinic import reconcile


class Command(BaseCommand):
    help = (
        "Walk the chain of audit events and hold it against heads that were published earlier; then look at each "
        "stored check, note, change of level, call-back wish, hold and deletion, and at accounts, roles, articles and "
        "settings: was one changed, moved, added or removed past the site? Exit code 0: all is whole; 1: something is "
        "not, and is named; 2: it could not be looked at."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--witness",
            dest="file",
            type=Path,
            metavar="FILE",
            help="A file of heads (default: that of AUDIT_WITNESS).",
        )
        parser.add_argument(
            "--head", "--noted", dest="heads", action="append", default=[], metavar="HEAD",
            help="A head from a mail, or one that this command printed, in quotes. May be given several times.",
        )  # fmt: skip
        parser.add_argument(
            "--accept", action="store_true",
            help="If the chain is whole: from now on accounts, roles, articles and settings are right as they are.",
        )  # fmt: skip

    def handle(
        self, *args: Any, file: Path | None, heads: list[str], accept: bool, verbosity: int, **options: Any
    ) -> None:
        head = self.verify_chain(file, heads)
        accepted = vouching.accept_changes() if accept else []
        for difference in accepted:
            self.stdout.write(f"Accepted. {difference}")
        found = 0
        for sentence in self.find_faults():
            self.stderr.write(sentence)
            found += 1
        if found:
            number = "1 difference" if found == 1 else f"{found} differences"
            raise CommandError(f"What is stored is not what the audit says: {number}.", returncode=1)
        if verbosity:
            head = self.verify_chain(None, []) if accepted else head
            self.stdout.write(
                f"{head.number} event{'' if head.number == 1 else 's'}, whole. {head.number}:{head.digest}"
            )

    @staticmethod
    def verify_chain(file: Path | None, texts: list[str]) -> audit.Head:
        """The head, if the chain is whole and holds these heads and those of the file."""
        file = file or (Path(settings.AUDIT_WITNESS) if settings.AUDIT_WITNESS else None)
        try:
            # Before the chain: a head that is published meanwhile is not missed in it.
            published = [witness.parse_head(text) for text in texts] + (witness.read_heads(file) if file else [])
        except (OSError, ValueError) as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        try:
            head = audit.verify_chain()
        except audit.BrokenChainError as broken:
            # What the events say proves nothing then.
            raise CommandError(f"The audit is not whole. {broken}", returncode=1) from broken
        if contradictions := list(witness.find_contradictions(published)):
            raise CommandError(f"The audit is not whole. {' '.join(contradictions)}", returncode=1)
        return head

    @staticmethod
    def find_faults() -> Iterator[str]:
        if dropped := triggers.find_missing_triggers(triggers.REGISTERED):
            number = "a trigger" if len(dropped) == 1 else "triggers"
            yield f"The database has lost {number}: {', '.join(dropped)}. Run manage.py migrate."
        yield from reconcile.find_discrepancies()
        yield from map(str, vouching.find_differences())

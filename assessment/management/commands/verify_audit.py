"""manage.py verify_audit: whether the trail of what staff did is whole."""

from django.core.management.base import BaseCommand, CommandError

from assessment import audit, guards, workflow


class Command(BaseCommand):
    help = (
        "Walk the chain of audit events and name the first one that was changed, moved, added or removed. Note the "
        "line it prints outside this machine, and give it back later with --noted."
    )

    def add_arguments(self, parser):
        parser.add_argument("--noted", default="", metavar="NUMBER:HASH", help="A head that was printed earlier.")

    def handle(self, *args, noted: str, verbosity: int, **options):
        try:
            head = audit.verify(noted)
        except audit.BrokenError as broken:
            raise CommandError(f"The audit is not whole. {broken}", returncode=1) from broken
        except ValueError as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        if dropped := guards.missing():
            raise CommandError(f"The database has lost guards: {', '.join(dropped)}. Run manage.py migrate.")
        if changed := workflow.unexplained():
            some = f"{', '.join(changed[:10])}{' and others' if len(changed) > 10 else ''}"
            raise CommandError(f"What staff did with these checks is not what the audit says: {some}.", returncode=1)
        if verbosity:
            self.stdout.write(f"{head.number - head.first + 1} events, whole. {head}")

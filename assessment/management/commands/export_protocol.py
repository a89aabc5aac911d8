"""manage.py export_protocol: the protocol as files under docs/clinical-safety, for clinicians and other programs."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import system_checks
from ...protocol import export
from ...protocol.back_pain import PROTOCOL


class Command(BaseCommand):
    help = "Write decision table, flow diagram, FHIR Questionnaire and version list to docs/clinical-safety."
    requires_system_checks = ()  # it refuses findings by itself

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail if a file is stale.")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        findings = system_checks.prove_protocol().findings
        if findings:
            lines = "\n".join(map(str, findings))
            raise CommandError(f"A protocol with findings is not exported:\n{lines}")
        try:
            files = export.make_files(PROTOCOL, system_checks.load_all_words(), self.read_exported(export.VERSIONS))
        except export.VersionError as error:
            raise CommandError(str(error)) from error
        except ValueError as error:
            raise CommandError(f"{system_checks.FOLDER / export.VERSIONS} cannot be read: {error}") from error
        stale = [name for name, text in files.items() if self.read_exported(name) != text]
        if check:
            if stale:
                raise CommandError(
                    f"Stale in {system_checks.FOLDER}: {', '.join(stale)}. Run: manage.py export_protocol"
                )
            self.stdout.write("The exported files are current.")
            return
        system_checks.FOLDER.mkdir(parents=True, exist_ok=True)
        for name in stale:
            (system_checks.FOLDER / name).write_text(files[name], encoding="utf-8", newline="\n")
            self.stdout.write(f"Wrote {system_checks.FOLDER / name}")
        if not stale:
            self.stdout.write("The exported files are current.")

    @staticmethod
    def read_exported(name: str) -> str:
        """The present file; nothing if there is none."""
        file = system_checks.FOLDER / name
        return file.read_text(encoding="utf-8") if file.exists() else ""

"""manage.py verify_protocol: the proofs over the whole protocol, and what does not hold."""

from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ... import system_checks
from ...protocol.back_pain import PROTOCOL
from ...protocol.model import Answers


class Command(BaseCommand):
    help = "Prove what must hold of the whole protocol. Exits with 1 and the findings if something does not."
    requires_system_checks = ()  # the system check is the same proof

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--witnesses", action="store_true", help="A walk for each rule and each option, too.")

    def handle(self, *args: Any, witnesses: bool, **options: Any) -> None:
        report = system_checks.prove_protocol()
        self.stdout.write(f"{PROTOCOL.code} {PROTOCOL.version}")
        for language, digest in system_checks.compute_digests().items():
            self.stdout.write(f"  {language}: {digest}")
        self.write_part("Proven" if not report.findings else "Tried", report.proofs)
        self.write_part("Statistics", [f"{name}: {value}" for name, value in report.statistics.items()])
        self.write_part("Sources that nobody has seen yet", report.unverified or ["none"])
        if witnesses:
            self.write_part(
                "Walks", [f"{name}: {walk_in_words(answers)}" for name, answers in report.witnesses.items()]
            )
        if report.findings:
            lines = "\n".join(map(str, report.findings))
            raise CommandError(f"{len(report.findings)} findings:\n{lines}")
        self.stdout.write("\nNo findings.")

    def write_part(self, heading: str, lines: Iterable[str]) -> None:
        self.stdout.write(f"\n{heading}")
        for line in lines:
            self.stdout.write(f"- {line}")


def walk_in_words(answers: Answers) -> str:
    """A walk on one line: now=none who=me ..."""
    return " ".join(f"{code}={'+'.join(options)}" for code, options in answers.items())

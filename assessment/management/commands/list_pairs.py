"""manage.py list_pairs: which answers can come together in one check, and what then comes of it."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...patient.records import read_placeholders
from ...protocol import advice, judging, wording
from ...protocol.back_pain import PROTOCOL
from ...protocol.engine import assess_answers, find_forbidden_acts, replay_answers
from ...protocol.model import Level
from ...protocol.pairs import Ending, Table
from ...protocol.terms import Term

HEADINGS = ("answers", "all that is said", "ages", "level", "rules met", "heading", "advice")
EMERGENCIES = {rule.code for rule in PROTOCOL.rules if rule.level == Level.EMERGENCY}


class Command(BaseCommand):
    help = (
        "List every pair of answers that can come together, and every three risk factors: as CSV, with level, rules "
        "met and advice at each age (from urgent on, its heading). The counts go to standard error."
    )
    requires_system_checks = ()  # it is there to look at a protocol that is not right yet

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--low", action="store_true", help="Only those that end in self-care or a visit soon.")
        parser.add_argument("--sheets", metavar="FOLDER", help="Write sheets for blind readers, and the key to them.")
        parser.add_argument("--seed", type=int, default=1, help="Another seed, another order of the sheets.")
        parser.add_argument(
            "--merge",
            nargs=3,
            metavar=("FOLDER", "FIRST", "SECOND"),
            help="Merge what two readers answered to the sheets in this folder.",
        )

    def handle(
        self, *args: Any, low: bool, sheets: str | None, seed: int, merge: list[str] | None, **options: Any
    ) -> None:
        if merge:
            self.merge_readings(*map(Path, merge))
        elif sheets:
            lines, decoys = judging.write_sheets(Table(PROTOCOL), wording.load_words(), Path(sheets), seed)
            self.stdout.write(f"{lines} lines, {decoys} of them decoys.")
        else:
            self.write_table(Level.SOON if low else Level.EMERGENCY)

    def write_table(self, highest: Level) -> None:
        table, counts = Table(PROTOCOL), Counter[str]()
        adviser = Adviser(table)
        writer = csv.writer(self.stdout)
        writer.writerow(HEADINGS)
        for term in table.list_terms(highest):
            kind = "pairs" if len(term) == 2 else "triples"
            rows: dict[tuple[Term, Ending, tuple[str, str]], list[str]] = {}
            for age, (case, ending) in table.find_cases(term, highest).items():
                rows.setdefault((case, ending, adviser.advise(case, age, ending)), []).append(age)
                counts[f"{kind} at an age, {ending.level.code}"] += 1
            counts[kind] += bool(rows)
            for (case, ending, told), ages in rows.items():
                writer.writerow(
                    (
                        judging.write_case(term),
                        judging.write_case(case),
                        " ".join(ages) if len(ages) < len(table.bands) else "any",
                        ending.level.code,
                        " ".join(f"{code}?" if unsure else code for code, unsure in ending.rules),
                        *told,
                    )
                )
        for name, number in sorted(counts.items()):
            self.stderr.write(f"{name}: {number}")

    def merge_readings(self, folder: Path, first: Path, second: Path) -> None:
        try:
            readings = judging.merge_readings(folder / "key.csv", first, second)
        except (OSError, judging.JudgementError) as error:
            raise CommandError(str(error)) from error
        with (folder / "merged.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["case", "age", "level", "decoy", "first", "second", "least", "most", "outside"])
            for item in readings:
                said = ("-".join(map(str, given)) for given in (item.first, item.second))
                writer.writerow(
                    [item.case, item.age, item.level, int(item.decoy), *said, *item.bounds, int(item.outside)]
                )
        (folder / "groups.toml").write_text(judging.write_groups(readings), encoding="utf-8")
        for line in judging.summarize_readings(readings):
            self.stdout.write(line)


class Adviser:
    """What a patient is told: the heading and, below urgent, each line of what to do."""

    def __init__(self, table: Table) -> None:
        self.table, self.words, self.places = table, wording.load_words(), read_placeholders()
        self.kept: dict[Any, tuple[str, str]] = {}
        self.seen: dict[tuple[Term, str], tuple[str, str]] = {}

    def advise(self, case: Term, age: str, ending: Ending) -> tuple[str, str]:
        if ending.level >= Level.URGENT:
            # The heading follows from the emergencies alone.
            key: Any = ending.level, tuple(rule for rule in ending.rules if rule[0] in EMERGENCIES)
        elif (case, age) in self.seen:
            return self.seen[case, age]
        else:
            answers = replay_answers(PROTOCOL, self.table.complete_case(case, age)).answers
            key = ending, find_forbidden_acts(PROTOCOL, answers)
        if key not in self.kept:
            outcome = assess_answers(PROTOCOL, self.table.complete_case(case, age))
            result = advice.compose_result(PROTOCOL, outcome, self.words, self.places)
            self.kept[key] = result["heading"], " | ".join(result["do"]) if ending.level < Level.URGENT else ""
        if ending.level < Level.URGENT:
            self.seen[case, age] = self.kept[key]
        return self.kept[key]

"""manage.py replay_assessments: what the present protocol would say to the checks that are already saved.

A clinic's question before every release. Nothing is changed: what a patient read stays what the patient read. With
--raise, after an upgrade: the checks whose answers ask for more now are put before staff (clinic/raises.py).
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypedDict

from django.core.management.base import BaseCommand, CommandError, CommandParser, OutputWrapper
from django.db.models import QuerySet
from django.utils import timezone

from ...clinic import raises
from ...models import Assessment
from ...protocol import wording
from ...protocol.back_pain import PROTOCOL
from ...protocol.engine import AnswerError, assess_answers, validate_answer
from ...protocol.model import Level


class MetRule(TypedDict):
    """A rule that was met, and the level it asked for."""

    code: str
    level: str
    unsure: bool


# A check that gets another verdict now. The functional form: "from" is a word of Python.
Change = TypedDict("Change", {"reference": str, "from": str, "to": str, "gained": list[MetRule], "lost": list[MetRule]})


# What is told of checks: it gets another verdict; nobody can say; its answers, as they were given, ask for more.
KINDS = ("changed", "cannot_be_compared", "more")
# Without the result pages, which are most of a record; read as they come, so that memory does not grow.
NEEDED = ("reference", "level", "variant", "protocol", "answers", "rules", "is_sample")
PAGE = 500


class NotComparableError(Exception):
    """The present protocol cannot judge these stored answers; the message says why."""


@dataclass(frozen=True)
class Judgement:
    """A level, which variant of an emergency, and the rules met as {code: (level asked for, whether unsure)}."""

    level: Level
    variant: str
    rules: dict[str, tuple[str, bool]]

    def __str__(self) -> str:
        return f"{self.level.code} ({self.variant})" if self.variant else self.level.code

    def list_rules_beyond(self, other: "Judgement") -> list[MetRule]:
        """The rules met here and not there, or there for another level: [{"code", "level", "unsure"}]."""
        return [
            {"code": code, "level": level, "unsure": unsure}
            for code, (level, unsure) in self.rules.items()
            if other.rules.get(code) != (level, unsure)
        ]


def read_stored_verdict(record: Assessment) -> Judgement:
    """What was decided when the check was finished."""
    rules = {rule["code"]: (rule["level"], rule["unsure"]) for rule in record.rules}
    return Judgement(Level(record.level), record.variant, rules)


def reach_present_verdict(record: Assessment) -> Judgement:
    """What the present protocol decides on the same answers. Raises NotComparableError."""
    if record.protocol != PROTOCOL.code:
        raise NotComparableError(f"it followed another protocol, {record.protocol!r}")
    answers = record.chosen_codes
    for code, chosen in answers.items():
        question = PROTOCOL.question(code)
        if question is None:
            raise NotComparableError(f"unknown question {code!r}")
        try:
            validate_answer(question, chosen)
        except AnswerError as error:
            if error.code == "unknown":
                named = ", ".join(map(repr, error.options))
                raise NotComparableError(f"unknown option {named} of question {code!r}") from error
            raise NotComparableError(f"the answer to {code!r} is no longer allowed ({error.code})") from error
    outcome = assess_answers(PROTOCOL, answers)
    if outcome.level is None:
        following = outcome.path.next.code if outcome.path.next else ""
        raise NotComparableError(f"question {following!r} would be open")
    rules = {item.rule.code: (item.level.code, item.unsure) for item in outcome.fired}
    return Judgement(outcome.level, outcome.variant, rules)


def rules_in_words(rules: list[MetRule]) -> str:
    return ", ".join(f"{rule['code']} ({rule['level']}{', not sure' if rule['unsure'] else ''})" for rule in rules)


def change_in_words(change: Change) -> str:
    """One changed record, for people."""
    parts = [f"{change['from']} -> {change['to']}"]
    for word, rules in (("gained", change["gained"]), ("lost", change["lost"])):
        if rules:
            parts.append(f"{word} {rules_in_words(rules)}")
    return f"{change['reference']}: {'; '.join(parts)}"


class Report:
    """Counts what is told, and prints it as it comes; kept is only what JSON has to hold."""

    def __init__(self, output: OutputWrapper, keep: bool) -> None:
        self.output, self.keep = output, keep
        self.numbers: Counter[str] = Counter()
        self.found: dict[str, list[object]] = {kind: [] for kind in KINDS}

    def tell(self, kind: str, item: object, words: str) -> None:
        self.numbers[kind] += 1
        if self.keep:
            self.found[kind].append(item)
        else:
            self.output.write(words)


def read_in_pages(found: QuerySet[Assessment]) -> Iterator[Assessment]:
    """Each once, with its review. No query is open while a check is raised: what it reads would be out of date, and
    SQLite writes nothing then."""
    last = 0
    found = found.select_related("review").only(*NEEDED, "review__level").order_by("pk")
    while page := list(found.filter(pk__gt=last)[:PAGE]):
        yield from page
        last = page[-1].pk


def find_more(found: QuerySet[Assessment], report: Report, put: bool) -> int:
    """Tell the checks whose answers ask for more now; put them before staff, if that is wished. Returns of how many
    staff did not know."""
    raised = 0
    for record in read_in_pages(found):
        if fired := raises.find_rules_for_more(record):
            rules: list[MetRule] = [
                {"code": item.rule.code, "level": item.level.code, "unsure": item.unsure} for item in fired
            ]
            levels = {"from": Level(record.level).code, "to": fired[0].level.code}
            words = f"{record.reference}: its answers ask for {levels['to']} now: {rules_in_words(rules)}"
            report.tell("more", {"reference": record.reference, **levels, "rules": rules}, words)
            raised += bool(put and raises.raise_assessment(record, fired))
    return raised


def parse_start_of_day(day: str) -> datetime:
    """The start of this day (YYYY-MM-DD) where the clinic is. Raises CommandError."""
    try:
        start = timezone.make_aware(datetime.combine(date.fromisoformat(day), time.min))
        return start.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise CommandError(f"--since {day!r} is not a date such as 2026-01-31.", returncode=2) from error


class Command(BaseCommand):
    help = (
        "Tell what would change if the saved checks since a date were judged by the present protocol. No check is "
        "changed. With --raise, those whose answers ask for more now are put before staff, each once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", required=True, metavar="YYYY-MM-DD", help="Checks finished on this day or later."
        )
        parser.add_argument("--json", action="store_true", help="Everything, as JSON.")
        parser.add_argument(
            "--raise", action="store_true", dest="put", help="Put the checks that ask for more now into the queue."
        )
        parser.add_argument("--samples", action="store_true", help="Sample checks too.")

    def handle(self, *args: Any, since: str, json: bool, put: bool, samples: bool, **options: Any) -> None:
        found = Assessment.objects.filter(finished_at__gte=parse_start_of_day(since))
        if not samples:
            found = found.filter(is_sample=False)
        levels: Counter[tuple[Level, Level]] = Counter()
        report = Report(self.stdout, keep=json)
        digest = wording.digest_protocol(PROTOCOL, wording.load_words())
        if not json:
            self.stdout.write(f"Checks since {since}, judged by {PROTOCOL.code} {PROTOCOL.version} ({digest[:12]})")
        for record in found.order_by("pk").only(*NEEDED).iterator(chunk_size=PAGE):
            before = read_stored_verdict(record)
            try:
                after = reach_present_verdict(record)
            except NotComparableError as why:
                item = {"reference": record.reference, "why": str(why)}
                report.tell("cannot_be_compared", item, f"{record.reference}: cannot be compared: {why}")
                continue
            levels[before.level, after.level] += 1
            if after != before:
                change: Change = {
                    "reference": record.reference,
                    "from": str(before),
                    "to": str(after),
                    "gained": after.list_rules_beyond(before),
                    "lost": before.list_rules_beyond(after),
                }
                report.tell("changed", change, change_in_words(change))
        raised = find_more(found, report, put)
        changed, refused, more = (report.numbers[kind] for kind in KINDS)
        counts = [
            {"from": old.code, "to": new.code, "count": levels[old, new]} for old, new in sorted(levels, reverse=True)
        ]
        if json:
            protocol = {"code": PROTOCOL.code, "version": PROTOCOL.version, "digest": digest}
            whole = {"since": since, "samples": samples, "protocol": protocol, "checks": levels.total() + refused}
            self.stdout.write(dump_json({**whole, "levels": counts, **report.found, "raised": raised}))
            return
        self.stdout.write("\nOld level -> new level: checks")
        for count in counts:
            self.stdout.write(f"{count['from']:>10} -> {count['to']:<10} {count['count']:>7}")
        self.stdout.write(
            f"\n{levels.total() + refused} checks: {levels.total() - changed} unchanged, "
            f"{changed} changed, {refused} cannot be compared. No record was changed."
        )
        self.stdout.write(
            f"{more} checks whose answers ask for more now, {raised} of them put before staff by this run."
        )


def dump_json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False)

"""manage.py sample_checks: something to look at on the staff pages."""

import random
from datetime import timedelta

from django.core.management.base import BaseCommand
from django.utils import timezone

from assessment import records
from assessment.checks import Check
from assessment.models import Assessment
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import is_asked, replay


class Command(BaseCommand):
    help = "Add plausible finished checks, each marked as a sample; --remove takes all samples away."

    def add_arguments(self, parser):
        parser.add_argument("--count", type=int, default=50)
        parser.add_argument("--seed", type=int, help="Repeat an earlier set of samples.")
        parser.add_argument("--remove", action="store_true")

    def handle(self, *args, count, seed, remove, **options):
        if remove:
            found = Assessment.objects.filter(is_sample=True)
            number = found.count()
            found.delete()
            self.stdout.write(f"{number} sample checks were removed.")
            return
        chance = random.Random(seed)  # noqa: S311  samples, not secrets
        now = timezone.now()
        for _ in range(count):
            finished = now - timedelta(minutes=chance.randint(2, 4 * 24 * 60))
            check = Check(
                answers=walk(chance), started=(finished - timedelta(minutes=chance.randint(2, 9))).isoformat()
            )
            record = records.draft(check)
            record.reference, record.is_sample, record.finished_at = records.new_reference(), True, finished
            record.save()
        self.stdout.write(f"{count} sample checks were added, marked as samples. 'make demo-remove' takes them away.")


def walk(chance: random.Random) -> dict[str, list[str]]:
    """Answers of a plausible patient: mostly nothing, one or two things in one person out of two."""
    answers: dict[str, list[str]] = {}
    troubles = chance.choice([0, 0, 1, 1, 2])
    signs = [question.code for question in PROTOCOL.questions if question.many and question.code != "where"]
    troubled = set(chance.sample(signs, troubles))
    ages = ["13_15", "16_17", "18_49", "18_49", "18_49", "18_49", "50_59", "60_64", "65_74", "75_plus"]
    usual = {
        "who": ["me", "me", "me", "other"],
        "age": ages,
        "where": ["lower_left", "lower_right", "lower_left", "middle_left", "buttock_right"],
        "start": ["movement", "movement", "movement", "gradual", "gradual", "effort", "fall"],
        "duration": ["under_2_weeks", "under_2_weeks", "under_2_weeks", "2_6_weeks", "6_12_weeks", "3_months"],
        "trend": ["better", "better", "same", "worse"],
    }
    for question in PROTOCOL.questions:
        if not is_asked(question, replay(PROTOCOL, answers).answers):
            continue
        if question.code in usual:
            chosen = chance.choice(usual[question.code])
        elif question.many and question.code not in troubled:
            chosen = "none"
        else:
            chosen = chance.choice(question.codes("plain"))
        answers[question.code] = [chosen]
        if replay(PROTOCOL, answers).stopped:
            break
    return answers

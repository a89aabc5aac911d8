"""manage.py sample_checks: something to look at on the staff pages."""

import random
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandParser
from django.db import models
from django.utils import timezone

from core import audit

from ...clinic import review_actions
from ...models import Assessment, DayCount, Review
from ...models.review import ClosingReason
from ...patient import callbacks, records
from ...patient.session import Check
from ...privacy import consent, contact_details
from ...protocol.back_pain import PROTOCOL
from ...protocol.engine import is_asked, replay_answers
from ...protocol.model import Level

# Who worked on the samples. Nobody can sign in as one of them.
STAFF = ("sample-nurse", "sample-doctor")


class Command(BaseCommand):
    help = "Add plausible checks, new, under review and closed, each marked as a sample; --remove takes them away."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--count", type=int, default=50)
        parser.add_argument("--seed", type=int, help="Repeat an earlier set of samples.")
        parser.add_argument("--remove", action="store_true")

    def handle(self, *args: Any, count: int, seed: int | None, remove: bool, **options: Any) -> None:
        # Samples come and go on days that are over: what was counted of those days is no longer so.
        DayCount.objects.all().delete()
        if remove:
            found = Assessment.objects.filter(is_sample=True)
            number = found.count()
            found.delete()
            get_user_model().objects.filter(username__in=STAFF, is_active=False).delete()
            self.stdout.write(f"{number} sample checks were removed.")
            return
        chance = random.Random(seed)  # noqa: S311  samples, not secrets
        staff = [
            get_user_model().objects.get_or_create(username=name, defaults={"is_active": False})[0] for name in STAFF
        ]
        for number in range(count):
            # Three of five came in the last day and are open; the others are older, and answered.
            is_open = number % 5 < 3
            record = create_sample(chance, 26 if is_open else 24 * 25, number)
            (begin_review if is_open else finish_review)(chance, record, staff)
        self.stdout.write(f"{count} sample checks were added, marked as samples. 'make demo-remove' takes them away.")


def create_sample(chance: random.Random, hours: int, number: int) -> Assessment:
    """A check that came in at some time in these last hours."""
    finished = timezone.now() - timedelta(minutes=chance.randint(2, hours * 60))
    check = Check(
        answers=draw_answers(chance), started=(finished - timedelta(minutes=chance.randint(2, 9))).isoformat()
    )
    record = records.build_assessment(check)
    record.reference, record.is_sample, record.finished_at = records.make_reference(), True, finished
    record.save()
    if record.level != Level.EMERGENCY and contact_details.can_encrypt() and chance.random() < 0.4:
        details = {"name": f"Sample patient {number + 1}", "telephone": f"555 0100 {number:03}", "email": ""}
        agreed = {**consent.build_consent("contact"), "consent_at": finished}
        callbacks.save_callback(record, details, agreed)
    return record


def begin_review(chance: random.Random, record: Assessment, staff: list[User]) -> None:
    """Most are new; some are with somebody, some were answered and wait to be closed."""
    who = chance.choice(staff)
    stage = chance.choice(["new", "new", "new", "new", "taken", "taken", "answered"])
    if stage != "new":
        review_actions.claim_review(who, record, 1)
        audit.record_event(who, "view", record)
    if stage == "answered":
        review_actions.mark_contacted(who, record, 2, "Called back. A visit is agreed; to be closed when it is booked.")
    elif stage == "taken" and record.level == Level.EMERGENCY:
        review_actions.override_level(
            who, record, 2, Level.URGENT, "Spoke with the patient: seen by a doctor this morning."
        )


def finish_review(chance: random.Random, record: Assessment, staff: list[User]) -> None:
    """Answered and closed some time after it came, now and then with another level."""
    who, other = chance.sample(staff, 2)
    version = review_actions.claim_review(who, record, 1).version
    audit.record_event(who, "view", record)
    if chance.random() < 0.2:
        to = record.level + 1 if record.level < Level.EMERGENCY else Level.URGENT
        if review_actions.override_level(who, record, version, to, "Told us more on the telephone.").needs_second:
            audit.record_event(other, "view", record)
            review_actions.decide_override(other, record, version + 1, True)
            version += 1
        version += 1
    review_actions.close_review(
        who, record, version, chance.choice([ClosingReason.ADVISED, ClosingReason.BOOKED]), "Spoke with the patient."
    )
    minutes = chance.randint(10, {3: 50, 2: 300, 1: 2000, 0: 4000}[record.level])
    at = min(record.finished_at + timedelta(minutes=minutes), timezone.now())
    # As if it had been done then.
    models.QuerySet(Review).filter(pk=record.pk).update(reviewed_at=at, closed_at=at, minutes=minutes)


def draw_answers(chance: random.Random) -> dict[str, list[str]]:
    """Answers of a plausible patient: mostly nothing, one or two things in one person out of two."""
    answers: dict[str, list[str]] = {}
    troubles = chance.choice([0, 0, 1, 1, 2])
    signs = [question.code for question in PROTOCOL.questions if question.many and question.code != "where"]
    troubled = set(chance.sample(signs, troubles))
    ages = ["13_15", "16_17", "18_49", "18_49", "18_49", "18_49", "50_59", "60_64", "65_74", "75_plus"]
    usual = {
        "age": ages,
        "where": ["lower_left", "lower_right", "lower_left", "middle_left", "buttock_right"],
        "start": ["movement", "movement", "movement", "gradual", "gradual", "effort", "fall"],
        "duration": ["under_2_weeks", "under_2_weeks", "under_2_weeks", "2_6_weeks", "6_12_weeks", "3_months"],
        "trend": ["better", "better", "same", "worse"],
    }
    for question in PROTOCOL.questions:
        if not is_asked(question, replay_answers(PROTOCOL, answers).answers):
            continue
        if question.code in usual:
            chosen = chance.choice(usual[question.code])
        elif question.many and question.code not in troubled:
            chosen = "none"
        else:
            chosen = chance.choice(question.codes("plain"))
        answers[question.code] = [chosen]
        if replay_answers(PROTOCOL, answers).stopped:
            break
    return answers

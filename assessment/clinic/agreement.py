"""What staff made of the level that the check gave: over the last JUDGED checks that somebody has judged.

Judged is a check that is closed, that one of the staff had opened, and that was not closed because nobody could be
reached or because it was a second one of the same patient. Raised: the check asked for less than staff did, it missed
something. Lowered: it asked for too much.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

from core.audit import AuditEvent

from ..models import Assessment, Override
from ..models.review import ClosingReason
from ..protocol.model import Level
from ..protocol.wording import load_words

JUDGED = 500
# Nobody looked at whether the level was right.
UNJUDGED = (ClosingReason.UNREACHED, ClosingReason.DUPLICATE, ClosingReason.EARLIER)
KEPT, RAISED, LOWERED = "kept", "raised", "lowered"


@dataclass(frozen=True)
class Agreement:
    """How staff judged the checks that one rule decided, or all (code ""). low, high: 95 % interval of the share kept,
    in percent."""

    code: str
    kept: int
    raised: int
    lowered: int

    @property
    def decided(self) -> int:
        return self.kept + self.raised + self.lowered

    @property
    def share(self) -> int | None:
        return round(100 * self.kept / self.decided) if self.decided else None

    @property
    def low(self) -> int:
        return round(100 * compute_wilson_interval(self.kept, self.decided)[0])

    @property
    def high(self) -> int:
        return round(100 * compute_wilson_interval(self.kept, self.decided)[1])

    @property
    def words(self) -> str:
        """The rule as patients read it; its code, where the rules have it no more."""
        return str(load_words()["rules"].get(self.code, {}).get("reason", self.code))


class JudgedCheck(NamedTuple):
    """A check that staff judged: rules are those that asked for its own level."""

    pk: int
    level: int
    final: int
    rules: frozenset[str]

    @property
    def change(self) -> str:
        return KEPT if self.final == self.level else RAISED if self.final > self.level else LOWERED


def compute_wilson_interval(hits: int, number: int, confidence: float = 0.95) -> tuple[float, float]:
    """Wilson's score interval of a share, hits of number: (low, high), both 0 to 1; (0, 1) where nothing was counted.

    Right for few cases and for shares near 0 and 1, where the usual one leaves 0 to 1: Wilson, J Am Stat Assoc 1927;
    22: 209-212.
    """
    if not number:
        return 0.0, 1.0
    z, share = NormalDist().inv_cdf((1 + confidence) / 2), hits / number
    middle = share + z * z / (2 * number)
    half = z * sqrt(share * (1 - share) / number + z * z / (4 * number * number))
    whole = 1 + z * z / number
    # At the ends it is 0 or 1 itself, which no float quite hits.
    return (0.0 if hits == 0 else (middle - half) / whole, 1.0 if hits == number else (middle + half) / whole)


def list_judged_checks() -> list[JudgedCheck]:
    """The last JUDGED checks that were judged, the last closed first."""
    closed = Assessment.objects.filter(review__closed_at__isnull=False).order_by("-review__closed_at")
    rows = list(
        closed.exclude(review__reason__in=UNJUDGED).values_list("pk", "level", "review__level", "rules")[:JUDGED]
    )
    seen = AuditEvent.objects.filter(record_id__in=[row[0] for row in rows], action__in=("view", "print"))
    opened = set(seen.order_by().values_list("record_id", flat=True).distinct())
    return [
        JudgedCheck(pk, own, final, frozenset(rule["code"] for rule in fired if rule["level"] == Level(own).code))
        for pk, own, final, fired in rows
        if pk in opened
    ]


def measure_agreement() -> tuple[Agreement, list[Agreement]]:
    """How often staff kept the level: over all judged checks, and for each rule that decided, most changes first."""
    total: list[str] = []
    rules: dict[str, list[str]] = {}
    for check in list_judged_checks():
        total.append(check.change)
        for code in check.rules:
            rules.setdefault(code, []).append(check.change)
    lines = [count_changes(code, found) for code, found in rules.items()]
    lines.sort(key=lambda line: (-(line.raised + line.lowered), -line.decided, line.code))
    return count_changes("", total), lines


def count_changes(code: str, changes: Iterable[str]) -> Agreement:
    """The line of one rule, from JudgedCheck.change of each check."""
    return Agreement(code, **{KEPT: 0, RAISED: 0, LOWERED: 0} | Counter(changes))


def list_cases(code: str) -> list[tuple[JudgedCheck, Assessment, list[Override]]]:
    """The judged checks that this rule decided, with why staff changed their level; what was missed comes first."""
    order = (RAISED, LOWERED, KEPT)
    found = sorted(
        (check for check in list_judged_checks() if code in check.rules), key=lambda check: order.index(check.change)
    )
    keys = [check.pk for check in found]
    records = Assessment.objects.select_related("review").only("reference", "level", "review").in_bulk(keys)
    reasons: dict[int, list[Override]] = {}
    for made in Override.objects.filter(assessment__in=keys, accepted=True).select_related("proposed_by"):
        reasons.setdefault(made.assessment_id, []).append(made)
    return [(check, records[check.pk], reasons.get(check.pk, [])) for check in found if check.pk in records]

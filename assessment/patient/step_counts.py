"""Where people leave the check, counted without knowing anybody: one row a question and day, two numbers in it.

Everything is counted while an answer is taken, never while a page is shown: that request writes the session anyway, so
the marks that keep a refresh from counting twice cost no further query. The next question counts as shown when its
page is sent for; who then never answers it has left there.
"""

import datetime
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import Sum
from django.utils import timezone

from core import durability

from ..models import StepCount
from ..protocol import wording
from ..protocol.back_pain import PROTOCOL
from ..protocol.engine import AnswerPath
from .session import Check

logger = logging.getLogger(__name__)

# Adding inside the statement keeps numbers right when many people answer at once, on SQLite and PostgreSQL alike.
# The ORM's own upsert (bulk_create) can only replace a value.
ADD = """
INSERT INTO assessment_stepcount (day, question, shown, answered) VALUES {rows}
ON CONFLICT (day, question) DO UPDATE SET
  shown = assessment_stepcount.shown + excluded.shown,
  answered = assessment_stepcount.answered + excluded.answered
"""
WAIT = 1000  # milliseconds: nobody waits longer than that for a statistic
DAYS = 30
# The page with all answers counts like a question: who reads it and goes away leaves there.
ANSWERS = "answers"


def count_step(check: Check, path: AnswerPath, answered: str = "") -> None:
    """Count that `answered` got its first answer in this check, and that its next page is shown for the first time.

    answered: the code of a question, or ANSWERS when the patient asks for the result. Marks both in the check: call it
    before the check is kept. One query, or none when there is nothing new.
    """
    rows = []
    # Counted on the day it was shown, so that nobody's midnight makes a day with more answers than questions.
    if answered in check.shown and answered not in check.counted:
        check.counted.append(answered)
        rows.append((answered, check.shown[answered], 0, 1))
    shown = path.next.code if path.next else ANSWERS
    if shown not in check.shown and not path.stopped:
        today = timezone.localdate().isoformat()
        check.shown[shown] = today
        rows.append((shown, today, 1, 0))
    if rows:
        add_counts(rows)


def add_counts(rows: list[tuple[str, str, int, int]]) -> None:
    """Add to the counts: (question, ISO day, shown, answered). A count that fails never costs a patient the answer."""
    # Always in one order, so that two people's rows cannot wait for each other.
    values = [
        value
        for question, day, shown, answered in sorted(rows)
        for value in (datetime.date.fromisoformat(day), question, shown, answered)
    ]
    try:
        with limit_lock_wait() as patience:
            sql = patience + ADD.format(rows=", ".join(["(%s, %s, %s, %s)"] * len(rows)))
            durability.write_statement(sql, values, told=False)
    except DatabaseError as error:
        logger.warning("a step of the check was not counted: %s", type(error).__name__)


@contextmanager
def limit_lock_wait() -> Iterator[str]:
    """Wait for a lock for WAIT at most, in place of the seconds that saving an answer is worth.

    Yields what goes before the statement. It costs no query: on PostgreSQL it travels with the statement, and holds for
    the transaction that the two are; on SQLite it is a setting of the connection.
    """
    if connection.vendor == "postgresql":
        yield f"SET LOCAL lock_timeout = {WAIT}; "
        return
    connection.ensure_connection()
    driver = connection.connection
    ((usual,),) = driver.execute("PRAGMA busy_timeout")
    driver.execute(f"PRAGMA busy_timeout = {WAIT}")
    try:
        yield ""
    finally:
        driver.execute(f"PRAGMA busy_timeout = {usual}")


def sum_step_counts(questions: Iterable[tuple[str, str]], today: datetime.date) -> list[dict[str, Any]]:
    """Shown, answered and left of each question over the last DAYS days, in the order of these (code, label) pairs.

    Left means: shown, and not answered (yet). Questions that were never shown are left out; those that the protocol no
    longer has come last, by their code.
    """
    first = today - datetime.timedelta(days=DAYS - 1)
    sums = {
        row["question"]: row
        for row in StepCount.objects.filter(day__range=(first, today))
        .values("question")
        .annotate(shown=Sum("shown"), answered=Sum("answered"))
        .order_by("question")
    }
    labels = {**dict(questions), ANSWERS: "Check your answers"}
    order = [code for code in labels if code in sums] + [code for code in sums if code not in labels]
    found = []
    for code in order:
        shown, answered = sums[code]["shown"], sums[code]["answered"]
        left = max(shown - answered, 0)
        found.append(
            {
                "label": labels.get(code, code),
                "shown": shown,
                "answered": answered,
                "left": left,
                "share": round(100 * left / shown) if shown else 0,
            }
        )
    return found


def summarize_steps() -> dict[str, Any]:
    """Days, rows and chart of the present protocol's questions, for a page."""
    texts = wording.load_words()["questions"]
    rows = sum_step_counts(
        [(asked.code, texts[asked.code]["short"]) for asked in PROTOCOL.questions], timezone.localdate()
    )
    return {"days": DAYS, "rows": rows, "chart": draw_step_chart(rows)}


# The chart, in units of its own drawing: a line for each question, the label at the left, the bar at the right.
LINE, LABEL, BAR = 28, 290, 400


def draw_step_chart(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Where each bar of the rows from sum_step_counts() lies: the answered part, then the part that left."""
    most = max((row["shown"] for row in rows), default=0) or 1
    bars = []
    for number, row in enumerate(rows):
        answered = round(BAR * min(row["answered"], row["shown"]) / most)
        left = round(BAR * row["left"] / most)
        bars.append({**row, "y": number * LINE, "middle": number * LINE + LINE // 2 + 5, "x": LABEL, "wide": answered})
        bars[-1] |= {"left_x": LABEL + answered, "left_wide": left, "end": LABEL + answered + left + 8}
    return {"bars": bars, "width": LABEL + BAR + 130, "height": LINE * len(rows)}

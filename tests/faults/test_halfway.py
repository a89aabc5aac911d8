"""What runs from a timer is killed half way and started again: nothing doubled, nothing lost."""

import re
import signal
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from ..serving import ROOT
from .sites import make_plain_environment

pytestmark = pytest.mark.faults

# Nobody gets the daily mail today.
CLOSED = {"CLINIC_CLOSED_ON": ",".join(str(datetime.now(UTC).date() + timedelta(days=days)) for days in range(2))}


class Place:
    """A database of its own with what halfway.fill() puts there, and no site."""

    def __init__(self, folder, database):
        folder.mkdir()
        self.folder, self.database = folder, database
        self.environment = {
            **make_plain_environment(database.run),
            **database.new(folder),
            **CLOSED,
            "PYTHONWARNINGS": "",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.halfway"],
            cwd=ROOT, env=self.environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.carry_out("fill")

    def carry_out(self, command, step="-", times=0):
        """Run the command; with a step, it is killed after it was done so many times."""
        self.process.stdin.write(f"{command} {step} {times}\n")
        self.process.stdin.flush()
        assert int(self.process.stdout.readline()) == (-signal.SIGKILL if times else 0)

    def count(self, table, where="true"):
        return self.database.query(self, f"SELECT count(*) FROM {table} WHERE {where}")[0][0]

    def sent(self):
        """{Message-ID: how often it went out}"""
        files = (self.folder / "mails").glob("*")
        return Counter(name for file in files for name in re.findall(r"Message-ID: (\S+)", file.read_text()))


@pytest.fixture(scope="module")
def place_of(run):
    places = {}

    def get(database):
        if database.name not in places:
            places[database.name] = Place(run / f"halfway-{database.name}", database)
        return places[database.name]

    yield get
    for place in places.values():
        place.process.communicate()


def test_purge_is_killed_and_started_again(place_of, database, note):
    place = place_of(database)
    place.carry_out("purge", "end", 14)
    # The first portion of ten is done, the second as if it had never begun.
    assert (place.count("assessment_assessment"), place.count("assessment_tombstone")) == (20, 10)
    place.carry_out("purge")
    assert (place.count("assessment_assessment"), place.count("assessment_tombstone")) == (5, 25)
    assert place.count("assessment_review") == 5
    told = len(database.query(place, "SELECT DISTINCT record_id FROM assessment_auditevent WHERE action = 'purge'"))
    assert told == 25
    note(database, told, place.count("assessment_tombstone"))


def test_mails_are_killed_while_they_are_made_and_sent_and_the_rest_goes_out(place_of, database, note):
    place = place_of(database)
    place.carry_out("purge")
    place.carry_out("send_notifications", "make", 1)
    # Neither a mail nor a check that was told: the next run begins anew.
    assert (place.count("assessment_mail"), place.count("assessment_arrival")) == (0, 5)
    place.carry_out("send_notifications", "send", 3)
    assert (place.count("assessment_mail"), place.count("assessment_arrival")) == (10, 0)
    assert sum(place.sent().values()) == 3
    place.carry_out("send_notifications")
    # The third was with the mail server, and we had not noted it: it is nobody's for five minutes ...
    assert place.count("assessment_mail", "sent_at IS NULL") == 1
    database.query(place, "UPDATE assessment_mail SET next_at = made_at WHERE sent_at IS NULL RETURNING id")
    place.carry_out("send_notifications")
    # ... and goes out again under the same Message-ID, so that nobody takes it for another.
    assert place.count("assessment_mail", "sent_at IS NULL") == 0
    assert sorted(place.sent().values()) == [1] * 9 + [2]
    note(database, 10, len(place.sent()))

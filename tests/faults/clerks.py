"""Clinic staff over real HTTP: two who decide at once, and one who works while the database is started anew."""

import re
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field

from .patients import CSRF, EMERGENCY, Book, Person
from .sites import CLERKS, PASSWORD

VERSION = re.compile(r'name="version" value="(\d+)"')
# What changes a check, as the audit calls it: each 302 that a clerk got must be one of these events, and no more.
CHANGES = "('claim', 'assign', 'release', 'contacted', 'close')"


class Clerk(Person):
    def log_in(self, name):
        page = self.press("GET", "/admin/login/")[2]
        self.csrf = CSRF.search(page)[1]
        form = self.form(username=name, password=PASSWORD, next="/admin/")
        assert self.press("POST", "/admin/login/", form)[0] == 302
        return self

    def open(self, pk):
        """Look at a check; the version of it that is on the screen."""
        page = self.press("GET", record_address(pk))[2]
        self.csrf = CSRF.search(page)[1]
        return int(VERSION.search(page)[1])

    def send_action(self, pk, version, action, **fields):
        """(status, address, page) of one press."""
        return self.once("POST", record_address(pk), self.form(version=version, action=action, **fields))


def record_address(pk):
    return f"/admin/assessment/assessment/{pk}/change/"


def send_checks(site, number):
    """The numbers of so many new emergencies in the queue."""
    book = Book()
    for _ in range(number):
        Person(site.port, book).whole_check(EMERGENCY)
    told = ", ".join(f"'{reference}'" for _, _, reference in book.told)
    rows = site.database.query(site, f"SELECT id FROM assessment_assessment WHERE reference IN ({told}) ORDER BY id")
    return [pk for (pk,) in rows]


def list_events(site, pks, actions=CHANGES):
    """[(check, what)] of the audit, in its order."""
    some = ", ".join(map(str, pks))
    statement = (
        f"SELECT record_id, action FROM assessment_auditevent WHERE record_id IN ({some}) AND action IN {actions}"
    )
    return site.database.query(site, f"{statement} ORDER BY number")


@dataclass
class Pair:
    """Two who decide on one check at the same moment. pressed: (status, page, the words that were typed) of each."""

    pk: int
    pressed: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def statuses(self):
        return sorted(status for status, _, _ in self.pressed)

    @property
    def told(self):
        """Whether the slower one is told that somebody was faster, with what they typed still there."""
        return all(
            "after you had opened it" in page and words in page for status, page, words in self.pressed if status == 409
        )


def decide_at_once(site, number=8):
    """(pairs, changes that were acknowledged).

    In every other pair both are the same person at two computers, and both write.
    """
    pks = send_checks(site, number)
    ana, ben = (Clerk(site.port, Book()).log_in(name) for name in CLERKS)
    for pk in pks:
        assert ana.send_action(pk, ana.open(pk), "claim")[0] == 302
    ben.open(pks[0])
    pairs, start = [Pair(pk) for pk in pks], threading.Barrier(2 * number)

    def press(pair, clerk, action, words="", reason=""):
        start.wait()
        status, _, page = clerk.send_action(pair.pk, 2, action, note=words, reason=reason)
        pair.pressed.append((status, page, words))

    threads = []
    for at, pair in enumerate(pairs):
        other = (ben, "over") if at % 2 else (ana, "close", f"Line {at} was dead all day", "unreached")
        both = ((ana, "contacted", f"She comes on day {at} by taxi"), other)
        threads += [threading.Thread(target=press, args=(pair, *who), daemon=True) for who in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return pairs, number + sum(status == 302 for pair in pairs for status, _, _ in pair.pressed)


class WorkingClerk:
    """A clerk who takes a check and puts it back, over and over, and opens it again when that did not work."""

    def __init__(self, site):
        self.book, self.site = Book(), site
        self.clerk = Clerk(site.port, self.book).log_in(CLERKS[0])
        (self.pk,) = send_checks(site, 1)
        self.done, self.unsure, self.leaving = [], 0, threading.Event()

    def work(self):
        actions = "claim", "release"
        while not self.leaving.is_set():
            version = self.clerk.open(self.pk)
            action = actions[(version - 1) % 2]
            try:
                status = self.clerk.send_action(self.pk, version, action)[0]
            except OSError:
                status = 0
            if status == 302:
                self.done.append(action)
            elif status in (0, 503):
                # It may have been done, and only the answer was lost: the page says, when it is opened again.
                self.unsure += 1
            else:
                self.book.wrong.append(f"{status} {action}")
            time.sleep(0.02)

    @contextmanager
    def working(self):
        thread = threading.Thread(target=self.work, daemon=True)
        thread.start()
        yield
        self.leaving.set()
        thread.join()

    def until(self, more):
        from .scenarios import wait_until

        before = len(self.done)
        wait_until(lambda: len(self.done) >= before + more, "a clerk who gets on with the work")

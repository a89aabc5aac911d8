"""People who take the check over real HTTP, press again until they are served, and remember what they were told."""

import http.client
import itertools
import re
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

from assessment.privacy import consent
from assessment.protocol.back_pain import PROTOCOL
from assessment.protocol.engine import replay_answers

from ..assessment.walks import STRAIN

TOKEN = re.compile(r'name="token" value="([0-9a-f]{64})"')
CSRF = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
REFERENCE = re.compile(r'class="reference">([A-Z]{5}-[A-Z]{5})<')
CODE = re.compile(r"<br><span[^>]*>(\d{4} \d{4} \d{4} \d{4})</span></h1>")
PATIENCE = 180  # seconds that somebody presses again: far more than a busy machine needs


@dataclass
class Book:
    """What all of them were told. refused: 503; broken: no answer; wrong: what nobody should ever be answered."""

    told: list[tuple[float, str, str]] = field(default_factory=list)  # when, token, reference
    refused: int = 0
    broken: int = 0
    wrong: list[str] = field(default_factory=list)
    read: list[tuple[float, float, int]] = field(default_factory=list)  # when a reader asked, was answered, and what
    alive: list[tuple[float, float, int]] = field(default_factory=list)  # the same of /livez
    given_up: bool = False
    away: float = 0  # when the fault began, and when it was over
    back: float = 0
    begun: float = field(default_factory=time.monotonic)

    @property
    def longest_gap(self):
        """The longest time, in seconds, in which nobody finished a check."""
        return find_longest_gap(self.begun, (when for when, _, _ in self.told))

    @property
    def longest_away(self):
        """The longest time, in seconds, in which no process answered: /livez, which needs no database."""
        return find_longest_gap(self.begun, (answered for _, answered, status in self.alive if status == 200))

    def during(self, seen):
        """What was asked and answered while the fault was there."""
        return [status for asked, answered, status in seen if self.away < asked and answered < self.back]


def find_longest_gap(begun, times):
    return max((later - earlier for earlier, later in itertools.pairwise([begun, *sorted(times)])), default=0)


class GivenUpError(Exception):
    """The site will not come back in this test, so people stop pressing."""


class ThrownBackError(Exception):
    """The site forgot what was answered, or says so."""


class Person:
    """One browser: cookies, and a button that is pressed again when it did not work."""

    def __init__(self, port, book):
        self.port, self.book, self.cookies = port, book, {}

    def once(self, method, path, data=None):
        """(status, address that it leads to, page). Raises OSError or HTTPException when no answer comes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            body = None
            if data is not None:
                body = urlencode(data, doseq=True)
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            page = response.read().decode()
            for line in response.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
            return response.status, response.headers.get("Location", ""), page
        finally:
            connection.close()

    def press(self, method, path, data=None):
        """As once(), again and again until it works."""
        begun = time.monotonic()
        while time.monotonic() - begun < PATIENCE:
            try:
                answer = self.once(method, path, data)
            except (OSError, http.client.HTTPException):
                self.book.broken += 1
            else:
                if answer[0] in (200, 302):
                    return answer
                if answer[0] == 503:
                    self.book.refused += 1
                elif answer[0] in (403, 409):
                    raise self.thrown_back(f"{answer[0]} {path}")
                else:
                    self.book.wrong.append(f"{answer[0]} {path}")
            time.sleep(0.3)
            if self.book.given_up:
                raise GivenUpError
        raise TimeoutError(path)

    def begin(self):
        """Start a check: its token."""
        page = self.press("GET", "/check/")[2]
        self.csrf = CSRF.search(page)[1]
        where = self.press("POST", "/check/", self.form(consent=consent.VERSION))[1]
        self.token = self.token_on(self.press("GET", where)[2])
        return self.token

    def token_on(self, page):
        found = TOKEN.search(page)
        if not found:
            raise self.thrown_back("a page without a token")
        return found[1]

    def thrown_back(self, why):
        self.book.wrong.append(f"thrown back: {why}")
        return ThrownBackError(why)

    def form(self, **fields):
        return {"csrfmiddlewaretoken": self.csrf, **fields}

    def answer(self, code, options):
        return self.press("POST", f"/check/{code}/", self.form(token=self.token, answer=options))[1]

    def to_the_last_button(self, answers):
        """Answer what is asked; (address, form) of the button that saves the check."""
        given = {}
        while not (path := replay_answers(PROTOCOL, {**given, **pick_next_answer(given, answers)})).stopped:
            code = list(path.answers)[-1]
            where = self.answer(code, answers[code])
            if not where.startswith("/check/") or where == "/check/":
                raise self.thrown_back(f"to {where} from {code}")
            given = dict(path.answers)
            if path.next is None:
                return "/check/answers/", self.form(token=self.token, consent=consent.VERSION)
        code = list(path.answers)[-1]
        return f"/check/{code}/", self.form(token=self.token, answer=answers[code])

    def told(self):
        """The reference on the page of the result."""
        page = self.press("GET", "/check/result/")[2]
        found = REFERENCE.search(page)
        return unescape(found[1]) if found else ""

    def code_on_paper(self):
        """The code on the page of a check that was put aside."""
        return CODE.search(self.press("GET", "/check/pause/")[2])[1]

    def whole_check(self, answers):
        self.begin()
        where = self.press("POST", *self.to_the_last_button(answers))[1]
        reference = self.told() if where == "/check/result/" else ""
        if reference:
            self.book.told.append((time.monotonic(), self.token, reference))
        else:
            self.book.wrong.append(f"no result: {where}")


def pick_next_answer(given, answers):
    """The answer to the question that is open after these."""
    code = replay_answers(PROTOCOL, given).next.code
    return {code: answers[code]}


EMERGENCY = {"now": ["chest"]}


class Crowd:
    """`size` people, one check after the other, until the with statement ends; each finishes the check it is in.

    One in four takes the whole check, the others meet an emergency at the first question: a save every few requests.
    """

    def __init__(self, port, size=16):
        self.port, self.book, self.leaving = port, Book(), threading.Event()
        self.errors = []
        does = [(self.live, number) for number in range(size)]
        does += [(self.look, "/", self.book.read), (self.look, "/livez", self.book.alive)]
        # Daemons: after Ctrl-C nobody waits for them.
        self.people = [threading.Thread(target=what, args=how, daemon=True) for what, *how in does]

    def live(self, number):
        try:
            while not self.leaving.is_set():
                with suppress(ThrownBackError):
                    Person(self.port, self.book).whole_check(EMERGENCY if number % 4 else STRAIN)
        except GivenUpError:
            pass
        except Exception as error:
            self.errors.append(error)

    def look(self, address, book):
        reader = Person(self.port, self.book)
        while not self.leaving.is_set():
            asked = time.monotonic()
            try:
                status = reader.once("GET", address)[0]
            except (OSError, http.client.HTTPException):
                status = 0
            book.append((asked, time.monotonic(), status))
            time.sleep(0.05)

    def __enter__(self):
        for person in self.people:
            person.start()
        return self.book

    def __exit__(self, *exception):
        self.leaving.set()
        # When a test breaks off, nobody presses on.
        self.book.given_up = self.book.given_up or bool(exception[0])
        for person in self.people:
            person.join()
        if self.errors and not exception[0]:
            raise self.errors[0]

"""Many requests at once that cost much, and what a patient waits meanwhile."""

import http.client
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from ..assessment.walks import STRAIN
from .clerks import Clerk
from .patients import CSRF, Book, Person
from .sites import EDITOR

pytestmark = pytest.mark.faults
NUMBER = 40
ARTICLE = "/admin/content/article/1/change/"
# Out of date, so it is refused when all of it was looked at.
BODY = "Walk a *little*, and rest.\n\n" * 500
SAVE = {"title": "Golf", "summary": "Swings.", "body": BODY, "note": "x", "opened_on": 0}


@contextmanager
def send_at_once(port, number):
    """So many refused saves of an editor at any moment; yields the statuses of their answers."""
    editor = Clerk(port, Book()).log_in(EDITOR)
    page = editor.press("GET", ARTICLE)[2]
    form, answers, over = {"csrfmiddlewaretoken": CSRF.search(page)[1], **SAVE}, [], threading.Event()

    def send():
        sender = Person(port, Book())
        sender.cookies = dict(editor.cookies)
        while not over.is_set():
            with suppress(OSError, http.client.HTTPException):
                answers.append(sender.once("POST", ARTICLE, form)[0])

    for _ in range(number):
        threading.Thread(target=send, daemon=True).start()
    deadline = time.monotonic() + 60
    while not answers and time.monotonic() < deadline:
        time.sleep(0.1)
    yield answers
    over.set()


class Patient(Person):
    """waits: how long this one waited for each page, and for what was saved."""

    def __init__(self, port):
        super().__init__(port, Book())
        self.waits = {"GET": [], "POST": []}

    def once(self, method, path, data=None):
        begun = time.monotonic()
        try:
            return super().once(method, path, data)
        finally:
            self.waits[method].append(time.monotonic() - begun)


def test_a_patient_hardly_waits_while_an_editor_sends_refused_saves(database, start_in):
    site = start_in(database)
    with send_at_once(site.port, NUMBER) as answers:
        patient = Patient(site.port)
        patient.press("GET", "/causes/discs/")
        patient.whole_check(STRAIN)
    assert set(answers) == {409}
    assert max(patient.waits["GET"]) < 2
    assert max(patient.waits["POST"]) < 5
    assert (len(patient.book.told), patient.book.refused) == (1, 0)

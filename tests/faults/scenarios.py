"""What is done to a site while 32 people use it. Each returns the book of what they were told."""

import threading
import time

from .patients import EMERGENCY, Book, Crowd, Person
from .sites import Site, filled, manage

PAUSE = 1  # seconds at least between two blows


def go_on(book, people=8):
    """Let the site work: until so many more have finished, however slow the machine is."""
    before, begun = len(book.told), time.monotonic()
    time.sleep(PAUSE)
    while len(book.told) < before + people and time.monotonic() - begun < 30:
        time.sleep(0.05)


def undisturbed(site):
    with Crowd(site.port) as book:
        go_on(book, 40)
    return book


def workers_killed(site, times=2):
    with Crowd(site.port) as book:
        for _ in range(times):
            go_on(book)
            site.kill(*site.workers)
        go_on(book)
    return book


def master_killed(site):
    with Crowd(site.port) as book:
        go_on(book)
        site.kill(site.master.pid)
        go_on(book)
    return book


def everything_killed(site, times=2):
    with Crowd(site.port) as book:
        for _ in range(times):
            go_on(book)
            site.kill(site.master.pid, *site.workers)
            go_on(book)
    return book


def database_killed(site):
    """PostgreSQL is away for a second and comes back; nobody touches the site."""
    with Crowd(site.port) as book:
        go_on(book)
        site.database.kill()
        book.away = time.monotonic()
        time.sleep(1)
        book.back = time.monotonic()
        site.database.start()
        go_on(book)
    return book


def reloaded(site, times=2, how=Site.reload):
    with Crowd(site.port) as book:
        for _ in range(times):
            go_on(book)
            how(site)
        go_on(book)
    return book


def unwritable(site, hold):
    """hold: a context in which nothing can be written."""
    with Crowd(site.port) as book:
        go_on(book)
        with hold:
            book.away = time.monotonic() + 0.3
            time.sleep(2)
            book.back = time.monotonic()
        go_on(book)
    return book


def unwritable_for_good(site, fail):
    """fail(): from now on nothing can be written."""
    with Crowd(site.port) as book:
        go_on(book)
        fail()
        book.away = time.monotonic() + 0.3
        time.sleep(2)
        book.back = time.monotonic()
        book.given_up = True
    return book


def disk_full(site, folder):
    return unwritable(site, filled(folder))


def pressed_eight_times(site, people=10):
    """Each presses the last button eight times at once: a nervous thumb, a slow line."""
    book = Book()

    def press(person, button, answers):
        try:
            answers.append(person.once("POST", *button)[:2])
        except OSError as error:
            answers.append((0, str(error)))

    for _ in range(people):
        person = Person(site.port, book)
        person.begin()
        button = person.to_the_last_button(EMERGENCY)
        answers = []
        presses = [threading.Thread(target=press, args=(person, button, answers)) for _ in range(8)]
        for thread in presses:
            thread.start()
        for thread in presses:
            thread.join()
        book.wrong += [f"{answer}" for answer in answers if answer != (302, "/check/result/")]
        reference = person.told()
        book.told.append((time.monotonic(), person.token, reference))
    return book


def copied(site, folder):
    """(book, references told before the copy began), with `manage.py backup` while people use the site."""
    with Crowd(site.port) as book:
        go_on(book, 16)
        before = {reference for _, _, reference in list(book.told)}
        manage(site.environment, ["backup", str(folder)])
        go_on(book)
    return book, before

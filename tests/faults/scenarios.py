"""What is done to a site while people use it. Each returns the book of what they were told."""

import threading
import time

from .clerks import WorkingClerk
from .patients import CSRF, EMERGENCY, Book, Crowd, Person
from .sites import Site, fill_disk, run_manage

LONG = 120  # seconds that something is waited for: only a site that does not come back takes so long


def wait_until(happened, what):
    """Wait for it, however slow the machine is."""
    begun = time.monotonic()
    while not happened():
        if time.monotonic() - begun > LONG:
            raise TimeoutError(what)
        time.sleep(0.02)


def let_people_finish(book, people=8):
    """Let the site work until so many more have finished."""
    before = len(book.told)
    wait_until(lambda: len(book.told) >= before + people, f"{people} more people who finish")


def wait_until_felt(book):
    """Let the fault last until people have met it, and readers have asked meanwhile."""
    book.away, before, looks = time.monotonic(), book.refused + len(book.wrong), (len(book.read), len(book.alive))

    def met():
        refused = book.refused + len(book.wrong)
        return refused >= before + 3 and len(book.read) >= looks[0] + 5 and len(book.alive) >= looks[1] + 5

    wait_until(met, "people who are refused")
    book.back = time.monotonic()


def undisturbed(site, size=32, people=40):
    with Crowd(site.port, size) as book:
        let_people_finish(book, people)
    return book


def some_refused(site, size=16):
    """Nothing is done to the site: it refuses people by itself."""
    with Crowd(site.port, size) as book:
        wait_until(lambda: book.refused >= 3, "people who are refused")
        book.given_up = True
    return book


def workers_killed(site):
    with Crowd(site.port) as book:
        let_people_finish(book)
        site.kill(*site.workers)
        let_people_finish(book)
    return book


def master_killed(site):
    with Crowd(site.port) as book:
        let_people_finish(book)
        site.kill(site.master.pid)
        let_people_finish(book)
    return book


def everything_killed(site):
    with Crowd(site.port) as book:
        let_people_finish(book)
        site.kill_all()
        let_people_finish(book)
    return book


def killed_at_moment(site, reached, size=8):
    """Everything is killed when `reached` is true, with what the fault holds back still held back."""
    hold = site.folder / "hold"
    hold.touch()
    with Crowd(site.port, size) as book:
        wait_until(lambda: reached(book), "the moment of the kill")
        site.kill_all()
        hold.unlink()
        let_people_finish(book, 4)
    return book


def told_and_killed(site):
    """Killed when the first have read their reference."""
    return killed_at_moment(site, lambda book: book.told)


def killed_between(site):
    """Killed between the two statements that belong together."""
    return killed_at_moment(site, lambda book: (site.folder / "between").exists())


def database_killed(site):
    """PostgreSQL is away until everybody has noticed, and comes back; nobody touches the site."""
    with Crowd(site.port) as book:
        let_people_finish(book)
        site.database.kill()
        try:
            wait_until_felt(book)
        finally:
            site.database.start()
        let_people_finish(book)
    return book


def database_restarted(site):
    """A planned restart, under patients, readers and a clerk: (book, desk)."""
    desk = WorkingClerk(site)
    site.begin_anew()
    with Crowd(site.port, 8) as book, desk.working():
        let_people_finish(book, 4)
        desk.until(4)
        site.database.restart()
        let_people_finish(book, 4)
        desk.until(4)
    return book, desk


def reloaded(site, how=Site.reload):
    with Crowd(site.port, 32) as book:
        let_people_finish(book)
        how(site)
        let_people_finish(book)
    return book


def unwritable(site, hold, size=16):
    """hold: a context in which nothing can be written."""
    with Crowd(site.port, size) as book:
        let_people_finish(book)
        with hold:
            wait_until_felt(book)
        let_people_finish(book)
    return book


def unwritable_for_good(site, fail):
    """fail(): from now on nothing can be written."""
    with Crowd(site.port) as book:
        let_people_finish(book)
        fail()
        wait_until_felt(book)
        book.given_up = True
    return book


def disk_full(site, folder):
    return unwritable(site, fill_disk(folder))


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


def put_aside_and_killed(site, people=8):
    """Codes on paper, then kill -9 of everything, then other devices: (codes, where each code leads to)."""
    book, codes = Book(), []
    for _ in range(people):
        person = Person(site.port, book)
        person.begin()
        person.answer("now", ["none"])
        person.press("POST", "/check/pause/", person.form(token=person.token))
        codes.append(person.code_on_paper())
    site.kill_all()
    led = []
    for code in codes:
        person = Person(site.port, book)
        person.csrf = CSRF.search(person.press("GET", "/check/return/")[2])[1]
        where = person.press("POST", "/check/return/", person.form(code=code))[1]
        led.append((where, person.token_on(person.press("GET", where)[2])))
    return codes, led, book


def word_from_a_reader(
    site, hold, page="/causes/muscle-strain/", words="The picture of the two muscles is upside down"
):
    """A reader says something while nothing can be written, and again when it can: both answers."""
    reader = Person(site.port, Book())
    form = {"page": page, "clear": "no", "text": words}
    with hold:
        refused = reader.once("POST", "/feedback/", form)
    return refused, reader.press("POST", "/feedback/", form), words


def copied_while_used(site, folder):
    """(book, references told before the copy began), with `manage.py backup` while people use the site."""
    with Crowd(site.port) as book:
        let_people_finish(book, 16)
        before = {reference for _, _, reference in list(book.told)}
        run_manage(site.environment, ["backup", str(folder)])
        let_people_finish(book)
    return book, before

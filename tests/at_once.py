"""Many who press at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def run_at_once(number, action):
    """[action(0), action(1), ...], each in a thread of its own with its own connection, all begun together.

    What one of them raises is raised here.
    """
    start = Barrier(number)

    def press(who):
        try:
            start.wait()
            return action(who)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as people:
        return list(people.map(press, range(number)))

"""What was done in the database, taken back."""

from contextlib import contextmanager

from django.db import transaction


@contextmanager
def roll_back_changes():
    """What happens in the database here never did; as in Django's own test cases, a durable transaction may begin."""
    atomic = transaction.atomic()
    atomic._from_testcase = True
    with atomic:
        yield
        transaction.set_rollback(True)

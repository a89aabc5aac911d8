"""Sessions in the database, read in one statement and saved in one."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.utils import timezone

from . import durability

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
SAVE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key = %s"


if TYPE_CHECKING:
    from django.contrib.sessions.models import Session

    DatabaseStore = db.SessionStore[Session]
else:
    DatabaseStore = db.SessionStore


class SessionStore(DatabaseStore):
    """Django's own, but a known session is read and saved by plain statements.

    One statement is a transaction by itself; the two that open and close it cost as much as two queries, and a step of
    the check has four (the budget is in design.md, section 6). Building these two anew with the ORM, for every page,
    took a quarter of the time of a question.
    """

    # Set for a request that only took an answer: see core/durability.py.
    on_the_way = False

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute(READ, [self.session_key, adapt_time(timezone.now())])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        values = [self.encode(dict(self.items())), adapt_time(self.get_expiry_date()), self.session_key]
        if self.on_the_way:
            changed = durability.write_statement(SAVE, values, told=True)
        else:
            with connection.cursor() as cursor:
                cursor.execute(SAVE, values)
                changed = cursor.rowcount
        if not changed:
            # Deleted meanwhile, from another tab: it must not come back.
            raise UpdateError


def adapt_time(time: datetime) -> Any:
    """As this database takes it: SQLite as text, PostgreSQL as it is."""
    return connection.ops.adapt_datetimefield_value(time)

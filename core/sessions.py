"""Sessions in the database, read in one statement and saved in one, and found only by who has the cookie.

The cookie holds the key, the table a keyed hash of it: a copy of the database logs nobody in. Only the synchronous half
of Django's store is made so; nothing here uses the other one.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.db import connection
from django.utils import timezone

from . import durability
from .keyed_hashes import list_hashes

READ = "SELECT session_data FROM django_session WHERE session_key IN ({}) AND expire_date > %s"
SAVE = "UPDATE django_session SET session_data = %s, expire_date = %s WHERE session_key IN ({})"
# The width of Django's column: 160 bits of the hash.
WIDTH = 40


if TYPE_CHECKING:
    from django.contrib.sessions.models import Session

    DatabaseStore = db.SessionStore[Session]
else:
    DatabaseStore = db.SessionStore


def hash_session_key(key: str, salt: str = "core.sessions.key") -> list[str]:
    """What the table may hold of this key: under the present SECRET_KEY, and under those before it."""
    return [found[:WIDTH] for found in list_hashes(salt, key)]


class SessionStore(DatabaseStore):
    """Django's own, but a known session is read and saved by plain statements.

    One statement is a transaction by itself; the two that open and close it cost as much as two queries, and a step of
    the check has four (the budget is in design.md, section 6). Building these two anew with the ORM, for every page,
    took a quarter of the time of a question.
    """

    # Set for a request that only took an answer: see core/durability.py.
    on_the_way = False

    def load(self) -> dict[str, Any]:
        hashes = hash_session_key(str(self.session_key))
        with connection.cursor() as cursor:
            cursor.execute(fill_in(READ, hashes), [*hashes, adapt_time(timezone.now())])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    def save(self, must_create: bool = False) -> None:
        if must_create or self.session_key is None:
            super().save(must_create)
            return
        hashes = hash_session_key(self.session_key)
        statement = fill_in(SAVE, hashes)
        values = [self.encode(dict(self.items())), adapt_time(self.get_expiry_date()), *hashes]
        if self.on_the_way:
            changed = durability.write_statement(statement, values, told=True)
        else:
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                changed = cursor.rowcount
        if not changed:
            # Deleted meanwhile, from another tab: it must not come back.
            raise UpdateError

    def create_model_instance(self, data: dict[str, Any]) -> "Session":
        made = super().create_model_instance(data)
        made.session_key = hash_session_key(made.session_key)[0]
        return made

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key__in=hash_session_key(session_key)).exists()

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key__in=hash_session_key(key)).delete()


def end_sessions(user: int) -> None:
    """Log this account out everywhere. It reads every session, which is rare enough for an account that is closed."""
    store = SessionStore()
    rows = store.model.objects.filter(expire_date__gt=timezone.now()).iterator(500)
    ended = [row.pk for row in rows if store.decode(row.session_data).get(SESSION_KEY) == str(user)]
    store.model.objects.filter(pk__in=ended).delete()


# --- What a key that was given up still leads to ----------------------------------------------------------------------
LEFT = "core.sessions.left"


def leave_note(key: str, values: dict[str, Any], life: timedelta) -> str:
    """Leave these values for a request that still comes with a key that was just given up.

    They stand beside the sessions under another hash, so no cookie opens them as a session. The first note of a key
    stays. Returns its name for delete_note(), which opens nothing.
    """
    store, name = SessionStore(), hash_session_key(key, LEFT)[0]
    note = store.model(
        session_key=name,
        session_data=store.encode(values),
        expire_date=timezone.now() + life,
    )
    store.model.objects.bulk_create([note], ignore_conflicts=True)
    return name


def delete_note(name: str) -> None:
    """Take a note away before its time: nothing leads on from the key that was given up."""
    SessionStore().model.objects.filter(session_key=name).delete()


def read_note(key: str) -> dict[str, Any]:
    """What leave_note() left for this key; {} for nothing, or when its time is over."""
    store = SessionStore()
    hashes = hash_session_key(key, LEFT)
    # None lives for an hour: one that ends later was left before the clock was set back.
    now = timezone.now()
    ends = (now, now + timedelta(hours=1))
    found = store.model.objects.filter(session_key__in=hashes, expire_date__range=ends).first()
    return store.decode(found.session_data) if found else {}


def fill_in(statement: str, values: list[str]) -> str:
    """The statement with a place for each of these values."""
    return statement.format(", ".join(["%s"] * len(values)))


def adapt_time(time: datetime) -> Any:
    """As this database takes it: SQLite as text, PostgreSQL as it is."""
    return connection.ops.adapt_datetimefield_value(time)

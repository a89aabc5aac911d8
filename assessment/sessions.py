"""Sessions in the database, saved in one statement."""

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError


class SessionStore(db.SessionStore):
    """Django's own, but a known session is saved by a plain UPDATE, with no transaction around it.

    One statement is a transaction by itself; the two that open and close it cost as much as two queries, and a step of
    the check has four (the budget is in design.md, section 6).
    """

    def save(self, must_create=False):
        if must_create or self.session_key is None:
            return super().save(must_create)
        row = self.create_model_instance(self._get_session())
        changed = self.model.objects.filter(pk=row.pk).update(
            session_data=row.session_data, expire_date=row.expire_date
        )
        if not changed:
            # Deleted meanwhile, from another tab: it must not come back.
            raise UpdateError

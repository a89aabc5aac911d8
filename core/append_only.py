"""Rows that are only ever added. The database refuses changes too (guards.py): this says so earlier, and in Python."""

from django.db import models


class AppendOnlyError(TypeError):
    """Somebody tried to change what must stay as it was written."""


class AppendOnlyQuerySet(models.QuerySet):
    """Reads and adds; what goes with the check it belongs to is deleted by that check."""

    def _refuse(self, *args, **kwargs):
        raise AppendOnlyError(f"A {self.model._meta.verbose_name} is never changed.")

    update = bulk_update = update_or_create = delete = _refuse


class AppendOnly(models.Model):
    """Saved once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnlyError(f"A {self._meta.verbose_name} is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnlyError(f"A {self._meta.verbose_name} is never deleted on its own.")

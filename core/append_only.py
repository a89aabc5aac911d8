"""Rows that are only ever added. The database refuses changes too (guards.py): this says so earlier, and in Python."""

from django.db import models


class FrozenError(TypeError):
    """Somebody tried to change what must stay as it was written."""


class FrozenQuerySet(models.QuerySet):
    """Reads and adds; what goes with the check it belongs to is deleted by that check."""

    def _refuse(self, *args, **kwargs):
        raise FrozenError(f"A {self.model._meta.verbose_name} is never changed.")

    update = bulk_update = update_or_create = delete = _refuse


class Frozen(models.Model):
    """Saved once."""

    objects = FrozenQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise FrozenError(f"A {self._meta.verbose_name} is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise FrozenError(f"A {self._meta.verbose_name} is never deleted on its own.")

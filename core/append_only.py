"""Rows that are only ever added. The database refuses changes too (core/triggers.py): this says so earlier, and
in Python.
"""

from typing import Any, NoReturn, TypeVar

from django.db import models

Row = TypeVar("Row", bound=models.Model)


class AppendOnlyError(TypeError):
    """Somebody tried to change what must stay as it was written."""


class AppendOnlyQuerySet(models.QuerySet[Row]):
    """Reads and adds; what goes with the assessment it belongs to is deleted by that."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"A {self.model._meta.verbose_name} is never changed.")

    update = bulk_update = update_or_create = delete = _refuse


class AppendOnly(models.Model):
    """Saved once."""

    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnlyError(f"A {self._meta.verbose_name} is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnlyError(f"A {self._meta.verbose_name} is never deleted on its own.")

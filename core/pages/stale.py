"""A form that was opened before somebody else saved must not undo what they did.

The page carries a mark of each field as it was stored; with another mark at saving, the form is refused, says what is
stored now beside what was sent, and loses nothing: saved again, it is meant.
"""

from collections.abc import Iterable
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar, cast

from django import forms
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms.models import model_to_dict
from django.utils.html import format_html
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    Forms = forms.ModelForm[Any]
else:
    Forms = object

Row = TypeVar("Row", bound=Model)
# The name under which the marks come back.
SEEN = "_seen"
CHANGED = (
    "Somebody changed this while you had it open. Nothing was saved yet, and what you typed is still here. Look at "
    "what differs below, put in what belongs there, and save again."
)


def lock_for_save(rows: QuerySet[Row]) -> QuerySet[Row]:
    """The rows, locked until the save is done; as they are where no transaction is open: a form is only looked at."""
    return rows.select_for_update() if transaction.get_connection().in_atomic_block else rows


def mark_fields(row: Model, names: Iterable[str]) -> dict[str, str]:
    """{name: a mark that changes with what is stored} for those names that are fields of the row."""
    marks = {}
    for name, value in model_to_dict(row, list(names)).items():
        text = repr(sorted(item.pk for item in value)) if isinstance(value, list) else str(value)
        marks[name] = sha256(f"{name}={text}".encode()).hexdigest()[:16]
    return marks


def parse_marks(text: str) -> dict[str, str]:
    """What write_marks() wrote; what is no mark is left out."""
    return {name: mark for name, _, mark in (item.partition(":") for item in text.split())}


def write_marks(marks: dict[str, str]) -> str:
    return " ".join(f"{name}:{mark}" for name, mark in marks.items())


class StaleGuard(Forms):
    """Before ModelForm among the bases. Put {{ form.seen }} between <form> and </form>, and save in a transaction.

    overtaken: it was refused because somebody else saved.
    """

    overtaken = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.marks = {} if self.instance._state.adding else mark_fields(self.instance, self.list_guarded())
        # What is stored beside what the form asks: save() writes that too.
        asked = self.list_guarded()
        beside = [field.attname for field in self.instance._meta.concrete_fields if field.name not in asked]
        self.beside = {name: getattr(self.instance, name) for name in beside}

    def list_guarded(self) -> list[str]:
        return [name for name, field in self.fields.items() if not field.disabled]

    @property
    def seen(self) -> SafeString:
        """The marks, as a hidden field."""
        return format_html('<input type="hidden" name="{}" value="{}">', SEEN, write_marks(self.marks))

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.instance._state.adding:
            self.refuse_stale()

    def refuse_stale(self) -> None:
        stored = lock_for_save(type(self.instance)._base_manager.all()).get(pk=self.instance.pk)
        for name, value in self.beside.items():
            if getattr(self.instance, name) == value:
                setattr(self.instance, name, getattr(stored, name))
        self.marks = mark_fields(stored, self.list_guarded())
        seen = parse_marks(self.data.get(SEEN, ""))
        now = model_to_dict(stored, [name for name, mark in self.marks.items() if seen.get(name) != mark])
        # Who sent what is stored now anyway undoes nothing.
        changed = [name for name, value in now.items() if self.fields[name].has_changed(value, self.read_sent(name))]
        for name in changed:
            field = self.fields[name]
            words = [describe_value(field, value) for value in (now[name], self.read_sent(name))]
            self.add_error(name, "Somebody changed this: it is “{}” now. You sent “{}”.".format(*words))
        if changed:
            self.overtaken = True
            self.add_error(None, CHANGED)

    def read_sent(self, name: str) -> Any:
        return self[name].data


def describe_value(field: forms.Field, value: Any) -> str:
    """A stored or a sent value as a person reads it."""
    if isinstance(field, forms.BooleanField):
        return "Yes" if field.to_python(value) else "No"
    if isinstance(field, forms.ChoiceField):
        chosen = {str(field.prepare_value(item)) for item in (value if isinstance(value, list) else [value])}
        labels = [str(label) for code, label in cast("Any", field.choices) if str(code) in chosen and str(code)]
        return ", ".join(labels) or "nothing"
    return str(field.prepare_value(value) or "nothing")

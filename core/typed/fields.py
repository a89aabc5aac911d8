"""Form fields that put what was typed into one form (core/typed/tidy.py) before they check it.

Every field in which somebody types is one of these; passwords stay as they are typed. Tests walk all forms.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.forms import UsernameField
from django.core.exceptions import ValidationError
from django.db import models

from .mail_address import tidy_address
from .tidy import tidy_line, tidy_name, tidy_text, tidy_value

if TYPE_CHECKING:
    FieldBase = forms.Field
    ChosenRows = forms.ModelMultipleChoiceField[Any]
else:
    FieldBase, ChosenRows = object, forms.ModelMultipleChoiceField


class Tidied(FieldBase):
    """Mix it in before a field."""

    tidy: Callable[[str], str] = staticmethod(tidy_line)

    def to_python(self, value: Any) -> Any:
        return super().to_python(self.tidy(value) if isinstance(value, str) else value)


class LineField(Tidied, forms.CharField):
    """Words on one line."""


class TextField(Tidied, forms.CharField):
    """Words on several lines."""

    tidy = staticmethod(tidy_text)


class NameField(Tidied, UsernameField):
    """The name of an account."""

    tidy = staticmethod(tidy_name)


class SlugField(Tidied, forms.SlugField):
    tidy = staticmethod(tidy_value)


class AddressField(Tidied, forms.URLField):
    tidy = staticmethod(tidy_value)


class EmailField(Tidied, forms.EmailField):
    tidy = staticmethod(tidy_address)


class NumberField(Tidied, forms.IntegerField):
    tidy = staticmethod(tidy_value)


class DecimalField(Tidied, forms.DecimalField):
    tidy = staticmethod(tidy_value)


class DayField(Tidied, forms.DateField):
    tidy = staticmethod(tidy_value)


class MomentField(Tidied, forms.DateTimeField):
    """A day with a time by the clock of the clinic. Where the clocks change, some times come never, and some twice."""

    tidy = staticmethod(tidy_value)

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError as error:
            if error.code == "ambiguous_timezone":
                words = "The clocks change then: this time comes twice, or not at all. Choose another."
                raise ValidationError(words, code=error.code) from error
            raise


class RowsField(ChosenRows):
    """Rows chosen by their keys. Django asks SQLite for a number of any length, which SQLite cannot read."""

    def clean(self, value: Any) -> Any:
        try:
            return super().clean(value)
        except OverflowError as error:
            words = forms.ModelChoiceField.default_error_messages["invalid_choice"]
            raise ValidationError(words, code="invalid_choice") from error


# For ModelAdmin.formfield_overrides.
ADMIN_FIELDS: dict[Any, dict[str, Any]] = {
    models.CharField: {"form_class": LineField},
    models.TextField: {"form_class": TextField},
    models.SlugField: {"form_class": SlugField},
    models.URLField: {"form_class": AddressField, "assume_scheme": "https"},
    models.EmailField: {"form_class": EmailField},
    models.IntegerField: {"form_class": NumberField},
    models.DateField: {"form_class": DayField},
    models.ManyToManyField: {"form_class": RowsField},
}

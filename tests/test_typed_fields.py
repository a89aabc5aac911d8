"""Whatever somebody types is put into one form first, on every form of the site; and links are built in one place."""

import re
from pathlib import Path

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import User

from core.pages.admin import TidySearchMixin
from core.typed.fields import Tidied
from site_project import urls  # noqa: F401  # so that every form of the site is there

OURS = ("assessment.", "content.", "core.", "staff.", "site_project.")
ROOT = Path(__file__).parents[1]
TYPED = (forms.CharField, forms.IntegerField, forms.DateField, forms.DateTimeField, forms.TimeField)
# Where what was typed counts sign by sign, and where nobody types.
EXEMPT = (forms.PasswordInput, forms.HiddenInput)


def subclasses(base):
    for form in base.__subclasses__():
        yield form
        yield from subclasses(form)


def untidy(fields):
    return sorted(
        name
        for name, field in fields.items()
        if isinstance(field, TYPED) and not isinstance(field, Tidied) and not isinstance(field.widget, EXEMPT)
        if not field.disabled
    )


def test_every_field_of_our_own_forms_tidies_what_is_typed():
    found = [form for form in subclasses(forms.BaseForm) if form.__module__.startswith(OURS)]
    assert len(found) >= 20
    assert {form.__qualname__: names for form in found if (names := untidy(form.declared_fields))} == {}


@pytest.mark.django_db
def test_every_field_of_the_admins_forms_tidies_what_is_typed(rf):
    request = rf.get("/")
    request.user = User.objects.create_superuser("boss")
    wrong = {}
    seen = 0
    for model, pages in admin.site._registry.items():
        if not pages.has_add_permission(request):
            continue
        seen += 1
        for existing in (None, User.objects.first() if model is User else model()):
            fields = pages.get_form(request, existing, change=existing is not None).base_fields
            if names := untidy(fields):
                wrong[model.__name__] = names
    assert seen >= 6
    assert wrong == {}


@pytest.mark.django_db
def test_a_row_by_a_number_that_no_database_holds_is_no_choice(rf):
    request = rf.get("/")
    request.user = User.objects.create_superuser("boss")
    fields = {
        f"{model.__name__}.{name}": field
        for model, pages in admin.site._registry.items()
        if pages.has_add_permission(request)
        for name, field in pages.get_form(request, model(), change=True).base_fields.items()
        if isinstance(field, forms.ModelChoiceField)
    }
    many = [name for name, field in fields.items() if isinstance(field, forms.ModelMultipleChoiceField)]
    assert sorted(many) == ["Article.related", "User.groups"]
    assert len(fields) >= 5
    for name, field in fields.items():
        with pytest.raises(forms.ValidationError, match="Select a valid choice"):
            field.clean(["9" * 60] if name in many else "9" * 60)


def files(*endings):
    for folder in ("assessment", "content", "core", "staff", "site_project", "templates"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in endings and "starter/articles" not in str(path):
                yield path


def test_links_that_call_or_write_are_built_in_one_place_each():
    made = re.compile(r"[\"'](?:tel|mailto):|href=\"?(?:tel|mailto)")
    found = {path.name for path in files(".py", ".html", ".txt") if made.search(path.read_text())}
    assert found == {"telephone.py", "mail_address.py"}


def test_every_list_that_is_searched_is_searched_for_what_was_meant():
    searched = [pages for pages in admin.site._registry.values() if pages.search_fields]
    assert len(searched) >= 4
    assert [type(pages).__name__ for pages in searched if not isinstance(pages, TidySearchMixin)] == []

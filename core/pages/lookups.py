"""What the address of a list of the staff pages may ask.

Django's admin takes any field of a row as a filter: `?token__gte=8` answers yes or no, and 256 such answers are a
token. Here a list answers its own filters and nothing else.
"""

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList, ChangeListSearchForm
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest

if TYPE_CHECKING:
    Lists = ChangeList
else:
    Lists = object

# Of what is searched for: each word is looked for in each field, and a database refuses a condition without end.
LONGEST_SEARCH = 200


class SearchForm(ChangeListSearchForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields = {SEARCH_VAR: forms.CharField(required=False, strip=False, max_length=LONGEST_SEARCH)}


class HeldList(Lists):
    """Before ChangeList among the bases. Raises DisallowedModelAdminLookup (400) for what is no filter of the list."""

    search_form_class = SearchForm

    def get_filters(self, request: HttpRequest) -> Any:
        found = super().get_filters(request)
        # What is left: no filter has taken it. Of a date_hierarchy it is the two ends of what it shows.
        ends = {f"{self.date_hierarchy}__{end}" for end in ("gte", "lt")} if self.date_hierarchy else set()
        if left := sorted({*found[2]} - ends):
            raise DisallowedModelAdminLookup(f"Not a filter of this list: {left[0]}")
        return found


def hold_list(kind: type[ChangeList]) -> type[ChangeList]:
    """This kind of list, held to its filters."""
    return cast("type[ChangeList]", type(f"Held{kind.__name__}", (HeldList, kind), {}))


class HeldAutocomplete(AutocompleteJsonView):
    """Answers for the fields only whose own page asks (ModelAdmin.autocomplete_fields)."""

    def process_request(self, request: HttpRequest) -> Any:
        found = super().process_request(request)
        field = found[2]
        asks = self.admin_site._registry.get(field.model) if self.admin_site else None
        if asks is None or field.name not in asks.get_autocomplete_fields(request):
            raise PermissionDenied
        return (found[0][:LONGEST_SEARCH], *found[1:])


def refuse_nul(request: HttpRequest) -> None:
    """No address of ours has a NUL in it, and PostgreSQL takes none. Raises SuspiciousOperation (400)."""
    if any("\0" in text for name, values in request.GET.lists() for text in (name, *values)):
        raise SuspiciousOperation("NUL in the address")

"""What the admin pages of every application share."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from ..typed.tidy import tidy_line

if TYPE_CHECKING:
    BaseAdmin = admin.ModelAdmin[Any]
else:
    BaseAdmin = object


class TidySearchMixin(BaseAdmin):
    """A list is searched for what was meant by what was typed. How long that may be: lookups.py."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, tidy_line(search_term))


class ReadOnlyAdmin:
    """Nothing is added, changed or deleted here, whoever asks. Stands before ModelAdmin among the bases."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

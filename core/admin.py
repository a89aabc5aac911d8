"""What the admin pages of every application share."""

from django.db.models import Model
from django.http import HttpRequest


class ReadOnlyAdmin:
    """Nothing is added, changed or deleted here, whoever asks. Stands before ModelAdmin among the bases."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

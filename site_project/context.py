"""What every template may show: the clinic's own details."""

from django.conf import settings
from django.http import HttpRequest


def add_clinic_details(request: HttpRequest) -> dict[str, dict[str, str]]:
    """The clinic's name, telephone, address and the local emergency numbers, as `clinic` in every template."""
    return {"clinic": settings.CLINIC}

"""What every template may show: the clinic's own details."""

from django.conf import settings


def add_clinic_details(request):
    """The clinic's name, telephone, address and the local emergency numbers, as `clinic` in every template."""
    return {"clinic": settings.CLINIC}

"""The system check that names what the clinic has not said of itself yet."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info
from django.db import Error

from .models import ClinicDetails, TeamMember

# Settings, and what each is.
SETTINGS = {
    "phone": "its telephone number (CLINIC_PHONE)",
    "address": "its address (CLINIC_ADDRESS)",
    "map": "a map (CLINIC_MAP)",
}


def find_empty_details(app_configs: Any = None, **options: Any) -> list[CheckMessage]:
    """System check of `manage.py check --deploy`: what patients look for on the clinic's page and do not find."""
    empty = [words for name, words in SETTINGS.items() if not settings.CLINIC[name]] + list_empty_rows()
    if not empty:
        return []
    return [
        Info(
            f"The clinic's page leaves out what is still empty: {', '.join(empty)}.",
            hint="Settings: docs/operations.md. The rest: the staff pages, by an approver.",
            id="content.I001",
        )
    ]


def list_empty_rows() -> list[str]:
    """Nothing while the database cannot say: before the first `migrate`, say."""
    try:
        details = ClinicDetails.objects.first() or ClinicDetails()
        filled = {
            "when it is open": details.hours,
            "how to book": details.booking or details.booking_link,
            "who works there": TeamMember.objects.exists(),
        }
    except Error:
        return []
    return [words for words, value in filled.items() if not value]

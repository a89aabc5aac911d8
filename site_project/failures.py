"""What can go wrong with any command, through no fault of the code, in words for whoever started it."""

from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, InternalError, OperationalError, ProgrammingError


def explain_failure(error: BaseException) -> str | None:
    """The words; None for an error that only a traceback explains."""
    told = str(error).strip()
    if isinstance(error, ImproperlyConfigured):
        return f"The settings cannot be used. {told}"
    missing = "no such table" in told or "does not exist" in told
    if missing and isinstance(error, OperationalError | ProgrammingError):
        return f"The database is not that of this version ({told}). Run manage.py migrate first."
    refused = "permission denied" in told and isinstance(error, ProgrammingError)
    if refused or isinstance(error, OperationalError | InterfaceError | InternalError):
        return (
            f"The database cannot be used now: {told}\nDoes it run, may this user write to it, is there room on its "
            "disk? Where it is, DATABASE_URL and DATA_DIR say."
        )
    if isinstance(error, OSError):
        return f"This cannot be read or written: {told}"
    return None

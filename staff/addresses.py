"""Where the staff pages are."""

from functools import lru_cache

from django.urls import reverse


@lru_cache
def get_staff_prefix(prefix: str) -> str:
    """Where the staff pages begin. prefix: where the site is mounted, which reverse() looks at."""
    return reverse("admin:index")

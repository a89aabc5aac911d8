"""Requests as the type checker sees them behind a login."""

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class StaffRequest(HttpRequest):
    """A request of someone who is logged in: behind a permission or the admin's login, `user` is never anonymous."""

    user: "User"

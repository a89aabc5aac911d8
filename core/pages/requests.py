"""Requests as the type checker sees them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.http.response import HttpResponseBase

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# What a middleware is given, and what it gives.
GetResponse = Callable[[HttpRequest], HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request of someone who is logged in: behind a permission or the admin's login, `user` is never anonymous.

    asked_again: password and code were given a moment ago, on the way of a form (staff.recent_login). logged_off: the
    person was logged off while this request ran, which the audit knows (staff.idle). only_looked_at: its form is not to
    be saved now (content.admin.common).
    """

    user: "User"
    asked_again: bool
    logged_off: bool
    only_looked_at: bool

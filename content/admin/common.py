"""What several pages of the desk say or need."""

import datetime
from typing import TYPE_CHECKING, Any, cast

from django.contrib.auth.models import User
from django.forms.widgets import Script
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

from core.pages.requests import StaffRequest
from core.people import display_name, list_staff_with

from .. import publishing
from ..models import Version

if TYPE_CHECKING:
    from django.contrib import admin

    BaseAdmin = admin.ModelAdmin[Any]
else:
    BaseAdmin = object

STYLES = {"all": ["staff.css", "desk.css"]}
# It looks for what is on the page, so it waits until the page is there.
SCRIPTS = [Script("desk.js", defer=True)]


READ, WRITE, APPROVE, REVIEW = (
    f"content.{name}" for name in ("view_version", "change_article", "approve_version", "review_version_clinically")
)


def as_staff_request(request: HttpRequest) -> StaffRequest:
    """The request of an admin page as what it is: behind the login nobody is anonymous."""
    return cast(StaffRequest, request)


class AcceptedError(Exception):
    """A form that was only looked at may be saved."""


class LooksFirstMixin(BaseAdmin):
    """For pages whose forms take long to look at. Put it first among the bases.

    Django looks at a form within the transaction that saves it, and on SQLite no patient's answer is kept until that
    ends. So it is looked at before as well, and one that is refused takes no lock.
    """

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if request.method == "POST":
            as_staff_request(request).only_looked_at = True
            try:
                return self._changeform_view(  # type: ignore[attr-defined,no-any-return]
                    request, object_id, form_url, extra_context
                )
            except AcceptedError:
                as_staff_request(request).only_looked_at = False
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        if as_staff_request(request).only_looked_at:
            raise AcceptedError
        return super().save_form(request, form, change)


class NoDeletionMixin:
    """What articles stand on stays: withdraw an article instead of deleting it."""

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def format_person(user: User | None) -> str:
    """A user's name as colleagues know it; None is the starter library."""
    return display_name(user) if user else "starter library"


def describe_approvers(version: Version) -> str:
    """Who can approve this version, in a sentence or two. Nobody is mailed."""
    people = list_staff_with(APPROVE).exclude(pk__in=publishing.list_writers(version)).order_by("pk")
    names = [display_name(user) for user in people[:5]]
    if not names:
        return "Nobody else may approve it yet: a lead gives somebody the role Approvers, under Users."
    return f"{get_text_list(names, 'or')} can approve it. No mail goes out: tell one of them."


def format_moment(when: datetime.datetime) -> str:
    return date_format(timezone.localtime(when), "j F Y, H:i T")


def describe_review(version: Version) -> str:
    """Whether a clinician has reviewed these words, in words."""
    if version.clinically_reviewed_on:
        day = date_format(version.clinically_reviewed_on, "j F Y")
        return f"Reviewed by {version.clinically_reviewed_by} on {day}"
    return "Not yet clinically reviewed"


def describe_state(version: Version, now: datetime.datetime | None = None) -> str:
    """Where a version is on its way to the readers, in words. Whether newer words have taken its place is not asked."""
    now = now or timezone.now()
    if version.approved_at:
        if version.expires_at and version.expires_at <= now:
            return f"Expired on {format_moment(version.expires_at)}"
        if version.publish_at and version.publish_at > now:
            return f"Scheduled for {format_moment(version.publish_at)}"
        return "Published"
    if version.returned_at:
        return "Changes asked for"
    return "Waits for approval" if version.sent_at else "Draft"

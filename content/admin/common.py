"""What several pages of the desk say or need."""

from django.forms.widgets import Script
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import get_text_list

from core.people import list_staff_with

STYLES = {"all": ["staff.css", "desk.css"]}
# It looks for what is on the page, so it waits until the page is there.
SCRIPTS = [Script("desk.js", defer=True)]


READ, WRITE, APPROVE, REVIEW = (
    f"content.{name}" for name in ("view_version", "change_article", "approve_version", "review_version_clinically")
)


class NoDeletionMixin:
    """What articles stand on stays: withdraw an article instead of deleting it."""

    def has_delete_permission(self, request, obj=None):
        return False


def format_person(user):
    """A user's name as colleagues know it; None is the starter library."""
    return (user.get_full_name() or user.get_username()) if user else "starter library"


def describe_approvers(author):
    """Who can approve what this author wrote, in a sentence or two. Nobody is mailed."""
    people = list_staff_with(APPROVE).exclude(pk=author and author.pk).order_by("pk")
    names = [format_person(user) for user in people[:5]]
    if not names:
        return "Nobody else may approve it yet: a lead gives somebody the role Approvers, under Users."
    return f"{get_text_list(names, 'or')} can approve it. No mail goes out: tell one of them."


def format_moment(when):
    return date_format(timezone.localtime(when), "j F Y, H:i")


def describe_review(version):
    """Whether a clinician has reviewed these words, in words."""
    if version.clinically_reviewed_on:
        day = date_format(version.clinically_reviewed_on, "j F Y")
        return f"Reviewed by {version.clinically_reviewed_by} on {day}"
    return "Not yet clinically reviewed"


def describe_state(version, now=None):
    """Where a version is on its way to the readers, in words. Whether newer words have taken its place is not asked."""
    now = now or timezone.now()
    if version.approved_at:
        if version.expires_at and version.expires_at <= now:
            return f"Expired on {format_moment(version.expires_at)}"
        if version.publish_at > now:
            return f"Scheduled for {format_moment(version.publish_at)}"
        return "Published"
    if version.returned_at:
        return "Changes asked for"
    return "Waits for approval" if version.sent_at else "Draft"

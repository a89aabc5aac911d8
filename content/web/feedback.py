"""Was this clear? What readers tell us about a page, without telling us who they are.

No cookie, no name, no time of day, no address. Nothing leads from the bucket that slows down who floods the form
(core.throttle) to what was written.
"""

from collections.abc import Callable
from datetime import timedelta

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from core.throttle import RateLimit
from core.typed.fields import TextField

from ..models import Feedback, Version

MAX_LENGTH = 500
# One address may stand for a whole school or clinic, so the bucket is not small.
LIMIT = RateLimit("feedback", 10, timedelta(minutes=1))


def find_article_title(topic: str, slug: str) -> str | None:
    """The title of an article that patients can read now, or None."""
    found = Version.objects.live().filter(article__slug=slug, article__topic__slug=topic)
    return found.values_list("title", flat=True).first()


# The pages that can be asked about: the name of their address, and what finds their title (None: no such page).
# Another part of the site adds its own through content.public.
PAGES: dict[str, Callable[..., str | None]] = {"article": find_article_title}


def find_page(path: str) -> tuple[str, str] | None:
    """(its address, its title) for the path of a page that can be asked about, or None."""
    try:
        match = resolve(path)
    except Resolver404:
        return None
    title = PAGES[match.url_name](**match.kwargs) if match.url_name in PAGES else None
    return (reverse(match.url_name, kwargs=match.kwargs), title) if title else None


class FeedbackForm(forms.Form):
    """One reader's word on one page."""

    clear = forms.ChoiceField(
        choices=[("yes", "Yes"), ("no", "No")],
        error_messages={"required": "Choose Yes or No.", "invalid_choice": "Choose Yes or No."},
    )
    text = TextField(
        required=False,
        max_length=MAX_LENGTH,
        error_messages={
            "max_length": "Write %(limit_value)d letters or fewer. You wrote %(show_value)d.",
        },
    )

    def save_feedback(self, path: str) -> Feedback:
        """Store it with the day, which is all that is kept of when."""
        return Feedback.objects.create(
            path=path,
            clear=self.cleaned_data["clear"] == "yes",
            text=self.cleaned_data["text"],
            day=timezone.localdate(),
        )


def purge_feedback() -> int:
    """Delete the notes that are older than the clinic keeps anything; return how many."""
    first = timezone.localdate() - timedelta(days=settings.RETENTION_DAYS)
    return Feedback.objects.filter(day__lt=first).delete()[0]


def is_from_this_site(request: HttpRequest) -> bool:
    """Whether a form was sent by one of our own pages: the browser says so, and no page can make it lie.

    A browser too old to say either thing is believed; such a request carries nothing that could be abused.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin in (None, get_own_origin(request), *settings.CSRF_TRUSTED_ORIGINS)


def get_own_origin(request: HttpRequest) -> str:
    """Such as https://clinic.example"""
    return f"{request.scheme}://{request.get_host()}"

"""Was this clear? What readers tell us about a page, without telling us who they are.

No cookie, no name, no time of day, no address. Somebody who floods the form is slowed down by a token bucket in the
database. Its row is named by an HMAC of the client's address under a key of this day, which is made from SECRET_KEY and
stored nowhere; rows that are full again are deleted. Nothing leads from a bucket to what was written.
"""

import hashlib
import hmac
from datetime import timedelta

from django import forms
from django.conf import settings
from django.db import transaction
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from content.models import Bucket, Feedback, Version

MAX_LENGTH = 500
# One address may stand for a whole school or clinic, so the bucket is not small.
CAPACITY = 10
REFILL = timedelta(minutes=1)


def article_title(topic, slug):
    """The title of an article that patients can read now, or None."""
    found = Version.objects.live().filter(article__slug=slug, article__topic__slug=topic)
    return found.values_list("title", flat=True).first()


# The pages that can be asked about: the name of their address, and what finds their title (None: no such page).
# Another part of the site adds its own through content.doors.
PAGES = {"article": article_title}


def find_page(path):
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
    text = forms.CharField(
        required=False,
        max_length=MAX_LENGTH,
        error_messages={
            "max_length": "Write %(limit_value)d letters or fewer. You wrote %(show_value)d.",
            "null_characters_not_allowed": "One of the signs cannot be read. Please type the text again.",
        },
    )

    def __init__(self, data):
        # Browsers count a new line as one letter and send it as two.
        super().__init__({name: data.get(name, "").replace("\r\n", "\n") for name in self.base_fields})

    def keep(self, path):
        """Store it, and let go of what is older than the clinic keeps anything."""
        today = timezone.localdate()
        Feedback.objects.filter(day__lt=today - timedelta(days=settings.RETENTION_DAYS)).delete()
        return Feedback.objects.create(
            path=path, clear=self.cleaned_data["clear"] == "yes", text=self.cleaned_data["text"], day=today
        )


def from_this_site(request):
    """Whether a form was sent by one of our own pages: the browser says so, and no page can make it lie.

    A browser too old to say either thing is believed; such a request carries nothing that could be abused.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    return origin in (None, own_origin(request), *settings.CSRF_TRUSTED_ORIGINS)


def own_origin(request):
    """Such as https://clinic.example"""
    return f"{request.scheme}://{request.get_host()}"


def client_key(request, day):
    """A name for this client on this day that is of no use on another day, or without SECRET_KEY."""
    daily = salted_hmac("content.feedback", day.isoformat(), algorithm="sha256").digest()
    return hmac.new(daily, request.META.get("REMOTE_ADDR", "").encode(), hashlib.sha256).hexdigest()


def may_write(request, now=None):
    """Take one token from this client's bucket. False when it is empty."""
    now = now or timezone.now()
    # A bucket nobody took from for this long is full, which is the same as none.
    Bucket.objects.filter(filled_at__lte=now - CAPACITY * REFILL).delete()
    key = client_key(request, timezone.localdate(now))
    with transaction.atomic():
        Bucket.objects.bulk_create([Bucket(key=key, tokens=CAPACITY, filled_at=now)], ignore_conflicts=True)
        bucket = Bucket.objects.select_for_update().get(key=key)
        tokens = min(CAPACITY, bucket.tokens + max(now - bucket.filled_at, timedelta()) / REFILL)
        if tokens < 1:
            return False
        bucket.tokens, bucket.filled_at = tokens - 1, now
        bucket.save()
        return True

"""The way of an article's words to its readers: written, sent, approved by another person, shown when their time comes.

Each step takes the article's lock first, so that two people who press at once come one after the other. A step that
cannot be taken raises PublishingError with the reason in plain words; nothing has changed then.
"""

import datetime
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from core.second_person import explain_dependence

from .models import ALWAYS_THERE, Article, ShareLink, Version
from .text import lint, problems

# What makes a clinical review of earlier words hold for these too: nothing a patient reads has changed, not one letter.
# A typing error put right asks for a new review as well: "mg" and "g" differ by a letter.
READ_BY_PATIENTS = ("title", "summary", "body", "figures", "pictures")


Params = ParamSpec("Params")


class PublishingError(Exception):
    """A step that cannot be taken now; the message says why."""


def lock_article(
    do: Callable[Concatenate[Version, User, Params], Version | None],
) -> Callable[Concatenate[Version, User, Params], Version]:
    """Make a function of (version, user, ...) one step: under the lock of its article, on the row as it is now."""

    def taken(version: Version, user: User, /, *args: Params.args, **kwargs: Params.kwargs) -> Version:
        with transaction.atomic():
            Article.objects.select_for_update().get(pk=version.article_id)
            fresh = Version.objects.select_related("article__topic").get(pk=version.pk)
            result = do(fresh, user, *args, **kwargs)
            return fresh if result is None else result

    return taken


def find_live_version(article: Article) -> Version | None:
    return Version.objects.live().filter(article=article).first()


def loses_review(version: Version, read_now: Version | None) -> bool:
    """Whether patients would read words without a clinical review in place of reviewed ones."""
    return bool(
        read_now
        and read_now.pk != version.pk
        and read_now.clinically_reviewed_on
        and not version.clinically_reviewed_on
    )


def list_writers(version: Version) -> QuerySet[User]:
    """Whoever may have put a word into this version that nobody has approved: the authors of it and of all drafts since
    the approved one before it, and of any draft that was restored among these."""
    versions = version.article.versions
    approved = versions.filter(approved_at__isnull=False, pk__lt=version.pk).first()
    drafts = versions.filter(pk__gt=approved.pk if approved else 0, pk__lte=version.pk)
    restored = versions.filter(approved_at__isnull=True, body__in=drafts.values("body"))
    if approved:
        restored = restored.exclude(body=approved.body)
    return User.objects.filter(pk__in=(drafts | restored).values("author")).order_by("pk")


def explain_own_hand(version: Version, user: User, signing: str) -> str:
    """Why this user may not approve these words or review them, in plain words; "" when they may.

    signing: "approve" or "review".
    """
    writers = list(list_writers(version))
    if user in writers:
        wrote = "this text" if version.author_id == user.pk else "a part of this text"
        return f"You wrote {wrote}, so somebody else has to {signing} it."
    other = version.clinical_reviewer if signing == "approve" else version.approved_by
    if other == user:
        done = "signed the clinical review of" if signing == "approve" else "approved"
        return f"You {done} these words, so somebody else has to {signing} them."
    return next(filter(None, (explain_dependence(user, person) for person in (*writers, other) if person)), "")


def has_same_words(one: Version, other: Version) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in READ_BY_PATIENTS)


@transaction.atomic
def write_version(article: Article, user: User, words: dict[str, Any]) -> Version:
    """Append a version by this user. A clinical review of the very same words goes with it."""
    before = article.newest
    version = article.append_version(**words, author=user, approved_at=None)
    if (
        before
        and before.clinically_reviewed_on
        and before.clinical_reviewer_id != user.pk
        and has_same_words(before, version)
    ):
        version.clinically_reviewed_by = before.clinically_reviewed_by
        version.clinically_reviewed_on = before.clinically_reviewed_on
        version.clinical_reviewer_id = before.clinical_reviewer_id
        version.save()
    return version


@lock_article
def send_for_approval(version: Version, user: User) -> None:
    """Ask for approval."""
    require_newest(version)
    if version.approved_at or version.is_awaiting_approval:
        raise PublishingError("It was sent already.")
    if left := lint.lint_placeholders(version.body):
        raise PublishingError(f"It was not sent. Line {left[0].line}: {left[0].message}")
    require_signs(version)
    version.sent_at, version.returned_at, version.returned_by, version.returned_note = timezone.now(), None, None, ""
    version.save()


@lock_article
def take_back_version(version: Version, user: User) -> None:
    """The author wants to go on writing before anybody approves it."""
    if not version.is_awaiting_approval:
        raise PublishingError("It does not wait for approval.")
    version.sent_at = None
    version.save()


@lock_article
def approve_version(
    version: Version,
    user: User,
    publish_at: datetime.datetime | None = None,
    expires_at: datetime.datetime | None = None,
    without_clinical_review: bool = False,
    no_source_because: str = "",
) -> None:
    """Let patients read it from publish_at (None: now) to expires_at (None: until something newer).

    no_source_because: why figures without a source may stand, where there are any.
    """
    if why_not := explain_own_hand(version, user, "approve"):
        raise PublishingError(why_not)
    if not version.is_awaiting_approval:
        raise PublishingError("It does not wait for approval.")
    require_signs(version)
    now = timezone.now()
    publish_at = max(publish_at or now, now)
    if expires_at and expires_at <= publish_at:
        raise PublishingError("It would be taken off the site before it is published.")
    if expires_at and version.article.slug in ALWAYS_THERE:
        raise PublishingError("Every page of the site leads to this one, so it has no end.")
    approved = version.article.versions.filter(approved_at__isnull=False)
    if approved.filter(pk__gt=version.pk).exists():
        raise PublishingError("Newer words of this article are approved already.")
    if loses_review(version, find_live_version(version.article)) and not without_clinical_review:
        raise PublishingError(
            "The words patients read now are clinically reviewed; these are not yet. Ask for the review first, or "
            "tick that the page may say “Not yet clinically reviewed”."
        )
    unsourced = lint.find_unsourced_statistics(version.body)
    if unsourced and not no_source_because.strip():
        raise PublishingError(
            f"A figure has no source: “{lint.shorten_text(unsourced[0][1])}”. Ask for its source, or write down "
            "why it may stand without one."
        )
    version.approved_by, version.approved_at = user, now
    version.publish_at, version.expires_at = publish_at, expires_at
    version.save()
    ShareLink.objects.filter(article=version.article).delete()


@lock_article
def return_version(version: Version, user: User, note: str) -> None:
    """Ask the author to change something; note says what."""
    if not version.is_awaiting_approval:
        raise PublishingError("It does not wait for approval.")
    if not note.strip():
        raise PublishingError("Say what should change, so that the author can do it.")
    version.returned_at, version.returned_by, version.returned_note = timezone.now(), user, note.strip()
    version.save()


@lock_article
def unschedule_version(version: Version, user: User) -> None:
    """Approved, but not read by anybody yet: let it wait for approval again."""
    if not version.approved_at or not version.publish_at or version.publish_at <= timezone.now():
        raise PublishingError(
            "It is not scheduled any more. To take words back that patients read, restore an older version."
        )
    version.approved_at = version.approved_by = None
    version.save()


@lock_article
def sign_clinical_review(version: Version, user: User) -> None:
    """Sign that these words are clinically right. Patients read the name of the account that signs."""
    if why_not := explain_own_hand(version, user, "review"):
        raise PublishingError(why_not)
    if version.clinically_reviewed_on:
        raise PublishingError(f"It is reviewed already, by {version.clinically_reviewed_by}.")
    if not (version.approved_at or version.is_awaiting_approval):
        raise PublishingError("It is still being written. Its author sends it for approval first.")
    if not (user.first_name.strip() and user.last_name.strip()):
        raise PublishingError("Patients read your name: a lead has to write first and last name into your account.")
    version.clinically_reviewed_by, version.clinically_reviewed_on = user.get_full_name()[:120], timezone.localdate()
    version.clinical_reviewer = user
    version.save()


@lock_article
def restore_version(version: Version, user: User) -> Version:
    """A new draft with these old words; what is newer stays in the history."""
    words = {name: getattr(version, name) for name in ("title", "summary", "body", "figures", "written", "review_due")}
    day = date_format(timezone.localtime(version.created_at), "j F Y, H:i T")
    return write_version(version.article, user, {**words, "note": f"Restored the version of {day}", "publish_at": None})


@transaction.atomic
def withdraw_article(article: Article, user: User) -> Article:
    """Take the page off the site at once: for approvers, who ask no second person. Wrong words must be gone fast."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.slug in ALWAYS_THERE:
        raise PublishingError("Every page of the site leads to this one, so it stays. Correct its words instead.")
    if article.withdrawn:
        raise PublishingError("The page is off the site already.")
    article.withdrawn = True
    article.save()
    ShareLink.objects.filter(article=article).delete()
    return article


@transaction.atomic
def put_back_article(article: Article, user: User) -> Article:
    """Back on the site: patients read its newest approved words again. Whoever does it answers for that."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not article.withdrawn:
        raise PublishingError("The page is on the site.")
    article.withdrawn = False
    article.save()
    return article


def require_signs(version: Version) -> None:
    """Words from before the register of signs, or restored from then, may say less than it: they stay a draft."""
    if found := problems.find_sign_problems(version.body, version.title, version.article.slug):
        raise PublishingError(f"Its emergency box has to be put right first. {found[0]}")


def require_newest(version: Version) -> None:
    if version.article.versions.filter(pk__gt=version.pk).exists():
        raise PublishingError("There is a newer version of this article. Open that one.")

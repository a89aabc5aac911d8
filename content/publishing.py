"""The way of an article's words to its readers: written, sent, approved by another person, shown when their time comes.

Each step takes the article's lock first, so that two people who press at once come one after the other. A step that
cannot be taken raises Refused with the reason in plain words; nothing has changed then.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from .models import ALWAYS_THERE, Article, ShareLink, Version
from .text import lint

# What makes a clinical review of earlier words hold for these too: nothing a patient reads has changed, not one letter.
# A typing error put right asks for a new review as well: "mg" and "g" differ by a letter.
READ_BY_PATIENTS = ("title", "summary", "body", "figures", "pictures")


class Refused(Exception):
    """A step that cannot be taken now; the message says why."""


def step(do):
    """Make a function of (version, user, ...) one step: under the lock of its article, on the row as it is now."""

    def taken(version, user, *args, **kwargs):
        with transaction.atomic():
            Article.objects.select_for_update().get(pk=version.article_id)
            fresh = Version.objects.select_related("article__topic").get(pk=version.pk)
            result = do(fresh, user, *args, **kwargs)
            return fresh if result is None else result

    return taken


def live(article):
    return Version.objects.live().filter(article=article).first()


def loses_review(version, read_now):
    """Whether patients would read words without a clinical review in place of reviewed ones."""
    return bool(
        read_now
        and read_now.pk != version.pk
        and read_now.clinically_reviewed_on
        and not version.clinically_reviewed_on
    )


def same_words(one, other):
    return all(getattr(one, name) == getattr(other, name) for name in READ_BY_PATIENTS)


@transaction.atomic
def write(article, user, words):
    """Append a version by this user. A clinical review of the very same words goes with it."""
    before = article.newest
    version = article.append(**words, author=user, approved_at=None)
    if (
        before
        and before.clinically_reviewed_on
        and before.clinical_reviewer_id != user.pk
        and same_words(before, version)
    ):
        version.clinically_reviewed_by = before.clinically_reviewed_by
        version.clinically_reviewed_on = before.clinically_reviewed_on
        version.clinical_reviewer_id = before.clinical_reviewer_id
        version.save()
    return version


@step
def send(version, user):
    """Ask for approval."""
    newest_only(version)
    if version.approved_at or version.waits:
        raise Refused("It was sent already.")
    if left := lint.placeholders(version.body):
        raise Refused(f"It was not sent. Line {left[0].line}: {left[0].message}")
    version.sent_at, version.returned_at, version.returned_by, version.returned_note = timezone.now(), None, None, ""
    version.save()


@step
def take_back(version, user):
    """The author wants to go on writing before anybody approves it."""
    if not version.waits:
        raise Refused("It does not wait for approval.")
    version.sent_at = None
    version.save()


@step
def approve(version, user, publish_at=None, expires_at=None, without_clinical_review=False, no_source_because=""):
    """Let patients read it from publish_at (None: now) to expires_at (None: until something newer).

    no_source_because: why figures without a source may stand, where there are any.
    """
    if version.author_id == user.pk:
        raise Refused("You wrote this text, so somebody else has to approve it.")
    if not version.waits:
        raise Refused("It does not wait for approval.")
    now = timezone.now()
    publish_at = max(publish_at or now, now)
    if expires_at and expires_at <= publish_at:
        raise Refused("It would be taken off the site before it is published.")
    if expires_at and version.article.slug in ALWAYS_THERE:
        raise Refused("Every page of the site leads to this one, so it has no end.")
    approved = version.article.versions.filter(approved_at__isnull=False)
    if approved.filter(pk__gt=version.pk).exists():
        raise Refused("Newer words of this article are approved already.")
    if loses_review(version, live(version.article)) and not without_clinical_review:
        raise Refused(
            "The words patients read now are clinically reviewed; these are not yet. Ask for the review first, or "
            "tick that the page may say “Not yet clinically reviewed”."
        )
    unsourced = lint.without_source(version.body)
    if unsourced and not no_source_because.strip():
        raise Refused(
            f"A figure has no source: “{lint.short(unsourced[0][1])}”. Ask for its source, or write down "
            "why it may stand without one."
        )
    version.approved_by, version.approved_at = user, now
    version.publish_at, version.expires_at = publish_at, expires_at
    version.save()
    ShareLink.objects.filter(article=version.article).delete()


@step
def give_back(version, user, note):
    """Ask the author to change something; note says what."""
    if not version.waits:
        raise Refused("It does not wait for approval.")
    if not note.strip():
        raise Refused("Say what should change, so that the author can do it.")
    version.returned_at, version.returned_by, version.returned_note = timezone.now(), user, note.strip()
    version.save()


@step
def unschedule(version, user):
    """Approved, but not read by anybody yet: let it wait for approval again."""
    if not version.approved_at or version.publish_at <= timezone.now():
        raise Refused("It is not scheduled any more. To take words back that patients read, restore an older version.")
    version.approved_at = version.approved_by = None
    version.save()


@step
def review_clinically(version, user, name):
    """Sign that these words are clinically right. name: as patients read it below the article."""
    if version.author_id == user.pk:
        raise Refused("You wrote this text, so somebody else has to review it.")
    if version.clinically_reviewed_on:
        raise Refused(f"It is reviewed already, by {version.clinically_reviewed_by}.")
    if not (version.approved_at or version.waits):
        raise Refused("It is still being written. Its author sends it for approval first.")
    if not name.strip():
        raise Refused("Give your name and profession as patients shall read them.")
    version.clinically_reviewed_by, version.clinically_reviewed_on = name.strip(), timezone.localdate()
    version.clinical_reviewer = user
    version.save()


@step
def restore(version, user):
    """A new draft with these old words; what is newer stays in the history."""
    words = {name: getattr(version, name) for name in ("title", "summary", "body", "figures", "written", "review_due")}
    day = date_format(timezone.localtime(version.created_at), "j F Y, H:i")
    return write(version.article, user, {**words, "note": f"Restored the version of {day}", "publish_at": None})


@transaction.atomic
def withdraw(article, user):
    """Take the page off the site at once. No second person is asked: wrong words must be gone fast."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if article.slug in ALWAYS_THERE:
        raise Refused("Every page of the site leads to this one, so it stays. Correct its words instead.")
    if article.withdrawn:
        raise Refused("The page is off the site already.")
    article.withdrawn = True
    article.save()
    ShareLink.objects.filter(article=article).delete()
    return article


@transaction.atomic
def put_back(article, user):
    """Back on the site: patients read its newest approved words again. Whoever does it answers for that."""
    article = Article.objects.select_for_update().get(pk=article.pk)
    if not article.withdrawn:
        raise Refused("The page is on the site.")
    article.withdrawn = False
    article.save()
    return article


def newest_only(version):
    if version.article.versions.filter(pk__gt=version.pk).exists():
        raise Refused("There is a newer version of this article. Open that one.")

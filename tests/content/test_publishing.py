from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from content import publishing
from content.models import Article, OwnWordsError, ShareLink, Version
from content.publishing import PublishingError
from content.text import signs
from core import audit

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(add, editor, words):
    """Write a draft of the live article "overuse": draft(title="...")."""
    article = add()

    def make(**changes):
        sent = {name: value for name, value in words().items() if name not in ("approved_at",)}
        return publishing.write_version(article, editor, {**sent, "publish_at": None, "title": "Newer", **changes})

    return make


@pytest.fixture
def sent(draft, editor):
    """A draft that waits for approval."""
    return lambda **changes: publishing.send_for_approval(draft(**changes), editor)


def current():
    found = Article.objects.published().first()
    return found.current.title if found else None


def test_a_draft_is_read_by_nobody_before_another_person_approves_it(sent, approver):
    version = sent()
    assert current() == "Overuse"
    publishing.approve_version(version, approver)
    assert current() == "Newer"


def test_nobody_approves_their_own_text(sent, editor):
    with pytest.raises(PublishingError, match="somebody else has to approve it"):
        publishing.approve_version(sent(), editor)


def test_words_that_a_button_put_in_are_not_sent(draft, editor):
    version = draft(body="Walk.\n\n| column 1 | column 2 |\n|---|---|\n| a | b |\n")
    with pytest.raises(PublishingError, match=r"It was not sent\. Line 3: “. column 1” came from a button"):
        publishing.send_for_approval(version, editor)
    assert not Article.objects.get().newest.is_awaiting_approval


def test_an_emergency_box_that_says_less_than_the_register_is_neither_sent_nor_approved(
    draft, sent, editor, approver, monkeypatch
):
    typed = "Walk.\n\n::: emergency\n- chest pain\n:::\n"
    with pytest.raises(PublishingError, match=r"Line 4: “chest pain” is no sign of the register"):
        publishing.send_for_approval(draft(body=typed), editor)
    # Sent before there was a register.
    with monkeypatch.context() as before:
        before.setattr(signs, "REGISTERED", [])
        version = sent(body=typed)
    with pytest.raises(PublishingError, match="no sign of the register"):
        publishing.approve_version(version, approver)
    assert current() == "Overuse"


def test_figures_without_a_source_are_approved_only_with_a_reason(sent, approver):
    version = sent(body="80% of people were back at work after a week.\n")
    for reason in ("", "  "):
        with pytest.raises(PublishingError, match="A figure has no source: “80% of people"):
            publishing.approve_version(version, approver, no_source_because=reason)
    publishing.approve_version(version, approver, no_source_because="Our own count")
    assert current() == "Newer"


def test_not_even_a_superuser_approves_their_own_text(add, admin_user, words):
    article = add()
    mine = {name: value for name, value in words().items() if name != "approved_at"}
    version = publishing.send_for_approval(publishing.write_version(article, admin_user, mine), admin_user)
    with pytest.raises(PublishingError):
        publishing.approve_version(version, admin_user)


def test_the_model_refuses_an_approval_of_ones_own_text(draft, editor):
    version = draft()
    version.approved_by, version.approved_at = editor, timezone.now()
    with pytest.raises(OwnWordsError):
        version.save()


@pytest.mark.parametrize("by", ["the author", "nobody"])
def test_the_database_refuses_words_of_a_person_that_no_other_person_approved(draft, editor, by):
    version = draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(
            approved_at=timezone.now(), publish_at=timezone.now(), approved_by=editor if by == "the author" else None
        )
    assert current() == "Overuse"


def test_the_database_refuses_a_clinical_review_of_ones_own_text(draft, editor):
    version = draft()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=version.pk).update(clinical_reviewer=editor)


@pytest.mark.parametrize("column", ["title", "summary", "body", "figures", "pictures", "written", "author_id"])
def test_the_database_itself_keeps_the_words_of_a_stored_version(add, column):
    version = add().current
    value = {"figures": "[1]", "pictures": "[1]", "written": "2001-01-01", "author_id": "1"}.get(column, "changed")
    with pytest.raises(Exception, match="A stored version keeps its words"), transaction.atomic():
        connection.cursor().execute(
            f"UPDATE content_version SET {column} = {'CAST(%s AS jsonb)' if value == '[1]' and connection.vendor == 'postgresql' else '%s'}"  # noqa: E501
            " WHERE id = %s",
            [value, version.pk],
        )
    assert Version.objects.get(pk=version.pk).title == "Overuse"


def test_stored_words_cannot_be_written_over_by_a_bulk_insert(add):
    version = add().current
    version.title = "changed"
    with pytest.raises(Exception, match="keeps its words"):
        Version.objects.bulk_create([version], update_conflicts=True, unique_fields=["id"], update_fields=["title"])


def test_what_was_not_sent_cannot_be_approved(draft, approver):
    with pytest.raises(PublishingError, match="does not wait"):
        publishing.approve_version(draft(), approver)


def test_an_older_text_cannot_be_sent_over_a_newer_one(draft, editor):
    older = draft(title="Older")
    draft(title="Newest")
    with pytest.raises(PublishingError, match="newer version"):
        publishing.send_for_approval(older, editor)


def test_words_older_than_approved_ones_cannot_be_approved(sent, approver):
    older, newer = sent(title="Older"), sent(title="Newest")
    publishing.approve_version(newer, approver)
    with pytest.raises(PublishingError, match="Newer words"):
        publishing.approve_version(older, approver)


def test_a_text_given_back_says_what_should_change_and_can_be_sent_again(sent, approver, editor):
    version = publishing.return_version(sent(), approver, " Name the source. ")
    assert (version.returned_note, version.is_awaiting_approval) == ("Name the source.", False)
    assert publishing.send_for_approval(version, editor).is_awaiting_approval


def test_a_text_is_not_given_back_without_a_word(sent, approver):
    with pytest.raises(PublishingError, match="what should change"):
        publishing.return_version(sent(), approver, "  ")


def test_an_author_can_take_a_text_back(sent, editor):
    assert not publishing.take_back_version(sent(), editor).is_awaiting_approval


def test_an_approved_text_waits_for_its_day_without_any_clockwork(sent, approver):
    later = timezone.now() + timedelta(days=3)
    version = publishing.approve_version(sent(), approver, publish_at=later)
    assert current() == "Overuse"
    assert Version.objects.live(now=later).get() == version


def test_a_day_in_the_past_is_now(sent, approver):
    before = timezone.now()
    assert publishing.approve_version(sent(), approver, publish_at=before - timedelta(days=3)).publish_at >= before


def test_a_scheduled_text_can_be_stopped_before_its_day(sent, approver):
    version = publishing.approve_version(sent(), approver, publish_at=timezone.now() + timedelta(days=3))
    assert publishing.unschedule_version(version, approver).is_awaiting_approval


def test_a_published_text_cannot_be_unscheduled(sent, approver):
    version = publishing.approve_version(sent(), approver)
    with pytest.raises(PublishingError, match="restore"):
        publishing.unschedule_version(version, approver)


def test_a_page_leaves_the_site_when_its_time_is_over_and_older_words_do_not_come_back(sent, approver):
    end = timezone.now() + timedelta(days=3)
    publishing.approve_version(sent(), approver, expires_at=end)
    assert current() == "Newer"
    assert not Version.objects.live(now=end).exists()


def test_an_end_before_the_beginning_is_refused(sent, approver):
    later = timezone.now() + timedelta(days=3)
    with pytest.raises(PublishingError, match="before it is published"):
        publishing.approve_version(sent(), approver, publish_at=later, expires_at=later)


def test_a_clinical_review_has_the_name_of_its_account_and_a_day(sent, reviewer):
    version = publishing.sign_clinical_review(sent(), reviewer)
    assert version.clinically_reviewed_by == "Carla Example"
    assert version.clinically_reviewed_on == timezone.localdate()


@pytest.mark.parametrize(("first", "last"), [("", "Example"), ("Carla", ""), (" ", " ")])
def test_an_account_without_a_whole_name_signs_no_clinical_review(sent, reviewer, first, last):
    reviewer.first_name, reviewer.last_name = first, last
    with pytest.raises(PublishingError, match="first and last name"):
        publishing.sign_clinical_review(sent(), reviewer)


def test_a_very_long_name_is_signed_as_far_as_it_goes(sent, reviewer):
    reviewer.last_name = "x" * 150
    assert publishing.sign_clinical_review(sent(), reviewer).clinically_reviewed_by == "Carla " + "x" * 114


def test_nobody_reviews_their_own_text(sent, editor):
    with pytest.raises(PublishingError, match="somebody else"):
        publishing.sign_clinical_review(sent(), editor)


def test_a_text_that_is_still_being_written_is_not_reviewed(draft, reviewer):
    with pytest.raises(PublishingError, match="still being written"):
        publishing.sign_clinical_review(draft(), reviewer)


def test_one_changed_letter_asks_for_a_new_clinical_review(sent, draft, reviewer):
    version = publishing.sign_clinical_review(sent(body="Take 5 mg.\n"), reviewer)
    assert draft(title=version.title, body="Take 5 g.\n").clinically_reviewed_on is None


def test_the_same_words_keep_their_clinical_review(sent, draft, reviewer):
    reviewed = publishing.sign_clinical_review(sent(), reviewer)
    same = draft(review_due=timezone.localdate() + timedelta(days=900))
    assert (same.clinically_reviewed_by, same.clinically_reviewed_on) == (
        "Carla Example",
        reviewed.clinically_reviewed_on,
    )


def test_a_reviewer_who_writes_does_not_inherit_their_own_review(sent, reviewer):
    version = publishing.sign_clinical_review(sent(), reviewer)
    words = {name: getattr(version, name) for name in ("title", "summary", "body", "figures", "written", "review_due")}
    assert publishing.write_version(version.article, reviewer, {**words, "note": "x"}).clinically_reviewed_on is None


def test_a_page_does_not_lose_its_clinical_review_unnoticed(sent, approver, reviewer):
    publishing.approve_version(publishing.sign_clinical_review(sent(), reviewer), approver)
    newer = sent(title="Newest")
    with pytest.raises(PublishingError, match="clinically reviewed"):
        publishing.approve_version(newer, approver)
    publishing.approve_version(newer, approver, without_clinical_review=True)
    assert current() == "Newest"


def test_restoring_makes_a_new_draft_and_keeps_everything(sent, approver, editor):
    publishing.approve_version(sent(), approver)
    first = Version.objects.order_by("pk").first()
    restored = publishing.restore_version(first, editor)
    assert (restored.title, restored.body, restored.approved_at) == (first.title, first.body, None)
    assert current() == "Newer"
    assert Version.objects.count() == 3


def test_a_page_can_be_withdrawn_at_once_and_put_back(add, editor, approver):
    article = add()
    publishing.withdraw_article(article, editor)
    assert current() is None
    publishing.put_back_article(article, approver)
    assert current() == "Overuse"


def test_the_page_with_the_signs_that_need_help_is_always_there(add, editor, approver, words):
    article = add("signs-that-need-help-now")
    with pytest.raises(PublishingError, match="stays"):
        publishing.withdraw_article(article, editor)
    mine = {name: value for name, value in words().items() if name != "approved_at"}
    mine["body"] = "::: signs emergency\n\n::: signs urgent\n"
    version = publishing.send_for_approval(publishing.write_version(article, editor, mine), editor)
    with pytest.raises(PublishingError, match="no end"):
        publishing.approve_version(version, approver, expires_at=timezone.now() + timedelta(days=1))


def test_approval_ends_the_link_to_the_draft(sent, approver, editor):
    version = sent()
    link = ShareLink.make(version, editor)
    assert ShareLink.find(link.token) == link
    publishing.approve_version(version, approver)
    assert ShareLink.find(link.token) is None


def test_what_does_not_wait_is_neither_taken_back_nor_given_back(draft, editor, approver):
    version = draft()
    with pytest.raises(PublishingError, match="does not wait"):
        publishing.take_back_version(version, editor)
    with pytest.raises(PublishingError, match="does not wait"):
        publishing.return_version(version, approver, "Say it shorter.")
    assert Article.objects.get().newest == version


def test_a_second_clinical_review_does_not_take_the_place_of_the_first(sent, reviewer, approver):
    version = publishing.sign_clinical_review(sent(), reviewer)
    with pytest.raises(PublishingError, match="reviewed already, by Carla Example"):
        publishing.sign_clinical_review(version, approver)
    version.refresh_from_db()
    assert version.clinically_reviewed_by == "Carla Example"


def test_a_page_that_is_off_the_site_is_not_taken_off_again(add, editor, approver):
    article = add()
    publishing.withdraw_article(article, editor)
    with pytest.raises(PublishingError, match="off the site already"):
        publishing.withdraw_article(article, approver)


@pytest.fixture
def written_by_two(draft, colleague, add):
    """Words of somebody who may do everything, and after them a dot of another editor, sent: (version, the first)."""
    first, second = colleague("Editors", "Approvers", "Clinical reviewers", name="sock"), colleague("Editors")

    def make(*, restored=False):
        version = draft(body="First words.\n")
        words = {name: getattr(version, name) for name in ("title", "summary", "body", "written", "review_due")}
        theirs = publishing.write_version(version.article, first, {**words, "body": "Sock words.\n", "note": "a"})
        if restored:
            approved = publishing.send_for_approval(draft(title="Others"), second)
            publishing.approve_version(approved, colleague("Approvers", name="ann"))
            dotted = publishing.restore_version(theirs, second)
        else:
            words |= {"body": "Sock words.\n", "title": "Dotted.", "note": "b"}
            dotted = publishing.write_version(version.article, second, words)
        return publishing.send_for_approval(dotted, second), first

    return make


@pytest.mark.parametrize("restored", [False, True])
@pytest.mark.parametrize("step", [publishing.approve_version, publishing.sign_clinical_review])
def test_whoever_wrote_a_part_since_the_approved_words_neither_approves_nor_reviews(written_by_two, step, restored):
    version, first = written_by_two(restored=restored)
    with pytest.raises(PublishingError, match="You wrote a part of this text"):
        step(version, first)


def test_whoever_wrote_words_that_were_approved_since_then_may_approve_the_next(written_by_two, approver, editor):
    version, first = written_by_two()
    publishing.approve_version(version, approver)
    words = {name: getattr(version, name) for name in ("title", "summary", "body", "written", "review_due")}
    next_one = publishing.write_version(version.article, editor, {**words, "title": "Next", "note": "c"})
    publishing.approve_version(publishing.send_for_approval(next_one, editor), first)
    assert current() == "Next"


@pytest.mark.parametrize(
    "steps",
    [
        (publishing.sign_clinical_review, publishing.approve_version),
        (publishing.approve_version, publishing.sign_clinical_review),
    ],
)
def test_one_account_does_not_both_review_and_approve(sent, colleague, steps):
    both = colleague("Approvers", "Clinical reviewers")
    first, second = steps
    version = first(sent(), both)
    with pytest.raises(PublishingError, match="these words, so somebody else has to"):
        second(version, both)


@pytest.mark.parametrize("step", [publishing.approve_version, publishing.sign_clinical_review])
def test_accounts_of_one_maker_are_no_two_people_for_words(sent, colleague, editor, step):
    lead, sock = colleague("Leads", name="lead"), colleague("Approvers", "Clinical reviewers", name="sock")
    for made in (editor, sock):
        audit.record_event(lead, "account", user=made.pk, what="new")
    with pytest.raises(PublishingError, match="One person made both your account and that of edith"):
        step(sent(), sock)

"""One check on one page: what the patient said and read, what staff did, and what can be done now."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, TypedDict

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from core import audit
from core.audit import AuditEvent
from core.pages.requests import StaffRequest
from core.people import display_name

from .. import deadlines
from ..clinic import approval, raises, review_actions
from ..models import Assessment, Contact, Note, Override, Raise
from ..models.review import ClosingReason, ReviewState
from ..protocol.model import Level
from .forms import AssignForm, DecisionForm, DismissForm, OverrideForm, ReviewForm
from .permissions import has_permission, require_permissions

EVENTS = 200
TWINS = 6
# From so many answers on equal ones mean something. A check that stops at its first question holds one of a few dozen
# answers: of 280 in a week two are equal by chance. The next place to stop is the sixth question, after age, place and
# beginning of the pain: one pair in 26 such weeks (5,000 walks of sample_checks, any two compared).
ENOUGH = 6
# What each action takes of what was typed; the rest stays where it is.
TAKES = {
    "note": {"note"},
    "contacted": {"note"},
    "close": {"note", "reason"},
    "override": {"level", "why"},
    "assign": {"to"},
    "dismiss_raise": {"enough"},
}
# What somebody may have written and not sent yet.
WRITTEN = ("note", "why", "enough")
# The form of an action: its name on the page, and its kind.
FORMS: dict[str, tuple[str, type[ReviewForm]]] = {
    "override": ("override", OverrideForm),
    "assign": ("assign", AssignForm),
    "dismiss_raise": ("dismiss", DismissForm),
}
# What an action asks for besides the permission to change reviews.
NEEDS = {
    "note": "add_note",
    "contacted": "add_note",
    "override": "add_override",
    "confirm": "add_override",
    "decline": "add_override",
    "accept_raise": "add_override",
    "dismiss_raise": "add_override",
}


class HistoryEntry(TypedDict):
    """One line of what staff did."""

    at: datetime
    who: str
    words: str
    text: str


class Look(TypedDict):
    """How often one person looked at a check."""

    who: str
    last: datetime
    times: int
    prints: int


class Twin(TypedDict):
    """A check that may be the same person's, and why it may be."""

    record: Assessment
    why: list[str]


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("note", "why", "enough")
def show_record(request: StaffRequest, pk: int) -> HttpResponse:
    require_permissions(request, "view_assessment")
    record = load_record(pk)
    if request.method == "POST":
        require_permissions(request, "change_review")
        return handle_action(request, record)
    return render_record(request, record)


@require_GET
def print_record(request: StaffRequest, pk: int) -> HttpResponse:
    """Everything on one sheet of paper."""
    require_permissions(request, "view_assessment")
    record = load_record(pk)
    asked = read_contact_details(request, record)
    audit.record_event(request.user, "print", record, what="contact" if asked and asked["details"] else "")
    context = {
        **describe_record(record),
        "asked": asked,
        "overrides": list_overrides(record),
        "notes": list_notes(record),
        "raised": [item for item in list_raises(record) if item.decided_at is None],
        "printed": timezone.now(),
    }
    return render(request, "admin/assessment/print.html", context)


@require_GET
def open_next_record(request: StaffRequest) -> HttpResponse:
    """The most urgent check that is free or mine."""
    require_permissions(request, "view_assessment", "change_review")
    pk = review_actions.find_next_in_queue(request.user)
    if pk is None:
        messages.info(request, "Nothing is waiting for you.")
        return redirect("admin:assessment_assessment_changelist")
    return redirect("admin:assessment_assessment_change", pk)


def load_record(pk: int) -> Assessment:
    try:
        return Assessment.objects.select_related("review", "review__assigned_to", "corrects").get(pk=pk)
    except (Assessment.DoesNotExist, OverflowError) as missing:
        raise Http404("No such check") from missing


# --- What can be done -------------------------------------------------------------------------------------------------
def handle_action(request: StaffRequest, record: Assessment) -> HttpResponse:
    """Do what the pressed button says. What somebody typed is on the page again whenever it could not be done."""
    action = request.POST.get("action", "")
    forms = build_forms(record, read_leftover_input(request, action))
    form: ReviewForm | None = None
    if action in ("note", "contacted", "close"):
        form = forms["decision"] = DecisionForm(request.POST, action=action)
    elif action in FORMS:
        name, kind = FORMS[action]
        form = forms[name] = kind(request.POST)
    elif action not in ("claim", "over", "release", "reopen", "confirm", "decline", "accept_raise"):
        return render_record(request, record, forms, 422, "Choose what to do.")
    if form and not form.is_valid():
        return render_record(request, record, forms, 422)
    given = form.cleaned_data if form else {}
    version = given.get("version") or parse_version(request.POST.get("version"))
    try:
        done = apply_action(request, record, action, version, given)
    except review_actions.ConflictError as conflict:
        audit.record_event(request.user, "refused", record, what=action, reason="conflict")
        return refuse_action(request, record, forms, 409, str(conflict))
    except review_actions.RefusedError as refused:
        audit.record_event(request.user, "refused", record, what=action, reason="rule")
        return refuse_action(request, record, forms, 422, str(refused))
    messages.success(request, done)
    left = read_leftover_input(request, action)
    if any(left.get(name) for name in WRITTEN):
        # Somebody wrote something and then pressed another button: it is still in its field.
        record = load_record(record.pk)
        return render_record(request, record, build_forms(record, left))
    if given.get("onward") and action in ("contacted", "close"):
        return redirect_to_next_record(request, record)
    return redirect("admin:assessment_assessment_change", record.pk)


def parse_version(text: str | None) -> int:
    """A version as posted; 0, which no check has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def apply_action(request: StaffRequest, record: Assessment, action: str, version: int, given: dict[str, Any]) -> str:
    """Raises RefusedError. Returns what to tell the person."""
    if action in NEEDS:
        require_permissions(request, NEEDS[action])
    change = hand_on if action in ("claim", "over", "release", "reopen", "assign") else decide
    return change(request.user, record, action, version, given)


def hand_on(actor: User, record: Assessment, action: str, version: int, given: dict[str, Any]) -> str:
    """Whose the check is. Raises RefusedError. Returns what to tell the person."""
    code = record.reference
    match action:
        case "claim":
            review_actions.claim_review(actor, record, version)
            return f"You have {code} now."
        case "over":
            review_actions.assign_review(actor, record, version, actor)
            return f"You took {code} over."
        case "release":
            review_actions.release_review(actor, record, version)
            return f"{code} is free for anybody."
        case "reopen":
            review_actions.reopen_review(actor, record, version)
            return f"{code} is open again, and yours."
    review_actions.assign_review(actor, record, version, given["to"])
    return f"{code} is with {display_name(given['to'])} now."


def decide(actor: User, record: Assessment, action: str, version: int, given: dict[str, Any]) -> str:
    """What comes of the check. Raises RefusedError. Returns what to tell the person."""
    code = record.reference
    match action:
        case "note":
            review_actions.add_note(actor, record, given["note"])
            return "Your note is kept."
        case "contacted":
            review_actions.mark_contacted(actor, record, version, given["note"])
            return f"{code}: the patient was contacted."
        case "close":
            review_actions.close_review(actor, record, version, given["reason"], given["note"])
            return f"{code} is closed."
        case "override":
            made = review_actions.override_level(actor, record, version, given["level"], given["why"])
            if made.needs_second:
                return f"A second person must agree before {code} is {made.get_to_level_display()}."
            return f"{code} is {made.get_to_level_display()} now."
        case "accept_raise":
            raised = raises.decide_raise(actor, record, version, True)
            return f"You have {code} now, as {raised.get_level_display()}."
        case "dismiss_raise":
            raises.decide_raise(actor, record, version, False, given["enough"])
            return f"{code} stays as it is."
    made = review_actions.decide_override(actor, record, version, action == "confirm")
    return f"{code} is {made.get_to_level_display()} now." if made.accepted else f"{code} keeps its level."


def redirect_to_next_record(request: StaffRequest, record: Assessment) -> HttpResponse:
    """To the next check, or to the queue when there is none."""
    pk = review_actions.find_next_in_queue(request.user, after=record)
    if pk is None:
        messages.info(request, "Nothing else is waiting for you.")
        return redirect("admin:assessment_assessment_changelist")
    messages.info(request, "This is the next check in the queue.")
    return redirect("admin:assessment_assessment_change", pk)


def refuse_action(
    request: StaffRequest, record: Assessment, forms: dict[str, ReviewForm], status: int, message: str
) -> HttpResponse:
    """The check as it is now, with what the person typed, under the version that they now see."""
    record = load_record(record.pk)
    for form in forms.values():
        if form.is_bound:
            form.data = {**dict(form.data.items()), "version": record.review.version}
    return render_record(request, record, forms, status, message)


def read_leftover_input(request: StaffRequest, action: str) -> dict[str, str]:
    """What was filled in and is not for this action."""
    names = {"note", "reason", "level", "why", "to", "enough"} - TAKES.get(action, set())
    return {name: typed for name in names if (typed := request.POST.get(name))}


def build_forms(record: Assessment, kept: dict[str, str] | None = None) -> dict[str, ReviewForm]:
    start = {"version": record.review.version, **(kept or {})}
    return {
        "decision": DecisionForm(initial=start),
        "override": OverrideForm(initial=start),
        "assign": AssignForm(initial=start),
        "dismiss": DismissForm(initial=start),
    }


# --- What is shown ----------------------------------------------------------------------------------------------------
def render_record(
    request: StaffRequest,
    record: Assessment,
    forms: dict[str, ReviewForm] | None = None,
    status: int = 200,
    error: str = "",
) -> HttpResponse:
    asked = read_contact_details(request, record)
    # After what it changes and before what it reads: the history on the page ends with this look.
    audit.record_event(request.user, "view", record, what="contact" if asked and asked["details"] else "")
    user, review, now = request.user, record.review, timezone.now()
    events = list(AuditEvent.objects.filter(record_id=record.pk).order_by("-number")[:EVENTS])
    people = User.objects.in_bulk({event.actor_id for event in events} - {None} | list_assignees(events))
    forms, written, made = forms or build_forms(record), list_notes(record), list_overrides(record)
    raised = list_raises(record)
    context = {
        **admin.site.each_context(request),
        **describe_record(record),
        "is_nav_sidebar_enabled": False,  # the page needs the width
        "title": f"Check {record.reference}",
        "approval": approval.describe_approval(),
        "asked": asked,
        "forms": forms,
        "error": error,
        "failed": [form for form in forms.values() if form.is_bound and form.errors],
        "history": build_history(events, people, written, made, raised),
        "notes": written[::-1],
        "looks": summarize_looks(events, people, user, now),
        "raised": [item for item in raised if item.decided_at is None],
        "proposal": next((override for override in made if override.decided_at is None), None),
        "twins": find_possible_duplicates(record),
        "may": {
            name: has_permission(user, name) for name in ("change_review", "add_note", "add_override", "view_contact")
        },
        "mine": review.assigned_to_id == user.pk,
    }
    return render(request, "admin/assessment/record.html", context, status=status)


def describe_record(record: Assessment) -> dict[str, Any]:
    """What both the page and the sheet of paper show."""
    now, review = timezone.now(), record.review
    late = review.rank and review.due_at < now
    return {
        "record": record,
        "review": review,
        "result": record.result,
        "level": review.get_level_display(),
        "own_level": record.get_level_display(),
        "overridden": review.level != record.level,
        "waits": review.state in (ReviewState.NEW, ReviewState.IN_REVIEW),
        "late": late,
        "due": deadlines.deadline_in_words(review.due_at, now),
        "due_at": deadlines.time_in_words(review.due_at, now),
        "sent": deadlines.time_in_words(record.finished_at, now),
        "owner": display_name(review.assigned_to) if review.assigned_to else "",
        "rules_approval": approval.describe_approval(record.protocol_digest).text,
    }


def read_contact_details(request: StaffRequest, record: Assessment) -> dict[str, Any] | None:
    """The contact details, opened only here, for those who may see them: None when the patient asked for no call."""
    asked = Contact.objects.filter(assessment=record).first()
    if asked is None:
        return None
    allowed = has_permission(request.user, "view_contact")
    return {"contact": asked, "allowed": allowed, "details": asked.details() if allowed else None}


def list_overrides(record: Assessment) -> list[Override]:
    return list(Override.objects.filter(assessment=record).select_related("proposed_by", "decided_by"))


def list_raises(record: Assessment) -> list[Raise]:
    return list(Raise.objects.filter(assessment=record).order_by("-level", "due_at"))


def list_notes(record: Assessment) -> list[Note]:
    return list(Note.objects.filter(assessment=record).select_related("author"))


def list_assignees(events: Iterable[AuditEvent]) -> set[int]:
    return {event.facts["user"] for event in events if event.facts.get("user")}


def name_person(people: dict[int, User], pk: int | None, fallback: str = "") -> str:
    return display_name(people[pk]) if pk and pk in people else fallback or "The site"


def build_history(
    events: list[AuditEvent], people: dict[int, User], written: list[Note], made: list[Override], raised: list[Raise]
) -> list[HistoryEntry]:
    """What staff did, the newest first: actions from the audit, notes and reasons in their own words."""
    reasons = {override.pk: override.reason for override in made}
    dismissed = {item.protocol_version: item.why for item in raised}
    found: list[HistoryEntry] = []
    for event in events:
        if event.action in (*review_actions.CHANGES, "raise"):
            words, text = describe_change(event, people), ""
            if event.action in ("override", "propose"):
                text = reasons.get(event.facts.get("proposal"), "")
            elif event.action == "dismiss_raise":
                text = dismissed.get(event.facts.get("what"), "")
            who = name_person(people, event.actor_id, event.actor)
            found.append({"at": event.at, "who": who, "words": words, "text": text})
    found.extend(
        {"at": note.written_at, "who": display_name(note.author), "words": "noted", "text": note.text}
        for note in written
    )
    return sorted(found, key=lambda entry: entry["at"], reverse=True)


def describe_change(event: AuditEvent, people: dict[int, User]) -> str:
    """What was done, as it reads after a name."""
    words, facts = event.action_in_words, event.facts
    if event.action == "assign":
        return f"{words} {name_person(people, facts.get('user'), 'a colleague')}"
    if event.action == "close":
        return f"{words}: {ClosingReason(facts['reason']).label}"
    if event.action in ("raise", "accept_raise", "dismiss_raise"):
        return f"{words} (protocol {facts['what']})"
    if "proposal" in facts:
        before, after = (Level[facts[name].upper()].short_label for name in ("from", "to"))
        return f"{words}: {before} to {after}"
    return words


def summarize_looks(events: list[AuditEvent], people: dict[int, User], user: User, now: datetime) -> dict[str, Any]:
    """How often the check was looked at, and which colleagues had it open in the last minutes."""
    seen = [event for event in events if event.action in ("view", "print")]
    recent = {
        name_person(people, event.actor_id, event.actor): deadlines.duration_in_words(now - event.at)
        for event in reversed(seen)
        if event.actor_id != user.pk and now - event.at < timedelta(minutes=5)
    }
    by_person: dict[int | None, Look] = {}
    for event in seen:
        start: Look = {
            "who": name_person(people, event.actor_id, event.actor),
            "last": event.at,
            "times": 0,
            "prints": 0,
        }
        entry = by_person.setdefault(event.actor_id, start)
        entry["times"] += 1
        entry["prints"] += event.action == "print"
    return {"recent": recent, "people": list(by_person.values())}


def find_possible_duplicates(record: Assessment) -> list[Twin]:
    """Checks that may be the same person's: said so, linked, never joined. Each with why."""
    near = record.finished_at - timedelta(days=7), record.finished_at + timedelta(days=7)
    found: dict[int, Twin] = {}

    def add(rows: Iterable[Assessment], why: str) -> None:
        for row in rows:
            if row.pk != record.pk:
                found.setdefault(row.pk, {"record": row, "why": []})["why"].append(why)

    some = Assessment.objects.select_related("review").only(
        "reference", "level", "finished_at", "corrects", "review__state", "review__level"
    )
    asked = Contact.objects.filter(assessment=record).only("telephone_key", "email_key").first()
    if asked and (asked.telephone_key or asked.email_key):
        same = Q(contact__telephone_key=asked.telephone_key) if asked.telephone_key else Q(pk=None)
        if asked.email_key:
            same |= Q(contact__email_key=asked.email_key)
        add(some.filter(same).order_by("-finished_at")[: TWINS + 1], "the same telephone or e-mail")
    if len(record.answers) >= ENOUGH:
        alike = some.filter(review__answers_digest=record.review.answers_digest, review__submitted_at__range=near)
        add(alike.order_by("-review__submitted_at")[: TWINS + 1], "the same answers within 7 days")
    if record.corrects:
        add([record.corrects], "this check corrects an answer of it")
    add(some.filter(corrects=record)[:TWINS], "it corrects an answer of this check")
    return list(found.values())[:TWINS]

"""One check on one page: what the patient said and read, what staff did, and what can be done now."""

from datetime import timedelta

from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from core import audit
from core.audit import AuditEvent
from core.people import display_name

from .. import deadlines
from ..clinic import approval, review_actions
from ..models import Assessment, Contact, Note, Override
from ..models.review import ReviewState
from .forms import AssignForm, DecisionForm, OverrideForm
from .permissions import has_permission, require_permissions

EVENTS = 200
TWINS = 6
# From so many answers on equal ones mean something. A check that stops at its first question holds one of a few dozen
# answers: of 280 in a week two are equal by chance. The next place to stop is the sixth question, after age, place and
# beginning of the pain: one pair in 26 such weeks (5,000 walks of sample_checks, any two compared).
ENOUGH = 6


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("note", "why")
def show_record(request, pk):
    require_permissions(request, "view_assessment")
    record = load_record(pk)
    if request.method == "POST":
        require_permissions(request, "change_review")
        return handle_action(request, record)
    return render_record(request, record)


@require_GET
def print_record(request, pk):
    """Everything on one sheet of paper."""
    require_permissions(request, "view_assessment")
    record = load_record(pk)
    asked = read_contact_details(request, record)
    audit.record_event(request.user, "print", record, what="contact" if asked and asked["details"] else "")
    context = {**describe_record(record), "asked": asked, "notes": list_notes(record), "printed": timezone.now()}
    return render(request, "admin/assessment/print.html", context)


@require_GET
def open_next_record(request):
    """The most urgent check that is free or mine."""
    require_permissions(request, "view_assessment", "change_review")
    pk = review_actions.find_next_in_queue(request.user)
    if pk is None:
        messages.info(request, "Nothing is waiting for you.")
        return redirect("admin:assessment_assessment_changelist")
    return redirect("admin:assessment_assessment_change", pk)


def load_record(pk):
    try:
        return Assessment.objects.select_related("review", "review__assigned_to", "corrects").get(pk=pk)
    except (Assessment.DoesNotExist, OverflowError) as missing:
        raise Http404("No such check") from missing


# --- What can be done -------------------------------------------------------------------------------------------------
def handle_action(request, record):
    """Do what the pressed button says. What somebody typed is on the page again whenever it could not be done."""
    wanted = request.POST.get("act", "")
    forms = build_forms(record, read_leftover_input(request, wanted))
    form = None
    if wanted in ("note", "contacted", "close"):
        form = forms["decision"] = DecisionForm(request.POST, act=wanted)
    elif wanted == "override":
        form = forms["override"] = OverrideForm(request.POST)
    elif wanted == "assign":
        form = forms["assign"] = AssignForm(request.POST)
    elif wanted not in ("claim", "over", "release", "reopen", "confirm", "decline"):
        return render_record(request, record, forms, 422, "Choose what to do.")
    if form and not form.is_valid():
        return render_record(request, record, forms, 422)
    given = form.cleaned_data if form else {}
    version = given.get("version") or parse_version(request.POST.get("version"))
    try:
        done = apply_action(request, record, wanted, version, given)
    except review_actions.ConflictError as conflict:
        audit.record_event(request.user, "refused", record, what=wanted, reason="conflict")
        return refuse_action(request, record, forms, 409, str(conflict))
    except review_actions.RefusedError as refused:
        audit.record_event(request.user, "refused", record, what=wanted, reason="rule")
        return refuse_action(request, record, forms, 422, str(refused))
    messages.success(request, done)
    left = read_leftover_input(request, wanted)
    if left.get("note") or left.get("why"):
        # Somebody wrote something and then pressed another button: it is still in its field.
        record = load_record(record.pk)
        return render_record(request, record, build_forms(record, left))
    if given.get("onward") and wanted in ("contacted", "close"):
        return redirect_to_next_record(request, record)
    return redirect("admin:assessment_assessment_change", record.pk)


def parse_version(text) -> int:
    """A version as posted; 0, which no check has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def apply_action(request, record, wanted, version, given) -> str:
    """Raises RefusedError. Returns what to tell the person."""
    code = record.reference
    match wanted:
        case "claim":
            review_actions.claim_review(request.user, record, version)
            return f"You have {code} now."
        case "over":
            review_actions.assign_review(request.user, record, version, request.user)
            return f"You took {code} over."
        case "release":
            review_actions.release_review(request.user, record, version)
            return f"{code} is free for anybody."
        case "reopen":
            review_actions.reopen_review(request.user, record, version)
            return f"{code} is open again, and yours."
        case "assign":
            review_actions.assign_review(request.user, record, version, given["to"])
            return f"{code} is with {display_name(given['to'])} now."
        case "note":
            require_permissions(request, "add_note")
            review_actions.add_note(request.user, record, given["note"])
            return "Your note is kept."
        case "contacted":
            require_permissions(request, "add_note")
            review_actions.mark_contacted(request.user, record, version, given["note"])
            return f"{code}: the patient was contacted."
        case "close":
            review_actions.close_review(request.user, record, version, given["reason"], given["note"])
            return f"{code} is closed."
        case "override":
            require_permissions(request, "add_override")
            made = review_actions.override_level(request.user, record, version, given["level"], given["why"])
            if made.needs_second:
                return f"A second person must agree before {code} is {made.get_to_level_display()}."
            return f"{code} is {made.get_to_level_display()} now."
    require_permissions(request, "add_override")
    made = review_actions.decide_override(request.user, record, version, wanted == "confirm")
    return f"{code} is {made.get_to_level_display()} now." if made.accepted else f"{code} keeps its level."


def redirect_to_next_record(request, record):
    """To the next check, or to the queue when there is none."""
    pk = review_actions.find_next_in_queue(request.user, after=record)
    if pk is None:
        messages.info(request, "Nothing else is waiting for you.")
        return redirect("admin:assessment_assessment_changelist")
    messages.info(request, "This is the next check in the queue.")
    return redirect("admin:assessment_assessment_change", pk)


def refuse_action(request, record, forms, status, message):
    """The check as it is now, with what the person typed, under the version that they now see."""
    record = load_record(record.pk)
    for form in forms.values():
        if form.is_bound:
            form.data = {**form.data.dict(), "version": record.review.version}
    return render_record(request, record, forms, status, message)


# What each act takes of what was typed; the rest stays where it is.
TAKES = {
    "note": {"note"},
    "contacted": {"note"},
    "close": {"note", "reason"},
    "override": {"level", "why"},
    "assign": {"to"},
}


def read_leftover_input(request, wanted) -> dict:
    """What was filled in and is not for this act."""
    names = {"note", "reason", "level", "why", "to"} - TAKES.get(wanted, set())
    return {name: request.POST[name] for name in names if request.POST.get(name)}


def build_forms(record, kept=None):
    start = {"version": record.review.version, **(kept or {})}
    return {
        "decision": DecisionForm(initial=start),
        "override": OverrideForm(initial=start),
        "assign": AssignForm(initial=start),
    }


# --- What is shown ----------------------------------------------------------------------------------------------------
def render_record(request, record, forms=None, status=200, error=""):
    asked = read_contact_details(request, record)
    # After what it changes and before what it reads: the history on the page ends with this look.
    audit.record_event(request.user, "view", record, what="contact" if asked and asked["details"] else "")
    user, review, now = request.user, record.review, timezone.now()
    events = list(AuditEvent.objects.filter(record_id=record.pk).order_by("-number")[:EVENTS])
    people = get_user_model().objects.in_bulk({event.actor_id for event in events} - {None} | list_assignees(events))
    forms, written = forms or build_forms(record), list_notes(record)
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
        "history": build_history(record, events, people, written),
        "notes": written[::-1],
        "looks": summarize_looks(events, people, user, now),
        "proposal": next((made for made in record.made if made.decided_at is None), None),
        "twins": find_possible_duplicates(record),
        "may": {
            name: has_permission(user, name) for name in ("change_review", "add_note", "add_override", "view_contact")
        },
        "mine": review.assigned_to_id == user.pk,
    }
    return render(request, "admin/assessment/record.html", context, status=status)


def describe_record(record) -> dict:
    """What both the page and the sheet of paper show."""
    now, review = timezone.now(), record.review
    record.made = list(Override.objects.filter(assessment=record).select_related("proposed_by", "decided_by"))
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


def read_contact_details(request, record):
    """The contact details, opened only here, for those who may see them: None when the patient asked for no call."""
    asked = Contact.objects.filter(assessment=record).first()
    if asked is None:
        return None
    allowed = has_permission(request.user, "view_contact")
    return {"contact": asked, "allowed": allowed, "details": asked.details() if allowed else None}


def list_notes(record):
    return list(Note.objects.filter(assessment=record).select_related("author"))


def list_assignees(events) -> set:
    return {event.facts["user"] for event in events if event.facts.get("user")}


def name_person(people, pk, fallback=""):
    return display_name(people[pk]) if pk in people else fallback or "The site"


def build_history(record, events, people, written):
    """What staff did, the newest first: acts from the audit, notes and reasons in their own words."""
    found, reasons = [], {made.pk: made.reason for made in record.made}
    for event in events:
        if event.action in review_actions.CHANGES:
            words, text = event.words, ""
            if event.action == "assign":
                words = f"{words} {name_person(people, event.facts.get('user'), 'a colleague')}"
            elif event.action == "close":
                words = f"{words}: {dict(record.review._meta.get_field('reason').choices)[event.facts['reason']]}"
            elif "proposal" in event.facts:
                words = f"{words}: {level_in_words(event.facts['from'])} to {level_in_words(event.facts['to'])}"
                text = reasons.get(event.facts["proposal"], "") if event.action in ("override", "propose") else ""
            who = name_person(people, event.actor_id, event.actor)
            found.append({"at": event.at, "who": who, "words": words, "text": text})
    for note in written:
        found.append(
            {
                "at": note.written_at,
                "who": display_name(note.author),
                "words": "noted",
                "text": note.text,
            }
        )
    return sorted(found, key=lambda entry: entry["at"], reverse=True)


def level_in_words(code: str) -> str:
    return code.replace("_", "-").capitalize() if code == "self_care" else code.capitalize()


def summarize_looks(events, people, user, now):
    """How often the check was looked at, and which colleagues had it open in the last minutes."""
    seen = [event for event in events if event.action in ("view", "print")]
    recent = {
        name_person(people, event.actor_id, event.actor): deadlines.duration_in_words(now - event.at)
        for event in reversed(seen)
        if event.actor_id != user.pk and now - event.at < timedelta(minutes=5)
    }
    by_person = {}
    for event in seen:
        start = {"who": name_person(people, event.actor_id, event.actor), "last": event.at, "times": 0, "prints": 0}
        entry = by_person.setdefault(event.actor_id, start)
        entry["times"] += 1
        entry["prints"] += event.action == "print"
    return {"recent": recent, "people": list(by_person.values())}


def find_possible_duplicates(record):
    """Checks that may be the same person's: said so, linked, never joined. Each with why."""
    near = record.finished_at - timedelta(days=7), record.finished_at + timedelta(days=7)
    found = {}

    def add(rows, why):
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

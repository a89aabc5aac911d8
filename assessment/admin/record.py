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

from .. import deadlines
from ..clinic import approval, review_actions
from ..models import Assessment, Contact, Note, Override
from ..models.review import State
from .forms import AssignForm, DecisionForm, OverrideForm
from .permissions import can, need

EVENTS = 200
TWINS = 6
# From so many answers on equal ones mean something. A check that stops at its first question holds one of a few dozen
# answers: of 280 in a week two are equal by chance. The next place to stop is the sixth question, after age, place and
# beginning of the pain: one pair in 26 such weeks (5,000 walks of sample_checks, any two compared).
ENOUGH = 6


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("note", "why")
def page(request, pk):
    need(request, "view_assessment")
    record = get(pk)
    if request.method == "POST":
        need(request, "change_review")
        return act(request, record)
    return show(request, record)


@require_GET
def print_page(request, pk):
    """Everything on one sheet of paper."""
    need(request, "view_assessment")
    record = get(pk)
    asked = details_for(request, record)
    audit.log(request.user, "print", record, what="contact" if asked and asked["details"] else "")
    context = {**about(record), "asked": asked, "notes": notes(record), "printed": timezone.now()}
    return render(request, "admin/assessment/print.html", context)


@require_GET
def next_page(request):
    """The most urgent check that is free or mine."""
    need(request, "view_assessment", "change_review")
    pk = review_actions.next_in_queue(request.user)
    if pk is None:
        messages.info(request, "Nothing is waiting for you.")
        return redirect("admin:assessment_assessment_changelist")
    return redirect("admin:assessment_assessment_change", pk)


def get(pk):
    try:
        return Assessment.objects.select_related("review", "review__assigned_to", "corrects").get(pk=pk)
    except (Assessment.DoesNotExist, OverflowError) as missing:
        raise Http404("No such check") from missing


# --- What can be done -------------------------------------------------------------------------------------------------
def act(request, record):
    """Do what the pressed button says. What somebody typed is on the page again whenever it could not be done."""
    wanted = request.POST.get("act", "")
    forms = unbound(record, typed(request, wanted))
    form = None
    if wanted in ("note", "contacted", "close"):
        form = forms["decision"] = DecisionForm(request.POST, act=wanted)
    elif wanted == "override":
        form = forms["override"] = OverrideForm(request.POST)
    elif wanted == "assign":
        form = forms["assign"] = AssignForm(request.POST)
    elif wanted not in ("claim", "over", "release", "reopen", "confirm", "decline"):
        return show(request, record, forms, 422, "Choose what to do.")
    if form and not form.is_valid():
        return show(request, record, forms, 422)
    given = form.cleaned_data if form else {}
    version = given.get("version") or number(request.POST.get("version"))
    try:
        done = carry_out(request, record, wanted, version, given)
    except review_actions.ConflictError as conflict:
        audit.log(request.user, "refused", record, what=wanted, reason="conflict")
        return refuse(request, record, forms, 409, str(conflict))
    except review_actions.RefusedError as refused:
        audit.log(request.user, "refused", record, what=wanted, reason="rule")
        return refuse(request, record, forms, 422, str(refused))
    messages.success(request, done)
    left = typed(request, wanted)
    if left.get("note") or left.get("why"):
        # Somebody wrote something and then pressed another button: it is still in its field.
        record = get(record.pk)
        return show(request, record, unbound(record, left))
    if given.get("onward") and wanted in ("contacted", "close"):
        return onward(request, record)
    return redirect("admin:assessment_assessment_change", record.pk)


def number(text) -> int:
    """A version as posted; 0, which no check has, for anything else."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def carry_out(request, record, wanted, version, given) -> str:
    """Raises RefusedError. Returns what to tell the person."""
    code = record.reference
    match wanted:
        case "claim":
            review_actions.claim(request.user, record, version)
            return f"You have {code} now."
        case "over":
            review_actions.assign(request.user, record, version, request.user)
            return f"You took {code} over."
        case "release":
            review_actions.release(request.user, record, version)
            return f"{code} is free for anybody."
        case "reopen":
            review_actions.reopen(request.user, record, version)
            return f"{code} is open again, and yours."
        case "assign":
            review_actions.assign(request.user, record, version, given["to"])
            return f"{code} is with {review_actions.name(given['to'])} now."
        case "note":
            need(request, "add_note")
            review_actions.add_note(request.user, record, given["note"])
            return "Your note is kept."
        case "contacted":
            need(request, "add_note")
            review_actions.contacted(request.user, record, version, given["note"])
            return f"{code}: the patient was contacted."
        case "close":
            review_actions.close(request.user, record, version, given["reason"], given["note"])
            return f"{code} is closed."
        case "override":
            need(request, "add_override")
            made = review_actions.override(request.user, record, version, given["level"], given["why"])
            if made.needs_second:
                return f"A second person must agree before {code} is {made.get_to_level_display()}."
            return f"{code} is {made.get_to_level_display()} now."
    need(request, "add_override")
    made = review_actions.decide(request.user, record, version, wanted == "confirm")
    return f"{code} is {made.get_to_level_display()} now." if made.accepted else f"{code} keeps its level."


def onward(request, record):
    """To the next check, or to the queue when there is none."""
    pk = review_actions.next_in_queue(request.user, after=record)
    if pk is None:
        messages.info(request, "Nothing else is waiting for you.")
        return redirect("admin:assessment_assessment_changelist")
    messages.info(request, "This is the next check in the queue.")
    return redirect("admin:assessment_assessment_change", pk)


def refuse(request, record, forms, status, message):
    """The check as it is now, with what the person typed, under the version that they now see."""
    record = get(record.pk)
    for form in forms.values():
        if form.is_bound:
            form.data = {**form.data.dict(), "version": record.review.version}
    return show(request, record, forms, status, message)


# What each act takes of what was typed; the rest stays where it is.
TAKES = {
    "note": {"note"},
    "contacted": {"note"},
    "close": {"note", "reason"},
    "override": {"level", "why"},
    "assign": {"to"},
}


def typed(request, wanted) -> dict:
    """What was filled in and is not for this act."""
    names = {"note", "reason", "level", "why", "to"} - TAKES.get(wanted, set())
    return {name: request.POST[name] for name in names if request.POST.get(name)}


def unbound(record, kept=None):
    start = {"version": record.review.version, **(kept or {})}
    return {
        "decision": DecisionForm(initial=start),
        "override": OverrideForm(initial=start),
        "assign": AssignForm(initial=start),
    }


# --- What is shown ----------------------------------------------------------------------------------------------------
def show(request, record, forms=None, status=200, error=""):
    asked = details_for(request, record)
    # After what it changes and before what it reads: the history on the page ends with this look.
    audit.log(request.user, "view", record, what="contact" if asked and asked["details"] else "")
    user, review, now = request.user, record.review, timezone.now()
    events = list(AuditEvent.objects.filter(record_id=record.pk).order_by("-number")[:EVENTS])
    people = get_user_model().objects.in_bulk({event.actor_id for event in events} - {None} | assigned(events))
    forms, written = forms or unbound(record), notes(record)
    context = {
        **admin.site.each_context(request),
        **about(record),
        "is_nav_sidebar_enabled": False,  # the page needs the width
        "title": f"Check {record.reference}",
        "approval": approval.statement(),
        "asked": asked,
        "forms": forms,
        "error": error,
        "failed": [form for form in forms.values() if form.is_bound and form.errors],
        "history": history(record, events, people, written),
        "notes": written[::-1],
        "looks": looks(events, people, user, now),
        "proposal": next((made for made in record.made if made.decided_at is None), None),
        "twins": twins(record),
        "may": {name: can(user, name) for name in ("change_review", "add_note", "add_override", "view_contact")},
        "mine": review.assigned_to_id == user.pk,
    }
    return render(request, "admin/assessment/record.html", context, status=status)


def about(record) -> dict:
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
        "waits": review.state in (State.NEW, State.IN_REVIEW),
        "late": late,
        "due": deadlines.words(review.due_at, now),
        "due_at": deadlines.moment(review.due_at, now),
        "sent": deadlines.moment(record.finished_at, now),
        "owner": review_actions.name(review.assigned_to) if review.assigned_to else "",
        "rules_approval": approval.statement(record.protocol_digest).text,
    }


def details_for(request, record):
    """The contact details, opened only here, for those who may see them: None when the patient asked for no call."""
    asked = Contact.objects.filter(assessment=record).first()
    if asked is None:
        return None
    allowed = can(request.user, "view_contact")
    return {"contact": asked, "allowed": allowed, "details": asked.details() if allowed else None}


def notes(record):
    return list(Note.objects.filter(assessment=record).select_related("author"))


def assigned(events) -> set:
    return {event.facts["user"] for event in events if event.facts.get("user")}


def named(people, pk, fallback=""):
    return review_actions.name(people[pk]) if pk in people else fallback or "The site"


def history(record, events, people, written):
    """What staff did, the newest first: acts from the audit, notes and reasons in their own words."""
    found, reasons = [], {made.pk: made.reason for made in record.made}
    for event in events:
        if event.action in review_actions.CHANGES:
            words, text = event.words, ""
            if event.action == "assign":
                words = f"{words} {named(people, event.facts.get('user'), 'a colleague')}"
            elif event.action == "close":
                words = f"{words}: {dict(record.review._meta.get_field('reason').choices)[event.facts['reason']]}"
            elif "proposal" in event.facts:
                words = f"{words}: {level_name(event.facts['from'])} to {level_name(event.facts['to'])}"
                text = reasons.get(event.facts["proposal"], "") if event.action in ("override", "propose") else ""
            who = named(people, event.actor_id, event.actor)
            found.append({"at": event.at, "who": who, "words": words, "text": text})
    for note in written:
        found.append(
            {"at": note.written_at, "who": review_actions.name(note.author), "words": "noted", "text": note.text}
        )
    return sorted(found, key=lambda entry: entry["at"], reverse=True)


def level_name(code: str) -> str:
    return code.replace("_", "-").capitalize() if code == "self_care" else code.capitalize()


def looks(events, people, user, now):
    """How often the check was looked at, and which colleagues had it open in the last minutes."""
    seen = [event for event in events if event.action in ("view", "print")]
    recent = {
        named(people, event.actor_id, event.actor): deadlines.span(now - event.at)
        for event in reversed(seen)
        if event.actor_id != user.pk and now - event.at < timedelta(minutes=5)
    }
    by_person = {}
    for event in seen:
        start = {"who": named(people, event.actor_id, event.actor), "last": event.at, "times": 0, "prints": 0}
        entry = by_person.setdefault(event.actor_id, start)
        entry["times"] += 1
        entry["prints"] += event.action == "print"
    return {"recent": recent, "people": list(by_person.values())}


def twins(record):
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

"""Keep a check longer than its time, or delete it sooner: one page a check, and one with all that is open."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import audit
from core.pages.requests import StaffRequest
from core.typed.fields import LineField
from core.typed.tidy import tidy_line
from staff.public import require_recent_login

from ..clinic import review_actions
from ..models import Assessment, Disposal, Hold, Tombstone
from ..models.retention import DeletionReason
from ..privacy.deletion_key import parse_reference
from ..retention import deletion
from .permissions import has_permission, require_permissions
from .record import load_record

SHOWN = 100
ACTIONS = ("propose", "keep", "confirm", "hold", "release")


class ProposeForm(forms.Form):
    why = forms.ChoiceField(
        label="Why should it be deleted?",
        choices=[("", "Choose"), *DeletionReason.choices],
        error_messages={"required": "Choose why: it stays on record."},
    )
    use_required_attribute = False


class HoldForm(forms.Form):
    reason = LineField(
        label="Why must it be kept?",
        max_length=300,
        widget=forms.TextInput,
        help_text="For example: complaint, asked for by the court. No names, nothing about health.",
        error_messages={"required": "Write why: it is shown with the check."},
    )
    use_required_attribute = False


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def edit_retention(request: StaffRequest, pk: int) -> HttpResponse:
    require_permissions(request, "view_assessment", "add_disposal")
    record = load_record(pk)
    forms_: dict[str, forms.Form] = {"propose": ProposeForm(), "hold": HoldForm()}
    error, status = "", 200
    if request.method == "POST":
        action = request.POST.get("action", "")
        if action in forms_:
            forms_[action] = type(forms_[action])(request.POST)
        if action in forms_ and not forms_[action].is_valid():
            status = 422
        else:
            try:
                return apply_retention_action(request, record, action, forms_)
            except review_actions.RefusedError as refused:
                error = str(refused)
                conflict = isinstance(refused, review_actions.ConflictError)
                status = 409 if conflict else 422
                what = {"what": action} if action in ACTIONS else {}
                audit.record_event(request.user, "refused", record, **what, reason="conflict" if conflict else "rule")
    audit.record_event(request.user, "view_ending", record)
    proposal = Disposal.objects.select_related("proposed_by").filter(pk=record.pk).first()
    context = {
        **admin.site.each_context(request),
        "title": f"Keep or delete {record.reference}",
        "record": record,
        "over": record.retain_until < timezone.now(),
        "hold": Hold.objects.select_related("placed_by").filter(pk=record.pk).first(),
        "proposal": proposal,
        "own": proposal is not None and proposal.proposed_by_id == request.user.pk,
        "forms": forms_,
        "failed": any(form.errors for form in forms_.values()),
        "error": error,
        "may": {name: has_permission(request.user, name) for name in ("hold_assessment", "confirm_disposal")},
    }
    return render(request, "admin/assessment/ending.html", context, status=status)


def apply_retention_action(
    request: StaffRequest, record: Assessment, action: str, forms_: dict[str, forms.Form]
) -> HttpResponse:
    """Raises RefusedError."""
    code = record.reference
    match action:
        case "propose":
            deletion.propose_deletion(request.user, record, forms_["propose"].cleaned_data["why"])
            done = f"You proposed to delete {code}. A second person decides."
        case "keep":
            deletion.decline_deletion(request.user, record)
            done = f"{code} is kept."
        case "confirm":
            require_permissions(request, "confirm_disposal")
            deletion.confirm_deletion(request.user, record)
            messages.success(request, f"{code} is deleted.")
            return redirect("admin:assessment_endings")
        case "hold":
            require_permissions(request, "hold_assessment")
            deletion.place_hold(request.user, record, forms_["hold"].cleaned_data["reason"])
            done = f"{code} is held: nobody can delete it."
        case "release":
            require_permissions(request, "hold_assessment")
            deletion.release_hold(request.user, record)
            done = f"The hold on {code} has ended."
        case _:
            raise review_actions.RefusedError("Choose what to do.")
    messages.success(request, done)
    return redirect("admin:assessment_ending", record.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def list_retention(request: StaffRequest) -> HttpResponse:
    """Proposals that wait for a second person, what is held, what was deleted; POST: what became of a code."""
    require_permissions(request, "view_assessment", "add_disposal")
    context: dict[str, Any] = {"text": tidy_line(request.POST.get("q", "")[:200])}
    status = 200
    if request.method == "POST":
        code = parse_reference(context["text"])
        context["asked"], status = code, 200 if code else 422
        context["stone"] = deletion.find_tombstone(code) if code else None
        audit.record_event(request.user, "search", kind="ending", found=int(context["stone"] is not None))
    context |= {
        **admin.site.each_context(request),
        "title": "Deletions and holds",
        "proposals": Disposal.objects.select_related("assessment", "proposed_by").order_by("proposed_at")[:SHOWN],
        "holds": Hold.objects.select_related("assessment", "placed_by").order_by("placed_at")[:SHOWN],
        "stones": Tombstone.objects.exclude(end="expired")[:SHOWN],
    }
    return render(request, "admin/assessment/endings.html", context, status=status)

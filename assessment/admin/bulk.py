"""Several checks at once. Each is changed on its own, by its own rules, and the page says of each what became of it."""

from collections.abc import Callable
from typing import Any, TypedDict

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.response import TemplateResponse

from core.people import display_name

from ..clinic import review_actions
from ..models import Assessment
from .forms import BulkAssignForm, BulkCloseForm
from .permissions import require_permissions

MOST = 100
# Does one thing to a check, as of the version that the page showed.
Change = Callable[[Assessment, int], object]


class RecordResult(TypedDict):
    """What became of one check."""

    record: Assessment
    done: bool
    text: str


def list_selected_records(
    modeladmin: "admin.ModelAdmin[Assessment]", request: HttpRequest, queryset: QuerySet[Assessment]
) -> list[Assessment] | None:
    """The ticked checks, most urgent first; None, with a message, when there are too many.

    By their numbers, not by the filter of the page: what a colleague closed meanwhile is told, not left out.
    """
    if request.POST.get("select_across") != "1":
        ticked = [pk for pk in request.POST.getlist("_selected_action") if pk.isdecimal() and len(pk) < 19]
        queryset = modeladmin.get_queryset(request).filter(pk__in=ticked[: MOST + 1])
        queryset = queryset.order_by(*modeladmin.get_ordering(request))
    records = list(queryset[: MOST + 1])
    if len(records) > MOST:
        modeladmin.message_user(request, f"Choose at most {MOST} checks at once.", messages.ERROR)
        return None
    return records


def apply_to_record(record: Assessment, done: str, change: Change) -> RecordResult:
    try:
        change(record, record.review.version)
    except review_actions.RefusedError as refused:
        return {"record": record, "done": False, "text": str(refused)}
    return {"record": record, "done": True, "text": done}


def run_bulk_action(
    modeladmin: "admin.ModelAdmin[Assessment]",
    request: HttpRequest,
    queryset: QuerySet[Assessment],
    *,
    title: str,
    action: str,
    make_form: Callable[[Any], forms.Form],
    make_change: Callable[[User, dict[str, Any], Assessment], tuple[str, Change]],
) -> TemplateResponse | None:
    """Ask what the form asks, then do it to each check and show a line for each."""
    actor = require_permissions(request, "change_review")
    records = list_selected_records(modeladmin, request, queryset)
    if records is None:
        return None
    form = make_form(request.POST if "apply" in request.POST else None)
    results: list[RecordResult] = []
    if form.is_bound and form.is_valid():
        versions = {record.pk: request.POST.get(f"version-{record.pk}", "") for record in records}
        for record in records:
            seen = versions[record.pk]
            # What the page showed, not what the row says now.
            record.review.version = int(seen) if seen.isdecimal() and len(seen) < 10 else 0
            results.append(apply_to_record(record, *make_change(actor, form.cleaned_data, record)))
    context = {
        **admin.site.each_context(request),
        "title": title,
        "action": action,
        "form": form,
        "records": records,
        "results": results,
        "done": sum(item["done"] for item in results),
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return TemplateResponse(request, "admin/assessment/bulk.html", context, status=status)


@admin.action(description="Take: they become mine")
def claim_selected(
    modeladmin: "admin.ModelAdmin[Assessment]", request: HttpRequest, queryset: QuerySet[Assessment]
) -> None:
    actor = require_permissions(request, "change_review")
    records = list_selected_records(modeladmin, request, queryset)
    for record in records or ():
        result = apply_to_record(
            record, "Yours now.", lambda record, version: review_actions.claim_review(actor, record, version)
        )
        kind = messages.SUCCESS if result["done"] else messages.WARNING
        modeladmin.message_user(request, f"{record.reference}: {result['text']}", kind)


@admin.action(description="Give to a colleague …")
def assign_selected(
    modeladmin: "admin.ModelAdmin[Assessment]", request: HttpRequest, queryset: QuerySet[Assessment]
) -> TemplateResponse | None:
    def make_change(actor: User, given: dict[str, Any], record: Assessment) -> tuple[str, Change]:
        to = given["to"]
        return f"With {display_name(to)} now.", lambda record, version: review_actions.assign_review(
            actor, record, version, to
        )

    return run_bulk_action(
        modeladmin, request, queryset,
        title="Give checks to a colleague", action="assign_selected", make_form=BulkAssignForm, make_change=make_change,
    )  # fmt: skip


@admin.action(description="Close …")
def close_selected(
    modeladmin: "admin.ModelAdmin[Assessment]", request: HttpRequest, queryset: QuerySet[Assessment]
) -> TemplateResponse | None:
    def make_change(actor: User, given: dict[str, Any], record: Assessment) -> tuple[str, Change]:
        return "Closed.", lambda record, version: review_actions.close_review(
            actor, record, version, given["reason"], given["note"], among_others=True
        )

    def make_form(data: Any) -> BulkCloseForm:
        return BulkCloseForm(data, action="close")

    return run_bulk_action(
        modeladmin, request, queryset,
        title="Close checks", action="close_selected", make_form=make_form, make_change=make_change,
    )  # fmt: skip

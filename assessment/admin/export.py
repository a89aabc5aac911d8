"""Take checks out of this site as a file: for whom, why, and how many is kept in the audit."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from core import audit
from core.pages.requests import StaffRequest
from core.typed.fields import DayField, LineField
from staff.public import require_recent_login

from ..clinic import exports
from ..models import Assessment
from ..models.review import LEVELS
from ..privacy.deletion_key import parse_reference
from .permissions import require_permissions

PURPOSES = {
    "care": "To pass on to whoever treats the patient",
    "patient": "The patient asked for a copy",
    "quality": "To look at the quality of our own work",
    "research": "For research that was approved",
    "order": "An authority ordered it",
}


class ExportForm(forms.Form):
    code = LineField(
        label="One code only",
        required=False,
        max_length=60,
        help_text="For one patient's check. Empty: every check in these days.",
    )
    first = DayField(label="From this day", widget=forms.DateInput({"type": "date"}), required=False)
    last = DayField(label="To this day", widget=forms.DateInput({"type": "date"}), required=False)
    level = forms.TypedChoiceField(
        label="Level that the check gave", choices=[("", "Every level"), *LEVELS], coerce=int, required=False
    )
    kind = forms.ChoiceField(
        label="As", choices=[(name, format.label) for name, format in exports.FORMATS.items()], initial="csv"
    )
    purpose = forms.ChoiceField(
        label="What for?",
        choices=[("", "Choose"), *PURPOSES.items()],
        error_messages={"required": "Say what the file is for: it is kept in the audit."},
    )

    use_required_attribute = False

    def clean_code(self) -> str:
        text = self.cleaned_data["code"]
        # Signs that nobody sees are no code, and not "every check" either.
        typed = text or self.data.get(self.add_prefix("code"), "").strip()
        if typed and not (code := parse_reference(text)):
            raise forms.ValidationError("A code has ten letters, such as KTRBN-XDWLC.")
        return code if typed else ""

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = self.cleaned_data
        if given.get("first") and given.get("last") and given["last"] < given["first"]:
            self.add_error("last", "The last day is before the first.")
        return given


def select_records(given: dict[str, Any]) -> QuerySet[Assessment]:
    """The checks that the form asks for; samples are nobody's."""
    found = Assessment.objects.filter(is_sample=False)
    if given["code"]:
        return found.filter(reference=given["code"])
    zone = timezone.get_default_timezone()
    # No check is older or newer; days further away have no moment that a database can hold.
    oldest, newest = date(2000, 1, 1), timezone.localdate() + timedelta(days=1)
    if given["first"]:
        day = min(max(given["first"], oldest), newest)
        found = found.filter(finished_at__gte=datetime.combine(day, time.min, zone))
    if given["last"]:
        day = min(max(given["last"], oldest), newest)
        found = found.filter(finished_at__lt=datetime.combine(day + timedelta(days=1), time.min, zone))
    return found if given["level"] == "" else found.filter(level=given["level"])


class ExportRequest(StaffRequest):
    """As require_recent_login hands it on. asked_again: password and code were given on the way of this form."""

    asked_again: bool


@require_http_methods(["GET", "HEAD", "POST"])
@require_recent_login
def export_records(request: ExportRequest) -> HttpResponse | StreamingHttpResponse:
    require_permissions(request, "view_assessment", "export_assessment")
    today = timezone.localdate()
    start = {"first": today - timedelta(days=30), "last": today}
    form = ExportForm(request.POST or None, initial=start)
    # A file leaves the page as it is: whoever was asked on the way who they are gets this page back first, filled in.
    if form.is_bound and form.is_valid() and not request.asked_again:
        return stream_export(request, form.cleaned_data)
    context = {
        **admin.site.each_context(request),
        "title": "Take checks out",
        "form": form,
        "again": request.asked_again,
    }
    return render(request, "admin/assessment/export.html", context, status=422 if form.errors else 200)


def stream_export(request: StaffRequest, given: dict[str, Any]) -> StreamingHttpResponse:
    found = select_records(given)
    kind = exports.FORMATS[given["kind"]]
    # What comes in while the file is made is not in it, so that the audit knows how many are.
    newest = found.order_by("-pk").values_list("pk", flat=True).first() or 0
    found = found.filter(pk__lte=newest)
    audit.record_event(request.user, "export", kind=given["kind"], reason=given["purpose"], found=found.count())
    response = StreamingHttpResponse(kind.stream(exports.read_in_batches(found)), content_type=kind.content_type)
    response["Content-Disposition"] = f'attachment; filename="checks-{timezone.localdate().isoformat()}.{kind.ending}"'
    return response

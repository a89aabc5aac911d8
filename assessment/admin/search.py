"""Find a check by what the patient says on the telephone: the code, a number, or an e-mail address.

Sent as a form, so that nobody's number stands in an address, a history or a log.
"""

import re
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core import audit
from core.pages.requests import StaffRequest
from core.typed import telephone
from core.typed.tidy import tidy_line

from ..models import Assessment
from ..privacy import contact_details
from ..privacy.deletion_key import parse_reference
from .permissions import has_permission, require_permissions

SHOWN = 50
HINT = "Give the whole code (ten letters), a telephone number or an e-mail address."


def build_search(text: str) -> tuple[str, Q | None]:
    """What kind of search this is, and the checks it means: ("", None) when it is no search at all."""
    if keys := contact_details.hash_email(text):
        return "email", Q(contact__email_key__in=keys)
    if code := parse_reference(text):
        return "reference", Q(reference=code)
    if not re.search(r"[^\W\d_]{2}", telephone.tidy_number(text)) and (keys := contact_details.hash_telephone(text)):
        return "telephone", Q(contact__telephone_key__in=keys)
    return "", None


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("q")
def search_assessments(request: StaffRequest) -> HttpResponse:
    require_permissions(request, "view_assessment")
    text = tidy_line(request.POST.get("q", "")[:1000])[:254]
    context: dict[str, Any] = {"text": text, "hint": HINT}
    status = 200
    if request.method == "POST":
        kind, meant = build_search(text)
        if meant is None:
            context["error"], status = f"This is none of them. {HINT}", 422
        elif kind != "reference" and not has_permission(request.user, "view_contact"):
            context["error"], status = "You may search by code only: contact details are not shown to you.", 403
        else:
            found = Assessment.objects.filter(meant).select_related("review").order_by("-finished_at", "-pk")[:SHOWN]
            context |= {"found": list(found.defer("answers", "rules", "result")), "kind": kind}
            audit.record_event(request.user, "search", kind=kind, found=len(context["found"]))
            if len(context["found"]) == 1:
                return redirect("admin:assessment_assessment_change", context["found"][0].pk)
    context |= {**admin.site.each_context(request), "title": "Find a check"}
    return render(request, "admin/assessment/find.html", context, status=status)

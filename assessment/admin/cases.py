"""The checks behind one line of "Do clinicians agree with the rules?"."""

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import render

from core import audit
from core.pages.requests import StaffRequest

from ..clinic import agreement
from ..protocol.model import Level
from .permissions import require_permissions


def list_cases(request: StaffRequest, code: str) -> HttpResponse:
    """What staff made of the checks that this rule decided, and why. 404 for a rule that decided none."""
    user = require_permissions(request, "view_assessment")
    found = agreement.list_cases(code)
    if not found:
        raise Http404
    audit.record_event(user, "list", filters="rule", found=len(found))
    context = {
        **admin.site.each_context(request),
        "title": "Checks that one rule decided",
        "rule": agreement.count_changes(code, (check.change for check, _, _ in found)),
        "cases": [
            {
                "check": check,
                "record": record,
                "own": Level(check.level).short_label,
                "final": Level(check.final).short_label,
                "overrides": overrides,
            }
            for check, record, overrides in found
        ],
    }
    return render(request, "admin/assessment/cases.html", context)

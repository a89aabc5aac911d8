"""python -m bench.queue: how long the staff pages take on this database, and how many queries each needs.

Prints one JSON line: {"rows", "database", "pages": {name: [ms (best), ms (median), queries]}}. Compare runs on one
machine with each other; the figures alone say nothing.
"""

import json
import statistics
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assessment.models import Assessment

TIMES = 15


def list_staff_pages(assessment: "Assessment") -> dict[str, tuple[str, str, dict[str, str] | None]]:
    """{name: (method, address, form)}."""
    queue = "/admin/assessment/assessment/"
    return {
        "queue": ("get", queue, None),
        "filter: mine": ("get", f"{queue}?who=mine", None),
        "filter: urgent": ("get", f"{queue}?level=2", None),
        "filter: sport": ("get", f"{queue}?sport=golf", None),
        "filter: overdue, nobody's": ("get", f"{queue}?due=over&who=nobody", None),
        "filter: call back": ("get", f"{queue}?call_back=yes", None),
        "view: to call": ("get", f"{queue}?level=high&state=waits&call_back=yes", None),
        "filter: contacted": ("get", f"{queue}?state=contacted", None),
        "filter: urgent, a colleague's": ("get", f"{queue}?level=2&who=others", None),
        "closed": ("get", f"{queue}?state=closed", None),
        "closed, golf, urgent, mine": ("get", f"{queue}?state=closed&sport=golf&level=2&who=mine", None),
        "closed, page 20": ("get", f"{queue}?state=closed&p=20", None),
        "search: code": ("post", f"{queue}find/", {"q": assessment.reference}),
        "search: telephone": ("post", f"{queue}find/", {"q": "555 0199 999"}),
        "search: nothing found": ("post", f"{queue}find/", {"q": "555 8888 888"}),
        "record": ("get", f"{queue}{assessment.pk}/change/", None),
        "print": ("get", f"{queue}{assessment.pk}/print/", None),
        "next": ("get", f"{queue}next/", None),
        "start page": ("get", "/admin/", None),
        "audit": ("get", "/admin/core/auditevent/?action=view", None),
    }


def measure_staff_pages() -> dict[str, Any]:
    from django.contrib.auth.models import Permission, User
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext, override_settings

    from assessment.models import Assessment, Review

    user = User.objects.get(username="bench-one")
    user.user_permissions.add(Permission.objects.get(codename="view_auditevent"))
    client = Client()
    client.force_login(user)
    record = Assessment.objects.get(pk=Review.objects.filter(rank=None).order_by("-pk").values_list("pk")[:1])
    found = {}
    storages = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(ALLOWED_HOSTS=["testserver"], STORAGES=storages):
        for name, (method, address, data) in list_staff_pages(record).items():
            took = []
            for number in range(TIMES + 2):
                begin = time.perf_counter()
                with CaptureQueriesContext(connection) as queries:
                    response = getattr(client, method)(address, data)
                if response.status_code not in (200, 302):
                    raise SystemExit(f"{name}: {response.status_code}")
                if number >= 2:
                    took.append(1000 * (time.perf_counter() - begin))
            found[name] = [round(min(took), 1), round(statistics.median(took), 1), len(queries)]
    return {"rows": Assessment.objects.count(), "database": connection.vendor, "pages": found}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(measure_staff_pages()))

"""How the site is: /livez for whoever restarts it, /readyz for whoever sends it visitors, /metrics for a monitor."""

import os
import shutil

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessment.public import collect_metrics
from core.pages.requests import GetResponse
from core.watch import witness

TEXT = "text/plain; charset=utf-8"
ROOM = 100 * 1024 * 1024  # bytes that must be free where the site writes
ADDRESSES = ("/livez", "/readyz", "/metrics")


def answer_any_host(get_response: GetResponse) -> GetResponse:
    """Middleware: whoever asks how the site is may ask by the machine's number; no answer here says by which name.

    Everywhere else a name that is not in ALLOWED_HOSTS is refused.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.path_info in ADDRESSES:
            request.META["HTTP_HOST"] = settings.HOST
        return get_response(request)

    return middleware


@never_cache
@require_safe
def show_liveness(request: HttpRequest) -> HttpResponse:
    """200 while this process answers. It asks nothing of the database: a restart would not bring that back."""
    return HttpResponse("ok\n", content_type=TEXT)


@never_cache
@require_safe
def show_readiness(request: HttpRequest) -> HttpResponse:
    """200 when an assessment could be saved here now, else 503; one line for each thing it looked at."""
    lines, ready = [], True
    for name, works in (
        ("database", is_database_writable),
        ("migrations", is_database_migrated),
        ("disk", is_disk_writable),
    ):
        try:
            fine = works()
        except (Error, OSError):
            fine = False
        ready = ready and fine
        lines.append(f"{name}: {'ok' if fine else 'failed'}\n")
    lines += describe_witness()
    return HttpResponse("".join(lines), content_type=TEXT, status=200 if ready else 503)


def describe_witness() -> list[str]:
    """Whether the head of the audit could be published lately. The site is ready without it: patients come first."""
    if not settings.AUDIT_WITNESS:
        return []
    try:
        return [f"audit witness: {'failed' if witness.is_failing() else 'ok'}\n"]
    except Error:
        return []


def is_database_writable() -> bool:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW transaction_read_only")
            return bool(cursor.fetchone() == ("off",))
        cursor.execute("SELECT 1 FROM django_migrations")
        return bool(cursor.fetchone() == (1,))


def is_database_migrated() -> bool:
    """Whether the database has every table and column that this code expects."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def is_disk_writable() -> bool:
    """Whether there is room where the site writes, and it may write there (a disk with faults turns read-only)."""
    return shutil.disk_usage(settings.DATA_DIR).free >= ROOM and os.access(settings.DATA_DIR, os.W_OK)


@never_cache
@require_safe
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Counts in Prometheus' text format, for who sends "Authorization: Bearer METRICS_TOKEN". Nothing about anybody."""
    if not settings.METRICS_TOKEN:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"):
        return HttpResponse("Wrong token.\n", content_type=TEXT, status=401, headers={"WWW-Authenticate": "Bearer"})
    lines = []
    for name, meaning, rows in collect_metrics():
        lines += [f"# HELP {name} {meaning}", f"# TYPE {name} gauge"]
        for labels, value in rows:
            inside = ",".join(f'{key}="{label}"' for key, label in labels.items())
            lines.append(f"{name}{{{inside}}} {value}" if inside else f"{name} {value}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")

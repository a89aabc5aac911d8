"""The site with one fault built in on purpose (FAULT in the environment): the tests must notice each.

While the file `hold` is in DATA_DIR, a fault waits at the moment in which a kill shows it; none rests on luck.
Nothing of this is in the product, which clinics serve from site_project.wsgi.
"""

import os
import secrets
import threading
import time
from contextlib import nullcontext
from types import SimpleNamespace

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_project.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402

from assessment.clinic import review_actions  # noqa: E402
from assessment.models import Assessment, Review  # noqa: E402
from assessment.models import assessment as assessment_models  # noqa: E402
from assessment.patient import records, views  # noqa: E402
from core import audit  # noqa: E402

save_for_real, database = records.save_assessment, settings.DATABASES["default"]


def wait_while_held():
    """Wait where a kill would hurt."""
    while (settings.DATA_DIR / "hold").exists():
        time.sleep(0.01)


def token_of_each_press():
    """The token is minted when the form arrives, and not with the check."""

    def faulty(record, agreed):
        record.token = secrets.token_hex(32)
        return save_for_real(record, agreed)

    records.save_assessment = faulty


def shown_before_the_commit():
    """The patient reads the reference, and the row is written a moment later."""
    waiting, in_view = {}, views.read_result

    def faulty(record, agreed):
        record.reference, record.pk = records.make_reference(), int.from_bytes(secrets.token_bytes(4)) + 1000
        later = records.unpack_assessment(records.pack_assessment(record))
        later.reference, later.pk = record.reference, record.pk
        later.consent_text, later.consent_version = agreed["consent_text"], agreed["consent_version"]
        later.consent_at = agreed["consent_at"]

        def write():
            wait_while_held()
            later.save()
            connection.close()

        threading.Thread(target=write).start()
        waiting[record.pk] = record
        return record

    records.save_assessment = faulty
    views.read_result = lambda request: in_view(request) or waiting.get(request.session.get("result"))


def row_by_row():
    """No transaction around a check and its review: each statement is committed by itself."""
    nothing_around = SimpleNamespace(atomic=lambda **options: nullcontext())
    records.transaction = assessment_models.transaction = nothing_around
    build_review = Assessment.build_review

    def faulty(record):
        if (settings.DATA_DIR / "hold").exists():
            (settings.DATA_DIR / "between").touch()
            wait_while_held()
        return build_review(record)

    Assessment.build_review = faulty


def no_version_check():
    """A clerk's save overwrites whatever a colleague has done since."""

    def change(review, version, **values):
        django.db.models.QuerySet(Review).filter(pk=review.pk).update(version=F("version") + 1, **values)
        review.refresh_from_db()

    Review.change_at_version = change
    review_actions.read_review = lambda record, version: Review.objects.get(pk=record.pk)


def no_waiting_for_a_lock():
    """Who meets a lock is refused at once, and readers and writers lock each other out."""
    database["OPTIONS"] = {"init_command": "PRAGMA journal_mode=DELETE", "timeout": 0}


def deferred_transactions():
    """Django's stock setting: a transaction that has read must not write after somebody else has."""
    del database["OPTIONS"]["transaction_mode"]
    locked_head = audit.lock_head

    def slowly():
        # As on a slow disk. Harmless where transactions begin as writers.
        head = locked_head()
        time.sleep(0.05)
        return head

    audit.lock_head = slowly


def stock_session_middleware():
    """Django's own middleware and sessions, and nothing that answers for the views."""
    ours, stock = "site_project.outage.OutageSessionMiddleware", "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [stock if name == ours else name for name in settings.MIDDLEWARE]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"


def sessions_in_memory():
    """What people have answered is in the memory of a process."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


FAULTS = [
    token_of_each_press, shown_before_the_commit, row_by_row, no_version_check, no_waiting_for_a_lock,
    deferred_transactions, stock_session_middleware, sessions_in_memory,
]  # fmt: skip
{fault.__name__.replace("_", " "): fault for fault in FAULTS}[os.environ["FAULT"]]()
application = get_wsgi_application()

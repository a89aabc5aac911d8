"""The site with one fault built in on purpose (FAULT in the environment): the tests must notice each.

Nothing of this is in the product, which clinics serve from site_project.wsgi.
"""

import os
import secrets
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_project.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402

from assessment import records  # noqa: E402
from assessment.models import Assessment  # noqa: E402

send = records.send


def token_of_each_press(record, agreed):
    """The token is minted when the form arrives, and not with the check."""
    record.token = secrets.token_hex(32)
    return send(record, agreed)


def shown_before_the_commit(record, agreed):
    """The patient reads the reference, and the row is written a moment later."""
    record.reference, record.pk = records.new_reference(), int.from_bytes(secrets.token_bytes(4)) + 1000
    later = records.unpack(records.pack(record))
    later.reference, later.pk = record.reference, record.pk

    def write():
        time.sleep(1)
        later.consent_text, later.consent_version = agreed["consent_text"], agreed["consent_version"]
        later.consent_at = agreed["consent_at"]
        later.save()
        connection.close()

    threading.Thread(target=write).start()
    waiting[record.pk] = record
    return record


waiting = {}


def written_in_two_steps(record, agreed):
    """The row first, its answers a moment later: no transaction around both."""
    answers, record.answers = record.answers, []
    saved = send(record, agreed)
    if saved is record:
        time.sleep(0.5)
        saved.answers = answers
        Assessment.save_base(saved)
    return saved


def sqlite_that_does_not_wait():
    """Who meets a lock is refused at once, and readers and writers lock each other out."""
    options = {"init_command": "PRAGMA journal_mode=DELETE", "timeout": 0}
    settings.DATABASES["default"]["OPTIONS"] = options


def stock_session_middleware():
    """Django's own middleware and sessions, and nothing that answers for the views."""
    ours, stock = "site_project.outage.OutageSessionMiddleware", "django.contrib.sessions.middleware.SessionMiddleware"
    settings.MIDDLEWARE = [stock if name == ours else name for name in settings.MIDDLEWARE]
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.db"


fault = os.environ["FAULT"]
if fault == "token of each press":
    records.send = token_of_each_press
elif fault == "shown before the commit":
    records.send = shown_before_the_commit
    from assessment import views

    in_view = views.in_view
    views.in_view = lambda request: in_view(request) or waiting.get(request.session.get("result"))
elif fault == "written in two steps":
    records.send = written_in_two_steps
elif fault == "no waiting for a lock":
    sqlite_that_does_not_wait()
elif fault == "stock session middleware":
    stock_session_middleware()
else:
    raise ValueError(fault)
application = get_wsgi_application()

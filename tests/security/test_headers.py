"""The score of MDN's HTTP Observatory, worked out from what the site answers on public, staff and error pages.

The rules and their points are those of the Observatory's public source (mdn/mdn-http-observatory), for what a site can
earn or lose; 100 and more is an A+. Only what we can be given points for is worked out, and all else must cost none.
"""

import json
import re

import pytest

from ..site_project.test_settings import start

# One page of each kind, over https, as gunicorn gives it to a browser: through the whole application, kept pages and
# static files included. Printed as lines of JSON by a process of its own.
ANSWERS = """
import json, sys
from pathlib import Path
from unittest import mock
from wsgiref.util import setup_testing_defaults
from django.apps import apps
from django.conf import settings
settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
Path(settings.STATIC_ROOT, "one.css").write_text("p{}")
from site_project.wsgi import application
from django.core.management import call_command
from django.db import OperationalError
settings.MIGRATION_MODULES = {app.label: None for app in apps.get_app_configs()}  # tables at once: seconds less
call_command("migrate", run_syncdb=True, verbosity=0)
from django.contrib.auth.models import User
from tests.staff.people import sign_in_staff

def ask(name, address, cookies="", method="GET", https=True):
    environ = {"REQUEST_METHOD": method, "HTTP_HOST": "clinic.example", "PATH_INFO": address, "HTTP_COOKIE": cookies}
    environ |= {"QUERY_STRING": "", "wsgi.url_scheme": "https" if https else "http", "REMOTE_ADDR": "192.0.2.1"}
    setup_testing_defaults(environ)
    begun = []
    body = application(environ, lambda status, headers, error=None: begun.extend([status, headers]))
    page = b"".join(body).decode(errors="replace")
    status, headers = begun
    cookies = [value.strip() for key, value in headers if key.lower() == "set-cookie"]
    found = {"name": name, "status": int(status[:3]), "headers": dict(headers), "cookies": cookies, "page": page}
    print(json.dumps(found))

cookies = sign_in_staff(User.objects.create_superuser("boss")).cookies
staff = "; ".join(f"{name}={cookie.value}" for name, cookie in cookies.items())
ask("home", "/")
ask("home, kept", "/")
ask("privacy", "/privacy/")
ask("start of the check", "/check/")
ask("feed", "/feed/")
ask("static file", "/static/one.css")
ask("login", "/admin/login/")
ask("staff", "/admin/", staff)
ask("queue", "/admin/assessment/assessment/", staff)
ask("desk", "/admin/content/article/add/", staff)
ask("forged form", "/check/", method="POST")
ask("not found", "/nothing/")
ask("method", "/", method="DELETE")
ask("alive", "/livez")
with mock.patch("django.db.backends.utils.CursorWrapper.execute", side_effect=OperationalError):
    ask("outage", "/check/now/", "__Host-session=" + "a" * 32)
    ask("outage at the desk", "/admin/", staff)
with mock.patch("content.web.views.render", side_effect=RuntimeError):
    ask("broken", "/accessibility/")
ask("plain http", "/", https=False)
"""
STATUS = {
    "home": 200, "home, kept": 200, "privacy": 200, "start of the check": 200, "feed": 200, "static file": 200,
    "login": 200, "staff": 200, "queue": 200, "desk": 200, "forged form": 403, "not found": 404, "method": 405,
    "alive": 200, "outage": 503, "outage at the desk": 503, "broken": 500,
}  # fmt: skip


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("score")
    (folder / "static").mkdir()
    done = start(ANSWERS, DATA_DIR=str(folder))
    assert done.returncode == 0, done.stderr
    found = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"name"')]
    return {answer["name"]: answer for answer in found}


def directives(answer):
    parts = (part.split() for part in answer["headers"]["Content-Security-Policy"].split(";"))
    return {name: values for name, *values in parts}


def score(answer):
    """(points, what each was for)."""
    headers, policy = answer["headers"], directives(answer)
    given = {}
    strict = policy["default-src"] == ["'none'"] and not re.search(r"unsafe|https?:|data:|\*", str(policy))
    given["policy with default-src none and nothing unsafe"] = 10 if strict else -25
    safe = all(
        cookie.startswith("__Host-") and "Secure" in cookie and "HttpOnly" in cookie and "SameSite" in cookie
        for cookie in answer["cookies"]
    )
    given["cookies, if any: Secure, HttpOnly, SameSite"] = (5 if answer["cookies"] else 0) if safe else -40
    private = ("no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin")
    given["private referrer"] = 5 if headers.get("Referrer-Policy") in private else -5
    age = re.match(r"max-age=(\d+); includeSubDomains; preload$", headers.get("Strict-Transport-Security", ""))
    given["HSTS, ready for the preload list"] = 5 if age and int(age[1]) >= 31536000 else -20
    given["no framing, by policy"] = 5 if policy.get("frame-ancestors") == ["'none'"] else -20
    given["no sniffing"] = 0 if headers.get("X-Content-Type-Options") == "nosniff" else -5
    given["same-origin resources"] = 10 if headers.get("Cross-Origin-Resource-Policy") == "same-origin" else 0
    given["embedder policy"] = 10 if headers.get("Cross-Origin-Embedder-Policy") == "require-corp" else 0
    given["opener policy"] = 10 if headers.get("Cross-Origin-Opener-Policy") == "same-origin" else 0
    given["no open CORS"] = 0 if "Access-Control-Allow-Origin" not in headers else -50
    given["scripts of this site only"] = 0 if not re.search(r'<script[^>]+src="(?:https?:)?//', answer["page"]) else -50
    return 100 + sum(given.values()), given


@pytest.mark.parametrize("name", STATUS)
def test_every_kind_of_page_has_the_highest_score(answers, name):
    answer = answers[name]
    assert answer["status"] == STATUS[name]
    points, given = score(answer)
    assert points == 155 + (5 if answer["cookies"] else 0), given


def test_plain_http_leads_to_https_on_the_same_host(answers):
    assert answers["plain http"]["status"] == 301
    assert answers["plain http"]["headers"]["Location"] == "https://clinic.example/"


def test_reading_sets_no_cookie(answers):
    with_cookie = {name for name, answer in answers.items() if answer["cookies"]}
    assert with_cookie <= {"start of the check", "login", "staff", "queue", "desk", "forged form"}
    assert {"start of the check", "login"} <= with_cookie


def test_a_cookie_belongs_to_this_host_alone_and_no_script_reads_it(answers):
    cookies = [cookie for answer in answers.values() for cookie in answer["cookies"]]
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        for part in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
            assert part in cookie.split("; "), cookie
        assert "Domain" not in cookie


def test_every_text_names_its_charset(answers):
    for name, answer in answers.items():
        kind = answer["headers"].get("Content-Type", "")
        if kind.startswith("text/"):
            assert "charset=utf-8" in kind.replace('"', "").lower(), (name, kind)


def test_no_page_names_the_software_or_its_version(answers):
    for answer in answers.values():
        assert not {"Server", "X-Powered-By"} & set(answer["headers"])
        assert "gunicorn" not in answer["page"].lower()
        assert not re.search(r"django[ /]\d", answer["page"].lower())

"""The settings, each read in a process of its own."""

import os
import subprocess
import sys

import pytest

SAFE = {
    "SECRET_KEY": "a-long-secret-key-of-more-than-fifty-random-characters-1234567890",
    "ALLOWED_HOSTS": "clinic.example",
}


def start(code="import django; django.setup()", *, production=True, **variables):
    """Run Python with only these settings in the environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATA_DIR") if name in os.environ}
    environment = {
        **kept,
        "DJANGO_SETTINGS_MODULE": "site_project.settings",
        **(SAFE if production else {}),
        **variables,
    }
    environment = {name: value for name, value in environment.items() if value is not None}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)


def show(name):
    return f"from django.conf import settings; print(settings.{name})"


def test_it_starts_on_safe_settings():
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "django-insecure-0123456789-0123456789-0123456789-0123456789"),
        ("ALLOWED_HOSTS", None),
        ("ALLOWED_HOSTS", "*"),
        ("DEBUG", "true"),
        ("DEBUG", "perhaps"),
        ("SECRET_KEY_FILE", "/nowhere/key"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "10.0.0.1"),
        ("SUBMISSIONS_PER_HOUR", "0"),
        ("SUBMISSIONS_PER_HOUR", "3600001"),
    ],
)
def test_it_refuses_to_start_on_an_unsafe_value_and_names_the_variable(name, value):
    done = start(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_a_secret_can_come_from_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(SAFE["SECRET_KEY"] + "\n")
    done = start(show("SECRET_KEY"), SECRET_KEY=None, SECRET_KEY_FILE=str(file))
    assert done.stdout.strip() == SAFE["SECRET_KEY"]


def test_sqlite_runs_with_the_measured_settings():
    code = "from django.conf import settings as s; d = s.DATABASES['default']; print(d['OPTIONS'], d['CONN_MAX_AGE'])"
    printed = start(code).stdout
    for wanted in ("IMMEDIATE", "journal_mode=WAL", "synchronous=FULL", "'timeout': 20", "None"):
        assert wanted in printed


def test_postgresql_comes_from_database_url():
    code = "from django.conf import settings as s; d = s.DATABASES['default']; print(d['ENGINE'], d['CONN_MAX_AGE'])"
    printed = start(code, DATABASE_URL="postgresql://me:pw@db/site").stdout
    assert printed.strip() == "django.db.backends.postgresql 600"


def test_the_clinics_details_are_settings():
    assert "'emergency_number': '112'" in start(show("CLINIC"), EMERGENCY_NUMBER="112").stdout


APPROVAL = {"CLINICAL_APPROVER": "A clinician", "CLINICAL_APPROVAL_DATE": "2026-03-01"}


def test_the_clinical_approval_is_read_as_a_name_a_date_and_a_digest():
    code = """
from django.conf import settings as s
print(repr((s.CLINICAL_APPROVER, s.CLINICAL_APPROVAL_DATE, s.CLINICAL_APPROVED_DIGEST)))
"""
    printed = start(code, **APPROVAL, CLINICAL_APPROVED_DIGEST="AB12").stdout.strip()
    assert printed == "('A clinician', datetime.date(2026, 3, 1), 'ab12')"


def test_an_approval_that_is_set_but_empty_is_not_set():
    done = start(show("CLINICAL_APPROVAL_DATE"), CLINICAL_APPROVER="", CLINICAL_APPROVAL_DATE="")
    assert done.stdout.strip() == "None"


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({**APPROVAL, "CLINICAL_APPROVER": None}, "CLINICAL_APPROVER"),
        ({**APPROVAL, "CLINICAL_APPROVAL_DATE": None}, "CLINICAL_APPROVAL_DATE"),
        ({**APPROVAL, "CLINICAL_APPROVAL_DATE": "1 March 2026"}, "CLINICAL_APPROVAL_DATE"),
    ],
)
def test_half_an_approval_refuses_to_start_and_names_the_variable(variables, named):
    done = start(**variables)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr.splitlines()[-1]
    assert named in done.stderr.splitlines()[-1]


DEPLOY_CHECK = """
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check", "--deploy", "--fail-level", "WARNING"])
"""


@pytest.mark.parametrize("more", [{}, {"BEHIND_TLS_PROXY": "true", "TRUSTED_PROXIES": "1"}])
def test_the_deployment_check_is_clean_under_production_settings(more):
    done = start(DEPLOY_CHECK, EMAIL_HOST="mail.clinic.example", **more)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_deployment_check_warns_of_a_proxy_that_is_not_counted():
    done = start(DEPLOY_CHECK, BEHIND_TLS_PROXY="true")
    assert done.returncode == 1
    assert "content.W001" in done.stderr
    assert "TRUSTED_PROXIES" in done.stderr


def test_the_deployment_check_warns_of_mails_that_are_only_printed():
    done = start(DEPLOY_CHECK)
    assert done.returncode == 1
    assert "assessment.W001" in done.stderr
    assert "EMAIL_HOST" in done.stderr


def test_local_mode_works_over_plain_http():
    code = "from django.conf import settings as s; print(s.SESSION_COOKIE_SECURE, s.DEBUG, s.ALLOWED_HOSTS)"
    printed = start(code, LOCAL="true", ALLOWED_HOSTS=None).stdout
    assert printed.strip() == "False False ['127.0.0.1', 'localhost', '[::1]']"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REVIEW_HOURS_URGENT", "0"),
        ("REVIEW_HOURS_SOON", "soon"),
        ("CLINIC_HOURS", "9 to 5"),
        ("CLINIC_HOURS", "17:00-09:00"),
        ("CLINIC_DAYS", "mon,someday"),
        ("CLINIC_CLOSED_ON", "Christmas"),
        ("AUDIT_KEYS", "short"),
    ],
)
def test_a_queue_that_cannot_work_stops_the_start(name, value):
    done = start(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_the_clinics_hours_are_read():
    done = start(show("CLINIC_HOURS, settings.CLINIC_DAYS"), CLINIC_HOURS="08:30-12:00", CLINIC_DAYS="Sat, sun")
    assert done.stdout.strip() == "(datetime.time(8, 30), datetime.time(12, 0)) {5, 6}"

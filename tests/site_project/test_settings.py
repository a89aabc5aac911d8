"""The settings: what is read from the environment, and what stops the start."""

import os
import re
import runpy
import subprocess
import sys
from datetime import date, time
from unittest import mock

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from ..serving import ROOT

SAFE = {
    "SECRET_KEY": "a-long-secret-key-of-more-than-fifty-random-characters-1234567890",
    "ALLOWED_HOSTS": "clinic.example",
    "CLINIC_PHONE": "(202) 555-0123",
}


def environment(**variables):
    """Safe settings for production with these variables; None: without this one."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "DATA_DIR") if name in os.environ}
    wanted = {**kept, "DJANGO_SETTINGS_MODULE": "site_project.settings", **SAFE, **variables}
    return {name: value for name, value in wanted.items() if value is not None}


def read(**variables):
    """{name: value} of the settings in this environment. Raises ImproperlyConfigured."""
    with mock.patch.dict(os.environ, environment(**variables), clear=True):
        return runpy.run_path(str(ROOT / "site_project/settings.py"))


def start(code="import django; django.setup()", **variables):
    """Run Python in this environment."""
    run = [sys.executable, "-c", code]
    return subprocess.run(run, env=environment(**variables), capture_output=True, text=True, timeout=60, check=False)


def test_it_starts_on_safe_settings():
    assert start().returncode == 0


def test_it_does_not_start_on_an_unsafe_one():
    done = start(DEBUG="true")
    assert done.returncode != 0
    assert "DEBUG" in done.stderr.splitlines()[-1]


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
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


@pytest.mark.parametrize("country", ["UK", "USA", "1", "", "a country"])
def test_a_country_that_is_none_stops_the_start(country):
    with pytest.raises(ImproperlyConfigured, match="CLINIC_COUNTRY must be the two ISO letters"):
        read(CLINIC_COUNTRY=country)


def test_the_country_is_taken_in_small_letters_too():
    assert read(CLINIC_COUNTRY="gb")["CLINIC_COUNTRY"] == "GB"


def test_a_secret_can_come_from_a_file(tmp_path):
    file = tmp_path / "key"
    file.write_text(SAFE["SECRET_KEY"] + "\n")
    assert read(SECRET_KEY=None, SECRET_KEY_FILE=str(file))["SECRET_KEY"] == SAFE["SECRET_KEY"]


def test_sqlite_runs_with_the_measured_settings():
    database = read()["DATABASES"]["default"]
    assert database["CONN_MAX_AGE"] is None
    options = database["OPTIONS"]
    assert (options["transaction_mode"], options["timeout"]) == ("IMMEDIATE", 20)
    assert {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"} <= set(options["init_command"].split(";"))


def test_postgresql_comes_from_database_url():
    database = read(DATABASE_URL="postgresql://me:pw@db/site")["DATABASES"]["default"]
    assert (database["ENGINE"], database["CONN_MAX_AGE"]) == ("django.db.backends.postgresql", 600)


def test_no_thread_waits_long_for_a_database_server_that_vanished():
    options = read(DATABASE_URL="postgresql://me:pw@db/site")["DATABASES"]["default"]["OPTIONS"]
    assert options["connect_timeout"] <= 3
    assert options["keepalives_idle"] + options["keepalives_interval"] * options["keepalives_count"] <= 60
    assert options["tcp_user_timeout"] <= 20_000
    assert "statement_timeout" in options["options"]


def test_the_clinics_details_are_settings():
    assert read(EMERGENCY_NUMBER="112")["CLINIC"]["emergency_number"] == "112"


def test_the_map_of_emergency_departments_is_an_address_over_https_or_none():
    assert read()["CLINIC"]["emergency_map"] == ""
    assert (
        read(CLINIC_EMERGENCY_MAP="https://maps.example/?q=a")["CLINIC"]["emergency_map"] == "https://maps.example/?q=a"
    )
    with pytest.raises(ImproperlyConfigured, match="CLINIC_EMERGENCY_MAP"):
        read(CLINIC_EMERGENCY_MAP="javascript:alert(1)")


@pytest.mark.parametrize("number", [None, "", "call us"])
def test_a_clinic_without_a_telephone_number_stops_the_start(number):
    with pytest.raises(ImproperlyConfigured, match="CLINIC_PHONE must be the clinic's telephone number"):
        read(CLINIC_PHONE=number)


def test_on_ones_own_machine_no_telephone_number_is_needed():
    assert read(LOCAL="true", CLINIC_PHONE=None)["CLINIC"]["phone"] == ""


def test_a_map_of_the_clinic_is_a_safe_link():
    assert read(CLINIC_MAP="https://maps.example/?q=a")["CLINIC"]["map"] == "https://maps.example/?q=a"
    with pytest.raises(ImproperlyConfigured, match="CLINIC_MAP"):
        read(CLINIC_MAP="http://maps.example/")


APPROVAL = {"CLINICAL_APPROVER": "A clinician", "CLINICAL_APPROVAL_DATE": "2026-03-01"}


def test_the_clinical_approval_is_read_as_a_name_a_date_and_a_digest():
    found = read(**APPROVAL, CLINICAL_APPROVED_DIGEST="AB12")
    assert found["CLINICAL_APPROVER"] == "A clinician"
    assert found["CLINICAL_APPROVAL_DATE"] == date(2026, 3, 1)
    assert found["CLINICAL_APPROVED_DIGEST"] == "ab12"


def test_an_approval_that_is_set_but_empty_is_not_set():
    assert read(CLINICAL_APPROVER="", CLINICAL_APPROVAL_DATE="")["CLINICAL_APPROVAL_DATE"] is None


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({**APPROVAL, "CLINICAL_APPROVER": None}, "CLINICAL_APPROVER"),
        ({**APPROVAL, "CLINICAL_APPROVAL_DATE": None}, "CLINICAL_APPROVAL_DATE"),
        ({**APPROVAL, "CLINICAL_APPROVAL_DATE": "1 March 2026"}, "CLINICAL_APPROVAL_DATE"),
    ],
)
def test_half_an_approval_refuses_to_start_and_names_the_variable(variables, named):
    with pytest.raises(ImproperlyConfigured, match=named):
        read(**variables)


DEPLOY_CHECK = """
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", "check", "--deploy", "--fail-level", "WARNING"])
"""


@pytest.mark.parametrize("more", [{}, {"BEHIND_TLS_PROXY": "true", "TRUSTED_PROXIES": "1"}])
def test_the_deployment_system_check_is_clean_under_production_settings(more):
    clinic = {"CLINIC_ADDRESS": "1 Main Street", "CLINIC_MAP": "https://maps.example/"}
    done = start(DEPLOY_CHECK, EMAIL_HOST="mail.clinic.example", **clinic, **more)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_the_deployment_system_check_warns_of_a_proxy_that_is_not_counted():
    done = start(DEPLOY_CHECK, BEHIND_TLS_PROXY="true")
    assert done.returncode == 1
    assert "content.W001" in done.stderr
    assert "TRUSTED_PROXIES" in done.stderr


def test_the_deployment_system_check_warns_of_mails_that_are_only_printed():
    done = start(DEPLOY_CHECK)
    assert done.returncode == 1
    assert "assessment.W001" in done.stderr
    assert "EMAIL_HOST" in done.stderr


def test_local_mode_works_over_plain_http():
    found = read(LOCAL="true", ALLOWED_HOSTS=None)
    # Django's default: a cookie for plain http too.
    assert "SESSION_COOKIE_SECURE" not in found
    assert found["DEBUG"] is False
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


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
        ("SECRET_KEY_FALLBACKS", "short"),
    ],
)
def test_a_queue_that_cannot_work_stops_the_start(name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


def test_the_clinics_hours_are_read():
    found = read(CLINIC_HOURS="08:30-12:00", CLINIC_DAYS="Sat, sun")
    assert found["CLINIC_HOURS"] == (time(8, 30), time(12))
    assert found["CLINIC_DAYS"] == {5, 6}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RETENTION_DAYS", "0"),
        ("RETENTION_DAYS_SOON", "0"),
        # Patients are told the longest time.
        ("RETENTION_DAYS_SOON", "366"),
        ("SECOND_FACTOR", "false"),
        ("IDLE_MINUTES", "0"),
        ("SESSION_HOURS", "25"),
        ("FRESH_MINUTES", "61"),
        ("ALARM_HOURS", "0"),
        ("ALARM_HOURS", "49"),
    ],
)
def test_what_patients_and_staff_are_promised_stops_the_start_when_it_cannot_be_kept(name, value):
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value})


def test_on_ones_own_machine_the_second_step_can_be_off():
    assert read(LOCAL="true", SECOND_FACTOR="false")["SECOND_FACTOR"] is False


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", "https://clinic.example"),
        ("ALLOWED_HOSTS", "clinic.example:443"),
        ("ALLOWED_HOSTS", "clinic.example/check"),
        ("ALLOWED_HOSTS", '"clinic.example"'),
        ("ALLOWED_HOSTS", "'a.example', 'b.example'"),
        ("SECRET_KEY", f'"{SAFE["SECRET_KEY"]}"'),
        ("CSRF_TRUSTED_ORIGINS", "clinic.example"),
        ("SITE_URL", "clinic.example"),
        ("REDIS_URL", "cache.example:6379"),
        ("DATABASE_URL", "mysql://me:pw@db/site"),
        ("DATABASE_URL", "sqlite:////proc/nowhere/db.sqlite3"),
        ("EMAIL_PORT", "0"),
        ("EMAIL_PORT", "smtp"),
        ("EMAIL_USE_SSL", "true"),
        ("DEFAULT_FROM_EMAIL", "the clinic"),
        ("ADMINS", "it@clinic.example, boss"),
        ("TIME_ZONE", "Berlin"),
        ("TIME_ZONE", "../etc/passwd"),
        ("CLINIC_NAME", "Our\nclinic"),
        ("CLINIC_PHONE", "555\t0100"),
    ],
)
def test_a_setting_that_would_only_fail_later_stops_the_start_and_is_named(name, value):
    more = {"EMAIL_USE_TLS": "true"} if name == "EMAIL_USE_SSL" else {}
    with pytest.raises(ImproperlyConfigured, match=name):
        read(**{name: value}, **more)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALLOWED_HOSTS", ".clinic.example,127.0.0.1,[::1]"),
        ("DEFAULT_FROM_EMAIL", "Our clinic <site@clinic.example>"),
        ("CLINIC_NAME", "The 'Old' clinic"),
        ("EMAIL_HOST_PASSWORD", '"quoted"'),
        ("REDIS_URL", "unix:///run/redis.sock"),
        ("TIME_ZONE", "America/Argentina/Buenos_Aires"),
    ],
)
def test_an_unusual_value_that_can_be_used_is_taken(name, value):
    read(**{name: value})


@pytest.mark.parametrize("value", ["two", "0", "-1", "1.5"])
def test_a_number_of_web_processes_that_is_none_stops_the_start(monkeypatch, value):
    monkeypatch.setenv("WEB_CONCURRENCY", value)
    with pytest.raises(SystemExit, match="WEB_CONCURRENCY must be"):
        runpy.run_path(str(ROOT / "site_project/gunicorn.conf.py"))


def test_web_servers_on_several_machines_share_a_redis():
    cache = read(REDIS_URL="redis://cache.example:6379/1")["CACHES"]["default"]
    assert (cache["BACKEND"].rpartition(".")[2], cache["LOCATION"]) == ("RedisCache", "redis://cache.example:6379/1")


@pytest.mark.parametrize("behind", ["true", "false"])
def test_a_request_counts_as_https_by_its_header_only_behind_a_proxy(behind):
    assert ("SECURE_PROXY_SSL_HEADER" in read(BEHIND_TLS_PROXY=behind)) is (behind == "true")


KEYS = [Fernet.generate_key().decode() for _ in range(2)]


@pytest.mark.parametrize(
    ("name", "items", "expected"),
    [
        ("ALLOWED_HOSTS", ["a.example", "b.example"], ["a.example", "b.example"]),
        (
            "CSRF_TRUSTED_ORIGINS",
            ["https://a.example", "https://b.example"],
            ["https://a.example", "https://b.example"],
        ),
        ("CONTACT_KEYS", KEYS, KEYS),
        ("CLINIC_DAYS", ["mon", "tue"], {0, 1}),
        ("CLINIC_CLOSED_ON", ["2026-12-25", "2027-01-01"], {date(2026, 12, 25), date(2027, 1, 1)}),
        ("AUDIT_KEYS", ["a" * 32, "b" * 32], ["a" * 32, "b" * 32]),
        ("SECRET_KEY_FALLBACKS", ["a" * 50, "b" * 50], ["a" * 50, "b" * 50]),
        ("ADMINS", ["a@a.example", "b@a.example"], [("a@a.example", "a@a.example"), ("b@a.example", "b@a.example")]),
    ],
)
@pytest.mark.parametrize("written", ["{0},{1}", "{0}, {1}", " {0} ,{1} ", "{0},,{1},"])
def test_every_list_is_read_however_its_commas_are_written(name, items, expected, written):
    assert read(**{name: written.format(*items)})[name] == expected


def test_every_list_variable_is_in_the_test_above():
    settings = (ROOT / "site_project/settings.py").read_text()
    lists = set(re.findall(r'read_(?:list|days|dates|fernet_keys|urls|addresses)\("(\w+)"', settings))
    assert lists | {"ALLOWED_HOSTS"} == {
        "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "CONTACT_KEYS", "CLINIC_DAYS", "CLINIC_CLOSED_ON", "AUDIT_KEYS",
        "ADMINS", "SECRET_KEY_FALLBACKS",
    }  # fmt: skip


def test_hosts_that_are_set_but_empty_are_not_set_on_ones_own_machine():
    assert read(LOCAL="true", ALLOWED_HOSTS=" , ")["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"RETENTION_DAYS": "0"}, "RETENTION_DAYS must be 1 or more: patients read how long their answers are kept."),
        ({"RETENTION_DAYS_URGENT": "366"}, "RETENTION_DAYS_URGENT must be between 1 and RETENTION_DAYS."),
        ({"TRUSTED_PROXIES": "-1"}, "TRUSTED_PROXIES must be 0 or more: the number of proxies in front of the site."),
        ({"IDLE_MINUTES": "61"}, "IDLE_MINUTES must be between 1 and 60."),
        ({"ALARM_HOURS": "0.1"}, "ALARM_HOURS must be between 0.25 and 48."),
        ({"REVIEW_HOURS_SOON": "0"}, "REVIEW_HOURS_SOON must be more than 0 and at most 1000."),
        ({"METRICS_TOKEN": "short"}, "METRICS_TOKEN must have 20 characters or more."),
        ({"AUDIT_KEYS": f"{'a' * 32}, short"}, "Each of AUDIT_KEYS must have 32 characters or more."),
        (
            {"CONTACT_KEYS": f"{KEYS[0]}, short"},
            "Key 2 of CONTACT_KEYS is not a Fernet key (32 bytes in URL-safe base64).",
        ),
        ({"BACKUP_KEY": "short"}, "BACKUP_KEY is not a Fernet key (32 bytes in URL-safe base64)."),
        ({"CLINIC_HOURS": "17:00-09:00"}, "CLINIC_HOURS must end later than they begin."),
        ({"CLINIC_DAYS": " , "}, "CLINIC_DAYS must name days such as mon,tue,wed."),
        (
            {"CLINIC_CLOSED_ON": "2026-12-25, Christmas"},
            "CLINIC_CLOSED_ON must hold dates such as 2026-12-25, separated by commas.",
        ),
        ({"SECOND_FACTOR": "false"}, "SECOND_FACTOR can be off only with LOCAL=true, on one's own machine."),
        (
            {"CLINICAL_APPROVER": "A clinician"},
            "A clinical approval needs both a name and a date: CLINICAL_APPROVAL_DATE is not set.",
        ),
    ],
)
def test_a_refusal_names_the_variable_and_says_what_to_do(variables, words):
    with pytest.raises(ImproperlyConfigured) as refused:
        read(**variables)
    assert str(refused.value) == words


def test_a_level_may_be_kept_for_a_shorter_time():
    found = read(RETENTION_DAYS="100", RETENTION_DAYS_URGENT="30", RETENTION_DAYS_SOON="100")
    assert found["RETENTION_BY_LEVEL"] == {"urgent": 30}


def test_what_the_address_of_the_database_says_stays_beside_what_we_add():
    options = read(DATABASE_URL="postgresql://me@db/site?sslmode=require")["DATABASES"]["default"]["OPTIONS"]
    assert options["sslmode"] == "require"
    assert options["connect_timeout"] == 3

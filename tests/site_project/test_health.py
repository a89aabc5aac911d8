"""/livez, /readyz and /metrics: what those who look after the site are told."""

from datetime import timedelta
from unittest import mock

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connection
from django.utils import timezone

from assessment.clinic.metrics import collect_metrics
from assessment.clinic.notifications import MOST_TRIES
from assessment.models import Assessment, Mail
from assessment.models.mail import MailKind
from site_project import health

from ..assessment.staff import EMERGENCY
from ..assessment.walks import STRAIN, walk_check
from .test_outage import failing
from .test_settings import read

pytestmark = pytest.mark.django_db
TOKEN = "a token of twenty and more"


def lines(response):
    return response.content.decode().splitlines()


def test_a_live_site_says_so_and_asks_no_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/livez")
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies


def test_a_ready_site_says_what_it_looked_at(client):
    response = client.get("/readyz")
    assert response.status_code == 200
    assert lines(response) == ["database: ok", "migrations: ok", "disk: ok"]


def test_without_a_database_the_site_lives_and_is_not_ready(client):
    with failing(("",)):
        assert client.get("/livez").status_code == 200
        response = client.get("/readyz")
    assert response.status_code == 503
    assert lines(response) == ["database: failed", "migrations: failed", "disk: ok"]


def test_a_missing_migration_is_not_ready(client, monkeypatch):
    monkeypatch.setattr(health.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    response = client.get("/readyz")
    assert response.status_code == 503
    assert "migrations: failed" in lines(response)


def test_a_disk_that_is_nearly_full_or_read_only_is_not_ready(client, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(health, "ROOM", 1 << 60)
        assert "disk: failed" in lines(client.get("/readyz"))
    monkeypatch.setattr(health.os, "access", lambda path, mode: False)
    assert "disk: failed" in lines(client.get("/readyz"))


def test_a_database_that_takes_no_writes_is_not_ready(client):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's own file is looked at as the disk")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL transaction_read_only = on")
    assert "database: failed" in lines(client.get("/readyz"))


@pytest.mark.parametrize("address", ["/livez", "/readyz", "/metrics"])
def test_nobody_changes_anything_there(client, address):
    assert client.post(address).status_code == 405


def test_without_a_token_in_the_settings_there_are_no_metrics(client):
    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer wrong", TOKEN, "Bearer ünï"])
def test_metrics_want_the_token(client, settings, sent):
    settings.METRICS_TOKEN = TOKEN
    assert client.get("/metrics", headers={"authorization": sent}).status_code == 401


def test_metrics_tell_how_the_queue_stands(client, settings):
    settings.METRICS_TOKEN = TOKEN
    walk_check(client, STRAIN)
    response = client.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    page = lines(response)
    assert 'checks_waiting{level="self_care"} 1' in page
    assert 'checks_waiting{level="emergency"} 0' in page
    assert 'checks_saved_last_day{level="self_care"} 1' in page
    assert "# TYPE checks_waiting gauge" in page
    assert Assessment.objects.get().reference not in response.content.decode()


def test_the_oldest_waiting_review_has_an_age_in_seconds_and_samples_none(client):
    walk_check(client, STRAIN)
    later = timezone.now() + timedelta(hours=30)
    told = {name: {row.get("level"): value for row, value in rows} for name, _, rows in collect_metrics(later)}
    assert 30 * 3600 <= told["checks_waiting_longest_seconds"]["self_care"] < 30 * 3600 + 60
    assert told["checks_waiting_longest_seconds"]["urgent"] == 0
    assert told["checks_saved_last_day"]["self_care"] == 0


def told(now):
    return {name: rows[0][1] for name, _, rows in collect_metrics(now)}


def test_staff_who_were_not_told_are_told_of_here(client, django_user_model):
    now = timezone.now()
    assert [told(now)[name] for name in ("mails_unsent", "arrivals_untold", "mails_longest_seconds")] == [0, 0, 0]
    walk_check(client, EMERGENCY)  # and no timer runs
    user = django_user_model.objects.create_user("nurse")
    for number, tries in enumerate((0, 1, MOST_TRIES)):
        old = now - timedelta(hours=number)
        Mail.objects.create(key=f"new:{number}", kind=MailKind.NEW, user=user, tries=tries, made_at=old)
    Mail.objects.create(key="new:sent", kind=MailKind.NEW, user=user, made_at=now - timedelta(days=2), sent_at=now)
    found = told(now)
    assert [found[name] for name in ("mails_unsent", "arrivals_untold", "mails_given_up")] == [2, 1, 1]
    assert found["mails_longest_seconds"] == 3600
    assert 7190 <= told(timezone.now() + timedelta(hours=2))["mails_longest_seconds"] - 3600 <= 7260


def test_an_assessment_that_no_mail_was_made_of_has_an_age_too(client):
    walk_check(client, EMERGENCY)
    assert 7200 <= told(timezone.now() + timedelta(hours=2))["mails_longest_seconds"] <= 7260


def test_a_short_token_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="METRICS_TOKEN"):
        read(METRICS_TOKEN="short")


def test_an_error_of_the_database_is_never_told_in_words(client):
    with failing(("",), error=OperationalError):
        assert "disk is full" not in client.get("/readyz").content.decode()


@pytest.mark.parametrize(("read_only", "fine"), [("off", True), ("on", False)])
def test_a_postgresql_that_only_answers_reads_is_not_ready(monkeypatch, read_only, fine):
    """A standby after a switch, or a server whose disk is full."""
    cursor = mock.MagicMock()
    cursor.__enter__.return_value.fetchone.return_value = (read_only,)
    monkeypatch.setattr(health, "connection", mock.Mock(vendor="postgresql", cursor=lambda: cursor))
    assert health.is_database_writable() is fine


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
@pytest.mark.parametrize("host", ["10.1.2.3", "10.1.2.3:8000", "[::1]:8000", "a_machine"])
def test_a_health_check_may_call_the_machine_by_any_name(client, address, host):
    assert client.get(address, headers={"host": host}).status_code == 200


@pytest.mark.parametrize("address", ["/", "/livez/", "/admin/login/"])
def test_any_other_page_wants_the_name_of_the_site(client, address):
    assert client.get(address, headers={"host": "10.1.2.3"}).status_code == 400

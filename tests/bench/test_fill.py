"""A database filled for measurements is one that the site could have written."""

import pytest
from django.core.management import call_command

from assessment.models import Assessment
from bench import fill
from core import audit


@pytest.mark.django_db(transaction=True)
def test_a_filled_database_verifies(staff_groups, capsys):
    fill.fill_database(60, 20)
    assert (Assessment.objects.count(), audit.verify_chain().number) == (60, 60)
    call_command("verify_audit", verbosity=0)


@pytest.mark.django_db(transaction=True)
def test_each_event_names_its_check(staff_groups, capsys):
    fill.fill_database(30, 10)
    references = dict(Assessment.objects.values_list("pk", "reference"))
    assert dict(audit.AuditEvent.objects.values_list("record_id", "reference")) == references

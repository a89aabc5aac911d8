"""Who of the staff may do something."""

import pytest
from django.contrib.auth.models import Group, User

from core.people import list_staff_with

pytestmark = pytest.mark.django_db


def test_staff_have_a_permission_by_a_role_or_as_superusers():
    nurse = User.objects.create_user("nurse", is_staff=True)
    nurse.groups.add(Group.objects.get(name="Clinic staff"))
    User.objects.create_superuser("boss")
    User.objects.create_user("newcomer", is_staff=True)
    for name, changes in (("gone", {"is_active": False}), ("patient", {"is_staff": False})):
        other = User.objects.create_user(name, **{"is_staff": True, **changes})
        other.groups.add(Group.objects.get(name="Clinic staff"))
    assert {user.username for user in list_staff_with("assessment.change_review")} == {"nurse", "boss"}

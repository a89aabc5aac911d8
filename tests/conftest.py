"""What every test may use."""

import hypothesis
import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group

# A slow machine is no fault of the code.
hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("patient")


@pytest.fixture(autouse=True)
def plain_static_files(settings):
    """Static files without hashed names: tests need no collectstatic."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def person(db):
    """Make a staff account in the group of this name."""

    def make(group):
        user = get_user_model().objects.create_user(group.lower().replace(" ", "-"), password="correct horse battery")
        user.is_staff = True
        user.save()
        user.groups.add(Group.objects.get(name=group))
        return user

    return make


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """SQLite in a file, as in real life: in memory, several connections would lock each other out."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")

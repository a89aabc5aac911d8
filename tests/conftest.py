"""What every test may use."""

import importlib
import os
from functools import cache
from types import SimpleNamespace

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.signals import setting_changed
from django.db import connection
from django.test import Client, override_settings

from content.starter import loader

# A slow machine is no fault of the code. The same examples each time: what passed here passes there too. `make fuzz`
# looks for new ones.
hypothesis.settings.register_profile(
    "patient", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("new", hypothesis.settings.get_profile("patient"), derandomize=False)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "patient"))


def pytest_collection_modifyitems(items):
    """A test of several threads, a running server or a browser may fail once where the machine stumbles. It, and no
    other, is run once more and named under "rerun": whoever reads that looks for the race, in the test or in the site.
    """
    for item in items:
        database = item.get_closest_marker("django_db")
        real = {"transactional_db", "live_server"} & set(item.fixturenames)
        if real or (database and database.kwargs.get("transaction")) or item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=1))


def clear_question_cache(**kwargs):
    """A page that was drawn under other settings is not the one that a test asks for."""
    from assessment.patient import question_cache

    question_cache.draw_question.cache_clear()


setting_changed.connect(clear_question_cache)


@pytest.fixture(autouse=True, scope="session")
def read_starter_once():
    """Many tests load the starter articles, and none changes their files: these are read and checked once a process."""
    read = loader.read_starter
    starter = cache(lambda: read(loader.FOLDER))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            loader, "read_starter", lambda folder=loader.FOLDER: starter() if folder == loader.FOLDER else read(folder)
        )
        yield


@pytest.fixture(autouse=True, scope="session")
def quick_settings():
    """Static files without hashed names, so that no test needs collectstatic; passwords hashed in no time."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(
        STORAGES={**settings.STORAGES, "staticfiles": plain},
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
    ):
        yield


@pytest.fixture(autouse=True, scope="session")
def follow_refusals():
    """A form that is refused is answered by a redirect (303) to the page that says why: see core/pages. A test
    that sends one is about that page. Client.generic() shows the redirect itself."""
    post = Client.post

    def follow(self, path, *args, **kwargs):
        response = post(self, path, *args, **kwargs)
        return self.get(response.headers["Location"]) if response.status_code == 303 else response

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "post", follow)
        yield


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb):
    """A PostgreSQL of the tests is thrown away whole: its database need not go first, and cannot while somebody is
    connected. Under Playwright's event loop Django has a connection that it does not close."""
    return django_db_keepdb or connection.vendor == "postgresql"


@pytest.fixture
def person(db):
    """Make a staff account in the group of this name."""

    def make(group, name=None):
        name = name or group.lower().replace(" ", "-")
        user = get_user_model().objects.create_user(name, password="correct horse battery")
        user.is_staff = True
        user.save()
        user.groups.add(Group.objects.get(name=group))
        return user

    return make


@pytest.fixture
def staff_groups(transactional_db):
    """The staff groups that migrations made: a transactional test empties the database at its end.

    Django's serialized_rollback would bring them back, but not beside Playwright, whose event loop gives the test
    another database connection than the one that holds the serialized rows.
    """
    here = SimpleNamespace(connection=connection)
    importlib.import_module("staff.migrations.0001_leads").add(apps, here)
    importlib.import_module("content.migrations.0002_groups").add_groups(apps, here)
    importlib.import_module("content.migrations.0004_place_permissions").give_to_approvers(apps, here)
    importlib.import_module("assessment.migrations.0003_groups").add_groups(apps, here)
    importlib.import_module("core.migrations.0001_labels").carry_over(apps, here)


@pytest.fixture(scope="session")
def django_db_modify_db_settings():
    """SQLite in a file, as in real life: in memory, several connections would lock each other out."""
    if connection.vendor == "sqlite":
        connection.settings_dict["TEST"]["NAME"] = str(settings.DATA_DIR / "test.sqlite3")

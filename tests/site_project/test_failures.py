"""No command ends in a traceback when the machine, not the code, is to blame."""

import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DataError, IntegrityError, InterfaceError, OperationalError, ProgrammingError

from site_project.failures import explain_failure

from ..serving import ROOT
from .test_settings import environment


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ImproperlyConfigured("ALLOWED_HOSTS must ..."), "ALLOWED_HOSTS must"),
        (OperationalError("no such table: core_auditevent"), "manage.py migrate"),
        (ProgrammingError('relation "core_auditevent" does not exist'), "manage.py migrate"),
        (OperationalError("database or disk is full"), "room on its disk"),
        (OperationalError("attempt to write a readonly database"), "may this user write"),
        (OperationalError("connection refused"), "Does it run"),
        (InterfaceError("the connection is closed"), "Does it run"),
        (ProgrammingError("permission denied for table core_auditevent"), "may this user write"),
        (PermissionError(13, "Permission denied", "/srv/copies"), "/srv/copies"),
        (OSError(28, "No space left on device"), "No space left"),
    ],
)
def test_what_the_machine_does_is_told_in_words(error, words):
    assert words in explain_failure(error)


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), IntegrityError("x"), DataError("x")])
def test_a_fault_of_the_code_keeps_its_traceback(error):
    assert explain_failure(error) is None


@pytest.mark.parametrize(
    ("command", "variables", "words"),
    [
        ("purge", {}, "manage.py migrate"),
        ("send_notifications", {"DATABASE_URL": "postgresql://127.0.0.1:1/none", "EMAIL_HOST": "m"}, "Does it run"),
        ("purge", {"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ],
)
def test_a_command_that_cannot_work_says_why_and_fails(tmp_path, command, variables, words):
    run = [sys.executable, "manage.py", command]
    done = subprocess.run(
        run,
        cwd=ROOT,
        env=environment(**{"DATA_DIR": str(tmp_path), **variables}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert words in done.stderr

"""Commands of manage.py that are killed (SIGKILL) in the middle, in processes that this one forks.

A line on stdin is `COMMAND STEP TIMES`: it dies right after STEP (a name of STEPS) was done so many times; 0: it runs
to its end. The answer on stdout is its exit code. Mails go to files in DATA_DIR.
"""

import os
import signal
import sys
from datetime import timedelta
from io import StringIO

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_project.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group, User  # noqa: E402
from django.core.mail import EmailMessage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from assessment.clinic import notifications  # noqa: E402
from assessment.models import MailWish  # noqa: E402
from assessment.patient import records  # noqa: E402
from assessment.patient.session import Check  # noqa: E402
from assessment.retention import deletion  # noqa: E402

# A check is deleted, mails are made and not committed yet, a mail is with the mail server.
STEPS = {"end": (deletion, "delete_assessment"), "make": (notifications, "write_mails"), "send": (EmailMessage, "send")}


def seed_database():
    """5 new emergencies, 25 checks whose time is over, and 10 clerks who want a mail at once (2 are there already)."""
    for days in [0] * 5 + [400] * 25:
        record = records.build_assessment(Check(answers={"now": ["chest"]}))
        record.reference, record.finished_at = records.make_reference(), timezone.now() - timedelta(days=days)
        record.save()
    for number in range(8):
        user = User.objects.create(username=f"clerk-{number}", email=f"clerk-{number}@clinic.example", is_staff=True)
        user.groups.add(Group.objects.get(name="Clinic staff"))
    for user in User.objects.all():
        MailWish.objects.create(user=user, cadence="at_once")


def die_after(place, name, times):
    step, done = getattr(place, name), []

    def counted(*args, **kwargs):
        result = step(*args, **kwargs)
        done.append(True)
        if len(done) == times:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    setattr(place, name, counted)


def run_command(command, step, times):
    if command == "fill":
        seed_database()
        return
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = settings.DATA_DIR / "mails"
    deletion.BATCH = 10
    if int(times):
        die_after(*STEPS[step], int(times))
    call_command(command, verbosity=0, stdout=StringIO())


def main():
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            run_command(*line.split())
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""manage.py watch_audit: what was changed past the site? And the head of the audit goes to its witness. By a timer."""

import logging
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...watch import vouching, witness

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Write an event for each change of an account, a role, an article or a setting that was made past the site; "
        "then add the head of the audit to the file of AUDIT_WITNESS. Run it every few minutes."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for difference in vouching.notice_changes():
            self.stderr.write(str(difference))
            logger.error("a change past the site was noticed: see the audit, and manage.py verify_audit")
        if not settings.AUDIT_WITNESS:
            return
        failed_before = witness.is_failing()
        try:
            witness.publish_head()
        except witness.WitnessError as error:
            # Told to ADMINS once, and to whoever looks at the timer each time.
            (logger.warning if failed_before else logger.error)("the head of the audit was not published")
            raise CommandError(str(error)) from error

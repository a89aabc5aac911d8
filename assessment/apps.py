from django.apps import AppConfig
from django.core import checks


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "Symptom checks"

    def ready(self):
        from content.public import ask_feedback, needs_articles
        from core import audit
        from core.triggers import keep
        from staff.public import happened

        from . import reading_list, system_checks
        from .clinic import notifications
        from .models import triggers
        from .protocol import wording

        # Now, so that a running server never mixes its old rules with new words.
        system_checks.words()
        checks.register(system_checks.check, "protocol")
        checks.register(notifications.check_mail, "security", deploy=True)
        keep(self, triggers.GUARDS)
        happened.connect(audit.of_accounts)
        ask_feedback("question", lambda code: wording.load()["questions"].get(code, {}).get("title"))
        needs_articles(reading_list.needs)

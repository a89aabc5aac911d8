from django.apps import AppConfig
from django.core import checks


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "Symptom checks"

    def ready(self):
        from content.public import ask_feedback, needs_articles
        from core.audit import register_actions
        from core.triggers import keep

        from . import reading_list, system_checks
        from .clinic import notifications
        from .models import audit_actions, triggers
        from .protocol import wording

        # Now, so that a running server never mixes its old rules with new words.
        system_checks.words()
        checks.register(system_checks.check, "protocol")
        checks.register(notifications.check_mail, "security", deploy=True)
        keep(self, triggers.GUARDS)
        register_actions(audit_actions.ACTIONS, audit_actions.FACTS)
        ask_feedback("question", lambda code: wording.load()["questions"].get(code, {}).get("title"))
        needs_articles(reading_list.needs)

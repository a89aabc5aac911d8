from django.apps import AppConfig
from django.core import checks


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "Symptom checks"

    def ready(self) -> None:
        from content.public import (
            register_feedback_page,
            register_needed_articles,
            register_signs,
            register_sources,
        )
        from core.audit import register_actions
        from core.triggers import reinstall_after_migrate
        from core.watch import vouching

        from . import reading_list, system_checks
        from .clinic import notifications
        from .models import MailWish, audit_actions, mail, triggers
        from .protocol import wording

        # Now, so that a running server never mixes its old rules with new words.
        system_checks.load_all_words()
        checks.register(system_checks.find_protocol_errors, "protocol")
        checks.register(notifications.find_mail_warnings, "security", deploy=True)
        reinstall_after_migrate(self, triggers.TRIGGERS)
        register_actions(audit_actions.ACTIONS, audit_actions.FACTS)
        register_feedback_page("question", lambda code: wording.load_words()["questions"].get(code, {}).get("title"))
        register_needed_articles(reading_list.list_needed_articles)
        register_sources(reading_list.list_source_rows)
        register_signs(reading_list.list_sign_rows)
        vouching.register_kind(vouching.Kind("wish", "the wish for e-mails of", mail.read_wishes), ["cadence"])
        vouching.watch_saves(MailWish, "wish")

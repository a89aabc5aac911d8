from django.apps import AppConfig
from django.core import checks


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "Symptom checks"

    def ready(self):
        from content.doors import ask_feedback, keep_triggers, needs_articles, register_sources
        from staff.doors import happened

        from . import audit, guards, notices, proof, reading_list
        from .protocol import wording

        # Now, so that a running server never mixes its old rules with new words.
        proof.words()
        checks.register(proof.check, "protocol")
        checks.register(notices.check_mail, "security", deploy=True)
        keep_triggers(self, guards.GUARDS)
        happened.connect(audit.of_accounts)
        ask_feedback("question", lambda code: wording.load()["questions"].get(code, {}).get("title"))
        needs_articles(reading_list.needs)
        register_sources(reading_list.source_rows)

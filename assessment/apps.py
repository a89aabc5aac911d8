from django.apps import AppConfig
from django.core import checks
from django.db.models.signals import post_migrate, pre_migrate


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "Symptom checks"

    def ready(self):
        from content.doors import ask_feedback, needs_articles
        from staff.doors import happened

        from . import audit, guards, notices, proof, reading_list
        from .protocol import wording

        # Now, so that a running server never mixes its old rules with new words.
        proof.words()
        checks.register(proof.check, "protocol")
        checks.register(notices.check_mail, "security", deploy=True)
        pre_migrate.connect(guards.remove, sender=self)
        post_migrate.connect(guards.install, sender=self)
        happened.connect(audit.of_accounts)
        ask_feedback("question", lambda code: wording.load()["questions"].get(code, {}).get("title"))
        needs_articles(reading_list.needs)

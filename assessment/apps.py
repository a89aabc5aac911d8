from django.apps import AppConfig
from django.core import checks


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = "Symptom checks"

    def ready(self):
        from content.doors import ask_feedback, needs_articles

        from . import proof, reading_list
        from .protocol import wording

        # Now, so that a running server never mixes its old rules with new words.
        proof.words()
        checks.register(proof.check, "protocol")
        ask_feedback("question", lambda code: wording.load()["questions"].get(code, {}).get("title"))
        needs_articles(reading_list.needs)

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Articles"

    def ready(self):
        from content import triggers

        post_migrate.connect(triggers.install, sender=self)

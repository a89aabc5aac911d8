from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Articles"

    def ready(self):
        from content import changes, throttle, triggers

        checks.register(throttle.check_proxies, "security", deploy=True)
        connection_created.connect(changes.watch)
        triggers.keep(self, changes.TRIGGERS)
        post_migrate.connect(changes.migrated, sender=self)

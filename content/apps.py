from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Articles"

    def ready(self):
        from core import throttle, triggers

        from .page_cache import watch

        checks.register(throttle.check_proxies, "security", deploy=True)
        connection_created.connect(watch.watch)
        triggers.keep(self, watch.TRIGGERS)
        post_migrate.connect(watch.migrated, sender=self)

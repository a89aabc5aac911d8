from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Articles"

    def ready(self):
        from core.triggers import keep

        from .page_cache import watch

        connection_created.connect(watch.watch)
        keep(self, watch.TRIGGERS)
        post_migrate.connect(watch.migrated, sender=self)

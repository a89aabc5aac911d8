from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Articles"

    def ready(self) -> None:
        from core.triggers import reinstall_after_migrate

        from . import system_checks
        from .models import watched
        from .page_cache import watch

        checks.register(system_checks.find_empty_details, "clinic", deploy=True)
        connection_created.connect(watch.watch_connection)
        reinstall_after_migrate(self, watch.TRIGGERS)
        post_migrate.connect(watch.start_generation_after_migrate, sender=self)
        watched.register_kinds()

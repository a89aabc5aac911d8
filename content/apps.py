from django.apps import AppConfig
from django.core import checks
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate, pre_migrate


class ContentConfig(AppConfig):
    name = "content"
    verbose_name = "Articles"

    def ready(self):
        from content import edition, throttle, triggers

        checks.register(throttle.check_proxies, "security", deploy=True)
        post_migrate.connect(triggers.install, sender=self)
        connection_created.connect(edition.watch)
        pre_migrate.connect(edition.uncount, sender=self)
        post_migrate.connect(edition.count, sender=self)

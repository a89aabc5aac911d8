from django.apps import AppConfig
from django.core import checks as system_checks


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Audit"

    def ready(self) -> None:
        from . import audit, throttle, triggers

        system_checks.register(throttle.system_check_proxies, "security", deploy=True)
        triggers.reinstall_after_migrate(self, audit.TRIGGERS)

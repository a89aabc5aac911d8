from django.apps import AppConfig
from django.conf import settings
from django.core import checks as system_checks


class CoreConfig(AppConfig):
    name = "core"
    verbose_name = "Audit"

    def ready(self) -> None:
        from . import audit, throttle, triggers
        from .watch import vouching, witness

        system_checks.register(witness.find_witness_warnings, "security", deploy=True)
        system_checks.register(throttle.system_check_proxies, "security", deploy=True)
        triggers.reinstall_after_migrate(self, audit.TRIGGERS)
        audit.register_actions({**vouching.ACTIONS, **witness.ACTIONS}, [])
        names = [name.lower() for name in settings.WATCHED_SETTINGS]
        vouching.register_kind(vouching.Kind("settings", "the settings", vouching.read_settings), names)

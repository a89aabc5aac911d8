from django.apps import AppConfig
from django.contrib.admin import apps as admin


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = "Accounts"
    default = True

    def ready(self) -> None:
        from core.audit import register_actions

        from . import audit_actions, logins, watched

        register_actions(audit_actions.ACTIONS, audit_actions.FACTS)
        logins.connect_signals()
        watched.register_kinds()


class StaffAdminConfig(admin.AdminConfig):
    """Django's admin, with our login."""

    default = False
    default_site = "staff.site.StaffSite"

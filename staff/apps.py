from django.apps import AppConfig
from django.contrib.admin import apps as admin


class StaffConfig(AppConfig):
    name = "staff"
    verbose_name = "Accounts"
    default = True

    def ready(self):
        from . import logins

        logins.connect()


class StaffAdminConfig(admin.AdminConfig):
    """Django's admin, with our door."""

    default = False
    default_site = "staff.site.StaffSite"

"""The site's own settings, and the wizard."""

from site_project.settings import *  # noqa: F403

INSTALLED_APPS = ["bench", *INSTALLED_APPS, "formtools"]  # noqa: F405
ROOT_URLCONF = "bench.wizard.urls"

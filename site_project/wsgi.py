"""The WSGI application for gunicorn."""

import os
from wsgiref.types import WSGIApplication

from django.conf import settings
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_project.settings")
application: WSGIApplication = get_wsgi_application()
if not settings.DEBUG:
    # Needs the applications loaded.
    from content.public import PageCache

    application = PageCache(application)

"""How gunicorn serves the site; every value can be overridden on its command line."""  # noqa: N999 (the name that gunicorn looks for)

import os

# One worker is the best-behaved set-up for SQLite (its writers queue fairly); give PostgreSQL two or more.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = 8
timeout = 30
graceful_timeout = 30
# A control socket in the home folder is one more way in, and two sites on one machine would share it.
control_socket_disable = True
# The site itself writes a line for each request, without its address: see site_project/logs.py.
accesslog = None
logconfig_dict = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "site_project.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gunicorn.error": {"handlers": ["console"], "level": "INFO", "propagate": False}},
}

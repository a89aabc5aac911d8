"""How gunicorn serves the site; every value can be overridden on its command line."""  # noqa: N999 (the name that gunicorn looks for)

import os
import resource

# One worker is the best-behaved set-up for SQLite (its writers queue fairly); give PostgreSQL two or more.
wanted = os.environ.get("WEB_CONCURRENCY", "").strip() or "1"
if not wanted.isdecimal() or int(wanted) < 1:
    raise SystemExit("WEB_CONCURRENCY must be a whole number, 1 or more.")
workers = int(wanted)
# What is written is for this user only.
os.umask(0o077)
worker_class = "site_project.worker.PatientWorker"
threads = 8
# Each takes a file number; systemd and shells give 1024 unless asked, and a process that has none left stops.
soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
soft = max(soft, min(hard, 4096))
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
worker_connections = min(1000, soft - 200)
timeout = 30
graceful_timeout = 30
# No header says to gunicorn where the site is mounted, or whether it was asked over TLS: settings.py decides that.
forwarder_headers = ""
forwarded_allow_ips = ""
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

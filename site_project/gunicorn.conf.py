"""How gunicorn serves the site; every value can be overridden on its command line."""

import os

# One worker is the best-behaved set-up for SQLite (its writers queue fairly); give PostgreSQL two or more.
workers = int(os.environ.get("WEB_CONCURRENCY", "1"))
worker_class = "gthread"
threads = 8
timeout = 30
graceful_timeout = 30
# No query string, no referrer, no cookie: nothing a patient said can reach the log.
# A control socket in the home folder is one more door, and two sites on one machine would share it.
control_socket_disable = True
accesslog = "-"
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(M)sms"

"""All settings: names and what they are, read from the environment and checked by env.py.

LOCAL=true is for one's own machine: plain http on 127.0.0.1. Without it the site refuses to start on unsafe settings.
"""

from pathlib import Path
from typing import Any

from core.typed.tidy import tidy_line
from site_project.env import (
    close_to_others,
    read_addresses,
    read_allowed_hosts,
    read_bool,
    read_clinic_hours,
    read_country,
    read_database,
    read_date,
    read_dates,
    read_days,
    read_debug,
    read_fernet_key,
    read_fernet_keys,
    read_hours,
    read_integer,
    read_list,
    read_number,
    read_path,
    read_second_factor,
    read_secret_key,
    read_sender,
    read_shorter_retention,
    read_telephone,
    read_text,
    read_time_zone,
    read_url,
    read_urls,
    require,
    require_all_or_none,
)

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL = read_bool("LOCAL", False)
SECRET_KEY = read_secret_key(LOCAL)
SECRET_KEY_FALLBACKS = read_list("SECRET_KEY_FALLBACKS", shortest=50)
ALLOWED_HOSTS = read_allowed_hosts(LOCAL)
DEBUG = read_debug(LOCAL)
CSRF_TRUSTED_ORIGINS = read_urls("CSRF_TRUSTED_ORIGINS")

# --- The clinic: shown wherever a patient needs it -------------------------------------------------------------------
CLINIC = {
    "name": tidy_line(read_text("CLINIC_NAME", "Back Spasm Clinic")),
    "phone": tidy_line(read_telephone("CLINIC_PHONE", LOCAL)),
    "address": tidy_line(read_text("CLINIC_ADDRESS")),
    "emergency_number": tidy_line(read_text("EMERGENCY_NUMBER", "911")),
    "crisis_line": tidy_line(read_text("CRISIS_LINE", "988")),
    "emergency_map": read_url("CLINIC_EMERGENCY_MAP", schemes=("https",)),
    "map": read_url("CLINIC_MAP", schemes=("https",)),
}
# How telephone numbers without + are read (core/typed/telephone.py).
CLINIC_COUNTRY = read_country("CLINIC_COUNTRY", "US")

# --- Clinical approval: who signed which rules, see docs/clinical-safety/sign-off.md ----------------------------------
CLINICAL_APPROVER = read_text("CLINICAL_APPROVER")
CLINICAL_APPROVAL_DATE = read_date("CLINICAL_APPROVAL_DATE")
CLINICAL_APPROVED_DIGEST = read_text("CLINICAL_APPROVED_DIGEST").lower()
require_all_or_none(
    "A clinical approval needs both a name and a date",
    CLINICAL_APPROVER=CLINICAL_APPROVER,
    CLINICAL_APPROVAL_DATE=CLINICAL_APPROVAL_DATE,
)

# --- What patients leave with us: how long it is kept, and the keys of the contact details (newest first) -------------
RETENTION_DAYS = read_integer(
    "RETENTION_DAYS", 365, least=1, words="1 or more: patients read how long their answers are kept"
)
# A level may be kept for a shorter time than patients are told, never for a longer one.
RETENTION_BY_LEVEL = read_shorter_retention(RETENTION_DAYS)
CONTACT_KEYS = read_fernet_keys("CONTACT_KEYS")
# One key for copies of the database (manage.py backup); none: they are not locked.
BACKUP_KEY = read_fernet_key("BACKUP_KEY")

# --- The review queue: hours until somebody should have looked at it, and when the clinic is open ----------------
# Emergency and urgent run around the clock; soon and self-care count opening hours only (in TIME_ZONE).
REVIEW_HOURS = {
    "emergency": read_hours("REVIEW_HOURS_EMERGENCY", 1.0),
    "urgent": read_hours("REVIEW_HOURS_URGENT", 4.0),
    "soon": read_hours("REVIEW_HOURS_SOON", 16.0),
    "self_care": read_hours("REVIEW_HOURS_SELF_CARE", 40.0),
}
CLINIC_HOURS = read_clinic_hours("CLINIC_HOURS", "09:00-17:00")
CLINIC_DAYS = read_days("CLINIC_DAYS", ["mon", "tue", "wed", "thu", "fri"])
CLINIC_CLOSED_ON = read_dates("CLINIC_CLOSED_ON")

# --- The audit of what staff do: keys of its chain, newest first; none: made from SECRET_KEY --------------------------
AUDIT_KEYS = read_list("AUDIT_KEYS", shortest=32)
# A file on another disk, to which signed heads of the chain are added (core/watch/witness.py); none: by mail only.
AUDIT_WITNESS = read_text("AUDIT_WITNESS")

# --- Who sends how much: see core/throttle.py ---------------------------------------------------------------------
TRUSTED_PROXIES = read_integer(
    "TRUSTED_PROXIES", 0, least=0, words="0 or more: the number of proxies in front of the site"
)
SUBMISSIONS_PER_HOUR = read_integer(
    "SUBMISSIONS_PER_HOUR",
    600,
    least=1,
    most=3_600_000,
    words="between 1 (with 0 nobody could send a result) and 3600000 (one a millisecond)",
)

# --- Staff who log in: the second step (staff/factors.py), and when a session ends ------------------------------------
# On one's own machine a password is enough until a phone is set up: nobody else reaches that site, and whoever tries it
# out need not install an app first. Anywhere else there is no way around the second step.
SECOND_FACTOR = read_second_factor(LOCAL)
IDLE_MINUTES = read_integer("IDLE_MINUTES", 15, least=1, most=60)
SESSION_HOURS = read_integer("SESSION_HOURS", 10, least=1, most=24)
FRESH_MINUTES = read_integer("FRESH_MINUTES", 5, least=1, most=60)
OTP_TOTP_ISSUER = CLINIC["name"]

# --- An alarm when urgent reviews wait and nobody looks for so long (assessment/clinic/notifications.py) --------------
ALARM_HOURS = read_number("ALARM_HOURS", 2.0, least=0.25, most=48)

# --- Who may read /metrics; empty: nobody, the address is not there ---------------------------------------------------
METRICS_TOKEN = read_text("METRICS_TOKEN", shortest=20)

# --- Applications ----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "core",
    "content",
    "assessment",
    "crispy_forms",
    "staff.apps.StaffAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    # After those whose admin pages it takes away.
    "staff",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "site_project.logs.log_requests",
    "site_project.headers.add_security_headers",
    "django.middleware.security.SecurityMiddleware",
    "site_project.headers.refuse_other_methods",
    "site_project.sizes.refuse_large_bodies",
    "site_project.health.answer_any_host",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "site_project.outage.OutageSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "site_project.outage.log_off_idle_staff_safely",
]
ROOT_URLCONF = "site_project.urls"
WSGI_APPLICATION = "site_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "site_project.context.add_clinic_details",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("clinic",)
CRISPY_TEMPLATE_PACK = "clinic"
CRISPY_FAIL_SILENTLY = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Database: measured settings, see docs/decisions/0001-database-settings.md ----------------------------------------
DATA_DIR = read_path("DATA_DIR", BASE_DIR / "var")
close_to_others(DATA_DIR / "media", DATA_DIR / "backups")
DATABASES = {
    "default": read_database(
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'db.sqlite3'}",
        sqlite={
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;PRAGMA foreign_keys=ON"
                ),
            },
        },
        server={
            "CONN_MAX_AGE": 600,
            "CONN_HEALTH_CHECKS": True,
            "OPTIONS": {
                "connect_timeout": 3,
                "options": "-c statement_timeout=10000 -c lock_timeout=5000",
                # A machine that vanished says nothing: without these a thread waits for it for a quarter of an hour.
                "keepalives_idle": 30,
                "keepalives_interval": 10,
                "keepalives_count": 3,
                "tcp_user_timeout": 20000,
            },
        },
    )
}

# --- What is kept of the pages: see content/page_cache/generation.py. Web servers on several machines share a Redis ---
REDIS_URL = read_url("REDIS_URL", schemes=("redis", "rediss", "unix"))
if REDIS_URL:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "back-spasm",
            "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
        }
    }

# --- Sessions: hold a patient's answers for a day, then are gone -----------------------------------------------------
SESSION_ENGINE = "core.sessions"
SESSION_COOKIE_AGE = 24 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "site_project.refusals.show_csrf_failure"
# Also after a login whose `next` led elsewhere.
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"

# --- Transport security ----------------------------------------------------------------------------------------------
if not LOCAL:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = read_bool("SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    # Asked from beside the site, over plain http.
    SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$", "^metrics$"]
    if read_bool("BEHIND_TLS_PROXY", False):
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# --- Mail: overdue pages to editors, waiting reviews to the clinic. Without a server it is printed, not sent ----------
EMAIL_HOST = read_text("EMAIL_HOST")
EMAIL_PORT = read_integer("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = read_text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = read_text("EMAIL_HOST_PASSWORD")
EMAIL_USE_SSL = read_bool("EMAIL_USE_SSL", EMAIL_PORT == 465)
EMAIL_USE_TLS = read_bool("EMAIL_USE_TLS", not EMAIL_USE_SSL)
require(not (EMAIL_USE_SSL and EMAIL_USE_TLS), "Only one of EMAIL_USE_SSL and EMAIL_USE_TLS can be true.")
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
# Where links in mails lead: mails are written where there is no request to ask.
HOST = ALLOWED_HOSTS[0].lstrip(".")
SITE_URL = read_url("SITE_URL", "http://127.0.0.1:8000" if LOCAL else f"https://{HOST}").rstrip("/")
DEFAULT_FROM_EMAIL = read_sender("DEFAULT_FROM_EMAIL", f"no-reply@{HOST}")

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = read_time_zone("TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

# --- Static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
# The pictures of the editors' guide are shown at the desk too.
STATICFILES_DIRS = [BASE_DIR / "static", ("guide", BASE_DIR / "docs/guide")]
# WhiteNoise lets any site read these files unless told; nobody needs to.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Pictures that editors upload (content/images.py). Several web processes share this folder.
MEDIA_ROOT = DATA_DIR / "media"
# Nobody but the site reads its files, static ones too: WhiteNoise serves them, and a proxy asks for them by address.
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "site_project.static_files.SqueezedStaticFilesStorage"},
}

# --- What the site writes down, and whom it tells: see site_project/logs.py -------------------------------------------
ADMINS = [(address, address) for address in read_addresses("ADMINS")]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "site_project.logs.JsonFormatter"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "json"},
        "mail": {"class": "site_project.logs.MailAdmins", "level": "ERROR", "formatter": "json"},
    },
    "root": {"handlers": ["console", "mail"], "level": "WARNING"},
    "loggers": {
        # Django's own handlers would mail whole requests.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        # A page that is not there is no news: each request has a line of ours.
        "django.request": {"level": "ERROR"},
        "site_project": {"level": "INFO"},
    },
}
SENTRY_DSN = read_text("SENTRY_DSN")
if SENTRY_DSN:
    from site_project.logs import start_sentry

    start_sentry(SENTRY_DSN)

# --- A change of one of these is an event of the audit, and a finding until it is accepted: core/watch ----------
WATCHED_SETTINGS = (
    "LOCAL", "DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "CLINIC", "CLINIC_COUNTRY", "CLINICAL_APPROVER",
    "CLINICAL_APPROVAL_DATE", "CLINICAL_APPROVED_DIGEST", "RETENTION_DAYS", "RETENTION_BY_LEVEL", "REVIEW_HOURS",
    "CLINIC_HOURS", "CLINIC_DAYS", "CLINIC_CLOSED_ON", "AUDIT_WITNESS", "TRUSTED_PROXIES", "SUBMISSIONS_PER_HOUR",
    "SECOND_FACTOR", "IDLE_MINUTES", "SESSION_HOURS", "FRESH_MINUTES", "ALARM_HOURS", "TIME_ZONE", "SITE_URL",
    "EMAIL_HOST", "DEFAULT_FROM_EMAIL", "ADMINS", "SENTRY_DSN", "PASSWORD_HASHERS", "AUTH_PASSWORD_VALIDATORS",
)  # fmt: skip

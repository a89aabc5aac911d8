"""All settings, read from the environment. SECRET_KEY_FILE=path (any NAME_FILE) reads a value from a file.

LOCAL=true is for one's own machine: plain http on 127.0.0.1. Without it the site refuses to start on unsafe settings.
"""

from base64 import urlsafe_b64decode
from datetime import date, time
from pathlib import Path

import phonenumbers
from django.core.exceptions import ImproperlyConfigured
from environs import EnvError, FileAwareEnv

BASE_DIR = Path(__file__).resolve().parent.parent
env = FileAwareEnv(strip_whitespace=True)


def read_setting(method, name, default, **options):
    """One value from the environment; a value that cannot be read stops the start and names its variable."""
    try:
        return getattr(env, method)(name, default, **options)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"The environment variable {name} cannot be used: {error}") from error


LOCAL = read_setting("bool", "LOCAL", False)
DEBUG = read_setting("bool", "DEBUG", False)
SECRET_KEY = read_setting("str", "SECRET_KEY", "")
ALLOWED_HOSTS = read_setting("list", "ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"] if LOCAL else [])
CSRF_TRUSTED_ORIGINS = read_setting("list", "CSRF_TRUSTED_ORIGINS", [])

if not LOCAL:
    for name, unsafe, remedy in [
        (
            "SECRET_KEY",
            len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith("django-insecure-"),
            "Set it to at least 50 random characters, or SECRET_KEY_FILE to a file that holds them.",
        ),
        (
            "ALLOWED_HOSTS",
            not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS,
            "Set it to the host names of this site, separated by commas.",
        ),
        ("DEBUG", DEBUG, "Unset it: with DEBUG on, error pages show private data."),
    ]:
        if unsafe:
            raise ImproperlyConfigured(f"The site does not start with an unsafe {name}. {remedy}")

# --- The clinic: shown wherever a patient needs it -------------------------------------------------------------------
CLINIC = {
    "name": read_setting("str", "CLINIC_NAME", "Back Spasm Clinic"),
    "phone": read_setting("str", "CLINIC_PHONE", ""),
    "address": read_setting("str", "CLINIC_ADDRESS", ""),
    "emergency_number": read_setting("str", "EMERGENCY_NUMBER", "911"),
    "crisis_line": read_setting("str", "CRISIS_LINE", "988"),
}
# How telephone numbers without + are read (core/telephone.py).
CLINIC_COUNTRY = read_setting("str", "CLINIC_COUNTRY", "US").upper()
if CLINIC_COUNTRY not in phonenumbers.SUPPORTED_REGIONS:
    raise ImproperlyConfigured("CLINIC_COUNTRY must be the two ISO letters of a country, such as US, or GB (not UK).")

# --- Clinical approval: who signed which rules, see docs/clinical-safety/sign-off.md ----------------------------------
CLINICAL_APPROVER = read_setting("str", "CLINICAL_APPROVER", "")
# Set but empty, as in a template of an environment file, is not set.
CLINICAL_APPROVAL_DATE = (
    read_setting("date", "CLINICAL_APPROVAL_DATE", None) if read_setting("str", "CLINICAL_APPROVAL_DATE", "") else None
)
CLINICAL_APPROVED_DIGEST = read_setting("str", "CLINICAL_APPROVED_DIGEST", "").lower()
if bool(CLINICAL_APPROVER) != bool(CLINICAL_APPROVAL_DATE):
    missing = "CLINICAL_APPROVAL_DATE" if CLINICAL_APPROVER else "CLINICAL_APPROVER"
    raise ImproperlyConfigured(f"A clinical approval needs both a name and a date: {missing} is not set.")

# --- What patients leave with us: how long it is kept, and the keys of the contact details (newest first) -------------
RETENTION_DAYS = read_setting("int", "RETENTION_DAYS", 365)
if RETENTION_DAYS < 1:
    raise ImproperlyConfigured("RETENTION_DAYS must be 1 or more: patients read how long their answers are kept.")
# A level may be kept for a shorter time than patients are told, never for a longer one.
RETENTION_BY_LEVEL = {}
for name in ("emergency", "urgent", "soon", "self_care"):
    days_kept = read_setting("int", f"RETENTION_DAYS_{name.upper()}", RETENTION_DAYS)
    if not 1 <= days_kept <= RETENTION_DAYS:
        raise ImproperlyConfigured(f"RETENTION_DAYS_{name.upper()} must be between 1 and RETENTION_DAYS.")
    if days_kept < RETENTION_DAYS:
        RETENTION_BY_LEVEL[name] = days_kept
CONTACT_KEYS = [key.strip() for key in read_setting("list", "CONTACT_KEYS", []) if key.strip()]
# One key for copies of the database (manage.py backup); none: they are not locked.
BACKUP_KEY = read_setting("str", "BACKUP_KEY", "")
fernet_keys = [(f"Key {number} of CONTACT_KEYS", key) for number, key in enumerate(CONTACT_KEYS, start=1)]
fernet_keys += [("BACKUP_KEY", BACKUP_KEY)] if BACKUP_KEY else []
for name, key in fernet_keys:
    try:
        usable = len(urlsafe_b64decode(key)) == 32
    except ValueError:
        usable = False
    if not usable:
        raise ImproperlyConfigured(f"{name} is not a Fernet key (32 bytes in URL-safe base64).")

# --- The review queue: hours until somebody should have looked at a check, and when the clinic is open ----------------
# Emergency and urgent run around the clock; soon and self-care count opening hours only (in TIME_ZONE).
REVIEW_HOURS = {
    "emergency": read_setting("float", "REVIEW_HOURS_EMERGENCY", 1.0),
    "urgent": read_setting("float", "REVIEW_HOURS_URGENT", 4.0),
    "soon": read_setting("float", "REVIEW_HOURS_SOON", 16.0),
    "self_care": read_setting("float", "REVIEW_HOURS_SELF_CARE", 40.0),
}
for name, hours in REVIEW_HOURS.items():
    if not 0 < hours <= 1000:
        raise ImproperlyConfigured(f"REVIEW_HOURS_{name.upper()} must be more than 0 and at most 1000.")
try:
    opens, closes = (
        time.fromisoformat(part.strip()) for part in read_setting("str", "CLINIC_HOURS", "09:00-17:00").split("-")
    )
except ValueError as error:
    raise ImproperlyConfigured("CLINIC_HOURS must look like 09:00-17:00.") from error
if opens >= closes:
    raise ImproperlyConfigured("CLINIC_HOURS must end later than they begin.")
CLINIC_HOURS = (opens, closes)
WEEK = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
days = [day.strip().lower() for day in read_setting("list", "CLINIC_DAYS", WEEK[:5])]
if not days or not set(days) <= set(WEEK):
    raise ImproperlyConfigured("CLINIC_DAYS must name days such as mon,tue,wed.")
CLINIC_DAYS = {WEEK.index(day) for day in days}
try:
    CLINIC_CLOSED_ON = {date.fromisoformat(day.strip()) for day in read_setting("list", "CLINIC_CLOSED_ON", [])}
except ValueError as error:
    raise ImproperlyConfigured("CLINIC_CLOSED_ON must hold dates such as 2026-12-25, separated by commas.") from error

# --- The audit of what staff do: keys of its chain, newest first; none: made from SECRET_KEY --------------------------
AUDIT_KEYS = [key.strip() for key in read_setting("list", "AUDIT_KEYS", []) if key.strip()]
if any(len(key) < 32 for key in AUDIT_KEYS):
    raise ImproperlyConfigured("Each of AUDIT_KEYS must have 32 characters or more.")

# --- Who sends how much: see core/throttle.py ---------------------------------------------------------------------
TRUSTED_PROXIES = read_setting("int", "TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES < 0:
    raise ImproperlyConfigured("TRUSTED_PROXIES must be 0 or more: the number of proxies in front of the site.")
SUBMISSIONS_PER_HOUR = read_setting("int", "SUBMISSIONS_PER_HOUR", 600)
if not 1 <= SUBMISSIONS_PER_HOUR <= 3_600_000:
    raise ImproperlyConfigured(
        "SUBMISSIONS_PER_HOUR must be between 1 (with 0 nobody could send a result) and 3600000 (one a millisecond)."
    )

# --- Staff who log in: the second step (staff/factors.py), and when a session ends ------------------------------------
# On one's own machine a password is enough until a phone is set up: nobody else reaches that site, and whoever tries it
# out need not install an app first. Anywhere else there is no way around the second step.
SECOND_FACTOR = read_setting("bool", "SECOND_FACTOR", not LOCAL)
if not (SECOND_FACTOR or LOCAL):
    raise ImproperlyConfigured("SECOND_FACTOR can be off only with LOCAL=true, on one's own machine.")
IDLE_MINUTES = read_setting("int", "IDLE_MINUTES", 15)
SESSION_HOURS = read_setting("int", "SESSION_HOURS", 10)
FRESH_MINUTES = read_setting("int", "FRESH_MINUTES", 5)
for name, value, most in [
    ("IDLE_MINUTES", IDLE_MINUTES, 60),
    ("SESSION_HOURS", SESSION_HOURS, 24),
    ("FRESH_MINUTES", FRESH_MINUTES, 60),
]:
    if not 1 <= value <= most:
        raise ImproperlyConfigured(f"{name} must be between 1 and {most}.")
OTP_TOTP_ISSUER = CLINIC["name"]

# --- An alarm when urgent checks wait and nobody looks for so long (assessment/clinic/notifications.py) ---------------
ALARM_HOURS = read_setting("float", "ALARM_HOURS", 2.0)
if not 0.25 <= ALARM_HOURS <= 48:
    raise ImproperlyConfigured("ALARM_HOURS must be between 0.25 and 48.")

# --- Who may read /metrics; empty: nobody, the address is not there ---------------------------------------------------
METRICS_TOKEN = read_setting("str", "METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
    raise ImproperlyConfigured("METRICS_TOKEN must have 20 characters or more.")

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
DATA_DIR = read_setting("path", "DATA_DIR", BASE_DIR / "var")
DATABASES = {"default": read_setting("dj_db_url", "DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    Path(DATABASES["default"]["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["CONN_MAX_AGE"] = None
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        transaction_mode="IMMEDIATE",
        timeout=20,
        init_command="PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;PRAGMA foreign_keys=ON",
    )
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 600
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    DATABASES["default"].setdefault("OPTIONS", {}).update(
        connect_timeout=3, options="-c statement_timeout=10000 -c lock_timeout=5000"
    )

# --- What is kept of the pages: see content/page_cache/generation.py. Web servers on several machines share a Redis ---
REDIS_URL = read_setting("str", "REDIS_URL", "")
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
CSRF_FAILURE_VIEW = "assessment.patient.views.show_csrf_failure"

# --- Transport security ----------------------------------------------------------------------------------------------
if not LOCAL:
    SESSION_COOKIE_NAME = "__Host-session"
    CSRF_COOKIE_NAME = "__Host-csrf"
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = read_setting("bool", "SECURE_SSL_REDIRECT", True)
    SECURE_HSTS_SECONDS = 63072000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    # Asked from beside the site, over plain http.
    SECURE_REDIRECT_EXEMPT = ["^livez$", "^readyz$", "^metrics$"]
    if read_setting("bool", "BEHIND_TLS_PROXY", False):
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

# --- Mail: overdue pages to editors, waiting checks to the clinic. Without a server it is printed, not sent -----------
EMAIL_HOST = read_setting("str", "EMAIL_HOST", "")
EMAIL_PORT = read_setting("int", "EMAIL_PORT", 587)
EMAIL_HOST_USER = read_setting("str", "EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = read_setting("str", "EMAIL_HOST_PASSWORD", "")
EMAIL_USE_SSL = read_setting("bool", "EMAIL_USE_SSL", EMAIL_PORT == 465)
EMAIL_USE_TLS = read_setting("bool", "EMAIL_USE_TLS", not EMAIL_USE_SSL)
EMAIL_TIMEOUT = 20
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'console'}.EmailBackend"
# Where links in mails lead: mails are written where there is no request to ask.
HOST = ALLOWED_HOSTS[0].lstrip(".")
SITE_URL = read_setting("str", "SITE_URL", "http://127.0.0.1:8000" if LOCAL else f"https://{HOST}").rstrip("/")
DEFAULT_FROM_EMAIL = read_setting("str", "DEFAULT_FROM_EMAIL", f"no-reply@{HOST}")

# --- Language and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en-us"
TIME_ZONE = read_setting("str", "TIME_ZONE", "UTC")
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
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "site_project.static_files.SqueezedStaticFilesStorage"},
}

# --- What the site writes down, and whom it tells: see site_project/logs.py -------------------------------------------
ADMINS = [(address, address) for address in read_setting("list", "ADMINS", [])]
LOGGING = {
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
SENTRY_DSN = read_setting("str", "SENTRY_DSN", "")
if SENTRY_DSN:
    from site_project.logs import start_sentry

    try:
        start_sentry(SENTRY_DSN)
    except ImportError as error:
        raise ImproperlyConfigured("SENTRY_DSN is set, but the package sentry-sdk is not installed.") from error

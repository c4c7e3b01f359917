"""Settings, read from the environment. Nothing is started or written by importing them,
except the keys, which are made once for a checkout that has none.

=========================  ========================================================================
DATABASE_URL               postgresql://app_rw:…@host/name: the application's role, no superuser.
                           Unset: the embedded PostgreSQL of this checkout. Through a pooler
                           only one that gives a session to each connection: the walls between
                           companies are values and locks of the session.
DATABASE_OWNER_URL         the role that owns the objects; used by ``bondpool migrate`` only
CELERY_BROKER_URL          any broker of Celery's. Unset: the embedded Valkey of this checkout.
SECRET_KEY                 unset: var/secret_key
SECRET_KEY_FALLBACKS       comma-separated older keys, while they are rotated out
BONDPOOL_FIELD_KEYS        comma-separated Fernet keys, the newest first (`bondpool rotate_keys`)
BONDPOOL_DIGEST_KEY        key of the hash that stands for a buyer's identity number; never
                           change it, a person's year is added up by it; unset: var/digest_key
BONDPOOL_PRODUCTION        1: real host names, HTTPS only, hashed static files; then nothing is
                           made up: the keys, hosts, addresses and BONDPOOL_PROXIES must be set
BONDPOOL_HOSTS             comma-separated host names (production)
BONDPOOL_DEBUG             1: Django's debug pages
BONDPOOL_VAR               folder of what the product writes (default: var/ of the checkout)
BONDPOOL_LOG_LEVEL         default INFO
EMAIL_URL                  smtp://user:password@host:587?tls=1 (ssl=1 for port 465). Unset:
                           e-mails are printed on the worker's console.
EMAIL_FROM                 the sender ("Bondpool <no-reply@localhost>")
BONDPOOL_LEASE_SECONDS     how long a worker may keep a row before another may take it (120)
BONDPOOL_MAX_ATTEMPTS      tries before a row waits for a person (20)
BONDPOOL_JOBS_AT_ONCE      exports and bulk actions at work at once (1): fewer than the workers'
                           processes, or they hold up mails, webhooks and papers
BONDPOOL_DATABASE          another database name than DATABASE_URL's or the embedded one's (a
                           test run has its own)
BONDPOOL_BROKER_DB         number of the embedded Valkey's database (a test run has its own)
BONDPOOL_PUBLIC_URL        what the printed QR codes begin with (http://localhost:8000)
BONDPOOL_GS1_PREFIX        GS1 company prefix of pallets (9520000 for trials; none in production)
BONDPOOL_CEB_XSD           file or folder of the official schema that import messages are held to
BONDPOOL_CUSTOMS_DAYS      days to declare in (14); BONDPOOL_HOLIDAYS, _WORKED_WEEKENDS: 2026-10-01…
BONDPOOL_BILLED_DAYS       days that the tax of a list binds its guarantee until it is billed (60)
BONDPOOL_DEADLINE_DAYS     importers hear so many days before a deadline of customs (3)
BONDPOOL_DECLARATION_LINES goods lines that customs takes on one declaration (50)
BONDPOOL_GATEWAYS          where the gateways' folders are (default: gateways/ in BONDPOOL_VAR)
BONDPOOL_RECEIPTS_SIGNED   1: of the e-port's receipts only signed ones are taken from folders
BONDPOOL_GATEWAY_SECRETS   a JSON file with the gateways' keys (docs/customs-messages.md)
BONDPOOL_GATEWAY_SECONDS   how long a gateway may take for one message (20)
BONDPOOL_RETURNED_STAYS    1: what customs sent back (100) is told anew as a change, and not as new
BONDPOOL_ERRORS_STAND      1: an error behind "stored at customs" (120) stands over it
BONDPOOL_LIST_FOLLOWS      after which answer, 2, 3 or 120, a retail list follows its order (120)
BONDPOOL_EXPORT_HOUR       export lists are made daily from this hour (empty: by a person)
BONDPOOL_EXPORT_PARCELS    parcels on one export list (5000)
BONDPOOL_LISTS_FOLLOW      codes of importers whose bonded lists follow their declarations
BONDPOOL_ZONE_RECEIVER     who takes bonded lists and passes, on their envelope (DXPEDCSAS0000001)
BONDPOOL_LOOKUPS_PER_ADDRESS   item codes looked up in a minute by one address (120)
BONDPOOL_LOOKUPS_PER_MINUTE    and by all together (6000)
BONDPOOL_API_PER_MINUTE    requests of one token, or one signed-in person, in a minute (600)
BONDPOOL_API_FAILURES      refused tokens from one address in a minute (30)
BONDPOOL_SOLVER_SECONDS    how long the plan of a round is looked for at most (30)
BONDPOOL_NOTICES_KEPT_DAYS notices, sent e-mails and the log of webhooks go after so many days (400)
BONDPOOL_BUYER_RETENTION_DAYS  buyers are erased so long after an order ended (1096)
BONDPOOL_PROXIES           own reverse proxies in front, whose X-Forwarded-For is believed (0)
FOREX_RATES_URL            host of the exchange rates, in the manner of forex-python
=========================  ========================================================================
"""

import os
import secrets
import warnings
from pathlib import Path
from typing import Any
from urllib.parse import quote

import django_stubs_ext
import pghistory
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.addresses import check_production, database_from_url, kept_secret, mail_from_url
from config.bells import *  # noqa: F403 - every name there is a setting
from config.bounds import *  # noqa: F403 - so here
from config.gate import *  # noqa: F403 - every name there is a setting
from config.ways import *  # noqa: F403 - every name there is a setting
from config.ways import flag
from core.embedded.places import Places
from core.embedded.postgres import APP, DATABASE, OWNER

# Lets classes such as ModelAdmin[Lot] name their type at run time as well.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parents[2]
VAR = Path(os.environ.get("BONDPOOL_VAR") or BASE_DIR / "var")
_embedded = Places(BASE_DIR)


def _names(name: str) -> list[str]:
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


# What the database and its history call this process, where no person acts.
PROGRAM = (os.environ.get("BONDPOOL_PROGRAM") or "bondpool")[:60]
PRODUCTION = flag("BONDPOOL_PRODUCTION")
BONDPOOL_PROXIES = int(os.environ.get("BONDPOOL_PROXIES") or 0)
DEBUG = flag("BONDPOOL_DEBUG") and not PRODUCTION
if PRODUCTION:
    check_production(os.environ)
SECRET_KEY = os.environ.get("SECRET_KEY") or kept_secret(
    VAR / "secret_key", lambda: secrets.token_urlsafe(50)
)
SECRET_KEY_FALLBACKS = _names("SECRET_KEY_FALLBACKS")
# Personal data of buyers is encrypted under the first; the others still decrypt.
BONDPOOL_FIELD_KEYS = _names("BONDPOOL_FIELD_KEYS") or [
    kept_secret(VAR / "field_key", lambda: Fernet.generate_key().decode())
]
BONDPOOL_DIGEST_KEY = os.environ.get("BONDPOOL_DIGEST_KEY") or kept_secret(
    VAR / "digest_key", lambda: secrets.token_urlsafe(50)
)
# On a person's own machine the site is asked for under any of that machine's names.
ALLOWED_HOSTS = _names("BONDPOOL_HOSTS") if PRODUCTION else ["*"]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []

INSTALLED_APPS = [
    "accounts.back_office.BackOfficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_scopes",
    "pgtrigger",
    "pghistory",
    "csp",
    "core",
    "web",
    # Before allauth: our pages and letters stand in for its own.
    "accounts",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "audit",
    "rest",
    "jobs",
    "notices",
    "ledger",
    "catalog",
    "settlement",
    "traceability",
    "procurement",
    "warehouse",
    "customs",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "core.middleware.PackingMiddleware",
    "core.middleware.RequestNumberMiddleware",
    "core.middleware.MethodMiddleware",
    "rest.middleware.ApiMiddleware",
    "core.middleware.NulMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.MembershipMiddleware",
    "accounts.middleware.SignedOutMiddleware",
    "accounts.middleware.ActingMiddleware",
    "core.middleware.RefusalMiddleware",
    "core.again.AgainMiddleware",
    # Last: turns a refusal for too many tries into its answer.
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            # Every form says for which company its page was opened.
            "builtins": ["web.templatetags.acting"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.navigation.navigation",
            ],
        },
    },
]

FORM_RENDERER = "web.rendering.PlainInputs"

# Two roles, two connections. The application's has no right to change the schema or a fact;
# the owner's is used by ``migrate`` (and by the tests, to empty tables).
_embedded_database: dict[str, Any] = {
    "HOST": str(_embedded.sockets),
    "PORT": "5432",
    "NAME": DATABASE,
}
_connection: dict[str, Any] = {
    "ENGINE": "core.postgresql",
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "ATOMIC_REQUESTS": False,
    # Prepared is only what asks for it (``core.prepared``), however often a statement comes.
    "OPTIONS": {"connect_timeout": 10, "application_name": PROGRAM, "prepare_threshold": 10**6},
}
if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": database_from_url(os.environ["DATABASE_URL"]) | _connection}
    if os.environ.get("DATABASE_OWNER_URL"):
        DATABASES["owner"] = database_from_url(os.environ["DATABASE_OWNER_URL"]) | _connection
else:
    DATABASES = {
        "default": _embedded_database | {"USER": APP} | _connection,
        "owner": _embedded_database | {"USER": OWNER} | _connection,
    }
if "owner" in DATABASES:
    DATABASES["owner"]["CONN_MAX_AGE"] = 0
if os.environ.get("BONDPOOL_DATABASE"):
    for _database in DATABASES.values():
        _database["NAME"] = os.environ["BONDPOOL_DATABASE"]

CELERY_BROKER_URL = os.environ.get("CELERY_BROKER_URL") or (
    f"redis+socket://{quote(str(_embedded.valkey_socket))}"
    f"?virtual_host={os.environ.get('BONDPOOL_BROKER_DB') or 0}"
)

# Counters that all workers of all machines must share: tries of passwords, codes already used.
# They stand in the database, the one engine that is always there and never forgets them; the
# broker may be of another kind, or be emptied.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/login/"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# A session ends with the browser, or after two weeks for who asked to be remembered.
SESSION_ENGINE = "accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
PASSWORD_RESET_TIMEOUT = 24 * 3600

# A row of history points at rows that may be gone, and is found by its own indexes.
PGHISTORY_FOREIGN_KEY_FIELD = pghistory.ForeignKey(db_index=False)

# A passkey is bound to https, except on a person's own machine.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
# The side bar and the start pages are words of `config`, which is no app.
LOCALE_PATHS = [BASE_DIR / "platform/config/locale"]
LANGUAGE_COOKIE_SECURE = PRODUCTION
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
_hashed_static = PRODUCTION and (STATIC_ROOT / "staticfiles.json").is_file()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _hashed_static
        else "django.contrib.staticfiles.storage.StaticFilesStorage",
    },
}
# Without collected files, whitenoise serves them from the apps' folders, and need not warn.
warnings.filterwarnings("ignore", message="No directory at", category=UserWarning)
WHITENOISE_USE_FINDERS = not _hashed_static
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR / "media"

# Nothing from elsewhere, nothing inline. (Tabler's style sheet draws some icons as data: images.)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
# Whoever reaches us past no proxy of ours could write this header himself.
if PRODUCTION and BONDPOOL_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A forecast file of 200,000 rows must reach the rule that refuses it in words.
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A shipment of a few hundred lines has four fields a line.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "core.logs.RequestNumber"}},
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s"}
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request"],
        }
    },
    "root": {
        "handlers": ["stderr"],
        "level": os.environ.get("BONDPOOL_LOG_LEVEL") or "INFO",
    },
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
        "fontTools": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
    },
}

# E-mails are rows that the worker sends; without a server it prints them.
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if os.environ.get("EMAIL_URL"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(mail_from_url(os.environ["EMAIL_URL"]))
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM") or "Bondpool <no-reply@localhost>"

FOREX_RATES_URL = os.environ.get("FOREX_RATES_URL") or "https://theratesapi.com/api/"

# What each role finds on its start page; a web.pages.BuildHome.
BONDPOOL_HOME = "config.home.build"

# Modules whose TABLES say what each list shows; exports and bulk actions find them by key.
BONDPOOL_TABLES = [
    "accounts.tables",
    "audit.tables",
    *("rest.tables", "jobs.tables", "notices.tables"),
    *("catalog.tables", "settlement.tables"),
    *("traceability.tables", "procurement.tables"),
    *("procurement.within", "procurement.within_files", "procurement.within_round"),
    *("warehouse.tables", "warehouse.tables_channels", "warehouse.tables_places"),
    *("warehouse.tables_serving", "warehouse.transfer_tables", "warehouse.tables_returns"),
    *("warehouse.tables_handing", "warehouse.ageing_tables", "warehouse.count_tables"),
    *("warehouse.tables_to_sell", "warehouse.tables_pallets"),
    *("warehouse.tables_restocking", "warehouse.tables_claims", "warehouse.tables_fees"),
    *("warehouse.tables_merging", "warehouse.within", "customs.tables", "customs.tables_book"),
    *("customs.tables_reference", "customs.tables_messages", "customs.tables_receipts"),
    "customs.tables_exports",
]

# Who reads the history of what; see audit.showing.
BONDPOOL_HISTORIES = "config.histories.HISTORIES"

# What the printed QR codes begin with. A printed label outlives every server: choose it once.
BONDPOOL_GS1_PREFIX = os.environ.get("BONDPOOL_GS1_PREFIX") or ("" if PRODUCTION else "9520000")
BONDPOOL_GATEWAYS = Path(os.environ.get("BONDPOOL_GATEWAYS") or VAR / "gateways")
BONDPOOL_PUBLIC_URL = (os.environ.get("BONDPOOL_PUBLIC_URL") or "http://localhost:8000").rstrip("/")

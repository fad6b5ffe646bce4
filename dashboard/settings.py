"""All settings. Everything a deployment chooses comes from the environment; wrong values are refused by name.

Inside one machine `manage.py up` chooses for you; the variables are listed in the README.
"""

from datetime import timedelta
from typing import Any

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from dashboard import local
from dashboard.environment import Environment

BASE_DIR = local.ROOT
DATA_DIR = local.data_dir()

try:
    _made_here = local.read_plain(DATA_DIR / "keys.json") | local.read_plain(DATA_DIR / "local.json")
except local.CannotStart as fault:
    raise ImproperlyConfigured(str(fault)) from None

env = Environment()
SECRET_KEY = env.secret("SECRET_KEY", default=_made_here.get("SECRET_KEY", ...))
FIELD_KEYS = env.field_keys("FIELD_KEYS", default=_made_here.get("FIELD_KEYS", ...))
DEBUG = env.bool("DEBUG", default=False)
INSECURE_LOCAL = env.bool("INSECURE_LOCAL", default=False)  # `manage.py up`: plain http on this machine
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)  # a proxy sets X-Forwarded-Proto and strips the client's
ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS", default=[])
SHARED_LINKS = env.bool("SHARED_LINKS", default=True)  # masked results by a link, without signing in
_public_urls = env.origins("PUBLIC_URL", default=[])
ALTCRAFT_ALLOWED_HOSTS = env.callable_hosts(
    "ALTCRAFT_ALLOWED_HOSTS", default=_made_here.get("ALTCRAFT_ALLOWED_HOSTS", [])
)
REDIS_URL = env.broker("REDIS_URL", default=f"redis+socket://{local.broker_socket(DATA_DIR)}")
UPLOAD_LIMIT_BYTES = env.int("UPLOAD_LIMIT_BYTES", default=512 * 1024 * 1024)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="imports@localhost")
TIME_ZONE = env.zone("TIME_ZONE", default="UTC")
_database = env.database("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")
_pool_size = env.int("DATABASE_POOL_SIZE", default=20)  # connections a process may hold; 16 sending threads and spare
_statement_seconds = env.int("STATEMENT_SECONDS", default=120)  # longest statement on PostgreSQL; 0 for a migration
_storage = env.storage("STORAGE_URL", default="")
_mail = env.mail("EMAIL_URL", default="dummy:")
_log_level = env.level("LOG_LEVEL", default="INFO")
_redis_given = bool(env.str("REDIS_URL", default=""))
OIDC_NAME = env.str("OIDC_NAME", default="")
_oidc = env.oidc("OIDC_URL", default="")
_oidc_client = env.str("OIDC_CLIENT_ID", default="")
_oidc_secret = env.str("OIDC_CLIENT_SECRET", default="")
env.refuse_halves(OIDC_URL=_oidc, OIDC_CLIENT_ID=_oidc_client, OIDC_CLIENT_SECRET=_oidc_secret)
_stop_seconds = env.int("WORKER_STOP_SECONDS", default=135)  # a call to Altcraft may take 120
env.refuse_faults()

_plain_http = DEBUG or INSECURE_LOCAL

_own_url = f"{'http' if _plain_http else 'https'}://{next(iter(ALLOWED_HOSTS), 'localhost')}"
PUBLIC_URL = next(iter([*_public_urls, *CSRF_TRUSTED_ORIGINS]), _own_url)  # of the links in letters

# --- parts ---

INSTALLED_APPS = [
    "dashboard",
    "imports",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",  # its field templates, so that ours in templates/ can take their place
    "django_htmx",
    "template_partials",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "axes",
]

MIDDLEWARE = [
    "dashboard.browserside.BrowserSideMiddleware",  # these two first: errors of all the others need the headers too
    "csp.middleware.CSPMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dashboard.signin.sessions.SessionEndMiddleware",
    "dashboard.personal.PersonalMiddleware",
    "dashboard.typed.keeping.SignInAgainMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "dashboard.signin.factors.SecondFactorMiddleware",
    "dashboard.refusals.RefusalsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "dashboard.purged.PurgedMiddleware",
    "axes.middleware.AxesMiddleware",
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
ROOT_URLCONF = "dashboard.urls"
WSGI_APPLICATION = "dashboard.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dashboard.context.person",
            ],
        },
    },
]

# --- data ---

if _database["ENGINE"] == "django.db.backends.sqlite3":
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: the mark "on the wire" must outlive a power cut, or its batch would be sent again.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON",
    }
    # A file and not memory: tests meet the same locks as the real thing, from threads and other processes too.
    _database["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
else:
    # Seconds. A worker that is frozen in a transaction holds its account's row: the server ends it, others go on.
    _limits = {"statement": _statement_seconds, "lock": 30, "idle_in_transaction_session": 60}
    _server_side = [f"-c {name}_timeout={seconds}s" for name, seconds in _limits.items()]
    _server_side.append("-c synchronous_commit=on")  # for the mark "on the wire", whatever the server's own default is
    _options = _database.setdefault("OPTIONS", {})
    _options["options"] = " ".join([*_server_side, _options.get("options", "")]).strip()
    # A server that vanished without a word is noticed in seconds, not after the system's quarter of an hour.
    _vanished = {"connect_timeout": 5, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
    _database["OPTIONS"] = _vanished | {"tcp_user_timeout": 30_000} | _options  # milliseconds
    _database["CONN_HEALTH_CHECKS"] = True  # of pooled connections: after a restart of the server they are all dead
    if _pool_size > 0:
        _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool_size, "timeout": 10}
DATABASES = {"default": _database}

STORAGES: dict[str, Any] = {
    "default": _storage
    or {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": DATA_DIR / "files", "allow_overwrite": True},  # a batch redone writes the same name
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # larger files go to disk while they arrive
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "dashboard.arriving.UnnamedFileHandler",
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024  # everything but files: a table pasted into a page
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # four inputs for each of 1,000 columns, and room

if _redis_given and not REDIS_URL.startswith("redis+socket"):
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        }
    }
else:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- people ---

LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600  # of strangers; of people the policy decides: dashboard/signin/sessions.py
PASSWORD_RESET_TIMEOUT = 3600
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "dashboard.signin.people.NameOrAddress"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Five wrong tries of one person from one address; nobody is shut out by what others do elsewhere.
AXES_HANDLER = "dashboard.signin.counting.Failures"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # knocking on does not make it longer
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # the history tells it
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "dashboard.signin.counting.whose"
AXES_CLIENT_IP_CALLABLE = "dashboard.signin.counting.address_of"
AXES_CLIENT_STR_CALLABLE = "dashboard.signin.counting.told_in_logs"
AXES_LOCKOUT_CALLABLE = "dashboard.signin.counting.as_drawn"

ACCOUNT_ADAPTER = "dashboard.signin.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation; nobody signs up
ACCOUNT_RATE_LIMITS = False  # django-axes counts, in the database and not in one process's cache
SOCIALACCOUNT_ADAPTER = "dashboard.signin.adapters.SingleSignOn"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that is sent to another house would need that house in form-action
SOCIALACCOUNT_PROVIDERS: dict[str, Any] = {}
if _oidc:
    OIDC_NAME = OIDC_NAME or "OpenID Connect"
    _place = {"server_url": _oidc, "fetch_userinfo": False}
    _app = {"provider_id": "sso", "name": OIDC_NAME, "client_id": _oidc_client, "secret": _oidc_secret}
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {"OAUTH_PKCE_ENABLED": True, "APPS": [_app | {"settings": _place}]}
MFA_ADAPTER = "dashboard.signin.adapters.FactorAdapter"
MFA_TOTP_ISSUER = "Profile import"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a code of half a minute ago, or of a clock that goes fast, is good too
MFA_RECOVERY_CODE_COUNT, MFA_RECOVERY_CODE_DIGITS = 10, 10

# --- language and time ---

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_TZ = True

# --- browser ---

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SESSION_COOKIE_NAME = "session" if _plain_http else "__Host-session"
CSRF_COOKIE_NAME = "csrf" if _plain_http else "__Host-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not _plain_http
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = not _plain_http
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the machine beside it, over plain http
SECURE_HSTS_SECONDS = 0 if _plain_http else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not _plain_http
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# --- mail ---

EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST", "")
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD", "")
EMAIL_FILE_PATH = _mail.get("EMAIL_FILE_PATH") or None  # of file:///FOLDER, for trying letters out
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10

# --- background work: every value here is pinned by tests/test_rules.py ---

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 2,  # without it delay() waits for ever on a broker that hangs; workers' blocking pops take 1 s
    "socket_connect_timeout": 2,
    "max_retries": 0,  # of connecting to ring a bell; the sweep finds the work too
    "socket_keepalive": True,
    "health_check_interval": 25,
    "visibility_timeout": 3600,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "global_keyprefix": "imports:",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker outlives a long outage of the broker
CELERY_BROKER_POOL_ACQUIRE_TIMEOUT = 2
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False  # a lost bell costs seconds, a page that waits costs a person
CELERY_TASK_ACKS_LATE = False
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # True repeats a task that kills its worker for ever
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_CREATE_MISSING_QUEUES = False
CELERY_TASK_QUEUES: dict[str, dict[str, str]] = {"check": {}, "send": {}}
CELERY_TASK_DEFAULT_QUEUE = "check"
CELERY_TASK_ROUTES = {
    "imports.tasks.send_batches": {"queue": "send"},
    "imports.tasks.sweep": {"queue": "send"},
}
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60  # checking a million rows takes minutes; the lease finds a dead worker sooner
CELERY_TASK_TIME_LIMIT = 30 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = _stop_seconds
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kilobytes
CELERY_WORKER_SEND_TASK_EVENTS = False
CELERY_ENABLE_UTC = True
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    # Ten minutes of sweeps at most wait for a worker that is down; far more than the clocks of two machines differ.
    "sweep": {"task": "imports.tasks.sweep", "schedule": 15.0, "options": {"expires": 600}},
    # Asked for every quarter of an hour, done once an hour: what is due goes in the first hour of its day.
    "purge": {"task": "imports.tasks.purge", "schedule": 900.0, "options": {"expires": 600}},
    # Once a day: what was forged is known within that time, and the page of the history says when it was looked at.
    "verify_history": {"task": "imports.tasks.verify_history", "schedule": 86_400.0, "options": {"expires": 3600}},
}

# --- logs ---

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "dashboard.logs.DiscreetFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": _log_level},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "axes": {"level": "ERROR"},  # the history tells it; its lines below name people
        "urllib3": {"level": "WARNING"},  # its debug lines hold whole addresses
    },
}

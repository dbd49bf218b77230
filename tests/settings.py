"""The settings under test, made fast and deaf to the environment of whoever runs them."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

_SERVERS = ("SECRET_KEY", "DATABASE_URL", "DATABASE_PASSWORD", "REDIS_URL", "EMAIL_URL")
for _name in (*_SERVERS, "SITE_URL", "ALLOWED_HOSTS", "DEBUG", "HTTPS", "WEB_CONCURRENCY"):
    os.environ.pop(_name, None)
    os.environ.pop(f"{_name}_FILE", None)
os.environ["SECRET_KEY"] = "only-for-tests-" * 4

from ccxp_prep.settings import *  # noqa: E402, F403 - after the environment was cleared
from ccxp_prep.settings import CACHES, DATABASES, STORAGES  # noqa: E402

# A file, not memory: SQLite's shared memory database has one connection for all threads, so that two requests of one
# browser page at the same moment would share a transaction. A name of its own lets two runs go side by side.
DATABASES["default"]["TEST"] = {"NAME": str(Path(tempfile.gettempdir()) / f"ccxp-prep-test-{os.getpid()}.sqlite3")}
CACHES["default"] = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
SHOWS_STYLE_PAGE = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True

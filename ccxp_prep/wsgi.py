from __future__ import annotations

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from ccxp_prep import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccxp_prep.settings")

application = get_wsgi_application()

if reasons := checks.reasons_not_to_start():
    raise ImproperlyConfigured(reasons)

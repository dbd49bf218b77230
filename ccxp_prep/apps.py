from __future__ import annotations

from django.apps import AppConfig

# Importing the Celery app makes it the one that @shared_task finds, in every process. It cannot stand in __init__.py,
# which manage.py imports while Celery may not be installed yet. Importing the checks registers them.
from ccxp_prep import celery, checks

__all__ = ["ProjectConfig", "celery", "checks"]


class ProjectConfig(AppConfig):
    name = "ccxp_prep"
    verbose_name = "CCXP Prep"

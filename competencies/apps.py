from __future__ import annotations

from django.apps import AppConfig


class CompetenciesConfig(AppConfig):
    name = "competencies"

from __future__ import annotations

import sys
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from ccxp_prep import bootstrap


class Command(BaseCommand):
    help = "Run the whole test suite; every argument goes to pytest."

    def run_from_argv(self, argv: list[str]) -> NoReturn:
        # --ds: without it pytest would take the settings that this process found in its environment.
        bootstrap.replace_process(sys.executable, ["-m", "pytest", "--ds=tests.settings", *argv[2:]])

    def handle(self, *arguments: str, **options: Any) -> None:
        self.run_from_argv(["manage.py", "test", *arguments])

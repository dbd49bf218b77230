from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from quizzes.queries.integrity import broken_rules


class Command(BaseCommand):
    help = "Count what breaks a rule of attempts, answers, scores and reviews; one count a line, exit code 1 if any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--sample", type=int, default=100, help="Candidates whose cards are folded again (default: %(default)s)."
        )

    def handle(self, *, sample: int, **options: Any) -> None:
        total = 0
        for rule, count in broken_rules(now=timezone.now(), sample=sample):
            style = self.style.ERROR if count else self.style.SUCCESS
            self.stdout.write(style(f"{count:>7} {rule}"))
            total += count
        if total:
            self.stderr.write("The rules above with a count are broken.")
            sys.exit(1)
        self.stdout.write("Every rule holds.")

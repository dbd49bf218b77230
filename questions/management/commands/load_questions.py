from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from questions.services import QuestionRefused, load_questions


class Command(BaseCommand):
    help = "Load questions from YAML files. Everything is checked first; nothing is written if anything is rejected."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="A YAML file, or a folder that holds some.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and write nothing.")

    def handle(self, *, paths: list[str], dry_run: bool, **options: Any) -> None:
        try:
            report = load_questions(paths=paths, dry_run=dry_run, now=timezone.now())
        except QuestionRefused as refusal:
            raise CommandError(str(refusal)) from refusal
        for problem in report.rejected:
            self.stdout.write(str(problem))
        counts = ", ".join(f"{count} {name}" for name, count in report.counts.items())
        self.stdout.write(f"Questions: {counts}{' (dry run)' if dry_run else ''}")
        if report.rejected:
            raise CommandError("Nothing was written, because something was rejected.")

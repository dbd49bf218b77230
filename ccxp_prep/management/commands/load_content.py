from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import BaseCommand

FIXTURES = settings.BASE_DIR / "fixtures"
# Each row may name rows of the files before it.
PLAIN_FIXTURES = (
    "references.yaml",
    "competencies.yaml",
    "blueprints.yaml",
    "objectives/*/*.yaml",
    "terms/*.yaml",
    "sheets/*.yaml",
)
QUESTIONS = "questions/*/*.yaml"
# Kept in the database that holds the content, so that a new database is never taken for a filled one.
LOADED = "loaded-content"


class Command(BaseCommand):
    help = "Load the content of fixtures/ into the database, where it changed since the last time."

    def handle(self, **options: Any) -> None:
        before: dict[str, str] = cache.get(LOADED, {})
        plain = [path for pattern in PLAIN_FIXTURES for path in sorted(FIXTURES.glob(pattern))]
        questions = sorted(FIXTURES.glob(QUESTIONS))
        now = {name(path): digest(path) for path in [*plain, *questions]}
        changed = {path for path in [*plain, *questions] if before.get(name(path)) != now[name(path)]}
        if not changed:
            self.stdout.write("Content is up to date")
            return
        if changed_plain := [str(path) for path in plain if path in changed]:
            self.stdout.write(f"Loading competencies, objectives and references ({len(changed_plain)} files)")
            call_command("loaddata", *changed_plain, verbosity=0)
        if changed & set(questions):
            # All of them, because the loader compares codes across files; it leaves unchanged questions alone.
            self.stdout.write(f"Loading questions ({len(questions)} files)")
            call_command("load_questions", *map(str, questions), stdout=self.stdout, stderr=self.stderr)
        cache.set(LOADED, now, timeout=None)


def name(path: Path) -> str:
    return path.relative_to(FIXTURES).as_posix()


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()

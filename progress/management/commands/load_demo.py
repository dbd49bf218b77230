from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from progress.demo import PASSWORD, DemoRefused, accounts, load_demo


class Command(BaseCommand):
    help = "Add people, a cohort and four weeks of their history to look at; a second time adds nothing."

    def handle(self, **options: Any) -> None:
        if settings.HTTPS:
            raise CommandError("The demo's password is public, so it is never loaded where HTTPS is on.")
        self.stdout.write("Loading the demo (about twenty seconds)")
        try:
            is_new = load_demo(now=timezone.now())
        except DemoRefused as error:
            raise CommandError(str(error)) from error
        self.stdout.write("The demo is loaded" if is_new else "The demo is there already")
        people = accounts()
        for email, role, what in [("Email", "Role", ""), *((one.email, one.role, one.what) for one in people)]:
            self.stdout.write(f"  {email:<21} {role:<12} {what}".rstrip())
        self.stdout.write(f"Password of all of them: {PASSWORD}")

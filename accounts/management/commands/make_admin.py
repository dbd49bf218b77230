from __future__ import annotations

import getpass
import secrets
import sys
from collections.abc import Callable
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from accounts.models import User
from accounts.services import make_admin, promote_to_admin


class Command(BaseCommand):
    help = "Make a person an admin with every right; a new address gets an account first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", metavar="EMAIL")
        parser.add_argument(
            "--generate-password",
            action="store_true",
            help="Print a random password for the new account instead of asking for one.",
        )

    def handle(self, *, email: str, generate_password: bool, **options: Any) -> None:
        check(validate_email, email, "EMAIL must be an email address.")
        person = User.objects.filter(email__iexact=email).first()
        if person is not None:
            promote_to_admin(person=person)
            self.stdout.write(f"{person.email} is an admin now; the password stays as it was.")
            return
        password = secrets.token_urlsafe(18) if generate_password else ask_for_password(email)
        admin = make_admin(email=email, password=password)
        self.stdout.write(f"{admin.email} has an account now and is an admin.")
        if generate_password:
            self.stdout.write(f"Password: {password}")


def ask_for_password(email: str) -> str:
    if not sys.stdin.isatty():
        raise CommandError("There is nobody to ask for a password. Add --generate-password.")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("Password again: "):
        raise CommandError("The two passwords differ. Nothing was made.")
    check(lambda text: validate_password(text, User(email=email)), password)
    return password


def check(validate: Callable[[str], None], value: str, sentence: str = "") -> None:
    try:
        validate(value)
    except ValidationError as error:
        raise CommandError(sentence or " ".join(error.messages)) from error

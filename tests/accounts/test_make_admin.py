from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """type_in("first", "second"): what is typed at the password prompts of a terminal."""

    def run(*answers: str) -> None:
        waiting = list(answers)
        monkeypatch.setattr("sys.stdin.isatty", lambda: True)
        monkeypatch.setattr("getpass.getpass", lambda prompt: waiting.pop(0))

    return run


def test_promotes_a_person_whatever_the_spelling(capsys: pytest.CaptureFixture[str]) -> None:
    person = make_user("carla")
    call_command("make_admin", "CARLA@example.com")
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser, person.check_password(PASSWORD)) == (True, True, True)
    assert capsys.readouterr().out == "carla@example.com is an admin now; the password stays as it was.\n"


def test_promoting_twice_changes_nothing() -> None:
    make_user("carla")
    call_command("make_admin", "carla@example.com")
    call_command("make_admin", "carla@example.com")
    assert User.objects.filter(is_staff=True).count() == 1


def test_asks_for_the_password_of_a_new_account(
    type_in: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    type_in(PASSWORD, PASSWORD)
    call_command("make_admin", "ada@example.com")
    assert User.objects.get(email="ada@example.com").check_password(PASSWORD) is True
    assert capsys.readouterr().out == "ada@example.com has an account now and is an admin.\n"


def test_prints_a_password_that_it_made_up(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_admin", "ada@example.com", "--generate-password")
    said, password = capsys.readouterr().out.splitlines()
    assert said == "ada@example.com has an account now and is an admin."
    admin = User.objects.get(email="ada@example.com")
    assert admin.check_password(password.removeprefix("Password: ")) is True


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ((PASSWORD, "another one altogether"), "The two passwords differ. Nothing was made."),
        (("short", "short"), "This password is too short. It must contain at least 12 characters."),
        (("ada@example.com",) * 2, "The password is too similar to the email address."),
    ],
)
def test_refuses_a_bad_password(type_in: Callable[..., None], answers: tuple[str, str], sentence: str) -> None:
    type_in(*answers)
    with pytest.raises(CommandError, match=re.escape(sentence)):
        call_command("make_admin", "ada@example.com")
    assert User.objects.count() == 0


def test_refuses_an_address_that_is_none() -> None:
    with pytest.raises(CommandError, match=r"EMAIL must be an email address\."):
        call_command("make_admin", "ada")


def test_without_a_terminal_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(CommandError, match=r"Add --generate-password\."):
        call_command("make_admin", "ada@example.com")

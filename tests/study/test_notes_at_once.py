"""Two tabs save the note on one objective at the same moment, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction

from accounts.models import User
from competencies.models import Objective
from study.models import Note
from study.services import NoteChanged, save_note
from tests.factories import NOW, make_objective
from tests.quizzes.races.connections import Beside, InParallel

pytestmark = pytest.mark.postgres

Save = Callable[[str], str]


@pytest.fixture
def beside() -> Iterator[Beside]:
    other = Beside()
    yield other
    other.pool.shutdown()


@pytest.fixture
def objective(candidate: User) -> Objective:
    return make_objective("MET-K1.1")


@pytest.fixture(params=["the first note", "a note there is"])
def save(request: pytest.FixtureRequest, candidate: User, objective: Objective) -> Save:
    """save(text): from the words that both tabs were opened with; what became of it."""
    began_from = ""
    if request.param == "a note there is":
        note = Note.objects.create(candidate=candidate, objective=objective, text="Both", updated_at=NOW)
        began_from = note.digest

    def run(text: str) -> str:
        try:
            save_note(candidate=candidate, objective=objective, text=text, began_from=began_from, now=NOW)
        except NoteChanged as refusal:
            return f"after {refusal.newer.text}"
        return "saved"

    return run


def test_the_second_waits_for_the_first_and_is_told(save: Save, beside: Beside) -> None:
    with transaction.atomic():
        assert save("One") == "saved"
        second = beside.start(lambda: save("Two"))
        assert not second.done()
    assert (second.result(10), Note.objects.get().text) == ("after One", "One")


def test_the_first_that_is_taken_back_lets_the_second_in(save: Save, beside: Beside) -> None:
    with transaction.atomic():
        save("One")
        second = beside.start(lambda: save("Two"))
        transaction.set_rollback(True)
    assert (second.result(10), Note.objects.get().text) == ("saved", "Two")


def test_of_ten_at_once_one_wins_and_nine_are_told(save: Save, in_parallel: InParallel) -> None:
    outcomes: list[Any] = in_parallel(10, lambda number: save(f"Words {number}"))
    winner = Note.objects.get().text
    assert sorted(outcomes) == [f"after {winner}"] * 9 + ["saved"]
    assert winner == f"Words {outcomes.index('saved')}"

from __future__ import annotations

import inspect
from dataclasses import fields

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from cohorts.queries import NEVER_SHARED, SHARED_FACTS, what_is_shared
from progress.queries.cohort import ReportRow
from quizzes.queries.boards import BoardRow, QuestionRow
from tests.factories import make_cohort

# Of the question, not of anybody who answered it.
OF_THE_QUESTION = {"question", "is_sealed"}


def shown_by(row: type) -> set[str]:
    properties = {name for name, _ in inspect.getmembers(row, lambda member: isinstance(member, property))}
    return {field.name for field in fields(row)} | properties


def test_whatever_coordinators_pages_show_is_declared() -> None:
    shown = shown_by(BoardRow) | shown_by(ReportRow) | shown_by(QuestionRow)
    assert {field for fact in SHARED_FACTS for field in fact.fields} == shown - OF_THE_QUESTION


def test_facts_stand_under_what_was_chosen() -> None:
    shared = what_is_shared()
    assert (len(shared.progress), len(shared.scores)) == (4, 3)
    assert [*shared.progress, *shared.scores] == [fact.words for fact in SHARED_FACTS]
    assert shared.never == NEVER_SHARED


@pytest.mark.django_db
@pytest.mark.parametrize(("sharing", "told"), [("progress", 0), ("scores", 1)])
def test_candidates_read_what_is_shared(
    coordinator: User, candidate: User, candidate_client: Client, sharing: str, told: int
) -> None:
    make_cohort(coordinator, candidate, sharing=sharing)
    page = candidate_client.get(reverse("cohorts:membership-list")).content.decode()
    counts = [page.count(f"<li>{fact.words}</li>") for fact in SHARED_FACTS]
    assert counts == [told if fact.needs_scores else 1 for fact in SHARED_FACTS]
    assert [page.count(f"<li>{words}</li>") for words in NEVER_SHARED] == [1, 1, 1]


@pytest.mark.django_db
def test_who_is_in_no_cohort_is_seen_by_nobody(candidate_client: Client) -> None:
    page = candidate_client.get(reverse("cohorts:membership-list")).content.decode()
    assert page.count("Nobody sees anything of you") == 1

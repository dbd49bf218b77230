"""What the coordinator assigned, and who sat it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import uuid4

from cohorts.models import Cohort
from competencies.models import Blueprint
from progress.demo.evenings import ago
from progress.demo.personas import FELL_BEHIND, Persona
from quizzes.models import Assignment, DrawRule, Feedback, Quiz
from quizzes.services.assigning import assign_quiz, build_mock_quiz, build_rule_quiz

SAT_ASSIGNED_MOCK = {"Omar", "Li"}


def assignments(cohort: Cohort, *, edition: Blueprint, now: datetime) -> Iterator[tuple[int, Assignment]]:
    """Two that are over and one that is open, each after how many days ago it was sat."""
    author = cohort.coordinator
    first = build_rule_quiz(author=author, title="Where do you stand?", rule={}, question_count=36)
    first.feedback = Feedback.AT_END
    yield 22, _assign(now, cohort, first, opened=25, due=-18)
    rule = DrawRule(competencies=["MET"])
    second = build_rule_quiz(author=author, title="Metrics and return on investment", rule=rule, question_count=15)
    second.feedback = Feedback.AFTER_DUE
    yield 8, _assign(now, cohort, second, opened=11, due=-4)
    mock = build_mock_quiz(author=author, title="Mock exam for the cohort", blueprint=edition)
    mock.feedback, mock.time_limit_minutes = Feedback.AT_END, edition.minutes
    yield 1, _assign(now, cohort, mock, opened=2, due=6)


def sits(persona: Persona, assignment: Assignment, *, now: datetime) -> bool:
    if assignment.quiz.kind == Quiz.Kind.MOCK:
        return persona.name in SAT_ASSIGNED_MOCK
    if not persona.is_in_cohort:
        return False
    was_there = assignment.due_at > ago(now, persona.joined, persona.time_zone)
    return was_there and not (persona.name == FELL_BEHIND and assignment.quiz.rule)


def _assign(now: datetime, cohort: Cohort, quiz: Quiz, *, opened: int, due: int) -> Assignment:
    return assign_quiz(
        cohort=cohort,
        code=uuid4(),
        quiz=quiz,
        opens_at=ago(now, opened, cohort.coordinator.time_zone),
        due_at=ago(now, -due, cohort.coordinator.time_zone),
        attempts_allowed=1,
    )

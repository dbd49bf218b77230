from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from accounts.models import User
from cohorts.models import Cohort
from competencies.models import Blueprint
from questions.models import Question
from quizzes.models import Assignment, Attempt, DrawRule, Feedback, Quiz, QuizQuestion
from quizzes.queries.pool import count_practice_questions, sealed_shortages
from quizzes.services.refusals import NotEnoughQuestions, Refusal
from quizzes.services.starting import deadline_for


class AssignmentRefused(Refusal):
    """The assignment may not be changed like this any more."""


def build_chosen_quiz(*, author: User, title: str, questions: Sequence[Question]) -> Quiz:
    """Unsaved; the questions are asked in the order given. See `assign_quiz`."""
    return Quiz(author=author, kind=Quiz.Kind.PRACTICE, title=title, question_count=len(questions))


def build_rule_quiz(*, author: User, title: str, rule: DrawRule, question_count: int) -> Quiz:
    """Unsaved; each candidate gets a draw of their own. Raises NotEnoughQuestions."""
    available = count_practice_questions(rule)
    if available < question_count:
        noun = "question matches" if available == 1 else "questions match"
        raise NotEnoughQuestions(f"Only {available} {noun}; you asked for {question_count}.", available=available)
    return Quiz(author=author, kind=Quiz.Kind.PRACTICE, title=title, rule=rule, question_count=question_count)


def build_mock_quiz(*, author: User, title: str, blueprint: Blueprint) -> Quiz:
    """Unsaved; drawn from the sealed pool at the edition's weights. Raises NotEnoughQuestions."""
    shortages = sealed_shortages(blueprint)
    if shortages:
        sentence = " ".join(shortage.sentence() for shortage in shortages)
        raise NotEnoughQuestions(sentence, available=0, shortages=shortages)
    return Quiz(
        author=author, kind=Quiz.Kind.MOCK, title=title, blueprint=blueprint, question_count=blueprint.item_count
    )


def assign_quiz(
    *,
    cohort: Cohort,
    code: UUID,
    quiz: Quiz,
    opens_at: datetime,
    due_at: datetime,
    attempts_allowed: int,
    questions: Sequence[Question] = (),
) -> Assignment:
    """Save an unsaved quiz and give it to a cohort. The same code again gives the same assignment."""
    with transaction.atomic():
        Cohort.objects.select_for_update().get(pk=cohort.pk)
        if existing := Assignment.objects.filter(cohort=cohort, code=code).first():
            return existing
        quiz.save(force_insert=True)
        QuizQuestion.objects.bulk_create(
            QuizQuestion(quiz=quiz, question=question, position=place)
            for place, question in enumerate(questions, start=1)
        )
        return Assignment.objects.create(
            cohort=cohort,
            code=code,
            quiz=quiz,
            opens_at=opens_at,
            due_at=due_at,
            attempts_allowed=attempts_allowed,
        )


def update_assignment(
    *, assignment: Assignment, opens_at: datetime, due_at: datetime, attempts_allowed: int, now: datetime
) -> Assignment:
    """Move the window; the deadlines of open attempts move with it.

    Raises AssignmentRefused where that would take time away already over, or reopen what has shown its answers.
    """
    with transaction.atomic():
        assignment = Assignment.objects.select_for_update().select_related("quiz").get(pk=assignment.pk)
        if sentence := _why_fixed(assignment, opens_at, due_at, now):
            raise AssignmentRefused(sentence)
        assignment.opens_at, assignment.due_at, assignment.attempts_allowed = opens_at, due_at, attempts_allowed
        assignment.save(update_fields=["opens_at", "due_at", "attempts_allowed"])
        attempts = Attempt.objects.in_progress().filter(assignment=assignment).select_related("candidate")
        for attempt in attempts.select_for_update(of=("self",)):
            attempt.deadline_at = deadline_for(attempt.candidate, assignment.quiz, assignment, attempt.started_at)
            attempt.save(update_fields=["deadline_at"])
    return assignment


def _why_fixed(assignment: Assignment, opens_at: datetime, due_at: datetime, now: datetime) -> str:
    is_moved = not _same_minute(due_at, assignment.due_at)
    if is_moved and due_at <= now:
        return "The due date cannot be moved into the past: candidates may be working now."
    if is_moved and assignment.due_at <= now and assignment.quiz.feedback == Feedback.AFTER_DUE:
        return "The answers have been shown since the due date. Assign the quiz anew instead of reopening it."
    if not _same_minute(opens_at, assignment.opens_at) and assignment.attempts.exists():
        return "Somebody has started already, so the opening stays as it is."
    return ""


def _same_minute(one: datetime, other: datetime) -> bool:
    """A form shows minutes, so what it sends back unchanged has lost its seconds."""
    return one.replace(second=0, microsecond=0) == other.replace(second=0, microsecond=0)

from __future__ import annotations

from uuid import UUID

from django.conf import settings

from accounts.models import User
from competencies.models import Blueprint
from quizzes.adaptive import PLACEMENT_ITEMS
from quizzes.models import DrawRule, Feedback, Quiz
from quizzes.queries.pool import count_practice_questions
from quizzes.services.refusals import NotEnoughQuestions, StartRefused


def build_practice_quiz(
    *,
    candidate: User,
    code: UUID,
    title: str,
    rule: DrawRule,
    question_count: int,
    feedback: Feedback | str,
    time_limit_minutes: int | None = None,
) -> Quiz:
    """The same code again gives the same quiz, so that a double click builds one."""
    available = count_practice_questions(rule)
    if available < question_count:
        raise NotEnoughQuestions(_too_few(available, question_count), available=available)
    quiz, _ = Quiz.objects.get_or_create(
        code=code,
        defaults={
            "title": title,
            "kind": Quiz.Kind.PRACTICE,
            "author": candidate,
            "rule": rule,
            "question_count": question_count,
            "feedback": feedback,
            "time_limit_minutes": time_limit_minutes,
            "cut_score": settings.PRACTICE_TARGET_PERCENT,
        },
    )
    if quiz.author_id != candidate.pk:
        raise StartRefused("This page is out of date. Open it again to build your quiz.")
    return quiz


def shared_mock(*, blueprint: Blueprint) -> Quiz:
    """The one mock exam of an edition that every candidate sits; it follows the edition when that changes."""
    wanted = {
        "title": f"Mock exam: {blueprint.name}"[:120],
        "question_count": blueprint.item_count,
        "time_limit_minutes": blueprint.minutes,
        "cut_score": settings.PRACTICE_TARGET_PERCENT,
    }
    quiz, is_new = Quiz.objects.get_or_create(
        kind=Quiz.Kind.MOCK, author=None, blueprint=blueprint, defaults={"feedback": Feedback.AT_END, **wanted}
    )
    if not is_new and any(getattr(quiz, field) != value for field, value in wanted.items()):
        Quiz.objects.filter(pk=quiz.pk).update(**wanted)
        quiz.refresh_from_db(fields=list(wanted))
    # The draw needs it, and it is at hand.
    quiz.blueprint = blueprint
    return quiz


def shared_placement() -> Quiz:
    """The one placement test that every candidate sits."""
    quiz, _ = Quiz.objects.get_or_create(
        kind=Quiz.Kind.PLACEMENT,
        defaults={
            "title": "Placement test",
            "question_count": PLACEMENT_ITEMS,
            "feedback": Feedback.AT_END,
            "cut_score": settings.PRACTICE_TARGET_PERCENT,
        },
    )
    return quiz


def _too_few(available: int, wanted: int) -> str:
    if available == 0:
        return "No question matches this choice. Choose more competencies."
    there_are = "Only 1 question matches" if available == 1 else f"Only {available} questions match"
    return f"{there_are} this choice; you asked for {wanted}. Ask for fewer, or choose more competencies."

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil
from uuid import UUID

from django.conf import settings
from django.utils.formats import date_format

from accounts.models import User
from competencies.models import Blueprint
from questions.models import Question
from quizzes.adaptive import PLACEMENT_ITEMS
from quizzes.models import DrawRule, Feedback, Quiz
from quizzes.queries.pool import area_shortages, count_practice_questions
from quizzes.queries.practice import edition_of
from quizzes.queries.statuses import Standing
from quizzes.services.refusals import NotEnoughQuestions, StartRefused

DAILY_QUESTIONS = 10
# In how many parts an edition is cut. How long a part is, the edition says.
SHORT_MOCKS = (("mini", "Mini mock", 4), ("half", "Half mock", 2))
TITLE_AT_MOST = 120


def build_practice_quiz(
    *,
    candidate: User,
    code: UUID,
    title: str,
    rule: DrawRule,
    question_count: int,
    feedback: Feedback | str,
    time_limit_minutes: int | None = None,
    blueprint: Blueprint | None = None,
    standing: Standing | None = None,
) -> Quiz:
    """The same code again gives the same quiz, so that a double click builds one, whatever was answered in between.

    A rule with statuses needs the candidate's standing. With a blueprint the draw keeps to its weights.
    """
    if quiz := Quiz.objects.filter(code=code).select_related("blueprint").first():
        return _own(quiz, candidate)
    available = count_practice_questions(rule, standing)
    if available < question_count:
        raise NotEnoughQuestions(_too_few(available, question_count), available=available)
    quiz, _ = Quiz.objects.get_or_create(
        code=code,
        defaults={
            "title": title[:TITLE_AT_MOST],
            "kind": Quiz.Kind.PRACTICE,
            "author": candidate,
            "blueprint": blueprint,
            "rule": rule,
            "question_count": question_count,
            "feedback": feedback,
            "time_limit_minutes": time_limit_minutes,
            "cut_score": settings.PRACTICE_TARGET_PERCENT,
        },
    )
    return _own(quiz, candidate)


def _own(quiz: Quiz, candidate: User) -> Quiz:
    if quiz.author_id != candidate.pk:
        raise StartRefused("This page is out of date. Open it again to build your quiz.")
    return quiz


@dataclass(frozen=True, slots=True)
class ShortMock:
    """A part of an exam, drawn from the practice pool at the edition's weights and pace."""

    size: str
    title: str
    blueprint: Blueprint
    question_count: int
    minutes: int


def short_mocks(blueprint: Blueprint) -> list[ShortMock]:
    """The shortest first."""
    return [
        ShortMock(
            size,
            title,
            blueprint,
            question_count=blueprint.item_count // parts,
            minutes=ceil(blueprint.minutes * (blueprint.item_count // parts) / blueprint.item_count),
        )
        for size, title, parts in SHORT_MOCKS
        if blueprint.item_count >= parts
    ]


def build_short_mock(*, candidate: User, code: UUID, mock: ShortMock) -> Quiz:
    return build_practice_quiz(
        candidate=candidate,
        code=code,
        title=f"{mock.title}: {mock.question_count} questions",
        rule={"unseen_first": True},
        question_count=mock.question_count,
        feedback=Feedback.AT_END,
        time_limit_minutes=mock.minutes,
        blueprint=mock.blueprint,
    )


def build_daily_ten(*, candidate: User, on: date) -> Quiz:
    """One per candidate and study day: spread over the areas of the exam by weight, questions never seen first.

    A bank that cannot fill every area gives what it has, mixed.
    """
    edition = edition_of(candidate)
    if edition and area_shortages(edition, Question.Pool.PRACTICE, wanted=DAILY_QUESTIONS):
        edition = None
    question_count = min(DAILY_QUESTIONS, count_practice_questions({}))
    if not question_count:
        raise NotEnoughQuestions("The bank has no practice question yet.", available=0)
    rule: DrawRule = {"unseen_first": True}
    quiz, _ = Quiz.objects.get_or_create(
        author=candidate,
        daily_on=on,
        defaults={
            "title": f"Daily ten, {date_format(on, 'j F')}",
            "kind": Quiz.Kind.PRACTICE,
            "blueprint": edition,
            "rule": rule,
            "question_count": question_count,
            "feedback": Feedback.AFTER_EACH,
            "cut_score": settings.PRACTICE_TARGET_PERCENT,
        },
    )
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
        return "No question matches this choice. Widen it."
    there_are = "Only 1 question matches" if available == 1 else f"Only {available} questions match"
    return f"{there_are} this choice; you asked for {wanted}. Ask for fewer, or widen the choice."

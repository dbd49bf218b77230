"""What the mock exam page and the exam room show, ready to write out. Of a question in an exam that is what `show`
takes from it: stem and options. Its key and rationales are not even read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.models import User
from competencies.models import Blueprint
from quizzes.models import Attempt, Quiz, Response
from quizzes.queries import sealed_shortages
from quizzes.views.question_page import ShownOption, clock_text, extra_time_in, shown_options

PAST_MOCKS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaWeight:
    name: str
    weight: int
    bar: int  # percent of the heaviest area's


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A blueprint as this candidate would sit it."""

    blueprint: Blueprint
    areas: Sequence[AreaWeight]
    minutes: int
    extra_minutes: int
    shortages: Sequence[str]
    open_attempt: Attempt | None

    @property
    def can_start(self) -> bool:
        return not self.shortages


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamQuestion:
    position: int
    stem: str
    options: Sequence[ShownOption]
    sequence: int
    is_answered: bool
    is_flagged: bool

    @property
    def name(self) -> str:
        """Of its group of radio buttons."""
        return f"question-{self.position}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamRoom:
    questions: Sequence[ExamQuestion]
    position: int
    remaining_seconds: int | None
    time_left: str
    extra_time_percent: int
    url: str
    answer_url: str
    submit_url: str
    sign_in_path: str
    sign_in_url: str


def edition_of(blueprint: Blueprint, candidate: User, open_attempts: Iterable[Attempt] = ()) -> Edition:
    minutes = candidate.minutes_of(blueprint.minutes)
    areas = list(blueprint.areas.all())
    heaviest = max((area.weight for area in areas), default=1)
    return Edition(
        blueprint=blueprint,
        areas=[
            AreaWeight(name=area.name, weight=area.weight, bar=100 * area.weight // max(heaviest, 1)) for area in areas
        ],
        minutes=minutes,
        extra_minutes=minutes - blueprint.minutes,
        shortages=[shortage.sentence() for shortage in sealed_shortages(blueprint)],
        open_attempt=next((attempt for attempt in open_attempts if _is_shared_mock(attempt, blueprint)), None),
    )


def clock_of(edition: Edition) -> str:
    """What the clock shows at the start."""
    return clock_text(edition.minutes * 60)


def exam_questions(attempt: Attempt) -> list[ExamQuestion]:
    responses = Response.objects.filter(attempt=attempt).select_related("question").order_by("position")
    return [
        ExamQuestion(
            position=response.position,
            stem=response.question.stem,
            options=shown_options(response, explained=False),
            sequence=response.sequence,
            is_answered=bool(response.selected_label),
            is_flagged=response.is_flagged,
        )
        for response in responses.defer("question__key", "is_correct")
    ]


def exam_room_of(attempt: Attempt, candidate: User, now: datetime) -> ExamRoom:
    questions = exam_questions(attempt)
    remaining = attempt.remaining_seconds(now)
    sign_in_path = resolve_url(settings.LOGIN_URL)
    return ExamRoom(
        questions=questions,
        position=next((question.position for question in questions if not question.is_answered), 1),
        remaining_seconds=remaining,
        time_left="" if remaining is None else clock_text(remaining),
        extra_time_percent=extra_time_in(attempt, candidate),
        url=reverse("quizzes:exam-room", args=[attempt.code]),
        answer_url=reverse("quizzes:answer-record", args=[attempt.code]),
        submit_url=reverse("quizzes:attempt-submit", args=[attempt.code]),
        sign_in_path=sign_in_path,
        # Back at the mock exams one sees that the exam is open; the room itself is in the tab next door.
        sign_in_url=f"{sign_in_path}?{urlencode({'next': reverse('quizzes:mock')})}",
    )


def past_mocks(candidate: User) -> QuerySet[Attempt]:
    mocks = Attempt.objects.for_candidate(candidate).finished().filter(quiz__kind=Quiz.Kind.MOCK)
    return mocks.select_related("quiz", "assignment")[:PAST_MOCKS]


def open_mocks(candidate: User) -> list[Attempt]:
    mocks = Attempt.objects.for_candidate(candidate).in_progress().filter(quiz__kind=Quiz.Kind.MOCK)
    return list(mocks.select_related("quiz", "assignment"))


def _is_shared_mock(attempt: Attempt, blueprint: Blueprint) -> bool:
    return attempt.quiz.blueprint_id == blueprint.pk and attempt.quiz.author_id is None

"""Pictures of real pages, with the demo's people, for README and docs/screens. Not part of the suite:

python3 manage.py test tests/e2e/make_screens.py
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import StringIO
from itertools import product
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from accounts.models import User
from cohorts.models import Cohort
from competencies.models import Blueprint
from progress.demo import load_demo
from questions.models import Question
from quizzes.models import Attempt, Quiz
from quizzes.services import record_answer, shared_mock, start_attempt
from tests.browser import WIDTHS

FOLDER = Path(__file__).resolve().parent.parent.parent / "docs" / "screens"
MOST_BYTES = 200_000
SAMPLE_OBJECTIVE = "MET-K1.1"


@dataclass(frozen=True, slots=True)
class Screen:
    name: str
    person: str
    address: str
    prepare: Callable[[Page], None] = lambda page: None


def answer_question(page: Page) -> None:
    page.locator("main label.option:visible").first.click()
    page.wait_for_function("() => !document.querySelector('main').innerText.includes('Saving')")


def begin_mock(candidate: User) -> Attempt:
    """Half an hour into it."""
    quiz = shared_mock(blueprint=Blueprint.objects.get(code="six-areas"))
    attempt = start_attempt(candidate=candidate, quiz=quiz, now=timezone.now() - timedelta(minutes=31))
    for position in range(1, 17):
        record_answer(
            attempt_code=attempt.code,
            candidate=candidate,
            position=position,
            key=uuid4(),
            sequence=1,
            label="ABCD"[position % 4],
            is_flagged=position in {5, 12},
            now=timezone.now(),
        )
    return attempt


def screens() -> list[Screen]:
    carla = User.objects.get(email="carla@example.com")
    cohort = Cohort.objects.get(coordinator__email="cora@example.com")
    practice = Attempt.objects.in_progress().get(candidate=carla)
    checked = practice.responses.filter(is_correct=True).order_by("-position")[0]
    wim = User.objects.get(email="wim@example.com")
    mock = Attempt.objects.filter(candidate=wim, quiz__kind=Quiz.Kind.MOCK).latest("started_at")
    exam = begin_mock(User.objects.get(email="nora@example.com"))
    question = Question.objects.published().get(code=f"{SAMPLE_OBJECTIVE}-P1")
    return [
        Screen("landing", "", reverse("progress:home")),
        Screen("today", "carla", reverse("progress:today")),
        Screen("question", "carla", reverse("quizzes:response-detail", args=[practice.code, checked.position])),
        Screen("exam-room", "nora", reverse("quizzes:exam-room", args=[exam.code]), answer_question),
        Screen("practice", "carla", reverse("quizzes:practice")),
        Screen("result", "wim", reverse("quizzes:attempt-detail", args=[mock.code])),
        Screen("reviews", "carla", reverse("reviews:review-list")),
        Screen("schedule", "carla", reverse("reviews:schedule")),
        Screen("calendar", "wim", reverse("reviews:calendar")),
        Screen("readiness", "wim", reverse("progress:readiness")),
        Screen("estimates", "wim", reverse("progress:estimates")),
        Screen("progress", "wim", reverse("progress:overview")),
        Screen("mastery", "wim", reverse("progress:mastery")),
        Screen("habits", "wim", reverse("progress:habits")),
        Screen("notebook", "wim", reverse("study:notebook")),
        Screen("search", "carla", reverse("progress:search") + "?q=effort"),
        Screen("take-along", "carla", reverse("offline:page")),
        Screen("account", "wim", reverse("accounts:settings")),
        Screen("objective", "carla", reverse("study:objective-detail", args=[SAMPLE_OBJECTIVE])),
        Screen("glossary", "carla", reverse("study:term-list")),
        Screen("sheet", "carla", reverse("study:sheet-detail", args=["net-promoter-score"])),
        Screen("cohort-report", "cora", reverse("progress:cohort-report", args=[cohort.code])),
        Screen("admin-question", "ada", reverse("admin:questions_question_change", args=[question.pk])),
        Screen("admin-bank", "ada", reverse("admin:questions_report")),
    ]


@pytest.mark.django_db(transaction=True)
def test_make_screens(live_server: Any, new_page: Callable[..., Page], sign_in: Callable[[Page, User], None]) -> None:
    call_command("load_content", stdout=StringIO())
    load_demo(now=timezone.now())
    FOLDER.mkdir(exist_ok=True)
    for screen, (width, viewport), scheme in product(screens(), WIDTHS.items(), ("light", "dark")):
        page = new_page(viewport=viewport, color_scheme=scheme)
        if screen.person:
            sign_in(page, User.objects.get(email=f"{screen.person}@example.com"))
        page.goto(live_server.url + screen.address)
        screen.prepare(page)
        path = FOLDER / f"{screen.name}-{width}-{scheme}.png"
        page.screenshot(path=path, animations="disabled")
        page.context.close()
        assert path.stat().st_size < MOST_BYTES, path.name

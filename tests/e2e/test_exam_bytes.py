"""What the exam room is sent: nothing that gives an answer away, and little of it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, Response, expect

from accounts.models import User
from competencies.models import Blueprint
from quizzes.models import Attempt
from quizzes.services import shared_mock, start_attempt
from tests.browser import PageGuard
from tests.e2e.room import choose, expect_saved, make_exam, part

pytestmark = pytest.mark.django_db(transaction=True)

ROOT = Path(__file__).resolve().parent.parent.parent


def test_no_byte_of_a_key_or_rationale_arrives(
    browser_page: Page, candidate: User, enter: Callable[[Page, Attempt], None], page_guard: PageGuard
) -> None:
    page_guard.allow("409")
    attempt = make_exam(candidate)
    bodies: list[bytes] = []
    browser_page.on("response", lambda response: bodies.append(body_of(response)))
    enter(browser_page, attempt)
    for letter in "ABCD":
        choose(browser_page, letter)
        browser_page.get_by_role("button", name="Next").click()
    expect_saved(browser_page)
    attempt.responses.update(sequence=9)
    choose(browser_page, "A")
    expect(part(browser_page, "notes")).to_be_visible()
    assert len(bodies) > 10
    assert [body for body in bodies if b"canary" in body] == []


def body_of(response: Response) -> bytes:
    return response.body() if response.request.method != "HEAD" else b""


def test_first_load_of_100_real_questions_is_at_most_100_kb(
    browser_page: Page, candidate: User, enter: Callable[[Page, Attempt], None]
) -> None:
    fixtures = ["references", "competencies", "blueprints"]
    for folder, pattern in (("objectives", "*/*.yaml"), ("questions", "*/mock.yaml")):
        fixtures += [str(path) for path in sorted((ROOT / "fixtures" / folder).glob(pattern))]
    call_command("loaddata", *fixtures, verbosity=0)
    quiz = shared_mock(blueprint=Blueprint.objects.get(code="six-areas"))
    attempt = start_attempt(candidate=candidate, quiz=quiz, now=timezone.now())
    weights: dict[str, int] = {}
    browser_page.on("response", lambda response: weights.update({response.url: len(gzip.compress(body_of(response)))}))
    enter(browser_page, attempt)
    browser_page.wait_for_load_state("networkidle")
    scripts = sum(weight for url, weight in weights.items() if "/js/exam-room/" in url)
    assert browser_page.locator(".exam-question").count() == 100
    assert sum(weights.values()) <= 100_000, weights
    assert scripts <= 40_000

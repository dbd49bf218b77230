"""What the hot paths ask of the database and what pages weigh, with the demo's people on the real content."""

from __future__ import annotations

import gzip
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Attempt, Quiz
from tests.demo import demo_on_real_content

# Without a test that asks for it no test database is made, and the fixture below would meet the real one.
pytestmark = pytest.mark.django_db

STATIC = Path(settings.BASE_DIR) / "static"
# Of the issue: an answer, a question page, the start of a mock exam. The others are what they were when written here.
MOST_QUERIES = {
    "home": 8,
    "today": 30,
    "practice": 26,
    "practice: build and start": 20,
    "question page": 10,
    "question: check": 16,
    "mock": 14,
    "mock: start, 100 questions": 15,
    "exam room, 100 questions": 10,
    "exam room: answer": 8,
    "exam room: submit and grade": 30,
    "result": 16,
    "review: next": 11,
    "review: answer": 14,
    "schedule": 8,
    "progress": 30,
    "readiness": 28,
    "objective": 12,
    "cohort report": 12,
    "assignment board": 10,
}
# Kilobytes of HTML, shared and own stylesheets and own modules, compressed.
MOST_KILOBYTES = 100


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with demo_on_real_content(django_db_blocker, now=timezone.now()):
        yield


def client_of(name: str) -> Client:
    client = Client()
    client.force_login(User.objects.get(email=f"{name}@example.com"))
    return client


def address(name: str, *arguments: object) -> str:
    return reverse(name, args=arguments)


class Meter:
    def __init__(self) -> None:
        self.queries: dict[str, int] = {}
        self.pages: dict[str, HttpResponse] = {}

    def get(self, name: str, client: Client, path: str) -> HttpResponse:
        response = self.measure(name, lambda: client.get(path), 200)
        self.pages[name] = response
        return response

    def post(self, name: str, client: Client, path: str, data: object, status: int = 302, **how: Any) -> HttpResponse:
        return self.measure(name, lambda: client.post(path, data, **how), status)

    def measure(self, name: str, request: Callable[[], Any], status: int) -> HttpResponse:
        with CaptureQueriesContext(connection) as queries:
            response: HttpResponse = request()
        assert response.status_code == status, name
        # Savepoints are those of this test's own transaction: a request by itself begins and commits.
        self.queries[name] = sum("SAVEPOINT" not in query["sql"] for query in queries)
        return response


@pytest.fixture(scope="module")
def meter(demo: None) -> Meter:
    meter = Meter()
    visit_pages(meter)
    practice(meter)
    sit_mock(meter)
    review(meter)
    lead(meter)
    return meter


def visit_pages(meter: Meter) -> None:
    carla = client_of("carla")
    meter.get("home", Client(), address("progress:home"))
    meter.get("today", carla, address("progress:today"))
    meter.get("readiness", carla, address("progress:readiness"))
    meter.get("practice", carla, address("quizzes:practice"))
    meter.get("mock", carla, address("quizzes:mock"))
    meter.get("schedule", carla, address("reviews:schedule"))
    meter.get("progress", carla, address("progress:overview"))
    meter.get("objective", carla, address("study:objective-detail", "MET-K1.1"))


def practice(meter: Meter) -> None:
    nora = client_of("nora")
    built = {"code": uuid.uuid4(), "question_count": 10, "unseen_first": "on", "feedback": "after_each"}
    meter.post("practice: build and start", nora, address("quizzes:practice"), built)
    attempt = Attempt.objects.in_progress().get(candidate__email="nora@example.com")
    question = address("quizzes:response-detail", attempt.code, 1)
    meter.get("question page", nora, question)
    meter.post("question: check", nora, question, {"label": "A", "confidence": "sure", "seconds": 5})


def sit_mock(meter: Meter) -> None:
    nora = client_of("nora")
    meter.post("mock: start, 100 questions", nora, address("quizzes:mock-start", "six-areas"), {})
    attempt = Attempt.objects.in_progress().get(candidate__email="nora@example.com", quiz__kind=Quiz.Kind.MOCK)
    meter.get("exam room, 100 questions", nora, address("quizzes:exam-room", attempt.code))
    for position in range(1, 101):
        answer = {"key": str(uuid.uuid4()), "sequence": 1, "position": position, "label": "B"}
        answer |= {"is_flagged": False, "seconds": 60}
        path = address("quizzes:answer-record", attempt.code)
        meter.post("exam room: answer", nora, path, answer, 200, content_type="application/json")
    meter.post("exam room: submit and grade", nora, address("quizzes:attempt-submit", attempt.code), {})
    meter.get("result", nora, address("quizzes:attempt-detail", attempt.code))


def review(meter: Meter) -> None:
    carla = client_of("carla")
    page = meter.get("review: next", carla, f"{address('reviews:review-next')}?ahead=1")
    ticket = re.search(r'name="ticket" value="([^"]+)"', page.content.decode())
    assert ticket is not None
    answer = {"ticket": ticket[1], "label": "A", "confidence": "sure"}
    meter.post("review: answer", carla, address("reviews:review-answer"), answer)


def lead(meter: Meter) -> None:
    cora = client_of("cora")
    cohort = Cohort.objects.get(coordinator__email="cora@example.com")
    meter.get("cohort report", cora, address("progress:cohort-report", cohort.code))
    board = address("quizzes:assignment-board", cohort.assignments.first().code)
    meter.get("assignment board", cora, board)


def test_hot_paths_ask_few_questions(meter: Meter, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print()
        for name, count in meter.queries.items():
            print(f"| {name} | {count} |")

    assert {name: count for name, count in meter.queries.items() if count > MOST_QUERIES[name]} == {}
    assert meter.queries.keys() == MOST_QUERIES.keys()


def test_pages_are_light(meter: Meter, capsys: pytest.CaptureFixture[str]) -> None:
    weights = {name: weigh(page) for name, page in meter.pages.items()}
    with capsys.disabled():
        print()
        for name, (html, styles, modules) in weights.items():
            print(f"| {name} | {html:.1f} | {styles:.1f} | {modules:.1f} | {html + styles + modules:.1f} |")

    assert {name: parts for name, parts in weights.items() if sum(parts) > MOST_KILOBYTES} == {}


def weigh(page: HttpResponse) -> tuple[float, float, float]:
    """Kilobytes of HTML, stylesheets and own modules. Without htmx, icons and pictures."""
    body = gzip.decompress(page.content) if page.get("Content-Encoding") == "gzip" else page.content
    html = body.decode()
    styles = [stylesheet(name) for name in re.findall(r'href="/static/(css/[^"]+\.css)"', html)]
    modules: set[str] = set()
    for name in re.findall(r'src="/static/(js/[^"]+\.js)"', html):
        modules |= with_imports(name)
    return (
        compressed(html),
        sum(map(compressed, styles)),
        sum(compressed((STATIC / name).read_text()) for name in modules),
    )


def stylesheet(name: str) -> str:
    """As collectstatic sends it: what main.css imports is part of it."""
    text = (STATIC / name).read_text()
    return re.sub(r'@import url\("([\w/-]+\.css)"\);', lambda match: (STATIC / "css" / match[1]).read_text(), text)


def with_imports(name: str) -> set[str]:
    folder, found = Path(name).parent, {name}
    for imported in re.findall(r'from "\./([\w-]+\.js)"', (STATIC / name).read_text()):
        found |= with_imports(str(folder / imported))
    return found


def compressed(text: str) -> float:
    return len(gzip.compress(text.encode())) / 1000

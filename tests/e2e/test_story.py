"""The whole story in a real browser, on a fresh database with the content of the repository.

Time is a parameter: the server's clock is put forward between chapters. The worker is one too: messages wait until the
test lets it run, so that what comes before and after can be told apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from ccxp_prep.celery import ForgivingTask
from questions.models import Question
from quizzes.models import Attempt, Response
from quizzes.queries import scored_responses
from quizzes.scoring import competency_scores
from reviews.models import ReviewLog, Schedule
from reviews.study_days import study_day
from tests.factories import PASSWORD, make_user

pytestmark = pytest.mark.django_db(transaction=True)
FIXTURES = Path(__file__).resolve().parent.parent.parent / "fixtures" / "questions"
EMAIL = "vera@example.com"
COUNT = 12
ANSWERED_IN_MOCK = 15
SignIn = Callable[[Page, User], None]


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta(0)
        self.real_now = timezone.now
        monkeypatch.setattr(timezone, "now", self.now)

    def now(self) -> datetime:
        return self.real_now() + self.ahead

    def put_forward(self, **span: float) -> None:
        self.ahead += timedelta(**span)


class Worker:
    """Takes what is published, and runs it when it is told to."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.waiting: list[tuple[ForgivingTask, tuple[Any, ...]]] = []
        monkeypatch.setattr(
            ForgivingTask, "publish", lambda task, arguments, _named: self.waiting.append((task, arguments))
        )

    def run(self) -> set[str]:
        taken, self.waiting = self.waiting, []
        for task, arguments in taken:
            task.run(*arguments)
        return {task.name for task, _ in taken}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Worker:
    return Worker(monkeypatch)


def test_whole_story(
    live_server: Any, new_page: Callable[..., Page], sign_in: SignIn, clock: Clock, worker: Worker, tmp_path: Path
) -> None:
    call_command("load_content", verbosity=0)
    coordinator = make_user("cora", role=User.Role.COORDINATOR)
    admin = make_user("ada", is_staff=True, is_superuser=True)
    home = live_server.url
    visitor = new_page()

    answer_the_sample(visitor, home)
    candidate = sign_up(visitor)
    set_the_exam_date(visitor, study_day(clock.now(), candidate.time_zone) + timedelta(days=40))
    practiced = sit_a_practice_quiz(visitor, home)
    see_scores_per_competency(visitor, practiced)
    get_the_schedule_from_the_worker(visitor, home, worker, candidate)

    clock.put_forward(days=1)
    study_for_a_day(visitor, home, worker, candidate)

    leader = new_page()
    sign_in(leader, coordinator)
    join_link = lead_a_cohort(leader, home)
    assign_the_mock(leader)
    join_the_cohort(visitor, join_link)
    sat = sit_the_mock(visitor, home, clock)
    worker.run()
    read_the_heat_table(leader, candidate, sat)

    keeper = new_page()
    sign_in(keeper, admin)
    old, new = load_a_changed_fixture(keeper, home, practiced, tmp_path)
    see_the_old_text(visitor, home, practiced, old, new)


# The candidate


def answer_the_sample(page: Page, home: str) -> None:
    page.goto(home)
    page.locator(".sample .option").first.click()
    expect(page.locator(".sample-verdict")).to_contain_text("is the key")
    expect(page.locator(".sample .option-rationale")).to_have_count(4)


def sign_up(page: Page) -> User:
    page.get_by_role("link", name="Sign up", exact=True).click()
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign up", exact=True).click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    return User.objects.get(email=EMAIL)


def set_the_exam_date(page: Page, exam_on: date) -> None:
    page.get_by_role("link", name="Set your exam date").click()
    page.get_by_label("Exam date").fill(exam_on.isoformat())
    page.get_by_role("button", name="Save the plan").click()
    expect(page.get_by_text("Your study plan is saved.")).to_be_visible()


def sit_a_practice_quiz(page: Page, home: str) -> Attempt:
    """Twelve questions, explained at the end: one of two is answered right, and none left out."""
    page.goto(f"{home}/practice/")
    builder = page.locator("#builder")
    builder.locator("[name=question_count]").fill(str(COUNT))
    builder.get_by_text("At the end").click()
    builder.get_by_role("button", name="Start").click()
    for position in range(1, COUNT + 1):
        expect(page.get_by_role("heading", name=f"Question {position} of {COUNT}")).to_be_visible()
        question = Response.objects.select_related("question").get(position=position).question
        wrong = next(label for label in "ABCD" if label != question.key)
        label = question.key if position % 2 else wrong
        page.locator(".option", has=page.locator(f"input[value={label}]")).click()
        page.get_by_role("button", name="Save and").click()
    page.get_by_role("main").get_by_role("button", name="Finish and see the result").click()
    expect(page.locator(".score-figure")).to_have_text(re.compile(rf"{COUNT // 2}\s+of {COUNT}"))
    return Attempt.objects.get()


def see_scores_per_competency(page: Page, attempt: Attempt) -> None:
    chart = page.locator("figure.chart", has_text="Share right, by competency")
    for score in competency_scores(scored_responses(attempt)):
        assert score.total > 0
        expect(chart).to_contain_text(str(score.percent))
    expect(page.get_by_role("heading", name="By statement")).to_be_visible()


def get_the_schedule_from_the_worker(page: Page, home: str, worker: Worker, candidate: User) -> None:
    page.goto(f"{home}/reviews/schedule/")
    assert not Schedule.objects.filter(candidate=candidate).exists()
    assert worker.run() == {"reviews.build_schedule"}
    # The page asks every two seconds and needs no reload.
    expect(page.locator("figure.chart").first).to_be_visible(timeout=10_000)
    schedule = Schedule.objects.get(candidate=candidate)
    assert (schedule.exam_on, len(schedule.days)) == (candidate.study_plan.exam_on, 40)


def study_for_a_day(page: Page, home: str, worker: Worker, candidate: User) -> None:
    """One answer of the day's session, taken back, and another one that stays."""
    page.goto(f"{home}/reviews/")
    page.get_by_role("link", name="Start").click()
    for _ in range(2):
        expect(page.get_by_role("heading", name=re.compile(r"^(New|Review) \d+ left"))).to_be_visible()
        page.locator(".option").nth(1).click()
        page.get_by_role("button", name="Check").click()
        page.wait_for_url(re.compile(r"/reviews/[0-9a-f-]{36}/$"))
        expect(page.locator(".option-rationale")).to_have_count(4)
        if not ReviewLog.objects.filter(candidate=candidate).exclude(undoes=None).exists():
            page.get_by_role("button", name="Undo this answer").click()
    standing = ReviewLog.objects.standing().filter(candidate=candidate)
    review = standing.get(is_from_review=True)
    assert review.study_day == max(
        standing.filter(is_from_review=False).values_list("study_day", flat=True)
    ) + timedelta(days=1)
    assert worker.run() == {"reviews.build_schedule"}


def join_the_cohort(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Progress and scores").check()
    page.get_by_role("button", name="Join the cohort").click()
    expect(page.get_by_text("You are in Autumn cohort.")).to_be_visible()


def sit_the_mock(page: Page, home: str, clock: Clock) -> Attempt:
    """With keys, some of the hundred; two hours later it is handed in."""
    page.goto(f"{home}/today/")
    page.get_by_role("link", name="Mock exam of the autumn").first.click()
    page.get_by_role("button", name="Start").click()
    page.wait_for_selector("body[data-ready]")
    for _ in range(ANSWERED_IN_MOCK):
        page.keyboard.press("b")
        page.keyboard.press("n")
    expect(page.locator("[data-part=status]")).to_have_text("Saved")
    clock.put_forward(hours=2)
    page.keyboard.press("r")
    page.get_by_role("button", name="End exam").click()
    page.get_by_role("dialog").get_by_role("button", name="End exam").click()
    expect(page.locator(".score-figure")).to_have_text(re.compile(r"\d+\s+of 100"))
    attempt = Attempt.objects.exclude(assignment=None).get()
    assert attempt.responses.exclude(selected_label="").count() == ANSWERED_IN_MOCK
    return attempt


def see_the_old_text(page: Page, home: str, attempt: Attempt, old: str, new: str) -> None:
    page.goto(f"{home}/attempts/{attempt.code}/questions/")
    expect(page.locator(".reviewed")).to_contain_text(old)
    expect(page.locator(".reviewed")).not_to_contain_text(new)


# The coordinator


def lead_a_cohort(page: Page, home: str) -> str:
    page.goto(f"{home}/cohorts/")
    page.get_by_role("link", name="Create a cohort").click()
    page.get_by_label("Name").fill("Autumn cohort")
    page.get_by_role("main").get_by_role("button").click()
    page.get_by_role("button", name="Make a link").click()
    return page.locator("#link").input_value()


def assign_the_mock(page: Page) -> None:
    page.get_by_role("link", name="Assignments").click()
    page.get_by_role("link", name=re.compile("Assign a quiz")).first.click()
    page.get_by_label("Title").fill("Mock exam of the autumn")
    page.get_by_text("A mock exam from the sealed pool").click()
    page.get_by_label("Edition").select_option("six-areas")
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("Mock exam of the autumn is assigned to Autumn cohort.")).to_be_visible()


def read_the_heat_table(page: Page, candidate: User, attempt: Attempt) -> None:
    page.reload()
    row = page.locator("table.heat tbody tr")
    expect(row.get_by_role("rowheader")).to_have_text(candidate.name)
    shown = [int(text) for text in row.locator("td").evaluate_all("cells => cells.map(c => c.firstChild.textContent)")]
    scores = {score.code: score.percent for score in competency_scores(scored_responses(attempt))}
    assert shown == [scores[code] for code in ("CUL", "ORG", "VOC", "DES", "MET", "STR")]


# The admin


def load_a_changed_fixture(page: Page, home: str, attempt: Attempt, folder: Path) -> tuple[str, str]:
    """The stem of a question that the candidate was asked gets another first sentence. Returns the old and the new."""
    asked = attempt.responses.select_related("question__objective__statement__competency").get(position=1).question
    folder_of_bank = FIXTURES / asked.objective.statement.competency.code.lower()
    source = next(path for path in folder_of_bank.glob("*.yaml") if f"code: {asked.code}\n" in path.read_text())
    rows = yaml.safe_load(source.read_text())
    old, new = asked.stem.strip().splitlines()[0], "This sentence is new in the autumn."
    for row in rows:
        if row["fields"]["code"] == asked.code:
            row["fields"]["stem"] = row["fields"]["stem"].replace(old, new)
    changed = folder / source.name
    changed.write_text(yaml.safe_dump(rows, allow_unicode=True, sort_keys=False))

    page.goto(f"{home}/admin/questions/question/load/")
    page.locator("input[type=file]").set_input_files(changed)
    page.get_by_role("button", name="Check the file").click()
    expect(page.locator(".question-report")).to_contain_text("0 new, 1 updated")
    page.get_by_role("button", name="Load it").click()
    expect(page.get_by_text(f"{source.name} is loaded: 1 updated")).to_be_visible()

    versions = Question.objects.filter(code=asked.code).order_by("version").values_list("version", "status")
    assert list(versions) == [(1, "retired"), (2, "published")]
    return old, new

"""Redis is a convenience: down, hung or emptied, nothing that was acknowledged is lost and nobody waits for it."""

from __future__ import annotations

import json

import pytest

from tests.processes import wait_until
from tests.production import Production
from tests.promises.visitor import Reply, Visitor, make_candidates, read_value

QUESTIONS = 100
# A request that publishes waits for a hung Redis once, one second; the rest is for a busy machine.
MOST_EXTRA_SECONDS = 2
PAGES = ("/today/", "/practice/", "/mock/", "/reviews/", "/reviews/schedule/", "/progress/", "/study/", "/account/")

# Derived rows as they are, and as a rebuild from the log makes them.
COMPARE = """
import json
from accounts.models import User
from reviews.models import Card, ReviewLog, Schedule
from reviews.services import build_schedule, rebuild_cards
def rows(person):
    schedule = Schedule.objects.get(candidate=person)
    cards = Card.objects.filter(candidate=person).order_by("objective_id")
    values = cards.values_list("objective_id", "stability", "difficulty", "last_reviewed_on", "reps", "lapses")
    return [schedule.days, schedule.dropped, schedule.projected_recall, schedule.as_of_log_id], list(values)
found = []
for email in EMAILS:
    person = User.objects.get(email=email)
    before = rows(person)
    built_at = Schedule.objects.get(candidate=person).built_at
    rebuild_cards(candidate=person)
    Schedule.objects.filter(candidate=person).delete()
    build_schedule(candidate=person, now=built_at)
    found.append([before == rows(person), ReviewLog.objects.filter(candidate=person).count()])
print(json.dumps(found))
"""
PUBLISH_SWEEP = "from celery import current_app; current_app.send_task('reviews.rebuild_stale_schedules')"


def answer_all(visitor: Visitor, attempt: str, label: str) -> list[Reply]:
    return [visitor.answer(attempt, position, label) for position in range(1, QUESTIONS + 1)]


def slowest(replies: list[Reply]) -> float:
    return max(reply.seconds for reply in replies)


def has_current_schedule(stack: Production, visitor: Visitor) -> bool:
    seen = read_value(
        stack,
        "SELECT as_of_log_id FROM reviews_schedule s JOIN accounts_user u ON u.id = s.candidate_id WHERE u.email = %s",
        visitor.email,
    )
    newest = read_value(
        stack,
        "SELECT max(l.id) FROM reviews_reviewlog l JOIN accounts_user u ON u.id = l.candidate_id WHERE u.email = %s",
        visitor.email,
    )
    return seen is not None and seen == newest


def sweep_until_current(stack: Production, visitor: Visitor) -> None:
    """What beat does every two minutes, now; the worker comes back to a returned Redis after some seconds."""
    stack.shell(PUBLISH_SWEEP)
    wait_until(lambda: has_current_schedule(stack, visitor), seconds=60, what="the schedule")


def compared_with_a_rebuild(stack: Production, *visitors: Visitor) -> list[list[int]]:
    """For each: whether the derived rows equal a rebuild, and how many reviews there are."""
    return json.loads(stack.shell(f"EMAILS = {[each.email for each in visitors]!r}\n{COMPARE}"))


@pytest.mark.parametrize("fault", ["kill", "pause"])
def test_everything_but_background_work_goes_on_without_redis(production_stack: Production, fault: str) -> None:
    visitor, latecomer = make_candidates(production_stack, 2)
    sign_in = visitor.sign_in()
    attempt = visitor.start_mock()
    normal_pages = [visitor.get(page) for page in (*PAGES, f"{attempt}exam/")]
    normal = answer_all(visitor, attempt, "A")
    usual = max(slowest(normal), slowest(normal_pages), sign_in.seconds)

    getattr(production_stack, fault)("redis")
    answers = [reply for label in "BCD" for reply in answer_all(visitor, attempt, label)]
    pages = [visitor.get(page) for page in (*PAGES, f"{attempt}exam/")]
    late_sign_in = latecomer.sign_in()
    late_page = latecomer.get("/today/")
    submitted = visitor.post(f"{attempt}submit/")
    result = visitor.get(attempt)

    assert {reply.status for reply in answers} == {200}
    assert {reply.status for reply in [*pages, late_page, result]} == {200}
    assert (late_sign_in.status, late_sign_in.location) == (302, "/today/")
    assert (submitted.status, submitted.location) == (302, attempt)
    assert slowest([*answers, *pages, late_sign_in, late_page, submitted, result]) <= usual + MOST_EXTRA_SECONDS
    saved = "SELECT count(*) FROM quizzes_answer a JOIN quizzes_attempt t ON t.id = a.attempt_id WHERE t.code = %s"
    assert read_value(production_stack, saved, attempt.split("/")[2]) == 4 * QUESTIONS

    production_stack.heal()
    sweep_until_current(production_stack, visitor)
    assert compared_with_a_rebuild(production_stack, visitor) == [[True, QUESTIONS]]


def test_emptied_redis_loses_no_schedule(production_stack: Production) -> None:
    """What was published is gone; the sweep finds it. What is published afterwards arrives again, without a restart."""
    lost, later = make_candidates(production_stack, 2)
    attempts = {}
    for visitor in (lost, later):
        visitor.sign_in()
        attempts[visitor] = visitor.start_mock()
        answer_all(visitor, attempts[visitor], "A")
    production_stack.pause("worker")
    lost.post(f"{attempts[lost]}submit/")
    production_stack.flush_redis()
    production_stack.resume("worker")
    submitted = later.post(f"{attempts[later]}submit/")

    wait_until(lambda: has_current_schedule(production_stack, later), seconds=30, what="the later schedule")
    assert submitted.status == 302
    sweep_until_current(production_stack, lost)
    assert compared_with_a_rebuild(production_stack, lost, later) == [[True, QUESTIONS]] * 2

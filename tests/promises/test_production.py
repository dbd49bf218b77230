"""The candidate's journey on what docker-compose.yml starts: gunicorn, worker, beat, PostgreSQL and Redis."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.utils import timezone

from tests.factories import PASSWORD
from tests.processes import wait_until
from tests.production import Production
from tests.promises.test_redis import has_current_schedule
from tests.promises.visitor import Visitor, read_value

SCHEDULED_FOR = (
    "SELECT s.exam_on FROM reviews_schedule s JOIN accounts_user u ON u.id = s.candidate_id WHERE u.email = %s"
)


def sign_up(visitor: Visitor) -> None:
    visitor.get("/accounts/signup/")
    reply = visitor.post("/accounts/signup/", email=visitor.email, password1=PASSWORD)
    assert (reply.status, reply.location) == (302, "/today/")


def practice(visitor: Visitor, count: int) -> str:
    """A quiz explained after each question; returns the address of the attempt."""
    started = visitor.post(
        "/practice/", code=str(uuid.uuid4()), question_count=str(count), feedback="after_each", unseen_first="on"
    )
    assert started.status == 302, started.body[:500]
    attempt = started.location.partition("questions/")[0]
    for position in range(1, count + 1):
        checked = visitor.post(f"{attempt}questions/{position}/", label="A", confidence="sure")
        assert checked.status == 302, checked.body[:500]
    return attempt


def test_candidate_journey(production_stack: Production) -> None:
    visitor = Visitor(production_stack, f"{uuid.uuid4().hex[:12]}@example.com")
    exam_on = timezone.localdate() + timedelta(days=40)

    visitor.get("/questions/sample/")
    assert "is the key" in visitor.post("/questions/sample/", label="A").body
    sign_up(visitor)
    planned = visitor.post(
        "/reviews/plan/",
        exam_on=exam_on.isoformat(),
        target_percent="75",
        time_zone="Europe/Berlin",
        blueprint="six-areas",
        **{f"minutes_{number}": "25" for number in range(7)},
    )
    assert planned.status == 302, planned.body[:3000]
    wait_until(lambda: read_value(production_stack, SCHEDULED_FOR, visitor.email) == exam_on, what="a first schedule")

    quiz = practice(visitor, 5)
    explained = visitor.get(f"{quiz}questions/5/")
    result = visitor.post(f"{quiz}submit/")
    assert "is the key" in explained.body
    assert (result.status, result.location) == (302, quiz)
    assert "By competency" in visitor.get(quiz).body

    mock = visitor.start_mock()
    room = visitor.get(f"{mock}exam/")
    replies = [visitor.answer(mock, position, "B") for position in range(1, 101)]
    visitor.post(f"{mock}submit/")
    assert room.status == 200
    assert {reply.status for reply in replies} == {200}
    assert "of 100" in visitor.get(mock).body

    wait_until(lambda: has_current_schedule(production_stack, visitor), what="the schedule after the mock exam")
    assert "days to your exam" in visitor.get("/reviews/schedule/").body

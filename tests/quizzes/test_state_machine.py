"""Starting, answering, repeating, flagging, running out, submitting, sweeping in any order, against a small model."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from quizzes import services
from quizzes.models import Answer, Attempt, Feedback
from quizzes.queries.integrity import broken_rules
from reviews.models import ReviewLog
from tests.factories import NOW, make_question, make_quiz, make_user

QUESTIONS = 3
LIMIT = timedelta(minutes=30)
GRACE = timedelta(seconds=10)
LABELS = st.sampled_from(["A", "B", "C", "D", ""])
POSITIONS = st.integers(1, QUESTIONS)


@dataclass(frozen=True)
class Post:
    """What a browser sends, and sends again."""

    attempt: UUID
    position: int
    key: UUID
    sequence: int
    label: str
    is_flagged: bool


@dataclass
class Sitting:
    """What the server should hold of one attempt."""

    deadline: datetime
    finish: datetime | None = None
    accepted: dict[UUID, Post] = field(default_factory=dict)
    newest: dict[int, Post] = field(default_factory=dict)
    marks: dict[int, str] = field(default_factory=dict)

    def label(self, position: int) -> str:
        return self.newest[position].label if position in self.newest else ""

    def score(self) -> int:
        return sum(self.label(position) == "B" for position in range(1, QUESTIONS + 1))


class Sittings(RuleBasedStateMachine):
    posts: Bundle[Post] = Bundle("posts")  # those that were accepted
    feedback = Feedback.AT_END

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.candidate = make_user(f"person-{uuid.uuid4()}")
        self.quiz = make_quiz(
            author=self.candidate,
            question_count=QUESTIONS,
            time_limit_minutes=LIMIT.total_seconds() // 60,
            feedback=self.feedback,
        )
        self.sittings: dict[UUID, Sitting] = {}

    # The model

    @property
    def open(self) -> UUID | None:
        return next((code for code, sitting in self.sittings.items() if sitting.finish is None), None)

    def takes_answers(self, sitting: Sitting) -> bool:
        return sitting.finish is None and self.now < sitting.deadline + GRACE

    def close_what_ran_out(self, code: UUID | None) -> None:
        if code and self.sittings[code].finish is None and not self.takes_answers(self.sittings[code]):
            self.sittings[code].finish = self.sittings[code].deadline

    def expected(self, post: Post) -> str | tuple[int, str, bool]:
        sitting = self.sittings[post.attempt]
        if self.takes_answers(sitting) and post.sequence > self.sequence(sitting, post.position):
            if post.key in sitting.accepted:
                return "KeyReused"
            sitting.accepted[post.key] = sitting.newest[post.position] = post
            return post.sequence, post.label, post.is_flagged
        if post.key in sitting.accepted:
            same = sitting.accepted[post.key] == post
            return (post.sequence, post.label, post.is_flagged) if same else "KeyReused"
        if not self.takes_answers(sitting):
            self.close_what_ran_out(post.attempt)
            return "AttemptClosed"
        return "StaleAnswer"

    def sequence(self, sitting: Sitting, position: int) -> int:
        return sitting.newest[position].sequence if position in sitting.newest else 0

    # What people and workers do

    @rule()
    def start(self) -> None:
        attempt = services.start_attempt(candidate=self.candidate, quiz=self.quiz, now=self.now)
        self.close_what_ran_out(self.open)
        if self.open is None:
            assert attempt.code not in self.sittings
            self.sittings[attempt.code] = Sitting(deadline=self.now + LIMIT)
        assert attempt.code == self.open

    @precondition(lambda self: self.sittings)
    @rule(target=posts, data=st.data(), position=POSITIONS, step=st.integers(-1, 3), label=LABELS, flag=st.booleans())
    def answer(self, data: st.DataObject, position: int, step: int, label: str, flag: bool) -> MultipleResults[Post]:
        """By any tab: ahead of the others, behind them, or with the same count."""
        code = data.draw(st.sampled_from(list(self.sittings)))
        sequence = self.sequence(self.sittings[code], position) + step
        post = Post(code, position, uuid.uuid4(), sequence, label, flag)
        self.send(post)
        return multiple(post) if post.key in self.sittings[code].accepted else multiple()

    @rule(post=posts)
    def repeat(self, post: Post) -> None:
        self.send(post)

    @rule(post=posts, label=LABELS, position=POSITIONS, step=st.integers(-1, 2))
    def use_a_key_again(self, post: Post, label: str, position: int, step: int) -> None:
        self.send(Post(post.attempt, position, post.key, post.sequence + step, label, post.is_flagged))

    @precondition(lambda self: self.open)
    @rule(position=POSITIONS, label=st.sampled_from(["E", "AB", "b"]))
    def answer_what_is_no_option(self, position: int, label: str) -> None:
        assert self.open is not None
        sitting = self.sittings[self.open]
        post = Post(self.open, position, uuid.uuid4(), self.sequence(sitting, position) + 1, label, False)
        expected = "UnknownLabel" if self.takes_answers(sitting) else "AttemptClosed"
        self.close_what_ran_out(self.open)
        assert self.outcome(post) == expected

    @rule(seconds=st.sampled_from([1, 9, 10, 11, 600, 1790, 1800, 1809, 1810, 7200]))
    def wait(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @precondition(lambda self: self.open)
    @rule(seconds=st.sampled_from([-1, 0, 9, 10, 11]))
    def wait_for_the_deadline(self, seconds: int) -> None:
        assert self.open is not None
        self.now = max(self.now, self.sittings[self.open].deadline + timedelta(seconds=seconds))

    @precondition(lambda self: self.sittings)
    @rule(data=st.data(), twice=st.booleans())
    def submit(self, data: st.DataObject, twice: bool) -> None:
        code = data.draw(st.sampled_from(list(self.sittings)))
        for _ in range(1 + twice):
            services.finish_attempt(attempt=Attempt.objects.get(code=code), now=self.now)
        sitting = self.sittings[code]
        sitting.finish = sitting.finish or min(self.now, sitting.deadline)

    @precondition(lambda self: self.sittings)
    @rule(data=st.data())
    def visit(self, data: st.DataObject) -> None:
        code = data.draw(st.sampled_from(list(self.sittings)))
        services.settle_attempt(attempt=Attempt.objects.get(code=code), now=self.now)
        self.close_what_ran_out(code)

    @rule()
    def sweep(self) -> None:
        before = self.open
        closed = services.close_overdue_attempts(now=self.now)
        self.close_what_ran_out(before)
        assert [attempt.code for attempt in closed] == ([before] if before and self.open is None else [])

    def send(self, post: Post) -> None:
        assert self.outcome(post) == self.expected(post)

    def outcome(self, post: Post) -> Any:
        try:
            receipt = services.record_answer(
                attempt_code=post.attempt,
                candidate=self.candidate,
                position=post.position,
                key=post.key,
                sequence=post.sequence,
                label=post.label,
                is_flagged=post.is_flagged,
                now=self.now,
            )
        except services.AnswerRefused as refusal:
            return type(refusal).__name__
        return receipt.sequence, receipt.label, receipt.is_flagged

    # What holds after each of it

    @invariant()
    def the_server_holds_what_the_model_holds(self) -> None:
        stored = {
            attempt.code: (attempt.state, attempt.submitted_at, attempt.raw_score)
            for attempt in Attempt.objects.filter(candidate=self.candidate)
        }
        assert stored == {
            code: (Attempt.State.IN_PROGRESS, None, None)
            if sitting.finish is None
            else (Attempt.State.GRADED, sitting.finish, sitting.score())
            for code, sitting in self.sittings.items()
        }

    @invariant()
    def every_accepted_answer_is_stored_once(self) -> None:
        answers = Answer.objects.filter(attempt__candidate=self.candidate)
        stored = {
            (answer.key, answer.response.position, answer.sequence, answer.label, answer.is_flagged)
            for answer in answers.select_related("response")
        }
        accepted = [post for sitting in self.sittings.values() for post in sitting.accepted.values()]
        assert stored == {(post.key, post.position, post.sequence, post.label, post.is_flagged) for post in accepted}
        assert answers.count() == len(accepted)

    @invariant()
    def reviews_know_what_was_answered_in_closed_attempts(self) -> None:
        answered = sum(
            bool(sitting.label(position))
            for sitting in self.sittings.values()
            if sitting.finish
            for position in range(1, QUESTIONS + 1)
        )
        assert ReviewLog.objects.for_candidate(self.candidate).count() == answered

    def teardown(self) -> None:
        # Schedules are the worker's, who does not take part here.
        counts = {rule: count for rule, count in broken_rules(now=self.now, sample=1) if "schedules" not in rule}
        counts.pop("attempts open after deadline, grace and sweep")
        # The next sequence begins with an empty table: a sweep closes everybody's attempts.
        Attempt.objects.all().delete()
        ReviewLog.objects.all().delete()
        assert {rule: count for rule, count in counts.items() if count} == {}


@pytest.mark.django_db
def test_any_order_of_events_leaves_what_the_model_says() -> None:
    for number in range(1, 6):
        make_question(f"MET-K{number}.1")
    run_state_machine_as_test(
        Sittings,
        settings=settings(
            max_examples=50,
            stateful_step_count=30,
            suppress_health_check=list(HealthCheck),
        ),
    )

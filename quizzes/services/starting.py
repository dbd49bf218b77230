from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format

from accounts.models import User
from questions.models import Question
from quizzes.assembly import draw_by_area, draw_practice, shuffle_options
from quizzes.models import Assignment, Attempt, Feedback, Quiz, QuizQuestion, Response
from quizzes.queries.pool import area_pools, practice_pool, seen_since_reset
from quizzes.queries.practice import daily_ten_of
from quizzes.queries.statuses import last_attempted
from quizzes.services.building import build_daily_ten
from quizzes.services.finishing import settle_attempt
from quizzes.services.refusals import NotEnoughQuestions, StartRefused
from reviews.models import StudyPlan
from reviews.study_days import study_day

# Every published question has exactly these; validation sees to it.
LABELS = "ABCD"
POOL_NAMES = {Question.Pool.MOCK: "sealed pool", Question.Pool.PRACTICE: "practice pool"}


def start_attempt(*, candidate: User, quiz: Quiz, now: datetime, assignment: Assignment | None = None) -> Attempt:
    """Draw and freeze a new attempt, or return the one that is open already: fifty starts at once are one attempt."""
    if open_attempt := open_attempt_at(candidate, quiz, assignment, now):
        return open_attempt
    if assignment is not None:
        _refuse_unless_open(candidate, assignment, now)
    attempt = new_attempt(candidate, quiz, assignment, now)
    # The generator is seeded by the attempt, so that its draw can be told again.
    rng = Random(attempt.code.int)
    question_ids = _draw(candidate, quiz, rng, now)
    attempt.question_count = len(question_ids)
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
            Response.objects.bulk_create(
                Response(attempt=attempt, position=place, question_id=pk, option_order=shuffle_options(LABELS, rng))
                for place, pk in enumerate(question_ids, start=1)
            )
    except IntegrityError:
        # Another request got there first; if it was none of ours, the fault is a real one.
        if open_attempt := open_attempt_at(candidate, quiz, assignment, now):
            return open_attempt
        raise
    return attempt


def start_daily_ten(*, candidate: User, now: datetime) -> Attempt:
    """The one attempt of the candidate's study day, open or finished; drawn by the first start."""
    on = study_day(now, candidate.time_zone)
    if attempt := daily_ten_of(candidate, on=on):
        return settle_attempt(attempt=attempt, now=now)
    return start_attempt(candidate=candidate, quiz=build_daily_ten(candidate=candidate, on=on), now=now)


def open_attempt_at(candidate: User, quiz: Quiz, assignment: Assignment | None, now: datetime) -> Attempt | None:
    attempt = (
        Attempt.objects.for_candidate(candidate)
        .in_progress()
        .filter(quiz=quiz)
        .select_related("quiz__blueprint", "assignment")
        .first()
    )
    # One that ran out and was not swept yet is closed here, and does not stand in the way.
    if attempt is None or not settle_attempt(attempt=attempt, now=now).is_open:
        return None
    if attempt.assignment_id != (assignment.pk if assignment else None):
        raise StartRefused("You have this quiz open already, outside of this assignment. Finish it first.")
    return attempt


def _refuse_unless_open(candidate: User, assignment: Assignment, now: datetime) -> None:
    if now < assignment.opens_at:
        raise StartRefused(f"This assignment opens on {_moment(assignment.opens_at)}.")
    if now >= assignment.due_at:
        raise StartRefused(f"This assignment was due on {_moment(assignment.due_at)}; it can no longer be started.")
    used = Attempt.objects.for_candidate(candidate).filter(assignment=assignment).count()
    if used >= assignment.attempts_allowed:
        times = "attempt" if assignment.attempts_allowed == 1 else "attempts"
        raise StartRefused(f"You have used the {assignment.attempts_allowed} {times} that this assignment allows.")


def _moment(moment: datetime) -> str:
    """In the reader's time zone, which the middleware has activated."""
    return date_format(timezone.localtime(moment), "j F Y, H:i")


def new_attempt(candidate: User, quiz: Quiz, assignment: Assignment | None, now: datetime) -> Attempt:
    return Attempt(
        code=uuid4(),
        quiz=quiz,
        candidate=candidate,
        assignment=assignment,
        feedback=_feedback(quiz),
        cut_score=quiz.cut_score if assignment else _own_target(candidate, quiz),
        started_at=now,
        deadline_at=deadline_for(candidate, quiz, assignment, now),
    )


def _feedback(quiz: Quiz) -> str:
    """A mock exam shows nothing before its end, whatever the quiz says: its questions are sealed."""
    is_sealed = quiz.kind == Quiz.Kind.MOCK and quiz.feedback == Feedback.AFTER_EACH
    return Feedback.AT_END if is_sealed else quiz.feedback


def _own_target(candidate: User, quiz: Quiz) -> int:
    """Where nobody else set a target, the candidate's own one counts."""
    targets = StudyPlan.objects.filter(candidate=candidate).values_list("target_percent", flat=True)
    return targets.first() or quiz.cut_score


def deadline_for(candidate: User, quiz: Quiz, assignment: Assignment | None, now: datetime) -> datetime | None:
    """The time limit with the candidate's extra time, and never after the assignment is due."""
    ends = [assignment.due_at] if assignment else []
    if quiz.time_limit_minutes:
        ends.append(now + timedelta(minutes=candidate.minutes_of(quiz.time_limit_minutes)))
    return min(ends, default=None)


def _draw(candidate: User, quiz: Quiz, rng: Random, now: datetime) -> list[int]:
    if quiz.kind == Quiz.Kind.MOCK:
        return _draw_by_area(quiz, Question.Pool.MOCK, last_attempted(candidate), rng)
    if quiz.blueprint is not None and not quiz.rule.get("questions"):
        return _draw_by_area(quiz, Question.Pool.PRACTICE, seen_since_reset(candidate), rng)
    return _chosen(quiz) or _draw_by_rule(candidate, quiz, rng, now)


def _draw_by_area(quiz: Quiz, pool: Question.Pool, seen: Mapping[int, datetime], rng: Random) -> list[int]:
    """At the weights of the quiz's edition, questions never seen first."""
    assert quiz.blueprint is not None  # of a mock exam, a constraint of the table
    areas = area_pools(quiz.blueprint, pool, wanted=_items(quiz), seen=seen, rng=rng)
    draw = draw_by_area(areas, rng)
    if draw.shortages or not draw.question_ids:
        raise NotEnoughQuestions(
            " ".join(shortage.sentence(POOL_NAMES[pool]) for shortage in draw.shortages)
            or "This edition has no areas to draw from.",
            available=sum(min(len(area.questions), area.needed) for area in areas),
            shortages=draw.shortages,
        )
    return draw.question_ids


def _items(quiz: Quiz) -> int:
    """A mock exam is as long as its edition, also where that has changed since the quiz was written."""
    assert quiz.blueprint is not None
    return quiz.blueprint.item_count if quiz.kind == Quiz.Kind.MOCK else quiz.question_count


def _draw_by_rule(candidate: User, quiz: Quiz, rng: Random, now: datetime) -> list[int]:
    wanted = quiz.question_count
    pool = practice_pool(candidate, quiz.rule, wanted=wanted, rng=rng, at=now)
    drawn = draw_practice(pool, wanted, unseen_first=bool(quiz.rule.get("unseen_first")), rng=rng)
    if len(drawn) < wanted:
        raise NotEnoughQuestions(
            f"Only {len(drawn)} of the {wanted} questions of this quiz are in the bank now.", available=len(drawn)
        )
    return drawn


def _chosen(quiz: Quiz) -> list[int]:
    """In the coordinator's order, each in its published version; a retired one without successor is left out."""
    chosen = QuizQuestion.objects.filter(quiz=quiz).order_by("position")
    rows = list(chosen.values_list("question_id", "question__code", "question__status"))
    outdated = [code for _, code, status in rows if status != Question.Status.PUBLISHED]
    published = _published(outdated) if outdated else {}
    current = [pk if status == Question.Status.PUBLISHED else published.get(code) for pk, code, status in rows]
    # Two versions of one question, both chosen, are one question now.
    question_ids = [pk for pk in dict.fromkeys(current) if pk is not None]
    if rows and not question_ids:
        raise NotEnoughQuestions("Every question of this quiz was retired from the bank.", available=0)
    return question_ids


def _published(codes: list[str]) -> dict[str, int]:
    return dict(Question.objects.published().filter(code__in=codes).values_list("code", "pk"))

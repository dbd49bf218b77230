from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from math import ceil
from uuid import UUID

from quizzes.models import Attempt, DrawRule, Quiz
from quizzes.queries.pool import count_practice_questions
from quizzes.queries.practice import asked_codes, missed_codes
from quizzes.queries.statuses import standing_of
from quizzes.services.building import build_practice_quiz
from quizzes.services.refusals import NotEnoughQuestions, StartRefused


class RepeatMode(StrEnum):
    SAME = "same"
    MISSED = "missed"
    FRESH = "fresh"


# What the title of a quiz says of how it came about.
TITLE_ENDS = {RepeatMode.SAME: ", again", RepeatMode.MISSED: ", what was missed", RepeatMode.FRESH: ""}


def build_repeat(*, attempt: Attempt, mode: RepeatMode, code: UUID, now: datetime) -> Quiz:
    """Another quiz after a finished practice attempt; the same code again gives the same quiz.

    It may be shorter than what it repeats: by the questions that were retired since, or by what still matches.
    """
    rule = _rule(attempt, mode)
    standing = standing_of(attempt.candidate, at=now) if rule.get("statuses") else None
    earlier = attempt.quiz
    wanted = len(rule["questions"]) if "questions" in rule else earlier.question_count
    available = count_practice_questions(rule, standing)
    if "questions" in rule and not available:
        raise NotEnoughQuestions("Every question of this quiz was retired from the bank.", available=0)
    question_count = max(1, min(wanted, available))
    return build_practice_quiz(
        candidate=attempt.candidate,
        code=code,
        title=_title(earlier, mode),
        rule=rule,
        question_count=question_count,
        feedback=earlier.feedback,
        time_limit_minutes=_minutes(earlier, question_count),
        blueprint=earlier.blueprint,
        standing=standing,
    )


def _rule(attempt: Attempt, mode: RepeatMode) -> DrawRule:
    """The first choice stays in it, so that a fresh set can still be drawn after a repeat of a repeat."""
    rule = attempt.quiz.rule.copy()
    rule["unseen_first"] = True
    rule.pop("questions", None)
    if mode == RepeatMode.FRESH:
        return rule
    codes = asked_codes(attempt) if mode == RepeatMode.SAME else missed_codes(attempt)
    if not codes:
        raise StartRefused("Nothing was missed in this quiz.")
    rule["questions"] = codes
    return rule


def _minutes(earlier: Quiz, question_count: int) -> int | None:
    """At the pace of the earlier quiz."""
    if earlier.time_limit_minutes is None:
        return None
    return ceil(earlier.time_limit_minutes * question_count / earlier.question_count)


def _title(earlier: Quiz, mode: RepeatMode) -> str:
    title = "Ten by the weights of the exam" if earlier.daily_on else earlier.title
    for end in TITLE_ENDS.values():
        title = title.removesuffix(end)
    return f"{title}{TITLE_ENDS[mode]}"

"""What the practice page shows: today's ten, what starts at once, parts of an exam, and the builder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import QueryDict

from accounts.models import User
from competencies.models import Blueprint, Competency, Statement
from questions.models import Question
from quizzes.forms.practice import BuildPracticeForm, Level
from quizzes.models import Attempt, Feedback, QuestionStatus
from quizzes.queries import COUNTED_AT_MOST, count_practice_questions
from quizzes.queries.pool import area_shortages
from quizzes.queries.practice import attempts_of, daily_ten_of, edition_of
from quizzes.queries.rewarding import most_rewarding_competency
from quizzes.queries.statuses import Standing, standing_of
from quizzes.services import ShortMock, short_mocks
from reviews.study_days import study_day

TEMPLATE = "quizzes/practice.html"
PRESET_QUESTIONS = 10
OPEN_SHOWN = 3
LEVEL_HINTS = {Level.EASY: "1 and 2 of 5", Level.MEDIUM: "3 of 5", Level.HARD: "4 and 5 of 5"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A quiz that one press starts; where `refusal` is said, it cannot be started now."""

    title: str
    text: str
    fields: Mapping[str, str | int] = field(default_factory=dict)
    competencies: Sequence[Competency] = ()
    refusal: str = ""
    code: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class ShortMockRow:
    mock: ShortMock
    minutes: int  # with the candidate's extra time
    extra_minutes: int
    refusal: str
    code: UUID = field(default_factory=uuid4)


@dataclass(frozen=True, slots=True)
class Choice:
    """One box of the builder."""

    code: str
    text: str
    is_chosen: bool
    note: str = ""


@dataclass(frozen=True, slots=True)
class StatementGroup:
    competency: Competency
    choices: list[Choice]

    @property
    def chosen_count(self) -> int:
        return sum(choice.is_chosen for choice in self.choices)


@dataclass(frozen=True, slots=True)
class Matching:
    count: int

    @property
    def count_text(self) -> str:
        return f"{self.count:,}{' or more' if self.count >= COUNTED_AT_MOST else ''}"


def practice_context(candidate: User, form: BuildPracticeForm, now: datetime) -> dict[str, Any]:
    standing = standing_of(candidate, at=now)
    matching = Matching(count_practice_questions(form.asked_rule(), standing))
    if not form.is_bound and form.is_narrowed_to_codes:
        form.initial["question_count"] = max(1, min(PRESET_QUESTIONS, matching.count))
    unknown = form.unknown_codes()
    counts = status_counts(standing)
    on = study_day(now, candidate.time_zone)
    open_attempts = attempts_of(candidate).running(now).exclude(quiz__daily_on=on)
    groups = statement_groups(form)
    context = {
        "form": form,
        "code": uuid4(),
        "matching": matching,
        "competency_choices": choices_of(form, "competencies", form.all_competencies),
        "statement_groups": groups,
        "statements_chosen": sum(group.chosen_count for group in groups),
        "objective_choices": choices_of(form, "objectives", form.asked_objectives),
        "status_choices": status_choices(form, counts),
        "level_choices": level_choices(form),
        "levels_chosen": form.chosen("levels"),
        "unknown_text": f"There is nothing called {', '.join(unknown)} here." if unknown else "",
        "open_attempts": open_attempts[:OPEN_SHOWN],
    }
    # Who comes with a choice knows what they want.
    if form.is_narrowed_to_codes and not form.is_bound:
        return context
    edition = edition_of(candidate)
    return {
        **context,
        "daily": DailyTen(daily_ten_of(candidate, on=on)),
        "presets": [
            *presets_by_status(counts),
            *presets_by_competency(most_rewarding_competency(candidate, on=on), form.all_competencies),
        ],
        "short_mocks": short_mock_rows(candidate, edition),
        "edition": edition,
    }


def first_choice(query: QueryDict) -> dict[str, Any]:
    """What the builder shows first: the address may name competencies, statements, objectives, statuses and levels."""
    asked = {name: query.getlist(name) for name in ("competencies", "statements", "objectives", "statuses", "levels")}
    return {
        **asked,
        "question_count": PRESET_QUESTIONS,
        "unseen_first": True,
        "feedback": Feedback.AFTER_EACH,
    }


@dataclass(frozen=True, slots=True)
class DailyTen:
    """Today's ten: not started, open, or done."""

    attempt: Attempt | None

    @property
    def text(self) -> str:
        if self.attempt is None:
            return "Ten questions for today, spread over the competencies as in the exam, new ones first."
        if self.attempt.is_open:
            # Counted by the query that found it.
            answered = self.attempt.answered_count  # type: ignore[attr-defined]
            return f"{answered} of {self.attempt.question_count} answered."
        return f"Done today: {self.attempt.raw_score or 0} of {self.attempt.question_count} right."


def status_counts(standing: Standing) -> dict[QuestionStatus, int]:
    unseen = count_practice_questions({"statuses": [QuestionStatus.UNSEEN]}, standing)
    return {status: unseen if status == QuestionStatus.UNSEEN else standing.count(status) for status in QuestionStatus}


def choices_of(form: BuildPracticeForm, name: str, rows: Sequence[Any]) -> list[Choice]:
    chosen = form.chosen(name)
    return [Choice(row.code, row.name if isinstance(row, Competency) else row.text, row.code in chosen) for row in rows]


def statement_groups(form: BuildPracticeForm) -> list[StatementGroup]:
    rows: dict[int, list[Statement]] = {competency.pk: [] for competency in form.all_competencies}
    for statement in form.all_statements:
        rows[statement.competency_id].append(statement)
    groups = [
        StatementGroup(competency, choices_of(form, "statements", rows[competency.pk]))
        for competency in form.all_competencies
    ]
    return [group for group in groups if group.choices]


def status_choices(form: BuildPracticeForm, counts: Mapping[QuestionStatus, int]) -> list[Choice]:
    chosen = form.chosen("statuses")
    return [
        Choice(status.value, str(status.label), status.value in chosen, Matching(counts[status]).count_text)
        for status in QuestionStatus
    ]


def level_choices(form: BuildPracticeForm) -> list[Choice]:
    chosen = form.chosen("levels")
    return [Choice(level.value, str(level.label), level.value in chosen, LEVEL_HINTS[level]) for level in Level]


def presets_by_status(counts: Mapping[QuestionStatus, int]) -> list[Preset]:
    unseen, missed, flagged = (
        counts[status] for status in (QuestionStatus.UNSEEN, QuestionStatus.MISSED, QuestionStatus.FLAGGED)
    )
    return [
        Preset(
            title="Quick ten",
            text="Ten questions, mixed from all competencies.",
            fields={"question_count": PRESET_QUESTIONS},
        ),
        _by_status("Unseen ten", QuestionStatus.UNSEEN, unseen, "you have not seen yet", "You have seen every one."),
        _by_status(
            "Missed", QuestionStatus.MISSED, missed, "you answered wrong the last time", "Nothing is missed just now."
        ),
        _by_status("Flagged", QuestionStatus.FLAGGED, flagged, "you flagged", "You have flagged no question."),
    ]


def _by_status(title: str, status: QuestionStatus, count: int, words: str, refusal: str) -> Preset:
    noun = "question" if count == 1 else "questions"
    return Preset(
        title=title,
        text=f"{Matching(count).count_text} {noun} {words}.",
        fields={
            "question_count": min(PRESET_QUESTIONS, count),
            "statuses": status.value,
            "unseen_first": "on",
        },
        refusal="" if count else refusal,
    )


def presets_by_competency(rewarding: Competency | None, competencies: Sequence[Competency]) -> list[Preset]:
    fields: dict[str, str | int] = {"question_count": PRESET_QUESTIONS, "unseen_first": "on"}
    presets = [
        Preset(
            title="One competency",
            text="Ten questions, all from one, new ones first.",
            fields=fields,
            competencies=competencies,
        )
    ]
    if rewarding:
        pays = Preset(
            title="What pays most",
            text=f"{rewarding.name}: where an hour of study wins most.",
            fields={**fields, "competencies": rewarding.code},
        )
        presets.insert(0, pays)
    return presets


def short_mock_rows(candidate: User, edition: Blueprint | None) -> list[ShortMockRow]:
    """The longest is looked at first: a bank that fills it fills the others."""
    rows: list[ShortMockRow] = []
    is_filled = False
    for mock in reversed(short_mocks(edition) if edition else []):
        shortages = (
            [] if is_filled else area_shortages(mock.blueprint, Question.Pool.PRACTICE, wanted=mock.question_count)
        )
        is_filled = not shortages
        refusal = f"The practice pool has too few questions for {shortages[0].area}." if shortages else ""
        minutes = candidate.minutes_of(mock.minutes)
        rows.insert(0, ShortMockRow(mock, minutes, minutes - mock.minutes, refusal))
    return rows

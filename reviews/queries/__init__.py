from __future__ import annotations

from reviews.queries.calendars import (
    Calendar,
    CalendarDay,
    calendar_page,
    get_calendar_for,
    spans_ahead,
)
from reviews.queries.fits import FitFacts, candidates_to_fit, fit_facts
from reviews.queries.leeches import leech_shares
from reviews.queries.memories import (
    LogRow,
    expected_recalls,
    fit_in_force,
    folded_cards,
    log_rows,
    parameters_of,
)
from reviews.queries.outcomes import Fading, Outcome, Return, get_review_for, outcome_of
from reviews.queries.schedules import (
    ScheduleFacts,
    SchedulePage,
    candidates_to_plan,
    candidates_with_stale_schedule,
    schedule_facts,
    schedule_page,
)
from reviews.queries.sessions import (
    AnsweredReview,
    AskedReview,
    NextDay,
    SessionCompetency,
    StudySession,
    answered_today,
    next_planned_day,
    next_question,
    same_question,
    study_session,
)
from reviews.queries.study import DEFAULT_BLUEPRINT, Study, newcomers_plan, spans_of, study_of, study_plan_of
from reviews.queries.variants import variants

__all__ = [
    "DEFAULT_BLUEPRINT",
    "AnsweredReview",
    "AskedReview",
    "Calendar",
    "CalendarDay",
    "Fading",
    "FitFacts",
    "LogRow",
    "NextDay",
    "Outcome",
    "Return",
    "ScheduleFacts",
    "SchedulePage",
    "SessionCompetency",
    "Study",
    "StudySession",
    "answered_today",
    "calendar_page",
    "candidates_to_fit",
    "candidates_to_plan",
    "candidates_with_stale_schedule",
    "expected_recalls",
    "fit_facts",
    "fit_in_force",
    "folded_cards",
    "get_calendar_for",
    "get_review_for",
    "leech_shares",
    "log_rows",
    "newcomers_plan",
    "next_planned_day",
    "next_question",
    "outcome_of",
    "parameters_of",
    "same_question",
    "schedule_facts",
    "schedule_page",
    "spans_ahead",
    "spans_of",
    "study_of",
    "study_plan_of",
    "study_session",
    "variants",
]

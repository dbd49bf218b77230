"""What somebody plans, remembers and keeps: plan, reviews, memory, notes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from progress.queries.personal_data.declaration import Column, Kind, Record
from quizzes.queries.answered import withheld_codes, withheld_questions
from reviews.models import Card, MemoryFit, Reminder, ReviewLog, Schedule, SpecialDays, StudyPlan
from study.models import Bookmark, Highlight, Note

OBJECTIVE = Column("objective", Kind.TEXT, "Code of the learning objective.", "objective.code")


def _reviews(person: User, at: datetime) -> Iterator[tuple[ReviewLog, bool]]:
    """Each with whether it may be told how it went."""
    withheld = withheld_codes(person, at=at)
    logs = ReviewLog.objects.for_candidate(person).select_related("objective", "question", "undoes").order_by("pk")
    for log in logs.iterator(chunk_size=500):
        yield log, log.question.code not in withheld


def _waiting(person: User, at: datetime) -> QuerySet[ReviewLog]:
    """Answers that must not be told yet."""
    graded = withheld_questions(person, at=at).exclude(is_correct=None)
    return ReviewLog.objects.for_candidate(person).filter(source__in=graded.values("code"))


def _cards(person: User, at: datetime) -> Iterator[Card]:
    """A memory tells how the last answer went, so those wait whose last answer must not be told yet."""
    cards = Card.objects.for_candidate(person).exclude(objective__in=_waiting(person, at).values("objective"))
    return cards.select_related("objective").order_by("pk").iterator(chunk_size=500)


def _schedules(person: User, at: datetime) -> Iterator[Schedule]:
    """Without the same objectives: the day on which one comes again tells how the last answer went."""
    waiting = set(_waiting(person, at).values_list("objective__code", flat=True))

    def told(codes: Iterable[str]) -> list[str]:
        return [code for code in codes if code not in waiting]

    for schedule in Schedule.objects.filter(candidate=person):
        schedule.days = [{**day, "reviews": told(day["reviews"]), "new": told(day["new"])} for day in schedule.days]
        schedule.dropped = told(schedule.dropped)
        yield schedule


STUDY = (
    Record(
        name="study_plan",
        title="Study plan",
        words="One row, once you have made a plan.",
        models=(StudyPlan,),
        columns=(
            Column("exam_on", Kind.DAY, "The day of your exam.", may_be_missing=True),
            Column("minutes_by_weekday", Kind.NUMBERS, "Seven numbers, Monday first."),
            Column("edition", Kind.TEXT, "The edition of the exam you prepare for.", "blueprint.name", True),
            Column("target_percent", Kind.WHOLE, "Your practice target."),
            Column("wants_reminders", Kind.YES_NO, "Whether we mail you when something is due."),
            Column("calendar_key", Kind.CODE, "Part of the address of your calendar. Whoever has it can read it."),
            Column("changed_at", Kind.MOMENT, "When you last changed it."),
        ),
        rows=lambda person, at: StudyPlan.objects.filter(candidate=person).select_related("blueprint"),
    ),
    Record(
        name="special_days",
        title="Breaks, easy days and mock days",
        words="Days on which the minutes of the weekday do not hold.",
        models=(SpecialDays,),
        columns=(
            Column("kind", Kind.TEXT, "off, easy or mock."),
            Column("starts_on", Kind.DAY, "The first day."),
            Column("ends_on", Kind.DAY, "The last day."),
        ),
        rows=lambda person, at: SpecialDays.objects.filter(plan__candidate=person),
    ),
    Record(
        name="reminders",
        title="Reminders we mailed",
        words="One row for each day.",
        models=(Reminder,),
        columns=(
            Column("on", Kind.DAY, "The day."),
            Column("mailed_at", Kind.MOMENT, "When.", "claimed_at"),
        ),
        rows=lambda person, at: Reminder.objects.filter(candidate=person).order_by("pk"),
    ),
    Record(
        name="reviews",
        title="Reviews",
        words="Each recall of an objective, in reviews and in quizzes. This is what your memory is computed from.",
        models=(ReviewLog,),
        columns=(
            Column("code", Kind.CODE, "Stands for this review.", lambda told: told[0].source),
            Column("objective", Kind.TEXT, "Code of the learning objective.", lambda told: told[0].objective.code),
            Column("question", Kind.TEXT, "Code of the question that asked it.", lambda told: told[0].question.code),
            Column("question_version", Kind.WHOLE, "Version of that question.", lambda told: told[0].question.version),
            Column("selected_label", Kind.TEXT, "The option you chose.", lambda told: told[0].selected_label),
            Column(
                "rating",
                Kind.WHOLE,
                "1 not known, 2 with effort, 3 known, 4 easily. Empty while an exam that asks this question is open.",
                lambda told: told[0].rating if told[1] else None,
                may_be_missing=True,
            ),
            Column("seconds", Kind.WHOLE, "How long it was on screen.", lambda told: told[0].seconds),
            Column("is_from_review", Kind.YES_NO, "Not from a quiz.", lambda told: told[0].is_from_review),
            Column("study_day", Kind.DAY, "The day it counts for.", lambda told: told[0].study_day),
            Column("reviewed_at", Kind.MOMENT, "When.", lambda told: told[0].reviewed_at),
            Column(
                "takes_back",
                Kind.CODE,
                "The review that this row takes back.",
                lambda told: told[0].undoes.source if told[0].undoes else None,
                may_be_missing=True,
            ),
        ),
        rows=_reviews,
    ),
    Record(
        name="memories",
        title="What we think you remember",
        words="Derived from your reviews, one row for each objective, and computed again after each.",
        models=(Card,),
        columns=(
            OBJECTIVE,
            Column("stability", Kind.NUMBER, "Days until the chance of recall falls to 90 percent."),
            Column("difficulty", Kind.NUMBER, "1 (easy) to 10 (hard), for you."),
            Column("last_reviewed_on", Kind.DAY, "The last study day you were asked."),
            Column("first_rating", Kind.WHOLE, "How the first review went, 1 to 4."),
            Column("reviews", Kind.WHOLE, "How many count.", "reps"),
            Column("lapses", Kind.WHOLE, "How often you had known it and then missed it."),
            Column("leech_on", Kind.DAY, "Since when it keeps slipping away.", may_be_missing=True),
        ),
        rows=_cards,
    ),
    Record(
        name="memory_fits",
        title="How fast you forget",
        words="Derived: the memory model fitted to your reviews, with how well each fit foretold the newest ones.",
        models=(MemoryFit,),
        columns=(
            Column("fitted_at", Kind.MOMENT, "When."),
            Column("is_accepted", Kind.YES_NO, "Whether it came into force."),
            Column("reason", Kind.TEXT, "Why it did, or did not."),
            Column("reviews", Kind.WHOLE, "How many reviews it rests on."),
            Column("parameters", Kind.NUMBERS, "Twenty-one numbers of the model (FSRS-6)."),
            Column("log_loss", Kind.NUMBER, "Its error. Smaller is better."),
            Column("log_loss_default", Kind.NUMBER, "The error of what everybody starts with."),
        ),
        rows=lambda person, at: MemoryFit.objects.filter(candidate=person).order_by("pk"),
    ),
    Record(
        name="schedule",
        title="Schedule",
        words="Derived from your plan and your reviews, and computed again each night. One row.",
        models=(Schedule,),
        columns=(
            Column("built_at", Kind.MOMENT, "When."),
            Column("starts_on", Kind.DAY, "Its first day."),
            Column("exam_on", Kind.DAY, "The day of your exam.", may_be_missing=True),
            Column("days", Kind.ENTRIES, "Each day with its minutes and its objectives."),
            Column("dropped", Kind.TEXTS, "Objectives that do not fit before the exam."),
            Column("projected_recall", Kind.NUMBER, "Mean recall on exam day, 0 to 1.", may_be_missing=True),
            Column("expected_score", Kind.NUMBER, "Percent on exam day.", may_be_missing=True),
            Column("score_low", Kind.NUMBER, "Nine in ten such scores lie between this", may_be_missing=True),
            Column("score_high", Kind.NUMBER, "and this.", may_be_missing=True),
        ),
        rows=_schedules,
    ),
    Record(
        name="notes",
        title="Notes",
        words="What you wrote beside the objectives.",
        models=(Note,),
        columns=(
            OBJECTIVE,
            Column("text", Kind.TEXT, "Your words."),
            Column("updated_at", Kind.MOMENT, "When you last changed it."),
        ),
        rows=lambda person, at: Note.objects.filter(candidate=person).select_related("objective").order_by("pk"),
    ),
    Record(
        name="bookmarks",
        title="Bookmarks",
        words="Objectives you wanted to find again.",
        models=(Bookmark,),
        columns=(OBJECTIVE, Column("created_at", Kind.MOMENT, "When.")),
        rows=lambda person, at: Bookmark.objects.filter(candidate=person).select_related("objective").order_by("pk"),
    ),
    Record(
        name="highlights",
        title="Highlights",
        words="Passages you marked in study texts.",
        models=(Highlight,),
        columns=(
            OBJECTIVE,
            Column("passage", Kind.TEXT, "The words you marked."),
            Column("occurrence", Kind.WHOLE, "Which of several like passages, from 1."),
            Column("created_at", Kind.MOMENT, "When."),
        ),
        rows=lambda person, at: Highlight.objects.filter(candidate=person).select_related("objective").order_by("pk"),
    ),
)

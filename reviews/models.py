from __future__ import annotations

import uuid
from datetime import date
from typing import TypedDict

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef

from accounts.models import User
from competencies.models import Blueprint, Objective
from questions.models import Question
from reviews.scheduler import Memory

DEFAULT_MINUTES = [20, 20, 20, 20, 20, 30, 30]


def default_minutes() -> list[int]:
    return list(DEFAULT_MINUTES)


class Rating(models.IntegerChoices):
    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class StudyPlan(models.Model):
    """The candidate's wishes; the schedule is what a worker makes of them."""

    candidate = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="study_plan")
    exam_on = models.DateField("exam date", null=True, blank=True)
    minutes_by_weekday: models.JSONField[list[int], list[int]] = models.JSONField(
        default=default_minutes, help_text="Seven whole numbers, Monday first."
    )
    blueprint = models.ForeignKey(
        Blueprint, null=True, blank=True, on_delete=models.SET_NULL, related_name="study_plans"
    )
    target_percent = models.PositiveSmallIntegerField(
        "practice target",
        default=75,
        validators=[MinValueValidator(50), MaxValueValidator(100)],
        help_text="Your own goal in percent. The official standard is not published.",
    )
    wants_reminders = models.BooleanField("email reminders", default=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target_percent__range=(50, 100)), name="study_plan_target_percent_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"Study plan of {self.candidate}"


def practice_questions_exist(objective: OuterRef) -> Exists:
    return Exists(Question.objects.published().practice().filter(objective=objective))


class CardQuerySet(models.QuerySet["Card"]):
    def for_candidate(self, candidate: User) -> CardQuerySet:
        return self.filter(candidate=candidate)

    def due(self, on: date) -> CardQuerySet:
        return self.filter(due_on__lte=on)

    def askable(self) -> CardQuerySet:
        """Only those whose objective has a practice question to ask."""
        return self.filter(practice_questions_exist(OuterRef("objective")))


class Card(models.Model):
    """The memory of one candidate for one objective (FSRS-6). Derived: a fold over that pair's ReviewLog rows."""

    class State(models.IntegerChoices):
        LEARNING = 1
        REVIEW = 2
        RELEARNING = 3

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="cards")
    state = models.PositiveSmallIntegerField(choices=State)
    stability = models.FloatField(help_text="Days until recall falls to 90 %.")
    difficulty = models.FloatField(help_text="1 (easy) to 10 (hard), of the card and not of a question.")
    due_on = models.DateField(help_text="A study day in the candidate's time zone.")
    last_reviewed_on = models.DateField()
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    algorithm_version = models.CharField(max_length=16)
    as_of_log_id = models.PositiveBigIntegerField()

    objects = CardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "objective"], name="card_one_per_candidate_and_objective"),
            models.CheckConstraint(condition=models.Q(state__in=[1, 2, 3]), name="card_state_known"),
            models.CheckConstraint(condition=models.Q(stability__gt=0), name="card_stability_positive"),
            models.CheckConstraint(condition=models.Q(difficulty__range=(1, 10)), name="card_difficulty_in_range"),
        ]
        indexes = [
            # The review page and Today: what is due for one candidate.
            models.Index(fields=["candidate", "due_on"], name="card_due_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} of {self.candidate_id}, due {self.due_on}"

    @property
    def memory(self) -> Memory:
        return Memory(
            stability=self.stability,
            difficulty=self.difficulty,
            state=self.state,
            due_on=self.due_on,
            last_reviewed_on=self.last_reviewed_on,
            reps=self.reps,
            lapses=self.lapses,
        )


class ReviewLogQuerySet(models.QuerySet["ReviewLog"]):
    def for_candidate(self, candidate: User) -> ReviewLogQuerySet:
        return self.filter(candidate=candidate)


class ReviewLog(models.Model):
    """Append-only: one recall of one objective, asked by one question."""

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="review_logs")
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="review_logs")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="review_logs")
    # The fact behind the row (a review form's key, or a response's code): told twice, it is written once.
    source = models.UUIDField(default=uuid.uuid4, editable=False)
    selected_label = models.CharField(max_length=1, blank=True)
    rating = models.PositiveSmallIntegerField(choices=Rating)
    seconds = models.PositiveIntegerField(default=0)
    # Its feedback may be shown at any time; a quiz has a feedback policy of its own, which this app cannot know.
    is_from_review = models.BooleanField("asked on the review page", default=False)
    study_day = models.DateField(help_text="In the candidate's time zone, cut off at 04:00.")
    reviewed_at = models.DateTimeField()

    objects = ReviewLogQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "source"], name="review_log_source_unique_in_candidate"),
            models.CheckConstraint(condition=models.Q(rating__range=(1, 4)), name="review_log_rating_in_range"),
        ]
        indexes = [
            # Folding one card; choosing the variant not seen for longest.
            models.Index(fields=["candidate", "objective", "id"], name="review_log_fold_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} rated {self.rating} on {self.study_day}"


class ScheduledDay(TypedDict):
    """An entry of `Schedule.days`."""

    on: str  # ISO date
    capacity: int  # minutes that the plan allows
    minutes: int  # minutes planned, never more than capacity
    reviews: list[str]  # objective codes
    new: list[str]  # objective codes


class Schedule(models.Model):
    """Day by day from `starts_on` to the day before the exam. Derived from the plan and the log; one per candidate."""

    candidate = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schedule")
    starts_on = models.DateField()
    exam_on = models.DateField(null=True, blank=True)
    days: models.JSONField[list[ScheduledDay], list[ScheduledDay]] = models.JSONField()
    dropped: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, help_text="Codes of objectives that do not fit before the exam."
    )
    projected_recall = models.FloatField(
        null=True, blank=True, help_text="Mean recall over all objectives on exam day, 0 to 1."
    )
    algorithm_version = models.CharField(max_length=16)
    as_of_log_id = models.PositiveBigIntegerField(help_text="Newest ReviewLog row it has seen; 0 for none.")
    plan_changed_at = models.DateTimeField(null=True, help_text="`StudyPlan.changed_at` of the plan it has seen.")
    built_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Schedule of {self.candidate_id} from {self.starts_on}"

    def days_from(self, on: date) -> list[ScheduledDay]:
        """Without the days that are over; yesterday's schedule stands until it is rebuilt."""
        return [day for day in self.days if day["on"] >= on.isoformat()]


class Reminder(models.Model):
    """One row per candidate and day, written before the mail is sent: a task run twice sends one mail."""

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    on = models.DateField()
    claimed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "on"], name="reminder_one_per_candidate_and_day"),
        ]

    def __str__(self) -> str:
        return f"Reminder to {self.candidate_id} on {self.on}"

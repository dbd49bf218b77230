from __future__ import annotations

import uuid
from datetime import date
from typing import TypedDict

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import User
from competencies.models import Blueprint, Objective
from questions.models import Question

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
    # Whoever has the address of the calendar can read it; a new key takes an address back.
    calendar_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(target_percent__range=(50, 100)), name="study_plan_target_percent_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"Study plan of {self.candidate}"


class SpecialDays(models.Model):
    """Dates on which the minutes of the weekday do not hold."""

    class Kind(models.TextChoices):
        OFF = "off", "No study"
        EASY = "easy", "Half the minutes"
        MOCK = "mock", "Mock exam"

    plan = models.ForeignKey(StudyPlan, on_delete=models.CASCADE, related_name="special_days")
    kind = models.CharField(max_length=4, choices=Kind)
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last of the days.")

    class Meta:
        ordering = ["starts_on", "pk"]
        verbose_name_plural = "special days"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["off", "easy", "mock"]), name="special_days_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="special_days_end_after_start"
            ),
            # A double click adds one.
            models.UniqueConstraint(fields=["plan", "kind", "starts_on"], name="special_days_once_per_plan_and_start"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} from {self.starts_on}"


class MemoryFit(models.Model):
    """Parameters of the memory model, fitted to one candidate's log, with how well they foretell what came later.

    Derived, one row per fit; the newest accepted one is in force. All scores are of the newest part of the log, which
    took no part in the fit.
    """

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memory_fits")
    parameters: models.JSONField[list[float], list[float]] = models.JSONField(help_text="Twenty-one numbers, w0 first.")
    is_accepted = models.BooleanField()
    reason = models.CharField(max_length=200, help_text="Why it was accepted or refused.")
    reviews = models.PositiveIntegerField(help_text="Reviews on a later day than the one before.")
    log_loss = models.FloatField()
    log_loss_default = models.FloatField(help_text="Of the parameters that everybody starts with.")
    log_loss_average = models.FloatField(help_text="Of the candidate's own average, foretold each time.")
    rmse_bins = models.FloatField()
    rmse_bins_default = models.FloatField()
    algorithm_version = models.CharField(max_length=16)
    as_of_log_id = models.PositiveBigIntegerField()
    fitted_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            # A task that comes twice fits once.
            models.UniqueConstraint(
                fields=["candidate", "algorithm_version", "as_of_log_id"], name="memory_fit_once_per_log"
            ),
        ]

    def __str__(self) -> str:
        return f"Fit of {self.candidate_id} as of {self.as_of_log_id}"


class CardQuerySet(models.QuerySet["Card"]):
    def for_candidate(self, candidate: User) -> CardQuerySet:
        return self.filter(candidate=candidate)


class Card(models.Model):
    """The memory of one candidate for one objective (FSRS-6). Derived: a fold over that pair's ReviewLog rows."""

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="cards")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="cards")
    stability = models.FloatField(help_text="Days until recall falls to 90 %.")
    difficulty = models.FloatField(help_text="1 (easy) to 10 (hard), of the card and not of a question.")
    last_reviewed_on = models.DateField(help_text="A study day in the candidate's time zone.")
    first_rating = models.PositiveSmallIntegerField(choices=Rating, help_text="Whether it was known before any study.")
    reps = models.PositiveIntegerField(default=0)
    lapses = models.PositiveIntegerField(default=0)
    leech_on = models.DateField(
        null=True, blank=True, help_text="The day of the miss that made it a leech; empty once it was known again."
    )
    fit = models.ForeignKey(MemoryFit, null=True, blank=True, on_delete=models.SET_NULL, related_name="cards")
    algorithm_version = models.CharField(max_length=16)
    as_of_log_id = models.PositiveBigIntegerField()

    objects = CardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["candidate", "objective"], name="card_one_per_candidate_and_objective"),
            models.CheckConstraint(condition=models.Q(stability__gt=0), name="card_stability_positive"),
            models.CheckConstraint(condition=models.Q(difficulty__range=(1, 10)), name="card_difficulty_in_range"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} of {self.candidate_id}, last on {self.last_reviewed_on}"


class ReviewLogQuerySet(models.QuerySet["ReviewLog"]):
    def for_candidate(self, candidate: User) -> ReviewLogQuerySet:
        return self.filter(candidate=candidate)

    def standing(self) -> ReviewLogQuerySet:
        """Without reviews that were taken back, and without the rows that took them back."""
        return self.filter(undoes=None, undone_by=None)


class ReviewLog(models.Model):
    """Append-only: one recall of one objective, asked by one question. A row that `undoes` another takes it back."""

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
    undoes = models.OneToOneField("self", null=True, blank=True, on_delete=models.CASCADE, related_name="undone_by")

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
            # Whether a schedule has seen the newest row.
            models.Index(fields=["candidate", "-id"], name="review_log_newest_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} rated {self.rating} on {self.study_day}"

    @property
    def is_undone(self) -> bool:
        return hasattr(self, "undone_by")


class ScheduledDay(TypedDict):
    """An entry of `Schedule.days`."""

    on: str  # ISO date
    capacity: int  # minutes that the plan allows
    minutes: int  # minutes planned, never more than capacity
    reviews: list[str]  # objective codes
    new: list[str]  # objective codes
    is_mock: bool  # a mock exam takes the day


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
    expected_score = models.FloatField(null=True, blank=True, help_text="Percent on exam day, of unseen questions.")
    score_low = models.FloatField(null=True, blank=True, help_text="Nine in ten scores lie between low")
    score_high = models.FloatField(null=True, blank=True, help_text="and high.")
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

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort, Membership
from competencies.models import Blueprint
from questions.models import Question


class Feedback(models.TextChoices):
    """When the key and the rationales may leave the server."""

    AFTER_EACH = "after_each", "After each question"
    AT_END = "at_end", "At the end"
    AFTER_DUE = "after_due", "After the due date"


class QuestionStatus(models.TextChoices):
    """What a candidate's answers since the newest reset say of a question; a question can have several."""

    UNSEEN = "unseen", "Not seen yet"
    MISSED = "missed", "Missed last time"
    UNSURE = "unsure", "Right, but not sure"
    FLAGGED = "flagged", "Flagged"


class DrawRule(TypedDict, total=False):
    """`Quiz.rule`: which questions a draw may take. A missing or empty list does not narrow."""

    competencies: list[str]
    statements: list[str]
    objectives: list[str]
    difficulties: list[int]  # as authored, 1 to 5
    statuses: list[str]  # values of QuestionStatus
    questions: list[str]  # codes of questions, to ask the same ones again
    unseen_first: bool


class QuizQuerySet(models.QuerySet["Quiz"]):
    def mocks(self) -> QuizQuerySet:
        return self.filter(kind=Quiz.Kind.MOCK)


class Quiz(models.Model):
    """What is asked, not who sits it: a rule or a chosen list, a time limit and a feedback policy."""

    class Kind(models.TextChoices):
        PRACTICE = "practice", "Practice quiz"
        MOCK = "mock", "Mock exam"
        PLACEMENT = "placement", "Placement test"

    code = models.UUIDField(default=uuid.uuid4, unique=True)
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=9, choices=Kind)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="quizzes"
    )
    blueprint = models.ForeignKey(
        Blueprint,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="quizzes",
        help_text="A mock exam draws from the sealed pool at this edition's weights.",
    )
    rule: models.JSONField[DrawRule, DrawRule] = models.JSONField(default=dict, blank=True)
    chosen_questions: models.ManyToManyField[Question, QuizQuestion] = models.ManyToManyField(
        Question, through="QuizQuestion", related_name="quizzes", blank=True
    )
    question_count = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(200)])
    time_limit_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    feedback = models.CharField(max_length=10, choices=Feedback, default=Feedback.AFTER_EACH)
    cut_score = models.PositiveSmallIntegerField(default=75, help_text="Practice target in percent.")
    daily_on = models.DateField(null=True, blank=True, help_text="The study day whose ten questions these are.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = QuizQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "quizzes"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["practice", "mock", "placement"]), name="quiz_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(feedback__in=["after_each", "at_end", "after_due"]), name="quiz_feedback_known"
            ),
            models.CheckConstraint(condition=models.Q(cut_score__lte=100), name="quiz_cut_score_is_percent"),
            # The shared mock of an edition is one row, so that two starts at once meet in one open attempt.
            models.UniqueConstraint(
                fields=["blueprint"],
                condition=models.Q(kind="mock", author=None),
                name="quiz_one_shared_mock_per_blueprint",
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(kind="placement"), name="quiz_one_placement_test"
            ),
            models.UniqueConstraint(
                fields=["author", "daily_on"],
                condition=models.Q(daily_on__isnull=False),
                name="quiz_one_daily_ten_per_author_and_day",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="mock") | models.Q(blueprint__isnull=False), name="quiz_mock_has_blueprint"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class QuizQuestion(models.Model):
    """A question that a coordinator chose for a quiz."""

    quiz = models.ForeignKey(Quiz, on_delete=models.CASCADE, related_name="quiz_questions")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="quiz_questions")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["quiz", "question"], name="quiz_question_once_in_quiz"),
            models.UniqueConstraint(fields=["quiz", "position"], name="quiz_question_position_unique_in_quiz"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of {self.quiz}"


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def led_by(self, coordinator: User) -> AssignmentQuerySet:
        return self.filter(cohort__coordinator=coordinator)

    def for_candidate(self, candidate: User) -> AssignmentQuerySet:
        return self.filter(cohort__memberships__candidate=candidate, cohort__memberships__left_at=None)

    def open(self, at: datetime) -> AssignmentQuerySet:
        return self.filter(opens_at__lte=at, due_at__gt=at)


class Assignment(models.Model):
    """A quiz given to a cohort. It can be started from `opens_at`; everything ends at `due_at`."""

    code = models.UUIDField(default=uuid.uuid4, unique=True)
    cohort = models.ForeignKey(Cohort, on_delete=models.CASCADE, related_name="assignments")
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="assignments")
    opens_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts_allowed = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["due_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(due_at__gt=models.F("opens_at")), name="assignment_due_after_open"
            ),
            models.CheckConstraint(
                condition=models.Q(attempts_allowed__range=(1, 10)), name="assignment_attempts_allowed_in_range"
            ),
        ]
        indexes = [
            # Today and the coordinator's list: the assignments of a cohort by due date.
            models.Index(fields=["cohort", "due_at"], name="assignment_cohort_due_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} for {self.cohort}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:assignment-detail", args=[self.code])

    def is_asked_of(self, membership: Membership) -> bool:
        """Who joined after the due date was never asked."""
        return membership.joined_at < self.due_at

    def was_due_of(self, membership: Membership, at: datetime) -> bool:
        return self.is_asked_of(membership) and self.due_at <= at

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TypedDict

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from accounts.models import User
from cohorts.models import Cohort
from competencies.models import Blueprint
from questions.models import Question
from quizzes.scoring import percent_of


class Feedback(models.TextChoices):
    """When the key and the rationales may leave the server."""

    AFTER_EACH = "after_each", "After each question"
    AT_END = "at_end", "At the end"
    AFTER_DUE = "after_due", "After the due date"


class DrawRule(TypedDict, total=False):
    """`Quiz.rule`: which questions a draw may take. A missing or empty list does not narrow."""

    competencies: list[str]
    statements: list[str]
    objectives: list[str]
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


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def for_candidate(self, candidate: User) -> AttemptQuerySet:
        return self.filter(candidate=candidate)

    def in_progress(self) -> AttemptQuerySet:
        return self.filter(state=Attempt.State.IN_PROGRESS)

    def overdue(self, at: datetime) -> AttemptQuerySet:
        return self.in_progress().filter(deadline_at__lte=at)

    def finished(self) -> AttemptQuerySet:
        return self.filter(state__in=[Attempt.State.SUBMITTED, Attempt.State.GRADED])


class Attempt(models.Model):
    """One sitting. Policy, target and deadline are frozen at the start; the drawn questions are its responses."""

    class State(models.TextChoices):
        IN_PROGRESS = "in_progress", "In progress"
        SUBMITTED = "submitted", "Submitted"
        GRADED = "graded", "Graded"
        ABANDONED = "abandoned", "Abandoned"

    code = models.UUIDField(default=uuid.uuid4, unique=True)
    quiz = models.ForeignKey(Quiz, on_delete=models.PROTECT, related_name="attempts")
    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="attempts")
    assignment = models.ForeignKey(Assignment, null=True, blank=True, on_delete=models.PROTECT, related_name="attempts")
    state = models.CharField(max_length=11, choices=State, default=State.IN_PROGRESS)
    feedback = models.CharField(max_length=10, choices=Feedback)
    cut_score = models.PositiveSmallIntegerField()
    question_count = models.PositiveSmallIntegerField()
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True, help_text="The deadline, if that came first.")
    graded_at = models.DateTimeField(null=True, blank=True)
    raw_score = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        constraints = [
            # Fifty starts at once are one attempt.
            models.UniqueConstraint(
                fields=["candidate", "quiz"],
                condition=models.Q(state="in_progress"),
                name="attempt_one_open_per_candidate_and_quiz",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["in_progress", "submitted", "graded", "abandoned"]),
                name="attempt_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(feedback__in=["after_each", "at_end", "after_due"]), name="attempt_feedback_known"
            ),
            models.CheckConstraint(
                condition=models.Q(raw_score=None) | models.Q(raw_score__lte=models.F("question_count")),
                name="attempt_raw_score_at_most_question_count",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["submitted", "graded"]) | models.Q(submitted_at__isnull=False),
                name="attempt_finished_has_submitted_at",
            ),
        ]
        indexes = [
            # The sweep, each minute.
            models.Index(fields=["deadline_at"], condition=models.Q(state="in_progress"), name="attempt_overdue_idx"),
            # The same sweep: what a fault left ungraded.
            models.Index(fields=["id"], condition=models.Q(state="submitted"), name="attempt_ungraded_idx"),
            # Results over time of one candidate.
            models.Index(fields=["candidate", "-started_at"], name="attempt_candidate_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.quiz} by {self.candidate_id}"

    def get_absolute_url(self) -> str:
        return reverse("quizzes:attempt-detail", args=[self.code])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.IN_PROGRESS

    @property
    def is_mock(self) -> bool:
        return self.quiz.kind == Quiz.Kind.MOCK

    @property
    def is_placement(self) -> bool:
        return self.quiz.kind == Quiz.Kind.PLACEMENT

    @property
    def percent_correct(self) -> int | None:
        return None if self.raw_score is None else percent_of(self.raw_score, self.question_count)

    def is_overdue(self, at: datetime) -> bool:
        return self.is_open and self.deadline_at is not None and at >= self.deadline_at

    def remaining_seconds(self, at: datetime) -> int | None:
        """Whole seconds to the deadline, never below zero; None without a time limit."""
        if self.deadline_at is None:
            return None
        return max(0, int((self.deadline_at - at).total_seconds())) if self.is_open else 0

    def shows_rationales(self, at: datetime) -> bool:
        """Whether key and rationales of every question may leave the server (see `Response.shows_rationale`)."""
        if self.is_open:
            return False
        if self.feedback == Feedback.AFTER_DUE and self.assignment is not None:
            return at >= self.assignment.due_at
        return True


class Response(models.Model):
    """One drawn question in one attempt, with what the candidate last chose."""

    class Confidence(models.TextChoices):
        SURE = "sure", "Sure"
        UNSURE = "unsure", "Unsure"
        GUESS = "guess", "Guessing"

    code = models.UUIDField(default=uuid.uuid4, unique=True)
    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses")
    position = models.PositiveSmallIntegerField(help_text="From 1.")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="responses")
    option_order = models.CharField(max_length=4, help_text="Labels in the order shown, such as CADB.")
    selected_label = models.CharField(max_length=1, blank=True)
    is_flagged = models.BooleanField(default=False)
    confidence = models.CharField(max_length=6, choices=Confidence, blank=True)
    seconds = models.PositiveIntegerField(default=0, help_text="Time the question was on screen.")
    sequence = models.PositiveIntegerField(default=0, help_text="Of the newest answer; older ones are refused.")
    answered_at = models.DateTimeField(null=True, blank=True)
    # Learning mode: feedback was shown, so the answer stands.
    checked_at = models.DateTimeField(null=True, blank=True)
    # Frozen when given, so that a later change of the question cannot rewrite history.
    is_correct = models.BooleanField(null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="response_position_unique_in_attempt"),
            models.UniqueConstraint(fields=["attempt", "question"], name="response_question_once_in_attempt"),
            models.CheckConstraint(
                condition=models.Q(selected_label__in=["", "A", "B", "C", "D"]), name="response_label_known"
            ),
            models.CheckConstraint(
                condition=models.Q(confidence__in=["", "sure", "unsure", "guess"]), name="response_confidence_known"
            ),
        ]
        indexes = [
            # Item statistics: every response to one question.
            models.Index(fields=["question", "is_correct"], name="response_item_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.position} of attempt {self.attempt_id}"

    def shows_rationale(self, at: datetime) -> bool:
        """Whether this question's key and rationales may leave the server."""
        return self.attempt.shows_rationales(at) or (
            self.attempt.feedback == Feedback.AFTER_EACH and self.checked_at is not None
        )


class Answer(models.Model):
    """Append-only: each choice that reached the server. The client's key makes a repeated post a no-op."""

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="answers")
    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    key = models.UUIDField(help_text="Made by the client, once per choice.")
    sequence = models.PositiveIntegerField(help_text="Counted by the client, per response, from 1.")
    label = models.CharField(max_length=1, blank=True)
    is_flagged = models.BooleanField(default=False)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "key"], name="answer_key_unique_in_attempt"),
            models.UniqueConstraint(fields=["response", "sequence"], name="answer_sequence_unique_in_response"),
            models.CheckConstraint(condition=models.Q(label__in=["", "A", "B", "C", "D"]), name="answer_label_known"),
        ]

    def __str__(self) -> str:
        return f"{self.label or '-'} ({self.sequence}) for response {self.response_id}"


class OptionStatistics(TypedDict):
    """An entry of `ItemStatistics.option_statistics`."""

    count: int
    share: float
    discrimination: float | None  # correlation of choosing it with the rest score
    top_share: float | None  # among the third with the highest rest scores


class ItemStatistics(models.Model):
    """How a question performs, from first answers only. Derived nightly from Response."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="statistics")
    n = models.PositiveIntegerField(help_text="First answers counted.")
    facility = models.FloatField(help_text="Share correct, 0 to 1.")
    discrimination_n = models.PositiveIntegerField(
        default=0, help_text="Of them, by candidates with enough other answers to correlate with."
    )
    discrimination = models.FloatField(
        null=True, blank=True, help_text="Correlation with the rest score, -1 to 1. Empty without variance."
    )
    efficiency = models.FloatField(
        null=True, blank=True, help_text="Percent of the highest covariance that these marks allow."
    )
    upper_lower = models.FloatField(
        null=True, blank=True, help_text="Share correct of the upper 27 % of candidates less that of the lower."
    )
    median_seconds = models.FloatField(null=True, blank=True)
    option_statistics: models.JSONField[dict[str, OptionStatistics], dict[str, OptionStatistics]] = models.JSONField(
        default=dict
    )
    flags: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, help_text="Codes of what to look at."
    )
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "item statistics"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(facility__range=(0, 1)), name="item_statistics_facility_is_share"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: n = {self.n}, p = {self.facility:.2f}"


class Calibration(models.Model):
    """One nightly run over all first answers. Derived; the newest accepted one is in force."""

    is_accepted = models.BooleanField()
    reason = models.CharField(max_length=200, help_text="Why it was accepted or refused.")
    answers = models.PositiveIntegerField()
    candidates = models.PositiveIntegerField()
    questions = models.PositiveIntegerField()
    log_loss_before = models.FloatField(
        null=True, blank=True, help_text="Held-out answers, parameters in force before."
    )
    log_loss_after = models.FloatField(null=True, blank=True, help_text="The same answers, parameters of this run.")
    # What readiness starts from.
    prior_mean = models.FloatField(help_text="Mean ability of candidates, logits.")
    general_spread = models.FloatField(help_text="Standard deviation between candidates, logits.")
    specific_spread = models.FloatField(help_text="Standard deviation between competencies of a candidate, logits.")
    forgetting: models.JSONField[list[float], list[float]] = models.JSONField(
        default=list, blank=True, help_text="Constant and weights of ability and recall; empty for the assumed ones."
    )
    model_version = models.CharField(max_length=16)
    as_of_response_id = models.PositiveBigIntegerField()
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["model_version", "as_of_response_id"], name="calibration_once_per_state_of_answers"
            ),
        ]

    def __str__(self) -> str:
        return f"Calibration as of {self.as_of_response_id}"


class ItemParameters(models.Model):
    """Difficulty and discrimination of a question on the scale of ability, by the newest accepted calibration."""

    question = models.OneToOneField(Question, on_delete=models.CASCADE, related_name="parameters")
    calibration = models.ForeignKey(Calibration, on_delete=models.CASCADE, related_name="item_parameters")
    difficulty = models.FloatField(help_text="Logits; 0 is the middle of the authored scale.")
    difficulty_se = models.FloatField()
    discrimination = models.FloatField(default=1.0)
    n = models.PositiveIntegerField(help_text="First answers that it rests on.")

    class Meta:
        verbose_name_plural = "item parameters"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(discrimination__gt=0), name="item_parameters_discrimination_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}: b = {self.difficulty:.2f}"


class FormStatistics(models.Model):
    """Reliability of a quiz whose questions are the same for everybody. Derived nightly."""

    quiz = models.OneToOneField(Quiz, on_delete=models.CASCADE, related_name="statistics")
    n = models.PositiveIntegerField(help_text="Candidates; of each the first complete attempt.")
    items = models.PositiveSmallIntegerField()
    mean = models.FloatField(help_text="Percent.")
    sd = models.FloatField(help_text="Of the sample, percent.")
    alpha = models.FloatField(null=True, blank=True, help_text="KR-20; empty without variance.")
    sem = models.FloatField(null=True, blank=True, help_text="Standard error of a score, percent.")
    computed_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "form statistics"

    def __str__(self) -> str:
        return f"{self.quiz_id}: n = {self.n}"

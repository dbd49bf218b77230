from __future__ import annotations

from typing import TypedDict

from django.db import models

from questions.models import Question
from quizzes.models.quizzes import Quiz


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

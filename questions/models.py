from __future__ import annotations

import uuid
from typing import TypedDict

from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import User
from competencies.models import Objective, Reference


class Option(TypedDict):
    """An entry of `Question.options`. The label is identity; the order on the page is shuffled per response."""

    label: str
    text: str
    rationale: str


class QuestionQuerySet(models.QuerySet["Question"]):
    def published(self) -> QuestionQuerySet:
        return self.filter(status=Question.Status.PUBLISHED)

    def practice(self) -> QuestionQuerySet:
        return self.filter(pool=Question.Pool.PRACTICE)

    def sealed(self) -> QuestionQuerySet:
        """The mock pool: shown in mock exams only, so that a mock measures and is not remembered."""
        return self.filter(pool=Question.Pool.MOCK)

    def signed_off(self) -> QuestionQuerySet:
        return self.filter(models.Exists(SignOff.objects.filter(question=models.OuterRef("pk"))))

    def not_signed_off(self) -> QuestionQuerySet:
        return self.exclude(models.Exists(SignOff.objects.filter(question=models.OuterRef("pk"))))

    def with_blueprint(self) -> QuestionQuerySet:
        return self.select_related("objective__statement__competency")


class QuestionManager(models.Manager["Question"]):
    def get_by_natural_key(self, code: str, version: int) -> Question:
        return self.get(code=code, version=version)


class Question(models.Model):
    """One immutable version of a question. A published one is never edited: `services.publish_version` replaces it."""

    class Pool(models.TextChoices):
        PRACTICE = "practice", "Practice"
        MOCK = "mock", "Mock exams (sealed)"

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        IN_REVIEW = "in_review", "In review"
        PUBLISHED = "published", "Published"
        RETIRED = "retired", "Retired"

    class CognitiveLevel(models.TextChoices):
        RECALL = "recall", "Recall"
        APPLICATION = "application", "Application"
        ANALYSIS = "analysis", "Analysis or evaluation"

    code = models.CharField(max_length=24)
    version = models.PositiveSmallIntegerField(default=1)
    objective = models.ForeignKey(Objective, on_delete=models.PROTECT, related_name="questions")
    pool = models.CharField(max_length=8, choices=Pool)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    cognitive_level = models.CharField(max_length=11, choices=CognitiveLevel)
    difficulty = models.PositiveSmallIntegerField(help_text="As authored: 1 (easy) to 5 (hard).")
    stem = models.TextField(help_text="Markdown.")
    options: models.JSONField[list[Option], list[Option]] = models.JSONField(
        help_text="Four entries of label, text and rationale."
    )
    key = models.CharField(max_length=1, help_text="Label of the correct option.")
    references = models.ManyToManyField(Reference, related_name="questions", blank=True)
    locators: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(
        default=dict, blank=True, help_text="Where in a reference, by its code: {code: “p. 50”}."
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="authored_questions"
    )
    # SHA-256 of the content as published; a published row that no longer matches was changed behind the services.
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = QuestionManager.from_queryset(QuestionQuerySet)()

    class Meta:
        ordering = ["code", "-version"]
        constraints = [
            # Guards against two loads racing to write the same next version.
            models.UniqueConstraint(fields=["code", "version"], name="question_version_unique_in_code"),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(status="published"), name="question_one_published_version"
            ),
            models.CheckConstraint(condition=models.Q(pool__in=["practice", "mock"]), name="question_pool_known"),
            models.CheckConstraint(
                condition=models.Q(status__in=["draft", "in_review", "published", "retired"]),
                name="question_status_known",
            ),
            models.CheckConstraint(
                condition=models.Q(cognitive_level__in=["recall", "application", "analysis"]),
                name="question_cognitive_level_known",
            ),
            models.CheckConstraint(
                condition=models.Q(difficulty__range=(1, 5)), name="question_difficulty_between_1_and_5"
            ),
            models.CheckConstraint(condition=models.Q(key__in=["A", "B", "C", "D"]), name="question_key_is_a_label"),
        ]
        indexes = [
            # Drawing a quiz: published questions of a pool by objective; the easiest and the hardest of an objective.
            models.Index(fields=["pool", "status", "objective", "difficulty"], name="question_draw_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"

    def natural_key(self) -> tuple[str, int]:
        return (self.code, self.version)

    natural_key.dependencies = [  # type: ignore[attr-defined]
        "competencies.objective",
        "competencies.reference",
    ]

    @property
    def is_unpublished(self) -> bool:
        """Still changed in place, because nobody can have answered it."""
        return self.status in {self.Status.DRAFT, self.Status.IN_REVIEW}

    def option(self, label: str) -> Option:
        return next(option for option in self.options if option["label"] == label)

    def distractors(self) -> list[Option]:
        return [option for option in self.options if option["label"] != self.key]


class SignOff(models.Model):
    """Somebody who knows the field stands by one version of a question."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="sign_offs")
    signer = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="sign_offs")
    # Kept when the account goes.
    name = models.CharField(max_length=150, help_text="With the certificate held, as it is to stand here.")
    remark = models.TextField(blank=True)
    signed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["-signed_at"]
        constraints = [
            models.UniqueConstraint(fields=["question", "signer"], name="sign_off_once_per_person_and_version"),
        ]

    def __str__(self) -> str:
        return f"{self.question} by {self.name}"


class ProblemReportQuerySet(models.QuerySet["ProblemReport"]):
    def unanswered(self) -> ProblemReportQuerySet:
        return self.filter(answered_at=None)

    def by_reporter(self, reporter: User) -> ProblemReportQuerySet:
        return self.filter(reporter=reporter)


class ProblemReport(models.Model):
    """What somebody who was asked a question finds wrong with it, and what an admin answers."""

    class Kind(models.TextChoices):
        KEY = "key", "The key is wrong"
        AMBIGUOUS = "ambiguous", "More than one option fits"
        RATIONALE = "rationale", "A rationale is wrong or unclear"
        WORDING = "wording", "A mistake in the wording"
        SOURCE = "source", "A source is wrong or missing"
        OTHER = "other", "Something else"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="problem_reports")
    # The report stays useful when the account goes.
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="problem_reports"
    )
    kind = models.CharField(max_length=9, choices=Kind)
    text = models.TextField(max_length=2000)
    reported_at = models.DateTimeField()
    answer = models.TextField(max_length=2000, blank=True, help_text="The reporter reads it.")
    answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    answerer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="answered_reports",
    )
    seen_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the reporter first saw the answer."
    )

    objects = ProblemReportQuerySet.as_manager()

    class Meta:
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["key", "ambiguous", "rationale", "wording", "source", "other"]),
                name="problem_report_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(answered_at=None) | ~models.Q(answer=""), name="problem_report_answered_has_answer"
            ),
        ]
        indexes = [
            # The admin's list: what waits for an answer.
            models.Index(
                fields=["reported_at"], condition=models.Q(answered_at=None), name="problem_report_unanswered_idx"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.question}"

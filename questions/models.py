from __future__ import annotations

from typing import TypedDict

from django.conf import settings
from django.db import models
from django.utils import timezone

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

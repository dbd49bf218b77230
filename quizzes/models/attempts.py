from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import User
from questions.models import Question
from quizzes.models.quizzes import Assignment, Feedback, Quiz
from quizzes.scoring import percent_of


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def for_candidate(self, candidate: User) -> AttemptQuerySet:
        return self.filter(candidate=candidate)

    def in_progress(self) -> AttemptQuerySet:
        return self.filter(state=Attempt.State.IN_PROGRESS)

    def overdue(self, at: datetime) -> AttemptQuerySet:
        return self.in_progress().filter(deadline_at__lte=at, paused_at=None)

    def running(self, at: datetime) -> AttemptQuerySet:
        """What can be gone on with. What is overdue cannot, though the sweep may not have closed it yet."""
        return self.in_progress().exclude(deadline_at__lte=at, paused_at=None)

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
    paused_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it pauses. The deadline moves by the pause when work goes on."
    )
    paused_seconds = models.PositiveIntegerField(default=0, help_text="Of all pauses that are over.")
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
            models.CheckConstraint(
                condition=models.Q(paused_at=None) | models.Q(state="in_progress"), name="attempt_paused_is_open"
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
    def is_paused(self) -> bool:
        return self.paused_at is not None

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
        return self.is_open and not self.is_paused and self.deadline_at is not None and at >= self.deadline_at

    def is_running(self, at: datetime) -> bool:
        return self.is_open and not self.is_overdue(at)

    def remaining_seconds(self, at: datetime) -> int | None:
        """Whole seconds to the deadline, never below zero; None without a time limit."""
        if self.deadline_at is None:
            return None
        at = self.paused_at or at
        return max(0, int((self.deadline_at - at).total_seconds())) if self.is_open else 0

    def shows_rationales(self, at: datetime) -> bool:
        """Whether key and rationales of every question may leave the server (see `Response.shows_rationale`)."""
        if self.is_open:
            return False
        if self.feedback == Feedback.AFTER_DUE and self.assignment is not None:
            return at >= self.assignment.due_at
        return True


class ResponseQuerySet(models.QuerySet["Response"]):
    def explained(self, at: datetime) -> ResponseQuerySet:
        """Those of which `shows_rationale` is true."""
        is_over = ~models.Q(attempt__state=Attempt.State.IN_PROGRESS) & ~_waits_for_due_date(at)
        is_checked = models.Q(attempt__feedback=Feedback.AFTER_EACH, checked_at__isnull=False)
        return self.filter(is_over | is_checked)

    def withheld(self, at: datetime) -> ResponseQuerySet:
        """Those whose question is explained nowhere meanwhile, not even by an older answer to it.

        All that are not explained, but for a running quiz in learning mode: it keeps nothing back.
        """
        is_exam = models.Q(attempt__state=Attempt.State.IN_PROGRESS) & ~models.Q(attempt__feedback=Feedback.AFTER_EACH)
        return self.filter(is_exam | _waits_for_due_date(at))

    def with_held_back(self, at: datetime) -> ResponseQuerySet:
        """Each with `is_held_back`: whether its mark waits for a due date, so that no figure may count it yet."""
        waits = models.When(_waits_for_due_date(at), then=True)
        return self.annotate(is_held_back=models.Case(waits, default=False, output_field=models.BooleanField()))


def _waits_for_due_date(at: datetime) -> models.Q:
    return models.Q(attempt__feedback=Feedback.AFTER_DUE, attempt__assignment__due_at__gt=at)


class Response(models.Model):
    """One drawn question in one attempt, with what the candidate last chose."""

    class Confidence(models.TextChoices):
        SURE = "sure", "Sure"
        UNSURE = "unsure", "Unsure"
        GUESS = "guess", "Guessing"

    class MissReason(models.TextChoices):
        """Why an answer went wrong, in the candidate's own judgement."""

        KNOWLEDGE = "knowledge", "I did not know it"
        MISREAD = "misread", "I misread the question"
        REASONING = "reasoning", "I knew it and reasoned wrongly"
        TIME = "time", "I ran out of time"

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
    miss_reason = models.CharField(max_length=9, choices=MissReason, blank=True)

    objects = ResponseQuerySet.as_manager()

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
            models.CheckConstraint(
                condition=models.Q(miss_reason__in=["", "knowledge", "misread", "reasoning", "time"]),
                name="response_miss_reason_known",
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


class StatusReset(models.Model):
    """From here on a candidate's questions count as not seen. The answers before it stay, and stay counted."""

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="status_resets")
    reset_at = models.DateTimeField()

    class Meta:
        ordering = ["-reset_at"]
        indexes = [
            # The newest one, for every draw and for the builder.
            models.Index(fields=["candidate", "-reset_at"], name="status_reset_candidate_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.candidate_id} at {self.reset_at}"

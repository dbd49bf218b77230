from __future__ import annotations

from hashlib import sha256

from django.conf import settings
from django.db import models

from competencies.models import Objective


class Note(models.Model):
    """A candidate's own words on one objective. One each; an emptied note is no row."""

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notes")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(max_length=5000)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["-updated_at"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "objective"], name="note_one_per_candidate_and_objective"),
            models.CheckConstraint(condition=~models.Q(text=""), name="note_has_text"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} by {self.candidate_id}"

    @property
    def digest(self) -> str:
        """Which words these are: what was changed from them names them by it."""
        return sha256(self.text.encode()).hexdigest()


class Bookmark(models.Model):
    """An objective that a candidate wants to find again."""

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bookmarks")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="bookmarks")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["candidate", "objective"], name="bookmark_one_per_candidate_and_objective"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} by {self.candidate_id}"


class Highlight(models.Model):
    """A passage of a study text, found again by its words: a text that is corrected elsewhere keeps its marks."""

    candidate = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="highlights")
    objective = models.ForeignKey(Objective, on_delete=models.CASCADE, related_name="highlights")
    passage = models.CharField(max_length=600, help_text="As it reads on the page, without markup.")
    occurrence = models.PositiveSmallIntegerField(
        default=1, help_text="Which of several like passages in the text, from 1."
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["candidate", "objective", "passage", "occurrence"], name="highlight_once_per_passage"
            ),
            models.CheckConstraint(condition=~models.Q(passage=""), name="highlight_has_passage"),
            models.CheckConstraint(condition=models.Q(occurrence__gte=1), name="highlight_occurrence_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.objective_id} by {self.candidate_id}: {self.passage[:40]}"

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from competencies.models import Competency, Objective, Statement
from quizzes.models import DrawRule, Feedback

# What the builder offers. A quiz narrowed to named objectives or statements may be shorter.
FEWEST_QUESTIONS = 5
MOST_QUESTIONS = 100
MOST_MINUTES = 300
# A longer list comes from nobody's browser.
MOST_CODES = 200


class NarrowPracticeForm(forms.Form):
    """Which questions a practice quiz may draw: all of them, or those of some codes."""

    competencies = forms.MultipleChoiceField(required=False)
    statements = forms.MultipleChoiceField(required=False)
    objectives = forms.MultipleChoiceField(required=False)
    unseen_first = forms.BooleanField(
        required=False, label="New questions first", help_text="Then those you have not seen for longest."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all_competencies = list(Competency.objects.all())
        self.asked_statements = list(Statement.objects.filter(code__in=self._asked("statements")))
        self.asked_objectives = list(Objective.objects.filter(code__in=self._asked("objectives")))
        self._offer("competencies", self.all_competencies)
        self._offer("statements", self.asked_statements)
        self._offer("objectives", self.asked_objectives)

    def rule(self) -> DrawRule:
        return {
            "competencies": self.cleaned_data["competencies"],
            "statements": self.cleaned_data["statements"],
            "objectives": self.cleaned_data["objectives"],
            "unseen_first": self.cleaned_data["unseen_first"],
        }

    def unknown_codes(self) -> list[str]:
        """Codes in the address that name nothing, for a sentence about them; a few are enough."""
        return [
            code
            for name in ("competencies", "statements", "objectives")
            for code in self._asked(name)
            if code not in dict(self._choices(name))
        ][:3]

    def chosen(self, name: str) -> list[str]:
        known = dict(self._choices(name))
        return [code for code in self._asked(name) if code in known]

    @property
    def is_narrowed_to_codes(self) -> bool:
        return bool(self.asked_statements or self.asked_objectives)

    def _asked(self, name: str) -> list[str]:
        """What the address or the form names, without what cannot be a code."""
        values = self.data.getlist(name) if isinstance(self.data, QueryDict) else self.initial.get(name, [])
        return [value for value in dict.fromkeys(values[:MOST_CODES]) if value.isprintable() and len(value) <= 12]

    def _offer(self, name: str, rows: list[Any]) -> None:
        self._field(name).choices = [(row.code, str(row)) for row in rows]

    def _choices(self, name: str) -> list[tuple[str, str]]:
        return list(self._field(name).choices)  # type: ignore[arg-type]

    def _field(self, name: str) -> forms.MultipleChoiceField:
        field = self.fields[name]
        assert isinstance(field, forms.MultipleChoiceField)
        return field


class BuildPracticeForm(NarrowPracticeForm):
    # Made by the server once per page: sent twice, it is one quiz.
    code = forms.UUIDField(
        label="This page",
        widget=forms.HiddenInput,
        error_messages={"required": "Press Start again.", "invalid": "Press Start again."},
    )
    question_count = forms.IntegerField(
        label="Number of questions",
        min_value=1,
        max_value=MOST_QUESTIONS,
        error_messages={
            "required": f"Choose a number of questions, {FEWEST_QUESTIONS} to {MOST_QUESTIONS}.",
            "max_value": f"A practice quiz has at most {MOST_QUESTIONS} questions.",
            "min_value": "A practice quiz has at least one question.",
        },
    )
    feedback = forms.ChoiceField(
        label="Answers explained",
        choices=[(choice.value, choice.label) for choice in (Feedback.AFTER_EACH, Feedback.AT_END)],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose when the answers are explained."},
    )
    time_limit_minutes = forms.IntegerField(
        label="Time limit in minutes",
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text="Leave empty for none.",
        error_messages={
            "min_value": "A time limit is at least one minute.",
            "max_value": f"A time limit is at most {MOST_MINUTES} minutes.",
        },
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        count = data.get("question_count")
        if count is not None and count < FEWEST_QUESTIONS and not self.is_narrowed_to_codes:
            self.add_error("question_count", f"Choose at least {FEWEST_QUESTIONS} questions.")
        return data

    def title(self) -> str:
        """What the quiz is called in lists: by what it draws from."""
        codes = self.cleaned_data["objectives"] or self.cleaned_data["statements"]
        competencies = self.cleaned_data["competencies"]
        if len(codes) == 1:
            return f"Practice: {codes[0]}"
        if codes:
            noun = "objectives" if self.cleaned_data["objectives"] else "statements"
            return f"Practice: {len(codes)} {noun}"
        if competencies and len(competencies) < len(self.all_competencies):
            return f"Practice: {', '.join(competencies)}"
        return "Mixed practice"


class RepeatPracticeForm(forms.Form):
    code = forms.UUIDField(widget=forms.HiddenInput)

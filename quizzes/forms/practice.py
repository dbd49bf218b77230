from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.db.models import TextChoices
from django.http import QueryDict

from competencies.models import Competency, Objective, Statement
from quizzes.models import DrawRule, Feedback, QuestionStatus
from quizzes.services import RepeatMode
from quizzes.services.building import SHORT_MOCKS

# What the builder offers. A quiz narrowed to named objectives or statements may be shorter.
FEWEST_QUESTIONS = 5
MOST_QUESTIONS = 100
MOST_MINUTES = 300
# A longer list comes from nobody's browser.
MOST_CODES = 200


class Level(TextChoices):
    """Difficulty in a word."""

    EASY = "easy", "Easy"
    MEDIUM = "medium", "Medium"
    HARD = "hard", "Hard"


# As authored, 1 to 5.
DIFFICULTIES = {Level.EASY: [1, 2], Level.MEDIUM: [3], Level.HARD: [4, 5]}
STATUS_WORDS = {
    QuestionStatus.UNSEEN: "not seen yet",
    QuestionStatus.MISSED: "missed",
    QuestionStatus.UNSURE: "not sure",
    QuestionStatus.FLAGGED: "flagged",
}
NARROWING = ("competencies", "statements", "objectives", "statuses", "levels")


class NarrowPracticeForm(forms.Form):
    """Which questions a practice quiz may draw: all of them, or those of some codes, statuses and levels.

    Statements stand for themselves beside whole competencies; a competency with chosen statements is narrowed to them.
    """

    competencies = forms.MultipleChoiceField(required=False)
    statements = forms.MultipleChoiceField(required=False)
    objectives = forms.MultipleChoiceField(required=False)
    statuses = forms.MultipleChoiceField(required=False, choices=QuestionStatus)
    levels = forms.MultipleChoiceField(required=False, choices=Level)
    unseen_first = forms.BooleanField(
        required=False, label="New questions first", help_text="Then those you have not seen for longest."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.all_competencies = list(Competency.objects.all())
        self.all_statements = list(Statement.objects.all())
        self.asked_objectives = list(Objective.objects.filter(code__in=self._asked("objectives")))
        self._offer("competencies", self.all_competencies)
        self._offer("statements", self.all_statements)
        self._offer("objectives", self.asked_objectives)

    def rule(self) -> DrawRule:
        return {**self._narrowed(self.cleaned_data), "unseen_first": self.cleaned_data["unseen_first"]}

    def asked_rule(self) -> DrawRule:
        """As far as it can be read: a form that is refused for its number still counts its competencies."""
        return self._narrowed({name: self.chosen(name) for name in NARROWING})

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
        return bool(self.asked_objectives or self.chosen("statements"))

    @property
    def may_be_short(self) -> bool:
        """What so few questions answer to cannot be asked to have many."""
        return self.is_narrowed_to_codes or bool(self.chosen("statuses"))

    def whole_competencies(self, competencies: Collection[str], statements: Collection[str]) -> list[str]:
        """Of the chosen competencies, those without a chosen statement."""
        narrowed = {each.competency_id for each in self.all_statements if each.code in statements}
        return [each.code for each in self.all_competencies if each.code in competencies and each.pk not in narrowed]

    def _narrowed(self, chosen: Mapping[str, list[str]]) -> DrawRule:
        competencies, statements = chosen["competencies"], chosen["statements"]
        if statements:
            whole = set(self.whole_competencies(competencies, statements))
            wide = {each.pk for each in self.all_competencies if each.code in whole}
            statements = [
                each.code for each in self.all_statements if each.code in statements or each.competency_id in wide
            ]
            competencies = []
        return {
            "competencies": competencies,
            "statements": statements,
            "objectives": chosen["objectives"],
            "difficulties": [step for level in chosen["levels"] for step in DIFFICULTIES[Level(level)]],
            "statuses": chosen["statuses"],
        }

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
        max_value=MOST_QUESTIONS,
        widget=forms.NumberInput(attrs={"min": 1}),
        error_messages={
            "required": f"Choose a number of questions, {FEWEST_QUESTIONS} to {MOST_QUESTIONS}.",
            "max_value": f"A practice quiz has at most {MOST_QUESTIONS} questions.",
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
        if count is not None and count < (1 if self.may_be_short else FEWEST_QUESTIONS):
            fewest = "one question" if self.may_be_short else f"{FEWEST_QUESTIONS} questions"
            self.add_error("question_count", f"Choose at least {fewest}.")
        return data

    def title(self) -> str:
        """What the quiz is called in lists: by what it draws from."""
        words = [STATUS_WORDS[QuestionStatus(status)] for status in self.cleaned_data["statuses"]]
        return ", ".join([self._areas(), *words, *self.cleaned_data["levels"]])

    def _areas(self) -> str:
        statements, objectives = self.cleaned_data["statements"], self.cleaned_data["objectives"]
        competencies = self.whole_competencies(self.cleaned_data["competencies"], statements)
        if objectives:
            return f"Practice: {_few(objectives, 'objectives')}"
        if statements:
            return f"Practice: {', '.join([*competencies, _few(statements, 'statements')])}"
        if competencies and len(competencies) < len(self.all_competencies):
            return f"Practice: {', '.join(competencies)}"
        return "Mixed practice"


def _few(codes: list[str], noun: str) -> str:
    return codes[0] if len(codes) == 1 else f"{len(codes)} {noun}"


class StartShortMockForm(forms.Form):
    code = forms.UUIDField(widget=forms.HiddenInput)
    size = forms.ChoiceField(choices=[(size, title) for size, title, _ in SHORT_MOCKS])


class RepeatPracticeForm(forms.Form):
    code = forms.UUIDField(widget=forms.HiddenInput)
    mode = forms.ChoiceField(
        required=False, choices=[(mode.value, mode.value) for mode in RepeatMode], widget=forms.HiddenInput
    )

    def clean_mode(self) -> RepeatMode:
        return RepeatMode(self.cleaned_data["mode"] or RepeatMode.FRESH)


class ResetStatusForm(forms.Form):
    is_confirmed = forms.BooleanField(
        label="Yes, count every question as not seen",
        error_messages={"required": "Tick the box to confirm the reset."},
    )


class TakeResetBackForm(forms.Form):
    """Says which reset, so that sent twice it takes none of an earlier hour back."""

    reset_at = forms.DateTimeField(widget=forms.HiddenInput)

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from competencies.models import Blueprint, Competency
from questions.models import Question
from quizzes.models import Feedback

MOST_QUESTIONS = 100
MOST_MINUTES = 300
# Near the ends of the calendar a moment has no day in other people's time zones.
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
FARTHEST = timedelta(days=730)
MOMENT = "%Y-%m-%dT%H:%M"


def moment_field(label: str, help_text: str = "") -> forms.DateTimeField:
    """In the coordinator's own time zone, which the middleware has activated."""
    return forms.DateTimeField(
        label=label,
        help_text=help_text,
        input_formats=[MOMENT, "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
        error_messages={"invalid": "Enter a date and a time, such as 2026-05-31 18:00."},
    )


class WindowForm(forms.Form):
    """When an assignment can be worked on, and how often."""

    opens_at = moment_field("Opens")
    due_at = moment_field("Due", "Everything ends then; attempts still open are closed with what was answered.")
    attempts_allowed = forms.IntegerField(label="Attempts", min_value=1, max_value=10, initial=1)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for name in ("opens_at", "due_at"):
            if (moment := data.get(name)) and not EARLIEST <= moment <= self.now + FARTHEST:
                self.add_error(name, "Choose a day within two years.")
        opens_at, due_at = data.get("opens_at"), data.get("due_at")
        if opens_at and due_at and due_at <= opens_at:
            self.add_error("due_at", "The due date must lie after the opening.")
        return data


class CreateAssignmentForm(WindowForm):
    class Content:
        RULE = "rule"
        CHOSEN = "chosen"
        MOCK = "mock"

    # Made by the server once per page: sent twice, it is one assignment.
    code = forms.UUIDField(widget=forms.HiddenInput, error_messages={"invalid": "Open this page again to assign."})
    title = forms.CharField(max_length=120, label="Title")
    content = forms.ChoiceField(
        label="Questions",
        choices=[
            (Content.RULE, "Drawn by a rule, for each candidate anew"),
            (Content.CHOSEN, "Chosen one by one"),
            (Content.MOCK, "A mock exam from the sealed pool"),
        ],
        widget=forms.RadioSelect,
        initial=Content.RULE,
    )
    competencies = forms.ModelMultipleChoiceField(
        queryset=Competency.objects.all(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="None chosen means all six.",
    )
    question_count = forms.IntegerField(
        label="Number of questions", required=False, min_value=1, max_value=MOST_QUESTIONS, initial=20
    )
    question_codes = forms.CharField(
        label="Question codes",
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocomplete": "off"}),
        help_text="One a line, in the order in which they are asked. Find them below and add them.",
    )
    blueprint = forms.ModelChoiceField(
        queryset=Blueprint.objects.all(), to_field_name="code", required=False, label="Edition", empty_label=None
    )
    time_limit_minutes = forms.IntegerField(
        label="Time limit in minutes",
        required=False,
        min_value=1,
        max_value=MOST_MINUTES,
        help_text="Leave empty for none; a mock exam then takes its edition's time. Extra time is added per candidate.",
    )
    feedback = forms.ChoiceField(
        label="Answers explained", choices=Feedback, widget=forms.RadioSelect, initial=Feedback.AT_END
    )
    field_order = ["code", "title", "content", "opens_at", "due_at", "time_limit_minutes", "attempts_allowed"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (due_at := data.get("due_at")) and due_at <= self.now:
            self.add_error("due_at", "That moment is over. Choose a later one.")
        content = data.get("content")
        if content == self.Content.RULE and not data.get("question_count") and "question_count" not in self.errors:
            self.add_error("question_count", "Enter how many questions each candidate gets.")
        if content == self.Content.CHOSEN:
            self._clean_chosen(data)
        if content == self.Content.MOCK:
            self._clean_mock(data)
        return data

    def _clean_chosen(self, data: dict[str, Any]) -> None:
        codes = list(dict.fromkeys(re.split(r"[\s,;]+", data.get("question_codes", "").strip().upper())))
        codes = [code for code in codes if code]
        try:
            data["questions"] = _practice_questions(codes)
        except ValidationError as error:
            self.add_error("question_codes", error)

    def _clean_mock(self, data: dict[str, Any]) -> None:
        if data.get("blueprint") is None:
            self.add_error("blueprint", "Choose an edition.")
        if data.get("feedback") == Feedback.AFTER_EACH:
            self.add_error("feedback", "A mock exam explains its answers at the end or after the due date.")


class SearchQuestionsForm(forms.Form):
    competency = forms.ModelChoiceField(
        queryset=Competency.objects.all(), to_field_name="code", required=False, empty_label="All competencies"
    )
    words = forms.CharField(max_length=80, required=False, label="Words in the question, or a code")

    def questions(self) -> list[Question]:
        """At most twenty; the form must be valid."""
        found = Question.objects.published().practice().with_blueprint().order_by("code")
        if competency := self.cleaned_data["competency"]:
            found = found.filter(objective__statement__competency=competency)
        for word in self.cleaned_data["words"].split():
            found = found.filter(stem__icontains=word) | found.filter(code__istartswith=word)
        return list(found[:20])


def _practice_questions(codes: list[str]) -> list[Question]:
    """In the order of the codes. Sealed questions count as unknown: they are for mock exams only."""
    if not codes:
        raise ValidationError("Enter at least one question code.")
    if len(codes) > MOST_QUESTIONS:
        raise ValidationError(f"These are {len(codes)} questions. Choose at most {MOST_QUESTIONS}.")
    found = {question.code: question for question in Question.objects.published().practice().filter(code__in=codes)}
    unknown = [code for code in codes if code not in found]
    if unknown:
        raise ValidationError(f"No published practice question has the code {', '.join(unknown[:5])}.")
    return [found[code] for code in codes]

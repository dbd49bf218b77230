from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.core import signing

from accounts.forms import TimeZoneField
from accounts.models import User
from competencies.models import Blueprint
from reviews.models import DEFAULT_MINUTES, SpecialDays
from reviews.special_days import Span, in_words
from reviews.study_days import study_day

LABELS = [(label, label) for label in "ABCD"]
CONFIDENCES = [("sure", "Sure"), ("unsure", "Unsure"), ("guess", "Guessing")]
# A question left open for longer than this was not read all the time: no time is known then.
MOST_SECONDS = 1800
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MOST_MINUTES = 600
FARTHEST_EXAM = timedelta(days=730)


@dataclass(frozen=True, slots=True)
class Ticket:
    """What the review page was asking, signed so that it comes back as it went out, and to nobody else.

    `source` is the key of the review: posted twice, it is one review. It also seeds the order of the options.
    """

    source: UUID
    question_id: int
    asked_at: datetime

    def signed_for(self, candidate: User) -> str:
        return signing.dumps([str(self.source), self.question_id, self.asked_at.isoformat()], salt=_salt(candidate))

    @classmethod
    def read(cls, text: str, candidate: User) -> Ticket | None:
        try:
            source, question_id, asked_at = signing.loads(text, salt=_salt(candidate))
        except signing.BadSignature:
            return None
        return cls(UUID(source), question_id, datetime.fromisoformat(asked_at))


def _salt(candidate: User) -> str:
    return f"reviews.ticket.{candidate.pk}"


class AnswerReviewForm(forms.Form):
    ticket = forms.CharField(max_length=500, widget=forms.HiddenInput)
    label = forms.ChoiceField(
        label="Answer",
        choices=LABELS,
        error_messages={
            "required": "Choose an option, then check it.",
            "invalid_choice": "That is no option of this question. Choose one of the four.",
        },
    )
    confidence = forms.ChoiceField(
        choices=CONFIDENCES,
        required=False,
        error_messages={"invalid_choice": "Choose sure, unsure or guessing, or none of them."},
    )

    def __init__(self, candidate: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.candidate = candidate

    def clean_ticket(self) -> Ticket:
        ticket = Ticket.read(self.cleaned_data["ticket"], self.candidate)
        if ticket is None:
            raise forms.ValidationError("This question was opened by somebody else or changed on the way.")
        return ticket

    @property
    def asked(self) -> Ticket | None:
        """The ticket, also of a form that is wrong elsewhere."""
        return self.cleaned_data.get("ticket")

    def answer(self, *, at: datetime) -> dict[str, Any]:
        ticket: Ticket = self.cleaned_data["ticket"]
        seconds = int((at - ticket.asked_at).total_seconds())
        return {
            "source": ticket.source,
            "question_id": ticket.question_id,
            "asked_at": ticket.asked_at,
            "label": self.cleaned_data["label"],
            "confidence": self.cleaned_data["confidence"],
            "seconds": seconds if 0 <= seconds <= MOST_SECONDS else 0,
        }


class StudyPlanForm(forms.Form):
    exam_on = forms.DateField(
        label="Exam date",
        required=False,
        help_text="Leave it empty while you have no date; four weeks are planned then.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the date as year, month and day, like 2026-11-30."},
    )
    blueprint = forms.ModelChoiceField(
        label="Edition of the exam",
        queryset=Blueprint.objects.all(),
        to_field_name="code",
        empty_label=None,
        help_text="Its weights decide what comes first when time is short.",
        error_messages={
            "required": "Choose an edition from the list.",
            "invalid_choice": "Choose an edition from the list.",
        },
    )
    target_percent = forms.IntegerField(
        label="Practice target in percent",
        min_value=50,
        max_value=100,
        help_text="Your own goal, 50 to 100. The official standard is not published.",
        error_messages={
            "required": "Write a target from 50 to 100.",
            "invalid": "Write a whole number from 50 to 100.",
            "min_value": "A target is at least 50 percent.",
            "max_value": "A target is at most 100 percent.",
        },
    )
    time_zone = TimeZoneField(help_text="Your study day begins at 04:00 on this clock.")
    wants_reminders = forms.BooleanField(
        label="Mail me in the morning when something is due",
        required=False,
        help_text="At most one mail a day, between 7 and 9 on your clock.",
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = now
        for number, weekday in enumerate(WEEKDAYS):
            self.fields[f"minutes_{number}"] = _minutes_field(weekday)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        exam_on: date | None = data.get("exam_on")
        if exam_on and "time_zone" in data:
            today = study_day(self.now, data["time_zone"])
            if exam_on < today:
                self.add_error("exam_on", "That day is over. Choose today or a later day, or leave the date empty.")
            elif exam_on > today + FARTHEST_EXAM:
                self.add_error("exam_on", "Choose a day within two years, or leave the date empty until then.")
        return data

    def minutes_fields(self) -> list[forms.BoundField]:
        return [self[f"minutes_{number}"] for number in range(7)]

    @property
    def minutes_by_weekday(self) -> list[int]:
        return [self.cleaned_data[f"minutes_{number}"] for number in range(7)]


def initial_minutes(minutes_by_weekday: list[int] | None) -> Mapping[str, int]:
    return {f"minutes_{number}": minutes for number, minutes in enumerate(minutes_by_weekday or DEFAULT_MINUTES)}


def _minutes_field(weekday: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=weekday,
        min_value=0,
        max_value=MOST_MINUTES,
        error_messages={
            "required": f"Write the minutes for {weekday}, 0 for a day off.",
            "invalid": f"Write whole minutes for {weekday}, 0 for a day off.",
            "min_value": f"{weekday} cannot have fewer than 0 minutes.",
            "max_value": f"{weekday} can have at most {MOST_MINUTES} minutes.",
        },
    )


DATE_ERRORS = {"invalid": "Write the date as year, month and day, like 2026-11-30."}


class SpecialDaysForm(forms.Form):
    kind = forms.ChoiceField(
        label="What",
        choices=SpecialDays.Kind.choices,
        error_messages={
            "required": "Choose what these days are.",
            "invalid_choice": "Choose one of the kinds in the list.",
        },
    )
    starts_on = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Write the first of the days.", **DATE_ERRORS},
    )
    ends_on = forms.DateField(
        label="Last day",
        required=False,
        help_text="Leave it empty for one day.",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages=DATE_ERRORS,
    )

    def __init__(self, *args: Any, today: date, exam_on: date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.exam_on = exam_on if exam_on and exam_on >= today else None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not {"kind", "starts_on", "ends_on"} <= data.keys():
            return data
        data["ends_on"] = data["ends_on"] or data["starts_on"]
        field, sentence = self._mistake(data["kind"], data["starts_on"], data["ends_on"])
        if sentence:
            self.add_error(field, sentence)
        else:
            # What is over of a break that runs changes nothing.
            data["starts_on"] = max(data["starts_on"], self.today)
        return data

    @property
    def span(self) -> Span:
        return Span(self.cleaned_data["kind"], self.cleaned_data["starts_on"], self.cleaned_data["ends_on"])

    def _mistake(self, kind: str, starts_on: date, ends_on: date) -> tuple[str, str]:
        """The field that is wrong, and why."""
        is_mock = kind == SpecialDays.Kind.MOCK
        last_field = "starts_on" if ends_on == starts_on else "ends_on"
        if ends_on < starts_on:
            return "ends_on", "The last day comes before the first. Choose a later one, or leave it empty."
        if is_mock and ends_on > starts_on:
            return "ends_on", "A mock exam takes one day. Leave the last day empty."
        if ends_on < self.today:
            return last_field, "That day is over. Choose today or a later day."
        if ends_on > self.today + FARTHEST_EXAM:
            return last_field, "Choose days within two years."
        if self.exam_on and is_mock and starts_on >= self.exam_on:
            return "starts_on", f"Your exam is on {in_words(self.exam_on)}. Choose a day before it."
        if self.exam_on and starts_on <= self.exam_on <= ends_on:
            return last_field, f"Your exam is on {in_words(self.exam_on)}. End before that day, or move the exam first."
        return "", ""


class RemoveSpecialDaysForm(forms.Form):
    kind = forms.ChoiceField(choices=SpecialDays.Kind.choices)
    starts_on = forms.DateField()

from __future__ import annotations

from django import forms

from competencies.models import Objective
from quizzes.models import Response
from quizzes.services import ReadingTime

LABELS = [(label, label) for label in "ABCD"]
# A question left open over night was not on screen all the time.
MOST_SECONDS = 6 * 3600
# Position, sequence and seconds.
READING_TIME = "[0-9]{1,3}:[0-9]{1,7}:[0-9]{1,9}"
_SENTENCE = "Open the question again to answer it."
OUT_OF_DATE = {"required": _SENTENCE, "invalid": _SENTENCE}


class _ResponseForm(forms.Form):
    confidence = forms.ChoiceField(
        label="How sure are you?", choices=Response.Confidence, required=False, widget=forms.RadioSelect
    )
    is_flagged = forms.BooleanField(label="Flag, to come back to it", required=False)
    seconds = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def clean_seconds(self) -> int:
        return min(self.cleaned_data["seconds"] or 0, MOST_SECONDS)


class CheckResponseForm(_ResponseForm):
    """Learning mode: the answer is checked at once, so there has to be one."""

    label = forms.ChoiceField(
        label="Your answer",
        choices=LABELS,
        error_messages={
            "required": "Choose an option, then check it.",
            "invalid_choice": "That is no option of this question. Choose one of the four.",
        },
    )


class SaveResponseForm(_ResponseForm):
    """Feedback at the end: saved as it is, changeable until the quiz is finished."""

    label = forms.ChoiceField(
        label="Your answer",
        choices=LABELS,
        required=False,
        error_messages={"invalid_choice": "That is no option of this question. Choose one of the four."},
    )
    # Made by the server once per page: sent twice, it is one answer.
    key = forms.UUIDField(label="This page", widget=forms.HiddenInput, error_messages=OUT_OF_DATE)
    sequence = forms.IntegerField(
        label="This page",
        min_value=1,
        max_value=1_000_000,
        widget=forms.HiddenInput,
        error_messages={**OUT_OF_DATE, "min_value": OUT_OF_DATE["invalid"], "max_value": OUT_OF_DATE["invalid"]},
    )


class FinishAttemptForm(forms.Form):
    """What a script sends along with the end; see `ReadingTime`."""

    times = forms.RegexField(
        f"^{READING_TIME}( {READING_TIME})*$", required=False, max_length=5_000, widget=forms.HiddenInput
    )

    def clean_times(self) -> list[ReadingTime]:
        read = [map(int, time.split(":")) for time in self.cleaned_data["times"].split()]
        return [ReadingTime(position, sequence, min(seconds, MOST_SECONDS)) for position, sequence, seconds in read]


class FlagResponseForm(forms.Form):
    """Says what the flag is to be, so that sent twice it is the same."""

    is_flagged = forms.TypedChoiceField(
        choices=[("yes", "Flag"), ("no", "Remove the flag")],
        coerce=lambda value: value == "yes",
    )


class PlaceForm(forms.Form):
    """The question of an attempt that a form stands on."""

    position = forms.IntegerField(min_value=1)


class FilterAnsweredForm(forms.Form):
    """Which of the answered questions are listed."""

    objective = forms.ModelChoiceField(
        queryset=Objective.objects.select_related("statement__competency").defer("study_text"),
        to_field_name="code",
        required=False,
    )

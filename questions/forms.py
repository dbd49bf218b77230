from __future__ import annotations

from typing import Any

from django import forms

from questions.loader import MAX_BYTES
from questions.models import Option, ProblemReport, Question, SignOff
from questions.queries import next_code, question_fields
from questions.validation import LABELS, Severity, check_question, read_question

OPTION_PARTS = ("text", "rationale")
SHORTEST_PROBLEM, LONGEST_PROBLEM = 10, 2000
OPEN_AGAIN = "This form is incomplete. Open it again from the question."


class AnswerSampleForm(forms.Form):
    label = forms.ChoiceField(
        choices=[(label, label) for label in LABELS],
        error_messages={
            "required": "Choose an option first.",
            "invalid_choice": "That is not one of the options. Choose one of these.",
        },
    )


class ReportProblemForm(forms.Form):
    # Made by the server once per form: sent twice, it is one report.
    code = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": OPEN_AGAIN, "invalid": OPEN_AGAIN})
    kind = forms.ChoiceField(
        label="What is wrong?",
        choices=ProblemReport.Kind,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose what is wrong.",
            "invalid_choice": "Choose one of the kinds that are listed.",
        },
    )
    text = forms.CharField(
        label="What should we know?",
        help_text=f"Name the option or the sentence, and say why. At most {LONGEST_PROBLEM:,} characters.",
        min_length=SHORTEST_PROBLEM,
        max_length=LONGEST_PROBLEM,
        widget=forms.Textarea({"rows": 6}),
        error_messages={
            "required": "Describe the problem in a sentence or two.",
            "min_length": f"Describe the problem in at least {SHORTEST_PROBLEM} characters.",
            "max_length": f"Keep it to at most {LONGEST_PROBLEM:,} characters.",
        },
    )


class AnswerProblemForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ProblemReport
        fields = ("answer",)
        widgets = {"answer": forms.Textarea({"rows": 8})}

    def clean_answer(self) -> str:
        """An answer that was given may be reworded and not taken back: the reporter was told of it."""
        answer: str = self.cleaned_data["answer"]
        if not answer and self.instance.answered_at:
            raise forms.ValidationError("The reporter was told of this answer. Change its words instead.")
        return answer


class OptionsWidget(forms.MultiWidget):
    """A row of text and rationale for each label."""

    template_name = "questions/options_widget.html"
    use_fieldset = True

    def __init__(self) -> None:
        super().__init__({f"{part}_{label}": forms.Textarea({"rows": 2}) for label in LABELS for part in OPTION_PARTS})

    def decompress(self, value: None) -> list[str]:
        return [""] * len(LABELS) * len(OPTION_PARTS)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        parts = context["widget"]["subwidgets"]
        context["widget"]["rows"] = [
            {"label": label, "text": parts[2 * place], "rationale": parts[2 * place + 1]}
            for place, label in enumerate(LABELS)
        ]
        return context


class OptionsField(forms.MultiValueField):
    """The checks of the question say what is missing, so nothing is required here."""

    def __init__(self, **kwargs: Any) -> None:
        fields = [forms.CharField(required=False) for _ in LABELS for _ in OPTION_PARTS]
        super().__init__(
            fields, widget=OptionsWidget(), required=False, require_all_fields=False, label="Options", **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        """Entries of a question become what the eight inputs hold; what was posted is that already."""
        if not value or not isinstance(value[0], dict):
            return value
        options = {option["label"]: option for option in value}
        return [options.get(label, {}).get(part, "") for label in LABELS for part in OPTION_PARTS]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)

    def compress(self, data_list: list[str]) -> list[Option]:
        parts = iter(data_list or [""] * len(LABELS) * len(OPTION_PARTS))
        return [Option(label=label, text=next(parts) or "", rationale=next(parts) or "") for label in LABELS]


class LocatorsField(forms.CharField):
    """Lines such as “reichheld-2003: p. 50”."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.Textarea({"rows": 2})
        help_text = (
            "Where in a reference, one a line: its code, a colon and the place, such as “reichheld-2003: p. 50”."
        )
        super().__init__(widget=widget, required=False, help_text=help_text, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(f"{code}: {place}" for code, place in value.items()) if isinstance(value, dict) else value

    def to_python(self, value: str | None) -> dict[str, str]:  # type: ignore[override]
        locators: dict[str, str] = {}
        for line in filter(None, map(str.strip, (value or "").splitlines())):
            code, colon, place = line.partition(":")
            if not colon or not place.strip():
                raise forms.ValidationError(f"Write “code: place” instead of “{line}”.")
            locators[code.strip()] = place.strip()
        return locators


class EditQuestionForm(forms.ModelForm):  # type: ignore[type-arg]
    """A draft. Its code follows from objective and pool; everything else passes the checks of a fixture row."""

    options = OptionsField()
    key = forms.ChoiceField(choices=[(label, label) for label in LABELS], widget=forms.RadioSelect)
    difficulty = forms.TypedChoiceField(
        choices=[(str(step), str(step)) for step in range(1, 6)],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=Question._meta.get_field("difficulty").help_text,
    )
    locators = LocatorsField()

    class Meta:
        model = Question
        fields = (
            "objective",
            "pool",
            "cognitive_level",
            "difficulty",
            "stem",
            "options",
            "key",
            "references",
            "locators",
        )
        widgets = {"stem": forms.Textarea({"rows": 8})}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        question = Question(code=self.instance.code, pool=self.instance.pool, status=Question.Status.DRAFT)
        for name in ("pool", "cognitive_level", "difficulty", "stem", "options", "key", "locators"):
            setattr(question, name, cleaned.get(name, getattr(question, name)))
        objective = cleaned.get("objective") or self.instance.objective
        question.code = question.code or next_code(objective=objective.code, pool=question.pool)
        references = [reference.code for reference in cleaned["references"]]
        content, findings = read_question(question_fields(question, objective=objective.code, references=references))
        if content is not None:
            cleaned["stem"] = content.stem
            cleaned["options"] = [
                Option(label=option.label, text=option.text, rationale=option.rationale) for option in content.options
            ]
            findings = [finding for finding in check_question(content) if finding.severity is Severity.ERROR]
        for finding in findings:
            field = str(finding.path[0]) if finding.path else ""
            self.add_error(field if field in self.fields else None, finding.message)
        return cleaned


class UploadFixtureForm(forms.Form):
    file = forms.FileField(
        label="Fixture file",
        help_text=f"YAML, at most {MAX_BYTES // 1024**2} MB. It is checked first and written once you confirm.",
        widget=forms.ClearableFileInput({"accept": ".yaml,.yml"}),
        error_messages={"required": "Choose a file first.", "empty": "The file is empty."},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".yaml", ".yml")):
            raise forms.ValidationError("Choose a file whose name ends in .yaml or .yml.")
        if file.size > MAX_BYTES:
            raise forms.ValidationError(f"The file is larger than {MAX_BYTES // 1024**2} MB. Split it.")
        return file


class SignOffForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = SignOff
        fields = ("name", "remark")
        widgets = {"remark": forms.Textarea({"rows": 4})}
        error_messages = {"name": {"required": "Say whose word this is."}}

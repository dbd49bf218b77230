"""What /style/ draws each component with: one sample for each of its states."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.safestring import mark_safe

# The shell and what allauth's pages put around themselves.
SHOWN_BY_EVERY_PAGE = frozenset(
    {"account_menu.html", "account_nav.html", "messages.html", "site_nav.html", "tab_bar.html", "nav_link.html"}
)


@dataclass(frozen=True, slots=True)
class Sample:
    state: str
    context: dict[str, Any] = field(default_factory=dict)
    frame: str = ""  # the element that pages put around it: see templates/style/framed.html


class SampleForm(forms.Form):
    """A field of each kind."""

    minutes = forms.IntegerField(label="Minutes a day", max_value=300, help_text="On an ordinary weekday.")
    title = forms.CharField(label="Name of the quiz", max_length=40)
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    competency = forms.ChoiceField(label="Competency", choices=[("MET", "Metrics, Measurement, and ROI")])
    feedback = forms.ChoiceField(
        label="Answers explained",
        choices=[("after_each", "After each question"), ("at_end", "At the end")],
        widget=forms.RadioSelect,
    )
    reminder = forms.BooleanField(label="Remind me by mail", required=False)


OPTION_TEXT = "Ask the customers who left what made them leave"
RATIONALE = mark_safe("<p>It asks those who know. The other three ask people who were not there.</p>")


def option(state: str, frame: str = "options", **context: Any) -> Sample:
    return Sample(state, {"letter": "B", "text": OPTION_TEXT, "value": "B", **context}, frame)


CONTROLS: dict[str, list[Sample]] = {
    "badge.html": [
        Sample(tone or "neutral", {"label": label, "tone": tone, "icon": icon})
        for tone, label, icon in (
            ("", "Draft", ""),
            ("accent", "New", ""),
            ("success", "Graded", "check"),
            ("warning", "Due tomorrow", "clock"),
            ("error", "Late", "alert"),
        )
    ],
    "breadcrumb.html": [
        Sample("two levels", {"crumbs": [{"href": "#", "label": "Study"}, {"href": "#", "label": "Metrics"}]})
    ],
    "button.html": [
        Sample("primary", {"label": "Start"}),
        Sample("primary, large, with an icon", {"label": "Start", "size": "large", "icon_after": "next"}),
        Sample("secondary", {"label": "Resume", "variant": "secondary"}),
        Sample("quiet", {"label": "Not now", "variant": "quiet"}),
        Sample("danger", {"label": "Remove", "variant": "danger"}),
        Sample("disabled", {"label": "Start", "disabled": True}),
        Sample("a link", {"label": "Open the schedule", "href": "#", "variant": "secondary"}),
    ],
    "chip.html": [
        Sample("open", {"name": "a", "value": "1", "label": "Missed", "count": 12}, "chips"),
        Sample("chosen", {"name": "a", "value": "2", "label": "Flagged", "count": 3, "checked": True}, "chips"),
        Sample("disabled", {"name": "a", "value": "3", "label": "Unsure", "count": 0, "disabled": True}, "chips"),
    ],
    "competency.html": [
        *(Sample(code, {"code": code}) for code in ("CUL", "ORG", "VOC", "DES", "MET", "STR")),
        Sample("with its name", {"code": "VOC", "name": "Voice of the customer"}),
    ],
    "empty.html": [
        Sample(
            "with a button",
            {
                "title": "No results yet",
                "text": "The first quiz that you finish appears here.",
                "href": "#",
                "label": "Practice",
                "icon": "chart",
            },
        )
    ],
    "entrance_header.html": [Sample("with a lead", {"title": "Sign in", "lead": "Go on where you stopped."})],
    "error_summary.html": [Sample("two problems", {"form": SampleForm({"minutes": "900", "title": "Mondays"})})],
    "form_fields.html": [Sample("as it opens", {"form": SampleForm(prefix="all")}, "form")],
    "icon.html": [
        *(Sample(name, {"name": name}, "icon") for name in ("check", "flag", "clock", "right", "wrong", "alert")),
        Sample("large", {"name": "right", "size": "large"}, "icon"),
    ],
    "indicator.html": [Sample("while a request is under way", {"label": "Counting questions"}, "busy")],
    "marked.html": [
        Sample(
            "found words",
            {
                "parts": [
                    {"text": "Asks how ", "is_marked": False},
                    {"text": "effort", "is_marked": True},
                    {"text": " is felt.", "is_marked": False},
                ]
            },
            "paragraph",
        )
    ],
    "notice.html": [
        Sample("info", {"text": "Your schedule is being built.", "title": "One moment"}),
        Sample("success", {"text": "Your plan is saved.", "tone": "success"}),
        Sample("warning", {"text": "Two objectives do not fit before your exam.", "tone": "warning"}),
        Sample(
            "error",
            {"text": "Your answer was not sent.", "tone": "error", "href": "#", "link_label": "Try again"},
        ),
    ],
    "option.html": [
        option("open", name="open"),
        option("chosen", name="chosen", checked=True),
        option("disabled", name="disabled", disabled=True),
    ],
    "option_button.html": [option("open", name="label")],
    "option_result.html": [
        option("the key, chosen", "results", is_key=True, is_chosen=True, rationale=RATIONALE),
        option("the key, not chosen", "results", is_key=True, rationale=RATIONALE),
        option("chosen, not the key", "results", is_chosen=True, rationale=RATIONALE),
        option("neither", "results", rationale=RATIONALE),
        option("with what others chose", "results", is_key=True, rationale=RATIONALE, share=54, share_of=57),
    ],
    "page_header.html": [
        Sample(
            "with an action",
            {
                "title": "Your cohorts",
                "eyebrow": "Coordinator",
                "lead": "Who has started, and who needs help.",
                "action_href": "#",
                "action_label": "New cohort",
            },
            "header",
        )
    ],
    "pagination.html": [Sample("in the middle", {"page": Paginator(range(90), 30).page(2), "label": "Sample pages"})],
    "search_box.html": [
        Sample("with a word", {"action": "#", "label": "Search everything", "value": "effort"}),
        Sample("refused", {"action": "#", "label": "Search terms", "error": "Search for at most 80 characters."}),
    ],
    "stat.html": [
        Sample(
            "with uncertainty", {"label": "Right", "value": 76, "unit": "%", "basis": "n = 42, 68 to 84 %"}, "stats"
        ),
        Sample(
            "of a competency", {"label": "Metrics", "value": 58, "unit": "%", "basis": "n = 31", "code": "MET"}, "stats"
        ),
    ],
    "status_line.html": [
        Sample("neutral", {"text": "Nothing to save yet"}),
        Sample("good", {"text": "All answers are saved", "tone": "good"}),
        Sample("bad", {"text": "Not saved yet: 2 answers waiting", "tone": "bad"}),
    ],
    "tabs.html": [
        Sample(
            "three pages",
            {
                "label": "Sample tabs",
                "tabs": [
                    {"href": "#", "label": "All", "is_current": True, "count": 100},
                    {"href": "#", "label": "Wrong", "count": 32},
                    {"href": "#", "label": "Flagged", "count": 0},
                ],
            },
        )
    ],
    "wordmark.html": [Sample("as in the header")],
}

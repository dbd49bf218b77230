"""Form fields and components, rendered alone."""

from __future__ import annotations

import re

import pytest
from django import forms
from django.core.paginator import Paginator

from tests.markup import render, words


class SampleForm(forms.Form):
    minutes = forms.IntegerField(label="Minutes a day", min_value=5, help_text="At least five.")
    note = forms.CharField(required=False)
    wants_mail = forms.BooleanField(label="Remind me", required=False)
    feedback = forms.ChoiceField(choices=[("each", "After each"), ("end", "At the end")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)


def test_field_ties_help_and_error_to_its_control() -> None:
    form = SampleForm({"minutes": "2", "token": "x"})
    html = re.sub(r"\s+", " ", form["minutes"].as_field_group())

    assert '<label for="id_minutes">Minutes a day</label>' in html
    assert '<div class="helptext" id="id_minutes_helptext">At least five.</div>' in html
    assert '<ul class="errorlist" id="id_minutes_error"><li><span class="visually-hidden">Error: </span>' in html
    assert 'aria-describedby="id_minutes_helptext id_minutes_error"' in html
    assert 'aria-invalid="true"' in html


def test_only_optional_fields_are_marked() -> None:
    form = SampleForm()

    assert '<span class="field-optional">(optional)</span>' in form["note"].as_field_group()
    assert "(optional)" not in form["minutes"].as_field_group()
    assert "(optional)" not in form["wants_mail"].as_field_group()


def test_radio_buttons_stand_in_a_fieldset_with_a_legend() -> None:
    html = re.sub(r"\s+", " ", SampleForm()["feedback"].as_field_group())

    assert re.search(r"<fieldset> <legend>Feedback</legend>.*</fieldset>", html)


def test_help_may_be_said_in_other_words() -> None:
    html = render("django/forms/field.html", field=SampleForm()["minutes"], help_text="Five <or> more.")

    assert '<div class="helptext" id="id_minutes_helptext">Five &lt;or&gt; more.</div>' in html


def test_form_fields_begin_with_the_summary_and_keep_hidden_fields() -> None:
    html = render("components/form_fields.html", form=SampleForm({"minutes": "2", "feedback": "each"}))

    assert html.startswith('<div class="error-summary" role="alert" tabindex="-1" autofocus>')
    assert '<a href="#id_minutes">Minutes a day: Ensure this value is greater than or equal to 5.</a>' in html
    assert "<li>This field is required.</li>" in html  # the hidden field has nothing to lead to
    assert '<input type="hidden" name="token"' in html


def test_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in render("components/form_fields.html", form=SampleForm())


def test_button_is_a_button_or_a_link() -> None:
    assert render("components/button.html", label="Check") == (
        '<button class="button" type="submit"><span>Check</span></button>'
    )
    assert render("components/button.html", label="Skip", variant="secondary", href="/next/") == (
        '<a class="button button-secondary" href="/next/"><span>Skip</span></a>'
    )


def test_result_says_right_and_wrong_in_words() -> None:
    component = "components/option_result.html"

    assert words(render(component, letter="A", text="x", is_key=True, rationale="because")) == "A x Right because"
    assert words(render(component, letter="B", text="x", is_chosen=True)) == "B x Not this one · your answer"
    assert words(render(component, letter="C", text="x")) == "C x"


@pytest.mark.parametrize("name", ["option.html", "option_result.html"])
def test_option_text_is_escaped_unless_marked_safe(name: str) -> None:
    assert "&lt;b&gt;" in render(f"components/{name}", name="a", value="A", letter="A", text="<b>")


def test_notice_says_its_tone_to_those_who_do_not_see_it() -> None:
    assert '<span class="visually-hidden">Error: </span>Not saved.' in render(
        "components/notice.html", tone="error", text="Not saved."
    )
    assert "visually-hidden" not in render("components/notice.html", text="Saved.")


def test_pagination_keeps_the_filter_and_vanishes_on_one_page() -> None:
    pages = Paginator(range(50), 20)

    html = render("components/pagination.html", page=pages.page(2), query="status=wrong&amp;n=1")
    assert 'href="?status=wrong&amp;amp;n=1&amp;page=1"' in html
    assert "21 to 40 of 50" in html
    assert render("components/pagination.html", page=Paginator([1], 20).page(1)) == ""


def test_bars_draw_numbers_for_a_machine_and_say_what_is_missing() -> None:
    rows = [
        {"label": "Metrics", "value": 1234.5 / 25, "text": "49 %", "n": 27, "code": "MET"},
        {"label": "Strategy", "value": None},
    ]
    html = render(
        "components/charts/bar.html", title="Score", rows=rows, target=75, target_label="Practice target 75 %"
    )

    assert 'width="49.38%"' in html
    assert 'x1="75%"' in html
    assert "no answers yet" in html
    assert "n = 27" in html
    assert "<caption>Score. Practice target 75 %</caption>" in html


def test_bars_without_a_target_draw_no_line() -> None:
    assert "chart-rule" not in render("components/charts/bar.html", title="Score", rows=[{"label": "A", "value": 0}])


def test_columns_come_with_their_table() -> None:
    day = {
        "label": "Mo",
        "name": "Monday 2 March",
        "first": 40,
        "second": 20,
        "first_text": "16 min",
        "second_text": "8 min",
        "text": "24",
    }
    html = render(
        "components/charts/stacked_bar.html", title="Week", first_name="Review", second_name="New", days=[day]
    )

    assert '<rect class="chart-first" width="100%" height="40%"/>' in html
    assert '<svg y="40%"' in html
    assert '<th scope="row">Monday 2 March</th><td class="numeric">16 min</td><td class="numeric">8 min</td>' in html


@pytest.mark.parametrize(
    ("value", "shade"), [(0, 1), (39, 1), (40, 2), (54, 2), (55, 3), (69, 3), (70, 4), (84, 4), (85, 5), (100, 5)]
)
def test_heat_cell_is_shaded_by_its_value_and_says_it(value: int, shade: int) -> None:
    rows = [{"label": "Amira", "cells": [{"value": value, "n": 8}]}]
    html = render(
        "components/charts/heat_table.html", title="Heat", row_name="Candidate", columns=[{"label": "MET"}], rows=rows
    )

    assert f'<td class="heat-{shade}">{value}<span class="heat-n">n 8</span></td>' in html


def test_empty_heat_cell_is_said_to_be_empty() -> None:
    rows = [{"label": "Amira", "cells": [{"value": None}]}]
    html = render(
        "components/charts/heat_table.html", title="Heat", row_name="Candidate", columns=[{"label": "MET"}], rows=rows
    )

    assert '<span class="visually-hidden">no answers</span>' in html


def test_line_draws_a_dot_per_point_and_its_table() -> None:
    points = [
        {"x": 0, "y": 40, "label": "1 March", "text": "40 %"},
        {"x": 100, "y": 71.5, "label": "6 March", "text": "72 %"},
    ]
    html = render("components/charts/line.html", title="Recall", points=points, path="0,40 100,71.5")

    assert re.findall(r'class="line-dot" d="([^"]+)"', html) == ["M0 40h0", "M100 71.5h0"]
    assert '<th scope="row">6 March</th><td class="numeric">72 %</td>' in html
    assert "line-band" not in html

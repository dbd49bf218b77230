"""Which questions of a finished attempt are read again, and the filters that choose them.

Two of them combine: what became of the answer, and the competency. Each count is of what a click on it would list.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypedDict

from django.urls import reverse

from quizzes.attempt_facts import SLOW_TIMES, ResponseFacts, median_seconds, slow_rows
from quizzes.charts import seconds_text
from quizzes.forms.results import KIND_NAMES, SHOWN, FilterResponsesForm
from quizzes.models import Attempt
from quizzes.views.result_page import QUESTIONS_PER_PAGE, filter_href, filter_query, list_href

# They tell what was right, so they wait until the key may be shown.
TELLING = {"wrong", "sure-wrong", "unsure-right"}
EMPTY_TITLES = {
    "all": "No questions",
    "wrong": "No wrong answers",
    "unanswered": "Nothing left unanswered",
    "sure-wrong": "Nothing that you were sure of was wrong",
    "unsure-right": "No right answer that you were not sure of",
    "changed": "No changed answers",
    "slow": "No slow questions",
    "flagged": "Nothing flagged",
}


class Tab(TypedDict):
    href: str
    label: str
    is_current: bool
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    attempt: Attempt
    show: str
    competency: str
    is_whole: bool
    positions: list[int]
    counts: dict[str, int]
    competency_counts: dict[str, int]
    refusal: str

    @property
    def query(self) -> str:
        return filter_query(self.show, self.competency)

    @property
    def empty_title(self) -> str:
        return EMPTY_TITLES[self.show] + (f" in {self.competency}" if self.competency else "")

    @property
    def tabs(self) -> list[Tab]:
        """Those with something to list, and where one is."""
        return [
            {
                "href": filter_href(self.attempt, name, self.competency),
                "label": label,
                "is_current": name == self.show,
                "count": self.counts[name],
            }
            for name, label in SHOWN.items()
            if self.counts.get(name) or name in ("all", self.show)
        ]

    @property
    def competency_tabs(self) -> list[Tab]:
        """Nothing where there is nothing to choose."""
        if len(self.competency_counts) < 2:
            return []
        every: Tab = {
            "href": filter_href(self.attempt, self.show),
            "label": "Every competency",
            "is_current": not self.competency,
            "count": sum(self.competency_counts.values()),
        }
        return [
            every,
            *(
                Tab(
                    href=filter_href(self.attempt, self.show, code),
                    label=code,
                    is_current=code == self.competency,
                    count=count,
                )
                for code, count in self.competency_counts.items()
                if count or code == self.competency
            ),
        ]

    @property
    def whole_href(self) -> str:
        return f"{list_href(self.attempt)}?{self.query}&whole=1"

    @property
    def page_length(self) -> int:
        return max(1, len(self.positions)) if self.is_whole else QUESTIONS_PER_PAGE


def review_of(
    attempt: Attempt, rows: Sequence[ResponseFacts], data: dict[str, Any] | None = None, *, is_explained: bool
) -> Review:
    """`data` is what the address asks for; what is not known, or not told yet, means all."""
    places = {row.competency: row.competency_position for row in rows}
    competencies = sorted(places, key=lambda code: places[code])
    form = FilterResponsesForm(data or {}, competencies=competencies)
    asked: dict[str, Any] = {"show": "", "competency": "", "whole": False}
    if form.is_valid():
        asked = form.cleaned_data
    found = {name: positions for name, positions in _found(rows).items() if is_explained or name not in TELLING}
    name, competency = asked["show"] or "all", asked["competency"]
    show = name if name in found else "all"
    within = {row.position for row in rows if competency in ("", row.competency)}
    return Review(
        attempt=attempt,
        show=show,
        competency=competency,
        is_whole=asked["whole"],
        positions=[row.position for row in rows if row.position in found[show] & within],
        counts={name: len(positions & within) for name, positions in found.items()},
        competency_counts={
            code: sum(row.competency == code and row.position in found[show] for row in rows) for code in competencies
        },
        refusal=_refusal(is_known=form.is_valid(), is_told=show == name),
    )


def _found(rows: Sequence[ResponseFacts]) -> dict[str, set[int]]:
    return {
        "all": {row.position for row in rows},
        "wrong": {row.position for row in rows if row.is_wrong},
        "unanswered": {row.position for row in rows if not row.selected},
        "sure-wrong": {row.position for row in rows if row.is_sure_but_wrong},
        "unsure-right": {row.position for row in rows if row.is_right_but_unsure},
        "changed": {row.position for row in rows if row.changes},
        "slow": {row.position for row in slow_rows(rows)},
        "flagged": {row.position for row in rows if row.is_flagged},
    }


def _refusal(*, is_known: bool, is_told: bool) -> str:
    if not is_known:
        return "There is no such filter. Here are all questions."
    return "" if is_told else "Which ones were wrong is shown after the due date. Here are all questions."


def slow_text(rows: Iterable[ResponseFacts]) -> str:
    """What counts as slow here."""
    middle = median_seconds(rows)
    if middle is None:
        return ""
    return (
        f"Slow means more than {SLOW_TIMES} times your median of {seconds_text(middle)}, "
        f"so above {seconds_text(SLOW_TIMES * middle)}."
    )


def kind_tabs(counts: dict[str, int], kind: str) -> list[Tab]:
    """Of the list of attempts; nothing where all are of one kind."""
    found = {name: count for name, count in counts.items() if count or name == kind}
    if len(found) < 2:
        return []
    base = reverse("quizzes:attempt-list")
    every: Tab = {"href": base, "label": "All", "is_current": not kind, "count": sum(counts.values())}
    return [
        every,
        *(
            Tab(href=f"{base}?kind={name}", label=KIND_NAMES[name], is_current=name == kind, count=count)
            for name, count in found.items()
        ),
    ]

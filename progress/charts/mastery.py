"""How well objectives are known, for states.html, bar.html and radar.html."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from competencies.models import Competency, Statement
from progress.answers import Share
from progress.charts.radar import Axis, radar_of
from progress.queries.mastery import CompetencyMastery, Coverage, ObjectiveMastery, StatementGroup, StatementMastery
from progress.states import FIRM_FROM, State, tally
from reviews.scheduler import DESIRED_RETENTION

NO_ANSWERS = Share(0, 0)
NAMES = {
    State.KNOWN: "Known",
    State.LEARNING: "Learning",
    State.FADING: "Fading",
    State.UNSEEN: "Not met",
    State.WITHHELD: "Held back",
}


@dataclass(frozen=True, slots=True)
class StateMeaning:
    state: str
    name: str
    meaning: str


def state_meanings(*, has_withheld: bool) -> list[StateMeaning]:
    recall = round(100 * DESIRED_RETENTION)
    meanings = {
        State.KNOWN: f"Expected recall today is {recall} % or more, and the memory is at least a week firm: "
        f"{FIRM_FROM} days after an answer it would still be 90 %.",
        State.LEARNING: f"Expected recall today is {recall} % or more, but the memory is less than a week firm.",
        State.FADING: f"You have met it, and expected recall today has fallen below {recall} %.",
        State.UNSEEN: "You have answered no question on it yet.",
        State.WITHHELD: "An assignment asked it. What came of it is shown after the due date.",
    }
    return [
        StateMeaning(state.value, NAMES[state], meaning)
        for state, meaning in meanings.items()
        if has_withheld or state is not State.WITHHELD
    ]


def state_chart(rows: Iterable[CompetencyMastery]) -> dict[str, Any]:
    """A row per competency, leading to its own page."""
    return _chart(
        [
            (
                row.competency.name,
                row.competency.code,
                reverse("progress:mastery-detail", args=[row.competency.code]),
                row.states,
            )
            for row in rows
        ]
    )


@dataclass(frozen=True, slots=True)
class ObjectiveLine:
    """An objective with its state and its recall as they are told."""

    row: ObjectiveMastery

    @property
    def name(self) -> str:
        return NAMES[self.row.state]

    @property
    def recall(self) -> int | None:
        return None if self.row.recall is None else round(100 * self.row.recall)


@dataclass(frozen=True, slots=True)
class StatementBar:
    statement: Statement
    bar: dict[str, Any]
    objectives: list[ObjectiveLine]


@dataclass(frozen=True, slots=True)
class StatementBars:
    heading: str
    statements: list[StatementBar]


def with_state_bars(groups: Iterable[StatementGroup]) -> list[StatementBars]:
    """Each statement beside its bar."""
    return [
        StatementBars(
            group.heading,
            [
                StatementBar(each.statement, _bar_of(each), [ObjectiveLine(row) for row in each.objectives])
                for each in group.statements
            ],
        )
        for group in groups
    ]


def _bar_of(statement: StatementMastery) -> dict[str, Any]:
    chart = _chart([("", statement.statement.code, "", statement.states)])
    row: dict[str, Any] = chart["rows"][0]
    return row


def state_total(competency: Competency, objectives: Iterable[ObjectiveMastery]) -> dict[str, Any]:
    """One row: all objectives of a competency together."""
    return _chart([(competency.name, competency.code, "", tally(row.state for row in objectives))])


def _chart(counted: Sequence[tuple[str, str, str, Mapping[State, int]]]) -> dict[str, Any]:
    shown = [state for state in State if state is not State.WITHHELD or any(states[state] for *_, states in counted)]
    return {
        "states": [{"state": state.value, "name": NAMES[state]} for state in shown],
        "rows": [
            {
                "label": label,
                "code": code,
                "href": href,
                "segments": _segments(states, shown),
                "counts": [states[state] for state in shown],
                "value_text": f"{states[State.KNOWN]} of {sum(states.values())}",
                "note": ", ".join(f"{states[state]} {NAMES[state].lower()}" for state in shown if states[state]),
            }
            for label, code, href, states in counted
        ],
    }


def _segments(states: Mapping[State, int], shown: Iterable[State]) -> list[dict[str, Any]]:
    """Side by side, in percent of the whole."""
    total = sum(states.values())
    segments, before = [], 0
    for state in shown:
        if count := states[state]:
            x, width = 100 * before / total, 100 * count / total
            segments.append({"state": state.value, "x": round(x, 2), "width": round(width, 2)})
        before += states[state]
    return segments


def score_bars(competencies: Iterable[Competency], shares: Mapping[str, Share]) -> list[dict[str, Any]]:
    """First answers right: counted where there are few, a share from FEWEST on."""
    return [_score_bar(competency, shares.get(competency.code, NO_ANSWERS)) for competency in competencies]


def _score_bar(competency: Competency, share: Share) -> dict[str, Any]:
    if share.is_telling:
        return _bar(competency, value=share.percent, n=share.n)
    return _bar(competency, value=None, n=share.n, text=f"{share.right} of {share.n}" if share.n else "")


def score_radar(
    competencies: Iterable[Competency], shares: Mapping[str, Share], *, target: int
) -> dict[str, Any] | None:
    """The same as one shape; without a point where too few answers speak for one."""
    return radar_of([_axis(competency, shares.get(competency.code, NO_ANSWERS)) for competency in competencies], target)


def _axis(competency: Competency, share: Share) -> Axis:
    value = share.percent if share.is_telling else None
    return Axis(competency.code, competency.name, share.n, value, share.low, share.high)


def coverage_bars(rows: Iterable[Coverage]) -> list[dict[str, Any]]:
    return [_bar(row.competency, value=row.percent, text=f"{row.met} of {row.questions}") for row in rows]


def recall_bars(rows: Iterable[CompetencyMastery]) -> list[dict[str, Any]]:
    """Without a bar where nothing was met before today; nothing at all where that is so of each competency."""
    rows = list(rows)
    if not any(row.recalled for row in rows):
        return []
    return [
        _bar(
            row.competency,
            value=row.recall_percent,
            n=row.recalled,
            text="none yet" if row.answered and not row.recalled else "",
        )
        for row in rows
    ]


def _bar(competency: Competency, *, value: int | None, n: int | None = None, text: str = "") -> dict[str, Any]:
    return {
        "label": competency.name,
        "code": competency.code,
        "href": reverse("progress:mastery-detail", args=[competency.code]),
        "value": value,
        "text": text,
        "n": n,
    }

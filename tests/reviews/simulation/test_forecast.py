"""Whether the schedule's forecast comes true for candidates whose memory is none that the model knows."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from reviews.planner import Capacity, Outset, Projection, open_days, plan_days
from reviews.scheduler import START_PARAMETERS
from reviews.simulation.learners import Learners, draw_learners
from reviews.simulation.policies import Calendar, Ours
from reviews.simulation.trial import run_trial
from reviews.study_queue import Bank, Integers, Progress

START = date(2026, 3, 2)
DAYS, MINUTES, FORECAST_ON = 42, 20, 14
# Study days are cut short or left out; the plan cannot know which.
KEPT = 0.85


class Foreseen(Ours):
    """Ours, with what each candidate's schedule foretells on one morning."""

    def __init__(self, learners: Learners, calendar: Calendar) -> None:
        super().__init__(learners, calendar)
        self.forecasts: list[Projection] = []

    def order(self, day: int) -> Integers:
        if day == FORECAST_ON:
            self.forecasts = [self._forecast(row) for row in range(len(self.bank.place))]
        return super().order(day)

    def _forecast(self, row: int) -> Projection:
        everybody = self.progress(FORECAST_ON)
        is_met = ~np.isnan(everybody.stability[row])
        count = len(is_met)
        outset = Outset(
            on=START + timedelta(days=FORECAST_ON),
            codes=tuple(str(number) for number in range(count)),
            bank=Bank(self.bank.competency, self.bank.weight, self.bank.place[row], self.bank.difficulty[row]),
            progress=Progress(
                stability=everybody.stability[row],
                difficulty=np.where(is_met, everybody.difficulty[row], 5.0),
                elapsed=np.where(is_met, everybody.elapsed[row], 0),
                first=everybody.first[row],
                met_today=np.array(0),
            ),
            parameters=START_PARAMETERS,
            asked_today=np.zeros(count, np.int64),
            is_missed=np.zeros(count, bool),
            rests_for=np.zeros(count, np.int64),
        )
        exam_on = START + timedelta(days=DAYS)
        capacities = [Capacity(on, round(KEPT * MINUTES)) for on in open_days(outset.on, exam_on)]
        projection = plan_days(outset, exam_on=exam_on, capacities=capacities, items=100).projection
        assert projection is not None
        return projection


@pytest.mark.parametrize("world", ["A", "B"])
def test_most_scores_lie_where_the_schedule_foretold_them(world: str) -> None:
    learners = draw_learners(candidates=40, seeds=1, objectives=200, days=DAYS, first_seed=7)
    policy = Foreseen(learners, Calendar(DAYS, MINUTES))
    expected = run_trial(world, policy, learners, minutes=MINUTES, days=DAYS).score
    scores = np.random.default_rng(1).binomial(100, expected / 100)
    within = [each.low <= score <= each.high for each, score in zip(policy.forecasts, scores, strict=True)]
    bias = np.mean([each.score for each in policy.forecasts]) - expected.mean()
    assert abs(bias) < 3
    assert np.mean(within) >= 0.8

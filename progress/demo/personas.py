"""Who they are, and how well they know what."""

from __future__ import annotations

import math
from dataclasses import dataclass

from cohorts.models import Membership
from questions.models import Question

FELL_BEHIND = "Jonas"
REVIEWS_PER_EVENING = 8
GUESS = 0.2  # what somebody who knows nothing still gets right


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """Ability is in logits against a question of middling difficulty; evenings are days ago on which they studied."""

    name: str
    what: str
    ability: float
    strong: str = ""
    weak: str = ""
    sharing: Membership.Sharing = Membership.Sharing.SCORES
    time_zone: str = "Europe/Amsterdam"
    days_to_exam: int | None = None
    joined: int = 29  # days ago
    evenings: tuple[int, ...] = ()
    areas: tuple[str, ...] = ()  # practiced so far, one an evening; empty for everything at once
    sat_mocks: tuple[int, ...] = ()  # days ago, on their own
    retakes: tuple[int, ...] = ()  # days ago, of a practice quiz with the same questions
    reviews: int = REVIEWS_PER_EVENING
    stumbles_over: str = ""  # an objective that never comes right
    is_in_cohort: bool = True
    extra_time_percent: int = 0

    def chance(self, question: Question, days_ago: int) -> float:
        """Three-parameter logistic curve; four weeks of study are worth about one logit."""
        if question.objective.code == self.stumbles_over:
            return 0.0
        competency = question.objective.statement.competency.code
        edge = (competency == self.strong) * 0.8 - (competency == self.weak) * 1.1
        logit = self.ability + edge - days_ago / 28 - 0.5 * (question.difficulty - 3)
        return GUESS + (1 - GUESS) / (1 + math.exp(-logit))


CANDIDATES = (
    Persona(
        name="Carla",
        what="midway: four weeks of history, exam in four weeks",
        ability=1.5,
        strong="VOC",
        weak="MET",
        days_to_exam=28,
        evenings=(27, 26, 24, 23, 21, 20, 19, 17, 16, 14, 13, 12, 10, 9, 7, 6, 5, 3, 2),
        areas=("CUL", "ORG", "VOC", "DES", "STR"),
        retakes=(12, 6),
    ),
    Persona(
        name="Wim",
        what="a week before the exam, with one objective that will not stick",
        ability=2.2,
        strong="STR",
        weak="DES",
        days_to_exam=7,
        evenings=(26, 25, 24, 22, 21, 19, 18, 16, 15, 13, 12, 11, 8, 7, 5, 4, 2, 1),
        sat_mocks=(17, 9),
        reviews=20,
        stumbles_over="DES-K1.1",
    ),
    Persona(
        name="Nora",
        what="new: one quiz so far, exam in eight weeks",
        ability=0.4,
        days_to_exam=56,
        joined=3,
        evenings=(1,),
    ),
    Persona(
        name="Amara",
        what="new: has a plan and has answered nothing",
        ability=0.5,
        days_to_exam=63,
        joined=0,
        is_in_cohort=False,
    ),
    Persona(
        name="Omar", what="steady", ability=1.1, strong="MET", days_to_exam=42, evenings=(20, 13, 6, 3), sat_mocks=(10,)
    ),
    Persona(name="Li", what="shares progress only", ability=1.7, sharing=Membership.Sharing.PROGRESS, evenings=(18, 4)),
    Persona(name="Fatima", what="has extra time", ability=0.9, weak="STR", evenings=(16, 9), extra_time_percent=25),
    Persona(name=FELL_BEHIND, what="falls behind", ability=-0.3, weak="MET", evenings=(21,)),
    Persona(
        name="Priya",
        what="shares progress only",
        ability=1.3,
        sharing=Membership.Sharing.PROGRESS,
        time_zone="Asia/Kolkata",
        evenings=(11,),
    ),
)


def address(name: str) -> str:
    return f"{name.lower()}@example.com"

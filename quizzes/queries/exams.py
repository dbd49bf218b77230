"""An edition of the exam as the bank sees it: its items per competency, as hard as the sealed pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random

import numpy as np
from django.db.models import Count

from competencies.models import Blueprint, BlueprintArea, Competency, Objective
from questions.models import Question
from quizzes.ability import Floats
from quizzes.blueprint import apportion
from quizzes.queries.placement import difficulty_in_force, discrimination_in_force
from quizzes.queries.pool import Source, reads
from quizzes.readiness import Exam, make_exam, split_items
from reviews.queries import DEFAULT_BLUEPRINT, Study

# Where the sealed pool has no question of a competency, one of medium difficulty stands for it.
STAND_IN = 0.0
# A large sealed pool is sampled, always the same way: a reading that changes without an answer would puzzle.
SAMPLE = "readiness"


def exam_of(blueprint: Blueprint, competencies: Sequence[Competency], objectives: Mapping[int, int]) -> Exam | None:
    """An edition as hard as our sealed pool; None where it has no items, or no area with a competency of ours.

    Costs the same with a sealed pool of any size.
    """
    rows = [(area, {each.pk for each in area.competencies.all()}) for area in _areas(blueprint)]
    areas = [(area.weight, members) for area, members in rows if members]
    weights = [weight for weight, _ in areas]
    if not blueprint.item_count or not sum(weights):
        return None
    area_of = {pk: place for place, (_, members) in enumerate(areas) for pk in members}
    asked = [place for place, competency in enumerate(competencies) if competency.pk in area_of]
    items = np.zeros(len(competencies))
    items[asked] = split_items(
        apportion(blueprint.item_count, weights),
        [area_of[competencies[place].pk] for place in asked],
        # An area whose objectives are still to be written is shared out evenly.
        [max(1, objectives[competencies[place].pk]) for place in asked],
    )
    return make_exam(items, *_sealed_items(blueprint.item_count, competencies))


def edition_of(study: Study) -> Blueprint | None:
    if study.plan and study.plan.blueprint:
        return study.plan.blueprint
    return Blueprint.objects.filter(code=DEFAULT_BLUEPRINT).first()


def _areas(blueprint: Blueprint) -> list[BlueprintArea]:
    return list(blueprint.areas.order_by("position").prefetch_related("competencies"))


def objectives_of(competencies: Sequence[Competency]) -> dict[int, int]:
    counts = Objective.objects.order_by().values_list("statement__competency").annotate(Count("pk"))
    return dict.fromkeys((competency.pk for competency in competencies), 0) | dict(counts)


def _sealed_items(wanted: int, competencies: Sequence[Competency]) -> tuple[list[Floats], list[Floats]]:
    """Difficulties and discriminations per competency."""
    sealed = [pk for pk, _ in next(reads(Source(Question.Pool.MOCK), wanted, Random(SAMPLE)))]
    names = (
        "objective__statement__competency_id",
        "difficulty",
        "parameters__difficulty",
        "parameters__discrimination",
    )
    places = {competency.pk: place for place, competency in enumerate(competencies)}
    items: list[list[tuple[float, float]]] = [[] for _ in competencies]
    for competency, level, b, a in Question.objects.filter(pk__in=sealed).order_by("pk").values_list(*names):
        items[places[competency]].append((difficulty_in_force(level, b), discrimination_in_force(a)))
    pools = [np.array(pool or [(STAND_IN, 1.0)]) for pool in items]
    return [pool[:, 0] for pool in pools], [pool[:, 1] for pool in pools]

"""What a draw may take, read at a cost that does not grow with the bank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from random import Random

from django.db.models import Count, Exists, Max, Min, OuterRef, Subquery

from accounts.models import User
from competencies.models import Blueprint, BlueprintArea, Objective
from questions.models import Question, QuestionQuerySet
from quizzes.assembly import AreaPool, PoolQuestion, Shortage
from quizzes.blueprint import apportion
from quizzes.models import DrawRule, Response
from reviews.models import ReviewLog

# A pool up to this size is read whole, from the draw index alone, so that a draw is exact. A larger one is sampled by
# random primary keys, each of which is one look-up, so that a start costs the same in a bank of any size.
LISTED_AT_MOST = 1000
FEWEST_KEYS = 200
KEYS_PER_QUESTION = 12
# Nobody asks for more; counting on would only take longer.
COUNTED_AT_MOST = 1000

Row = tuple[int, int]  # question and objective


@dataclass(frozen=True, slots=True)
class Source:
    """Published questions of one pool, of some objectives or (None) of all."""

    pool: Question.Pool
    objectives: frozenset[int] | None = None

    def questions(self) -> QuestionQuerySet:
        questions = Question.objects.published().filter(pool=self.pool).order_by()
        return questions if self.objectives is None else questions.filter(objective__in=self.objectives)


def count_practice_questions(rule: DrawRule) -> int:
    """How many questions a practice quiz may draw; COUNTED_AT_MOST stands for that many or more."""
    return practice_source(rule).questions()[:COUNTED_AT_MOST].count()


def practice_pool(candidate: User, rule: DrawRule, *, wanted: int, rng: Random) -> list[PoolQuestion]:
    seen = last_seen(candidate) if rule.get("unseen_first") else {}
    pool: list[PoolQuestion] = []
    for rows in reads(practice_source(rule), wanted, rng):
        pool = _pool_questions(rows, seen)
        if _unseen(pool) >= wanted:
            break
    return pool


def practice_source(rule: DrawRule) -> Source:
    objectives = Objective.objects.order_by()
    if codes := rule.get("competencies"):
        objectives = objectives.filter(statement__competency__code__in=codes)
    if codes := rule.get("statements"):
        objectives = objectives.filter(statement__code__in=codes)
    if codes := rule.get("objectives"):
        objectives = objectives.filter(code__in=codes)
    narrows = any(rule.get(name) for name in ("competencies", "statements", "objectives"))
    return Source(Question.Pool.PRACTICE, frozenset(objectives.values_list("pk", flat=True)) if narrows else None)


def area_pools(blueprint: Blueprint, candidate: User, rng: Random) -> list[AreaPool]:
    """The sealed questions of each area, with how many of them one mock exam needs."""
    needs = _needs(blueprint)
    area_of = _area_of_objective(blueprint)
    seen = last_attempted(candidate)
    areas: list[AreaPool] = []
    for rows in reads(Source(Question.Pool.MOCK), blueprint.item_count, rng):
        rows_of: dict[int, list[Row]] = {area.pk: [] for area, _ in needs}
        for question, objective in rows:
            if objective in area_of:
                rows_of[area_of[objective]].append((question, objective))
        areas = [AreaPool(area.name, needed, _pool_questions(rows_of[area.pk], seen)) for area, needed in needs]
        if all(_unseen(area.questions) >= area.needed for area in areas):
            break
    return areas


def sealed_shortages(blueprint: Blueprint) -> list[Shortage]:
    """What the sealed pool lacks for one mock exam of this edition.

    Asks only whether each area's last needed question exists, and counts only areas that are short: both look at no
    more questions than an exam has, however many there are. Three queries, four with a shortage.
    """
    needs = _needs(blueprint)
    objectives: dict[int, list[int]] = {area.pk: [] for area, _ in needs}
    for objective, area in _area_of_objective(blueprint).items():
        objectives[area].append(objective)
    sealed = {pk: Source(Question.Pool.MOCK, frozenset(ids)).questions() for pk, ids in objectives.items()}
    needs = [(area, needed) for area, needed in needs if needed]
    last_needed = [Exists(sealed[area.pk][needed - 1 : needed]) for area, needed in needs]
    are_filled = Blueprint.objects.filter(pk=blueprint.pk).values_list(*last_needed).get() if needs else ()
    short = [(area, needed) for (area, needed), is_filled in zip(needs, are_filled, strict=True) if not is_filled]
    available = _count_by_area(short, objectives) if short else {}
    return [Shortage(area.name, available[area.pk], needed) for area, needed in short]


def _count_by_area(areas: list[tuple[BlueprintArea, int]], objectives: dict[int, list[int]]) -> dict[int, int]:
    source = Source(Question.Pool.MOCK, frozenset(pk for area, _ in areas for pk in objectives[area.pk]))
    counts = dict(source.questions().values_list("objective_id").annotate(Count("pk")))
    return {area.pk: sum(counts.get(objective, 0) for objective in objectives[area.pk]) for area, _ in areas}


def last_attempted(candidate: User) -> dict[int, datetime]:
    responses = Response.objects.filter(attempt__candidate=candidate).order_by()
    return _latest(responses.values_list(_published_version(), "attempt__started_at"))


def last_seen(candidate: User) -> dict[int, datetime]:
    """In attempts and on the review page, which asks practice questions only."""
    logs = ReviewLog.objects.for_candidate(candidate).order_by()
    reviewed = logs.values_list(_published_version(), "reviewed_at")
    return _latest(chain(last_attempted(candidate).items(), reviewed))


def _published_version() -> Subquery:
    """Of the question that was asked, so that a new version of a seen question is not taken for a new question."""
    return Subquery(Question.objects.published().filter(code=OuterRef("question__code")).values("pk")[:1])


def _latest(rows: Iterable[tuple[int | None, datetime]]) -> dict[int, datetime]:
    """Compared here, row by row: a GROUP BY tempts SQLite to walk the whole bank in the order of the questions."""
    latest: dict[int, datetime] = {}
    for question, moment in rows:
        if question is not None:
            latest[question] = max(moment, latest.get(question, moment))
    return latest


def _needs(blueprint: Blueprint) -> list[tuple[BlueprintArea, int]]:
    areas = list(blueprint.areas.order_by("position"))
    if not areas:
        return []
    return list(zip(areas, apportion(blueprint.item_count, [area.weight for area in areas]), strict=True))


def _area_of_objective(blueprint: Blueprint) -> dict[int, int]:
    path = "statement__competency__blueprint_areas"
    objectives = Objective.objects.filter(**{f"{path}__blueprint": blueprint}).order_by()
    return dict(objectives.values_list("pk", path))


def reads(source: Source, wanted: int, rng: Random) -> Iterator[Iterable[Row]]:
    """The pool, whole when it is small; otherwise a sample and, should that not be enough, the whole after all."""
    rows = source.questions().values_list("pk", "objective_id")
    listed = list(rows[: LISTED_AT_MOST + 1])
    if len(listed) > LISTED_AT_MOST:
        yield _sample(source, max(FEWEST_KEYS, KEYS_PER_QUESTION * wanted), rng)
        listed = list(rows)
    yield listed


def _sample(source: Source, count: int, rng: Random) -> list[Row]:
    # Two queries, because SQLite looks both ends up only when it is asked for one at a time.
    oldest = Question.objects.aggregate(pk=Min("pk"))["pk"]
    newest = Question.objects.aggregate(pk=Max("pk"))["pk"]
    keys = range(oldest, newest + 1)
    # By key alone: given more conditions, a database may prefer to walk the whole pool on the draw index.
    drawn = Question.objects.filter(pk__in=rng.sample(keys, min(count, len(keys)))).order_by()
    return [
        (pk, objective)
        for pk, objective, pool, status in drawn.values_list("pk", "objective_id", "pool", "status")
        if pool == source.pool
        and status == Question.Status.PUBLISHED
        and (source.objectives is None or objective in source.objectives)
    ]


def _pool_questions(rows: Iterable[Row], seen: dict[int, datetime]) -> list[PoolQuestion]:
    return [PoolQuestion(pk, objective, seen.get(pk)) for pk, objective in rows]


def _unseen(questions: Collection[PoolQuestion]) -> int:
    return sum(question.last_seen_at is None for question in questions)

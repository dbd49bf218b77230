"""What a draw may take, read at a cost that does not grow with the bank."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.db.models import Count, Exists, Max, Min

from accounts.models import User
from competencies.models import Blueprint, BlueprintArea, Objective
from questions.models import Question, QuestionQuerySet
from quizzes.assembly import AreaPool, PoolQuestion, Shortage
from quizzes.blueprint import apportion
from quizzes.models import DrawRule, QuestionStatus
from quizzes.queries.statuses import Standing, last_seen, newest_reset_at, standing_of

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
    """Published questions of one pool, of some objectives or (None) of all; of these only `named` ones, less `barred`.

    Both are small: they come from one candidate's answers.
    """

    pool: Question.Pool
    objectives: frozenset[int] | None = None
    difficulties: frozenset[int] | None = None
    named: frozenset[int] | None = None
    barred: frozenset[int] = frozenset()

    def questions(self) -> QuestionQuerySet:
        """Without regard to `barred`."""
        questions = Question.objects.published().filter(pool=self.pool).order_by()
        if self.named is not None:
            questions = questions.filter(pk__in=self.named)
        if self.objectives is not None:
            questions = questions.filter(objective__in=self.objectives)
        if self.difficulties is not None:
            questions = questions.filter(difficulty__in=self.difficulties)
        return questions

    def count(self) -> int:
        """COUNTED_AT_MOST stands for that many or more."""
        found = self.questions()[: COUNTED_AT_MOST + len(self.barred)].count()
        barred = self.questions().filter(pk__in=self.barred).count() if self.barred else 0
        return min(found - barred, COUNTED_AT_MOST)


def count_practice_questions(rule: DrawRule, standing: Standing | None = None) -> int:
    """How many questions a practice quiz may draw; COUNTED_AT_MOST stands for that many or more."""
    return practice_source(rule, standing).count()


def practice_pool(candidate: User, rule: DrawRule, *, wanted: int, rng: Random, at: datetime) -> list[PoolQuestion]:
    standing = standing_of(candidate, at=at) if rule.get("statuses") else None
    seen = seen_since_reset(candidate, standing) if rule.get("unseen_first") else {}
    pool: list[PoolQuestion] = []
    for rows in reads(practice_source(rule, standing), wanted, rng):
        pool = _pool_questions(rows, seen)
        if _unseen(pool) >= wanted:
            break
    return pool


def seen_since_reset(candidate: User, standing: Standing | None = None) -> Mapping[int, datetime]:
    return standing.seen if standing else last_seen(candidate, since=newest_reset_at(candidate))


def practice_source(rule: DrawRule, standing: Standing | None = None) -> Source:
    """What a rule names by code is asked whatever else it says. A rule with statuses needs the candidate's standing."""
    if codes := rule.get("questions"):
        asked = Question.objects.published().practice().filter(code__in=codes).order_by()
        return Source(Question.Pool.PRACTICE, named=frozenset(asked.values_list("pk", flat=True)))
    difficulties = frozenset(rule.get("difficulties", []))
    named, barred = _by_status(rule, standing)
    return Source(
        Question.Pool.PRACTICE,
        objectives=_objectives(rule, all_named=bool(difficulties)),
        difficulties=difficulties or None,
        named=named,
        barred=barred,
    )


def _objectives(rule: DrawRule, *, all_named: bool) -> frozenset[int] | None:
    """`all_named` lists all of them rather than None: the draw index finds a difficulty below an objective only."""
    objectives = Objective.objects.order_by()
    if codes := rule.get("competencies"):
        objectives = objectives.filter(statement__competency__code__in=codes)
    if codes := rule.get("statements"):
        objectives = objectives.filter(statement__code__in=codes)
    if codes := rule.get("objectives"):
        objectives = objectives.filter(code__in=codes)
    narrows = all_named or any(rule.get(name) for name in ("competencies", "statements", "objectives"))
    return frozenset(objectives.values_list("pk", flat=True)) if narrows else None


def _by_status(rule: DrawRule, standing: Standing | None) -> tuple[frozenset[int] | None, frozenset[int]]:
    """Which questions alone may come, and which may not. Unseen ones are those that are not among the seen."""
    statuses = rule.get("statuses")
    if not statuses:
        return None, frozenset()
    if standing is None:
        raise ValueError("Whose statuses?")
    having = standing.having(statuses)
    if QuestionStatus.UNSEEN in statuses:
        return None, frozenset(standing.seen.keys() - having)
    return having, frozenset()


def area_pools(
    blueprint: Blueprint, pool: Question.Pool, *, wanted: int, seen: Mapping[int, datetime], rng: Random
) -> list[AreaPool]:
    """The questions of a pool in each area, with how many of them an exam of `wanted` items needs."""
    needs = _needs(blueprint, wanted)
    area_of = _area_of_objective(blueprint)
    areas: list[AreaPool] = []
    for rows in reads(Source(pool), wanted, rng):
        rows_of: dict[int, list[Row]] = {area.pk: [] for area, _ in needs}
        for question, objective in rows:
            if objective in area_of:
                rows_of[area_of[objective]].append((question, objective))
        areas = [AreaPool(area.name, needed, _pool_questions(rows_of[area.pk], seen)) for area, needed in needs]
        if all(_unseen(area.questions) >= area.needed for area in areas):
            break
    return areas


def sealed_shortages(blueprint: Blueprint) -> list[Shortage]:
    """What the sealed pool lacks for one mock exam of this edition."""
    return area_shortages(blueprint, Question.Pool.MOCK, wanted=blueprint.item_count)


def area_shortages(blueprint: Blueprint, pool: Question.Pool, *, wanted: int) -> list[Shortage]:
    """What a pool lacks for `wanted` items at the weights of this edition.

    Asks only whether each area's last needed question exists, and counts only areas that are short: both look at no
    more questions than an exam has, however many there are. Three queries, four with a shortage.
    """
    needs = _needs(blueprint, wanted)
    objectives: dict[int, list[int]] = {area.pk: [] for area, _ in needs}
    for objective, area in _area_of_objective(blueprint).items():
        objectives[area].append(objective)
    found = {pk: Source(pool, frozenset(ids)).questions() for pk, ids in objectives.items()}
    needs = [(area, needed) for area, needed in needs if needed]
    last_needed = [Exists(found[area.pk][needed - 1 : needed]) for area, needed in needs]
    are_filled = Blueprint.objects.filter(pk=blueprint.pk).values_list(*last_needed).get() if needs else ()
    short = [(area, needed) for (area, needed), is_filled in zip(needs, are_filled, strict=True) if not is_filled]
    available = _count_by_area(pool, short, objectives) if short else {}
    return [Shortage(area.name, available[area.pk], needed) for area, needed in short]


def _count_by_area(
    pool: Question.Pool, areas: list[tuple[BlueprintArea, int]], objectives: dict[int, list[int]]
) -> dict[int, int]:
    source = Source(pool, frozenset(pk for area, _ in areas for pk in objectives[area.pk]))
    counts = dict(source.questions().values_list("objective_id").annotate(Count("pk")))
    return {area.pk: sum(counts.get(objective, 0) for objective in objectives[area.pk]) for area, _ in areas}


def _needs(blueprint: Blueprint, wanted: int) -> list[tuple[BlueprintArea, int]]:
    areas = list(blueprint.areas.order_by("position"))
    if not areas:
        return []
    return list(zip(areas, apportion(wanted, [area.weight for area in areas]), strict=True))


def _area_of_objective(blueprint: Blueprint) -> dict[int, int]:
    path = "statement__competency__blueprint_areas"
    objectives = Objective.objects.filter(**{f"{path}__blueprint": blueprint}).order_by()
    return dict(objectives.values_list("pk", path))


def reads(source: Source, wanted: int, rng: Random) -> Iterator[Iterable[Row]]:
    """The pool, whole when it is small; otherwise a sample and, should that not be enough, the whole after all."""
    rows = source.questions().values_list("pk", "objective_id")
    listed = list(rows[: LISTED_AT_MOST + 1])
    if len(listed) > LISTED_AT_MOST:
        if source.named is None:
            yield _sample(source, max(FEWEST_KEYS, KEYS_PER_QUESTION * wanted), rng)
        listed = list(rows)
    yield [row for row in listed if row[0] not in source.barred]


def _sample(source: Source, count: int, rng: Random) -> list[Row]:
    # Two queries, because SQLite looks both ends up only when it is asked for one at a time.
    oldest = Question.objects.aggregate(pk=Min("pk"))["pk"]
    newest = Question.objects.aggregate(pk=Max("pk"))["pk"]
    keys = range(oldest, newest + 1)
    # By key alone: given more conditions, a database may prefer to walk the whole pool on the draw index.
    drawn = Question.objects.filter(pk__in=rng.sample(keys, min(count, len(keys)))).order_by()
    return [
        (pk, objective)
        for pk, objective, pool, status, difficulty in drawn.values_list(
            "pk", "objective_id", "pool", "status", "difficulty"
        )
        if pool == source.pool
        and status == Question.Status.PUBLISHED
        and pk not in source.barred
        and (source.objectives is None or objective in source.objectives)
        and (source.difficulties is None or difficulty in source.difficulties)
    ]


def _pool_questions(rows: Iterable[Row], seen: Mapping[int, datetime]) -> list[PoolQuestion]:
    return [PoolQuestion(pk, objective, seen.get(pk)) for pk, objective in rows]


def _unseen(questions: Collection[PoolQuestion]) -> int:
    return sum(question.last_seen_at is None for question in questions)

"""What the bank holds and what its checks found, for those who keep it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Exists, Max, OuterRef, Q

from competencies.models import Objective
from questions.blind_review import ReviewFigures, Solve, read_record, review_figures, standing, unsolved, words_digest
from questions.models import Question, SignOff
from questions.queries.checks import published_contents
from questions.validation import LEVELS, POOLS, Measure, measure_bank

QUALITY = "bank-quality"


@dataclass(slots=True)
class Tally:
    """Published questions of one row of the report."""

    code: str
    name: str
    pools: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    difficulties: Counter[int] = field(default_factory=Counter)
    signed_off: int = 0

    @property
    def counts(self) -> list[int]:
        """Both pools, the levels, the difficulties from 1 to 5, and how many are signed off."""
        pools = [self.pools[pool] for pool in POOLS]
        levels = [self.levels[level] for level in LEVELS]
        return [*pools, *levels, *(self.difficulties[step] for step in range(1, 6)), self.signed_off]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of published questions, row by row in the handbook's order."""

    bank: Tally
    competencies: list[Tally]
    statements: list[Tally]
    objectives: list[Tally]


def bank_coverage() -> Coverage:
    """Two queries, whatever the bank holds."""
    bank = Tally("", "The whole bank")
    competencies: dict[str, Tally] = {}
    statements: dict[str, Tally] = {}
    objectives: dict[int, Tally] = {}
    rows_of: dict[int, tuple[Tally, ...]] = {}
    for objective in Objective.objects.select_related("statement__competency"):
        statement, competency = objective.statement, objective.statement.competency
        own = objectives[objective.pk] = Tally(objective.code, objective.text)
        rows_of[objective.pk] = (
            own,
            statements.setdefault(statement.code, Tally(statement.code, statement.text)),
            competencies.setdefault(competency.code, Tally(competency.code, competency.name)),
            bank,
        )
    signed = Exists(SignOff.objects.filter(question=OuterRef("pk")))
    published = Question.objects.published().order_by().annotate(is_signed_off=signed)
    for question in published.values("objective_id", "pool", "cognitive_level", "difficulty", "is_signed_off"):
        for row in rows_of[question["objective_id"]]:
            row.pools[question["pool"]] += 1
            row.levels[question["cognitive_level"]] += 1
            row.difficulties[question["difficulty"]] += 1
            row.signed_off += question["is_signed_off"]
    return Coverage(bank, list(competencies.values()), list(statements.values()), list(objectives.values()))


def bank_measures() -> list[Measure]:
    return measure_bank(list(published_contents()))


@dataclass(frozen=True, slots=True)
class BlindReview:
    """How independent solving came out: over all versions solved, and over those that are published now."""

    ever: ReviewFigures
    now: ReviewFigures
    published: int
    lacking: int  # published questions that have not been solved often enough


def recorded_solves() -> list[Solve]:
    if not settings.CONTENT_REVIEW.exists():
        return []
    return read_record(settings.CONTENT_REVIEW.read_text(encoding="utf-8").splitlines())


def blind_review() -> BlindReview:
    solves = recorded_solves()
    words = {content.code: words_digest(content) for content in published_contents()}
    return BlindReview(
        ever=review_figures(solves),
        now=review_figures(standing(solves, words)),
        published=len(words),
        lacking=len(unsolved(solves, words)),
    )


@dataclass(frozen=True, slots=True)
class BankQuality:
    """What anybody may know about the checks."""

    practice: int
    sealed: int
    signed_off: int
    review: BlindReview
    measures: list[Measure]

    @property
    def is_sound(self) -> bool:
        return all(measure.is_met for measure in self.measures if not measure.competency)


def bank_quality() -> BankQuality:
    """Kept until a question is published or retired, somebody signs off, or the record of solves changes."""
    published = Question.objects.published()
    totals = published.aggregate(
        practice=Count("pk", filter=Q(pool=Question.Pool.PRACTICE), distinct=True),
        sealed=Count("pk", filter=Q(pool=Question.Pool.MOCK), distinct=True),
        signed_off=Count("pk", filter=Q(sign_offs__isnull=False), distinct=True),
        latest=Max("published_at"),
    )
    recorded_at = settings.CONTENT_REVIEW.stat().st_mtime if settings.CONTENT_REVIEW.exists() else 0
    state = f"{totals['practice']} {totals['sealed']} {totals.pop('latest')} {recorded_at}"
    kept = cache.get(QUALITY)
    if kept is None or kept[0] != state:
        kept = (state, blind_review(), bank_measures())
        cache.set(QUALITY, kept, timeout=None)
    _, review, measures = kept
    return BankQuality(**totals, review=review, measures=measures)

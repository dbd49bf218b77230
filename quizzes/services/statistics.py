from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from django.db.models import Exists, OuterRef, QuerySet

from quizzes.item_analysis import FirstAnswer, analyse
from quizzes.models import Attempt, ItemStatistics, Response

WRITTEN_AT_ONCE = 200


def compute_item_statistics(*, now: datetime) -> int:
    """Write the statistics of every question that was answered in a graded attempt; returns how many there are.

    Only a candidate's first answer to a question counts: later ones are remembered. Each run writes every row anew, so
    that two runs, or one run twice, leave the same; rows that no answer supports any more are deleted.
    """
    # Read to the end before anything is written: SQLite refuses to write from within a read that others have overtaken.
    computed = list(_computed(now))
    ItemStatistics.objects.bulk_create(
        computed,
        batch_size=WRITTEN_AT_ONCE,
        update_conflicts=True,
        unique_fields=["question"],
        update_fields=["n", "facility", "point_biserial", "option_counts", "computed_at"],
    )
    ItemStatistics.objects.exclude(Exists(_counted().filter(question=OuterRef("question")))).delete()
    return len(computed)


def _computed(now: datetime) -> Iterator[ItemStatistics]:
    for question_id, rows in groupby(_answers(), key=lambda row: row[0]):
        analysis = analyse(_first_answers(rows))
        yield ItemStatistics(
            question_id=question_id,
            n=analysis.n,
            facility=analysis.facility,
            point_biserial=analysis.point_biserial,
            option_counts=analysis.option_counts,
            computed_at=now,
        )


# Question, candidate, label, mark, and the attempt's raw score and number of questions.
Row = tuple[int, int, str, bool | None, int | None, int]


def _counted() -> QuerySet[Response]:
    """Of graded attempts, without what was left unanswered: that tells nothing about the options."""
    graded = Response.objects.filter(attempt__state=Attempt.State.GRADED, is_correct__isnull=False)
    return graded.exclude(selected_label="")


def _answers() -> Iterator[Row]:
    """By question and candidate, the earliest first."""
    rows = (
        _counted()
        .order_by("question_id", "attempt__candidate_id", "attempt__submitted_at", "pk")
        .values_list(
            "question_id",
            "attempt__candidate_id",
            "selected_label",
            "is_correct",
            "attempt__raw_score",
            "attempt__question_count",
        )
    )
    return rows.iterator(chunk_size=5000)


def _first_answers(rows: Iterable[Row]) -> list[FirstAnswer]:
    first = [next(answers) for _, answers in groupby(rows, key=lambda row: row[1])]
    return [FirstAnswer(label, mark is True, score or 0, count) for _, _, label, mark, score, count in first]

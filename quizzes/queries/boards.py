"""What a coordinator reads of an assignment: of members only, and scores of those only who share them.

Who joined after the due date is not counted, unless they sat it as a member before. Of several attempts the best one
counts; how each question went is read from first attempts, because a second one has seen the answers. All reads take a
fixed number of queries, however many candidates there are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404

from accounts.models import User
from cohorts.models import Cohort, Membership
from competencies.models import Competency
from questions.models import Question
from quizzes.models import Assignment, AssignmentQuerySet, Attempt, Response
from quizzes.scoring import CompetencyScore, percent_of

# Counts over fewer people than this would tell what single people chose.
FEWEST_FOR_SHARE = 5


@dataclass(frozen=True, slots=True)
class BoardRow:
    candidate: User
    state: str  # not_started | in_progress | finished | late
    started_at: datetime | None
    finished_at: datetime | None
    attempts_used: int
    is_sharing: bool
    best: Attempt | None
    scores: dict[str, CompetencyScore]

    @property
    def percent(self) -> int | None:
        return self.best.percent_correct if self.best and self.is_sharing else None


@dataclass(frozen=True, slots=True)
class Board:
    assignment: Assignment
    competencies: list[Competency]
    rows: list[BoardRow]

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def not_started(self) -> int:
        return self.count("not_started")

    @property
    def in_progress(self) -> int:
        return self.count("in_progress")

    @property
    def finished(self) -> int:
        return self.count("finished")

    @property
    def late(self) -> int:
        return self.count("late")


@dataclass(frozen=True, slots=True)
class QuestionRow:
    question: Question
    n: int
    correct: int
    option_counts: list[tuple[str, int, bool]]  # label, how many chose it, whether it is the key
    unanswered: int

    @property
    def percent(self) -> int:
        return percent_of(self.correct, self.n)

    @property
    def is_sealed(self) -> bool:
        return self.question.pool == Question.Pool.MOCK


@dataclass(frozen=True, slots=True)
class QuestionBoard:
    rows: list[QuestionRow]
    withheld: int  # questions that fewer than FEWEST_FOR_SHARE have answered


def get_led_assignment(coordinator: User, code: UUID) -> Assignment:
    assignments = Assignment.objects.led_by(coordinator).select_related("quiz__blueprint", "cohort__coordinator")
    return get_object_or_404(assignments, code=code)


def get_assignment_for(candidate: User, code: UUID) -> Assignment:
    assignments = Assignment.objects.for_candidate(candidate).select_related("quiz__blueprint", "cohort__coordinator")
    return get_object_or_404(assignments, code=code)


def assignments_of(cohort: Cohort) -> AssignmentQuerySet:
    """Latest due first, each with how many members it asked as `asked_count`, and of them `finished_count` finished."""
    members = Membership.objects.active().filter(cohort=cohort)
    finished = Count(
        "attempts__candidate",
        filter=Q(attempts__state=Attempt.State.GRADED) & Q(attempts__candidate__in=members.values("candidate")),
        distinct=True,
    )
    sat = Attempt.objects.filter(assignment=OuterRef(OuterRef("pk")), candidate=OuterRef("candidate"))
    asked = members.filter(Q(joined_at__lt=OuterRef("due_at")) | Exists(sat)).order_by().values("cohort")
    asked_count = Coalesce(Subquery(asked.annotate(n=Count("pk")).values("n")), 0)
    assignments = Assignment.objects.filter(cohort=cohort).select_related("quiz")
    return assignments.annotate(finished_count=finished, asked_count=asked_count).order_by("-due_at", "-pk")


def board_of(assignment: Assignment, *, at: datetime) -> Board:
    attempts: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.filter(assignment=assignment).order_by("started_at", "pk"):
        attempts[attempt.candidate_id].append(attempt)
    members = Membership.objects.active().filter(cohort=assignment.cohort_id).select_related("candidate")
    memberships = [each for each in members if assignment.is_asked_of(each) or each.candidate_id in attempts]
    best = {membership.candidate_id: _best(attempts[membership.candidate_id]) for membership in memberships}
    sharing = {each.candidate_id for each in memberships if each.sharing == Membership.Sharing.SCORES}
    shown = [attempt.pk for pk, attempt in best.items() if attempt and pk in sharing]
    scores = scores_by("attempt", Response.objects.filter(attempt__in=shown))
    rows = [
        _board_row(membership, attempts[membership.candidate_id], best[membership.candidate_id], scores, assignment, at)
        for membership in memberships
    ]
    return Board(assignment, list(Competency.objects.all()), rows)


def scores_by(owner: str, responses: QuerySet[Response]) -> dict[int, dict[str, CompetencyScore]]:
    """By what `owner` leads to (an attempt, a candidate) and by competency code."""
    rows = (
        responses.order_by()
        .values_list(owner, "question__objective__statement__competency__code")
        .annotate(total=Count("pk"), correct=Count("pk", filter=Q(is_correct=True)))
    )
    scores: dict[int, dict[str, CompetencyScore]] = defaultdict(dict)
    for pk, code, total, correct in rows:
        scores[pk][code] = CompetencyScore(code, correct, total, percent_of(correct, total))
    return scores


def question_board(assignment: Assignment) -> QuestionBoard:
    """How those who share their scores answered, hardest first."""
    sharing = Membership.objects.sharing_scores().filter(cohort=assignment.cohort_id).values("candidate")
    first: dict[int, int] = {}
    graded = Attempt.objects.filter(assignment=assignment, state=Attempt.State.GRADED, candidate__in=sharing)
    for candidate, attempt in graded.order_by("started_at", "pk").values_list("candidate_id", "pk"):
        first.setdefault(candidate, attempt)
    chosen: dict[int, Counter[str]] = defaultdict(Counter)
    for question, label in Response.objects.filter(attempt__in=first.values()).values_list(
        "question_id", "selected_label"
    ):
        chosen[question][label] += 1
    told = [question for question, counts in chosen.items() if counts.total() >= FEWEST_FOR_SHARE]
    questions = Question.objects.filter(pk__in=told).with_blueprint()
    rows = [_question_row(question, chosen[question.pk]) for question in questions]
    rows.sort(key=lambda row: (row.correct / row.n, row.question.code))
    return QuestionBoard(rows, withheld=len(chosen) - len(told))


def _best(attempts: list[Attempt]) -> Attempt | None:
    graded = [attempt for attempt in attempts if attempt.state == Attempt.State.GRADED]
    return max(graded, key=lambda attempt: (attempt.raw_score or 0, -attempt.pk), default=None)


def _board_row(
    membership: Membership,
    attempts: list[Attempt],
    best: Attempt | None,
    scores: dict[int, dict[str, CompetencyScore]],
    assignment: Assignment,
    at: datetime,
) -> BoardRow:
    finishes = [finished_at for attempt in attempts if (finished_at := _finished_at(attempt, at))]
    return BoardRow(
        candidate=membership.candidate,
        state=_state(attempts, finishes, is_due=assignment.was_due_of(membership, at)),
        started_at=attempts[0].started_at if attempts else None,
        finished_at=max(finishes, default=None),
        attempts_used=len(attempts),
        is_sharing=membership.sharing == Membership.Sharing.SCORES,
        best=best,
        scores=scores.get(best.pk, {}) if best else {},
    )


def _finished_at(attempt: Attempt, at: datetime) -> datetime | None:
    """What ran out is finished, though the sweep may not have closed it yet."""
    return attempt.deadline_at if attempt.is_overdue(at) else attempt.submitted_at


def _state(attempts: list[Attempt], finishes: list[datetime], *, is_due: bool) -> str:
    if finishes:
        return "finished"
    if is_due:
        return "late"
    return "in_progress" if attempts else "not_started"


def _question_row(question: Question, chosen: Counter[str]) -> QuestionRow:
    labels = [option["label"] for option in question.options]
    return QuestionRow(
        question=question,
        n=chosen.total(),
        correct=chosen[question.key],
        option_counts=[(label, chosen[label], label == question.key) for label in labels],
        unanswered=chosen[""],
    )

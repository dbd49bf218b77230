"""The report of one cohort: over its assignments only, and scores of those members only who share them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from cohorts.models import Cohort, Membership
from competencies.models import Competency
from quizzes.models import Assignment, Attempt, Response
from quizzes.queries.boards import scores_by
from quizzes.scoring import CompetencyScore

# With fewer answers, a low share in a competency is no reason to step in.
FEWEST_FOR_CONCERN = 5


@dataclass(frozen=True, slots=True)
class ReportRow:
    candidate: User
    is_sharing: bool
    finished: int
    late: list[str]  # titles of quizzes that were due and not finished
    scores: dict[str, CompetencyScore]
    below_target: list[CompetencyScore]

    @property
    def needs_help(self) -> bool:
        return bool(self.late or self.below_target)


@dataclass(frozen=True, slots=True)
class CohortReport:
    cohort: Cohort
    competencies: list[Competency]
    assignments: int
    rows: list[ReportRow]
    target: int

    @property
    def in_need(self) -> list[ReportRow]:
        """Who misses most first."""
        rows = [row for row in self.rows if row.needs_help]
        return sorted(rows, key=lambda row: (-len(row.late), -len(row.below_target), row.candidate.name))

    @property
    def sharing(self) -> list[ReportRow]:
        return [row for row in self.rows if row.is_sharing]

    @property
    def progress_only(self) -> list[ReportRow]:
        return [row for row in self.rows if not row.is_sharing]


def cohort_report(cohort: Cohort, *, at: datetime, target: int) -> CohortReport:
    memberships = list(Membership.objects.active().filter(cohort=cohort).select_related("candidate"))
    assignments = list(Assignment.objects.filter(cohort=cohort).select_related("quiz"))
    finished = _finished(cohort)
    scores = _scores(cohort)
    rows = []
    for membership in memberships:
        due = [assignment for assignment in assignments if assignment.was_due_of(membership, at)]
        rows.append(_row(membership, finished, scores, due, target))
    return CohortReport(cohort, list(Competency.objects.all()), len(assignments), rows, target)


def _finished(cohort: Cohort) -> dict[int, set[int]]:
    """By candidate: the assignments that were finished."""
    finished: dict[int, set[int]] = defaultdict(set)
    attempts = Attempt.objects.finished().filter(assignment__cohort=cohort)
    for candidate, assignment in attempts.values_list("candidate_id", "assignment_id"):
        finished[candidate].add(assignment)
    return finished


def _scores(cohort: Cohort) -> dict[int, dict[str, CompetencyScore]]:
    """By candidate and competency, over all graded attempts at the cohort's assignments."""
    sharing = Membership.objects.sharing_scores().filter(cohort=cohort).values("candidate")
    responses = Response.objects.filter(
        attempt__assignment__cohort=cohort, attempt__state=Attempt.State.GRADED, attempt__candidate__in=sharing
    )
    return scores_by("attempt__candidate", responses)


def _row(
    membership: Membership,
    finished: dict[int, set[int]],
    scores: dict[int, dict[str, CompetencyScore]],
    due: list[Assignment],
    target: int,
) -> ReportRow:
    own = scores.get(membership.candidate_id, {})
    done = finished.get(membership.candidate_id, set())
    return ReportRow(
        candidate=membership.candidate,
        is_sharing=membership.sharing == Membership.Sharing.SCORES,
        finished=len(done),
        late=[each.quiz.title for each in due if each.pk not in done],
        scores=own,
        below_target=[score for score in own.values() if score.total >= FEWEST_FOR_CONCERN and score.percent < target],
    )

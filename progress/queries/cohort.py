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
    asked: int  # assignments; one that was due before they joined is not among them
    finished: int  # of them
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
        done = finished.get(membership.candidate_id, set())
        asked = [each for each in assignments if each.is_asked_of(membership) or each.pk in done]
        late = [each for each in asked if each.was_due_of(membership, at) and each.pk not in done]
        own = scores.get(membership.candidate_id, {})
        rows.append(_row(membership, own, asked=len(asked), finished=len(done), late=late, target=target))
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
    scores: dict[str, CompetencyScore],
    *,
    asked: int,
    finished: int,
    late: list[Assignment],
    target: int,
) -> ReportRow:
    return ReportRow(
        candidate=membership.candidate,
        is_sharing=membership.sharing == Membership.Sharing.SCORES,
        asked=asked,
        finished=finished,
        late=[assignment.quiz.title for assignment in late],
        scores=scores,
        below_target=[each for each in scores.values() if each.total >= FEWEST_FOR_CONCERN and each.percent < target],
    )

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import coordinator_required
from accounts.http import SignedInRequest
from cohorts.queries import get_cohort_for
from progress.queries.cohort import CohortReport, cohort_report
from quizzes.charts import competency_heat
from quizzes.exports import csv_response


@require_safe
@coordinator_required
def report(request: SignedInRequest, code: UUID) -> HttpResponse:
    page = _report_of(request, code)
    heat = competency_heat(page.competencies, [(row.candidate.name, row.scores) for row in page.sharing])
    context = {"report": page, "cohort": page.cohort, "heat": heat}
    return render(request, "progress/cohort_report.html", context)


@require_safe
@coordinator_required
def report_export(request: SignedInRequest, code: UUID) -> HttpResponse:
    page = _report_of(request, code)
    codes = [competency.code for competency in page.competencies]
    rows: list[list[object]] = [["Candidate", "Shares", "Finished", "Late", *codes]]
    for row in page.rows:
        shares = "progress and scores" if row.is_sharing else "progress only"
        scores = [row.scores[one].percent if one in row.scores else None for one in codes]
        rows.append([row.candidate.name, shares, row.finished, "; ".join(row.late), *scores])
    return csv_response(f"{page.cohort.name} report", rows)


def _report_of(request: SignedInRequest, code: UUID) -> CohortReport:
    cohort = get_cohort_for(request.user, code)
    return cohort_report(cohort, at=timezone.now(), target=settings.PRACTICE_TARGET_PERCENT)

"""The pages of /progress/: all about the candidate who is signed in, nothing about anybody else."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.decorators import signed_in
from accounts.http import SignedInRequest
from competencies.models import Competency
from competencies.queries import get_competency
from progress import answers as tallies
from progress import charts
from progress.queries import answers as queries
from progress.queries.candidate import recent_results
from progress.queries.mastery import competency_mastery, coverage, statement_mastery
from progress.states import State
from quizzes.queries.readiness import readiness_of
from reviews.study_days import study_day

REWARDING_SHOWN = 3
WEEKS_IN_SHORT = 4
TABS = {
    "progress:overview": "Overview",
    "progress:readiness": "Readiness",
    "progress:mastery": "Mastery",
    "progress:scores": "Scores",
    "progress:habits": "Habits",
}


@require_safe
@signed_in
def overview(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    on = study_day(now, request.user.time_zone)
    rows = competency_mastery(request.user, on=on, at=now)
    given = queries.answers_of(request.user, at=now)
    firsts = [answer for answer in tallies.without_placement(given) if answer.is_first]
    shares = tallies.by_competency(firsts)
    read = readiness_of(request.user, on=on, at=now)
    results = recent_results(request.user)
    competencies = [row.competency for row in rows]
    context = {
        "tabs": tabs("progress:overview"),
        "has_answers": bool(given or results) or any(row.answered for row in rows),
        "has_firsts": bool(firsts),
        "has_few": any(not share.is_telling for share in shares.values()),
        "readiness": charts.readiness_words(read),
        "figures": charts.four_figures(
            rows, tallies.share_of(firsts), queries.activity_of(request.user, on=on, weeks=WEEKS_IN_SHORT)
        ),
        "scores": charts.score_bars(competencies, shares),
        "radar": charts.score_radar(competencies, shares, target=read.target),
        "fewest": tallies.FEWEST,
        "target": read.target,
        "target_label": f"Practice target {read.target} %",
        "results": results,
    }
    return render(request, "progress/overview.html", context)


@require_safe
@signed_in
def mastery(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    rows = competency_mastery(request.user, on=study_day(now, request.user.time_zone), at=now)
    covered = coverage(request.user)
    context = {
        "tabs": tabs("progress:mastery"),
        "has_answers": any(row.answered for row in rows),
        "chart": charts.state_chart(rows),
        "meanings": charts.state_meanings(has_withheld=any(row.states[State.WITHHELD] for row in rows)),
        "recalls": charts.recall_bars(rows),
        "coverage": charts.coverage_bars(covered),
        "met": sum(row.met for row in covered),
        "questions": sum(row.questions for row in covered),
    }
    return render(request, "progress/mastery.html", context)


@require_safe
@signed_in
def mastery_detail(request: SignedInRequest, code: str) -> HttpResponse:
    now = timezone.now()
    competency = get_competency(code)
    groups = statement_mastery(request.user, competency, on=study_day(now, request.user.time_zone), at=now)
    rows = [row for group in groups for statement in group.statements for row in statement.objectives]
    context = {
        "competency": competency,
        "groups": charts.with_state_bars(groups),
        "total": charts.state_total(competency, rows),
        "meanings": charts.state_meanings(has_withheld=any(row.state is State.WITHHELD for row in rows)),
        "crumbs": [
            {"href": reverse("progress:overview"), "label": "Progress"},
            {"href": reverse("progress:mastery"), "label": "Mastery"},
        ],
    }
    return render(request, "progress/mastery_detail.html", context)


@require_safe
@signed_in
def scores(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    fixed = tallies.without_placement(queries.answers_of(request.user, at=now))
    practice = [answer for answer in fixed if answer.kind == "practice" and answer.is_first]
    mocks = queries.sat_mocks(request.user)
    aim = queries.aim_of(request.user)
    context = {
        "tabs": tabs("progress:scores"),
        "has_answers": bool(fixed or mocks),
        "target": aim.target,
        "target_label": f"Practice target {aim.target} %",
        "mocks": mocks,
        "mock_line": charts.mock_line(mocks),
        "week_line": charts.week_line(tallies.by_week(practice)),
        "groups": charts.first_and_repeat_rows(fixed),
        "months": charts.month_rows(tallies.by_month(fixed)),
        "peers": charts.peer_words(queries.peers_of(request.user, at=now)),
        "repeats": tallies.share_of(answer for answer in fixed if not answer.is_first),
        "fewest": tallies.FEWEST,
        "fewest_peers": tallies.FEWEST_PEERS,
    }
    return render(request, "progress/scores.html", context)


@require_safe
@signed_in
def habits(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    given = queries.answers_of(request.user, at=now)
    competencies = {competency.code: competency for competency in Competency.objects.all()}
    activity = queries.activity_of(request.user, on=study_day(now, request.user.time_zone))
    said = tallies.by_certainty(given)
    reasons = tallies.reasons_of(given)
    aim = queries.aim_of(request.user)
    paces = tallies.paces(given, list(competencies))
    context = {
        "tabs": tabs("progress:habits"),
        "has_answers": bool(given or activity.active),
        "summary": charts.activity_words(activity),
        "grid": charts.activity_grid(activity),
        "time_zone": request.user.time_zone,
        "certainties": charts.calibration_points(said),
        "calibration": charts.calibration_words(said),
        "reasons": reasons,
        "reason_bars": charts.reason_bars(reasons),
        "reason_months": charts.reason_months(tallies.reasons_by_month(given)),
        "aim": aim,
        "pace_label": f"Pace of the exam: {aim.pace} s",
        "paces": charts.pace_bars(paces, competencies, pace=aim.pace),
        "untimed": [pace for pace in paces if pace.n < tallies.FEWEST],
        "fewest": tallies.FEWEST,
    }
    return render(request, "progress/habits.html", context)


@require_safe
@signed_in
def readiness(request: SignedInRequest) -> HttpResponse:
    now = timezone.now()
    read = readiness_of(request.user, on=study_day(now, request.user.time_zone), at=now)
    words = charts.readiness_words(read)
    context = {
        "tabs": tabs("progress:readiness"),
        "read": read,
        "readiness": words,
        "curve": charts.chance_curve(read.readiness.curve) if read.readiness and words.chance is not None else None,
        "trend": charts.trend_line(read.trend()),
        "rows": charts.estimate_rows(read),
        "rewarding": charts.rewarding_links(read.rewarding[:REWARDING_SHOWN]),
        "target_label": f"Practice target {read.target} %",
    }
    return render(request, "progress/readiness.html", context)


def tabs(current: str) -> list[dict[str, object]]:
    return [{"href": reverse(name), "label": label, "is_current": name == current} for name, label in TABS.items()]

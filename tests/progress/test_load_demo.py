"""The demo on the real content, loaded once for all tests of this module and rolled back after them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from cohorts.models import Cohort, Membership
from progress.answers import by_certainty, by_week, paces, reasons_of
from progress.demo import PASSWORD, accounts
from progress.queries.answers import answers_of
from progress.queries.cohort import CohortReport, cohort_report
from progress.queries.estimates import live_figures
from quizzes.models import Assignment, Attempt, Calibration, FormStatistics, ItemStatistics, Quiz
from quizzes.queries.integrity import broken_rules
from quizzes.queries.readiness import CandidateReadiness, readiness_of
from quizzes.readiness import Show
from reviews.models import Card, MemoryFit, ReviewLog, Schedule, StudyPlan
from reviews.queries import study_session
from tests.demo import demo_on_real_content

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


# First, because the demo of the other tests stays until the end of the module.


@pytest.mark.django_db
def test_demo_without_content_is_refused() -> None:
    with pytest.raises(CommandError, match="Run load_content first"):
        call_command("load_demo", stdout=StringIO())


@pytest.mark.django_db
def test_public_password_is_refused_where_https_is_on(settings: Any) -> None:
    settings.HTTPS = True

    with pytest.raises(CommandError, match="never loaded where HTTPS is on"):
        call_command("load_demo", stdout=StringIO())

    assert User.objects.count() == 0


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with demo_on_real_content(django_db_blocker, now=NOW):
        yield


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@example.com")


@pytest.fixture
def report(demo: None) -> CohortReport:
    return cohort_report(Cohort.objects.get(coordinator=person("cora")), at=NOW, target=75)


def test_demo_has_every_kind_of_person(demo: None) -> None:
    roles = [account.role for account in accounts()]

    assert [roles.count(role) for role in ("admin", "coordinator", "candidate")] == [1, 2, 9]


def test_every_printed_account_can_sign_in(demo: None) -> None:
    for account in accounts():
        found = User.objects.get(email=account.email)
        assert found.check_password(PASSWORD)
        assert found.emailaddress_set.get().verified


def test_demo_roles_are_those_printed(demo: None) -> None:
    assert person("ada").is_superuser
    assert list(User.objects.filter(role="coordinator").values_list("display_name", flat=True)) == ["Cora", "Kofi"]


def test_demo_breaks_no_rule(demo: None) -> None:
    assert {rule: count for rule, count in broken_rules(now=NOW, sample=100) if count} == {}


def test_nothing_in_the_demo_lies_ahead_of_now(demo: None) -> None:
    assert Attempt.objects.filter(started_at__gt=NOW).count() == 0
    assert Attempt.objects.filter(submitted_at__gt=NOW).count() == 0
    assert ReviewLog.objects.filter(reviewed_at__gt=NOW).count() == 0


def test_history_covers_four_weeks(demo: None) -> None:
    first = ReviewLog.objects.order_by("reviewed_at").values_list("reviewed_at", flat=True).first()

    assert first is not None
    assert timedelta(days=26) < NOW - first < timedelta(days=29)


def test_better_candidates_score_better(report: CohortReport) -> None:
    def share(name: str) -> float:
        scores = next(row.scores for row in report.rows if row.candidate.name == name).values()
        return sum(score.correct for score in scores) / sum(score.total for score in scores)

    assert share("Wim") > share("Jonas")


def test_coordinator_sees_scores_of_those_who_share_them(report: CohortReport) -> None:
    assert sorted(row.candidate.name for row in report.progress_only) == ["Li", "Priya"]
    assert Membership.objects.filter(sharing="scores").count() == 6


def test_coordinator_sees_who_fell_behind(report: CohortReport) -> None:
    assert {row.candidate.name: row.late for row in report.rows if row.late} == {
        "Jonas": ["Metrics and return on investment"]
    }


def test_one_assignment_is_open(demo: None) -> None:
    open_ones = Assignment.objects.open(NOW)

    assert [assignment.quiz.title for assignment in open_ones] == ["Mock exam for the cohort"]
    assert open_ones[0].attempts.count() == 2


def test_some_have_finished_a_mock_of_their_own(demo: None) -> None:
    mocks = Attempt.objects.filter(quiz__kind=Quiz.Kind.MOCK, assignment=None, state=Attempt.State.GRADED)

    assert sorted(mocks.values_list("candidate__display_name", flat=True)) == ["Omar", "Wim", "Wim"]


def test_a_candidate_midway_fills_every_page_of_progress(demo: None) -> None:
    answers = answers_of(person("carla"), at=NOW)

    assert min(share.n for _, share in by_certainty(answers)) >= 10
    assert reasons_of(answers).n >= 10
    assert sum(not answer.is_first for answer in answers) >= 10
    assert min(pace.n for pace in paces(answers, ["CUL", "ORG", "VOC", "DES", "MET", "STR"])) >= 10
    assert len(by_week(answers)) >= 3


def test_one_quiz_waits_to_be_continued(demo: None) -> None:
    assert [attempt.candidate.name for attempt in Attempt.objects.in_progress()] == ["Carla"]


def test_three_stages_of_preparation_are_there(demo: None) -> None:
    plans = StudyPlan.objects.values_list("candidate__display_name", "exam_on")

    assert {name: (exam_on - TODAY).days for name, exam_on in plans if exam_on} == {
        "Carla": 28,
        "Wim": 7,
        "Nora": 56,
        "Amara": 63,
        "Omar": 42,
    }


def readiness(name: str) -> CandidateReadiness:
    return readiness_of(person(name), on=TODAY, at=NOW)


def test_new_candidate_has_a_plan_and_no_answer(demo: None) -> None:
    found = readiness("amara")

    assert (found.n, found.missing.answers) == (0, 12)
    assert StudyPlan.objects.get(candidate=person("amara")).special_days.count() > 0
    assert not Membership.objects.filter(candidate=person("amara")).exists()


@pytest.mark.parametrize("name", ["carla", "wim"])
def test_candidates_midway_and_before_the_exam_have_enough_answers_for_a_chance(demo: None, name: str) -> None:
    found = readiness(name)

    assert found.readiness
    assert found.readiness.show is Show.FULL
    assert len(found.trend()) == 12
    assert len(found.rewarding) == 6


def test_a_week_before_the_exam_there_are_a_leech_a_fit_and_a_forecast(demo: None) -> None:
    wim = person("wim")

    assert Card.objects.get(candidate=wim, objective__code="DES-K1.1").leech_on
    assert MemoryFit.objects.filter(candidate=wim).count() == 1
    assert Schedule.objects.get(candidate=wim).expected_score


def test_everything_of_the_night_is_computed(demo: None) -> None:
    assert Calibration.objects.count() == 1
    assert FormStatistics.objects.count() == 0  # no quiz of the demo has the same questions for everybody
    figures = live_figures(at=NOW)
    assert figures.recall.n > 200
    assert figures.mocks.n == 5
    assert figures.fits.n == 1


def test_every_candidate_has_a_schedule(demo: None) -> None:
    assert Schedule.objects.filter(starts_on=TODAY).count() == 9


def test_there_is_something_to_study_today(demo: None) -> None:
    assert study_session(person("carla"), on=TODAY).left > 0


def test_item_statistics_are_computed(demo: None) -> None:
    assert ItemStatistics.objects.count() > 100


def test_second_time_adds_nothing_and_prints_the_accounts_again(demo: None) -> None:
    before = (User.objects.count(), Attempt.objects.count(), ReviewLog.objects.count())
    output = StringIO()

    call_command("load_demo", stdout=output)

    assert (User.objects.count(), Attempt.objects.count(), ReviewLog.objects.count()) == before
    assert "The demo is there already" in output.getvalue()
    assert all(account.email in output.getvalue() for account in accounts())
    assert f"Password of all of them: {PASSWORD}" in output.getvalue()

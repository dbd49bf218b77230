from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from accounts.models import User
from questions.models import Question
from reviews import queries, services
from reviews.models import Card, Schedule, StudyPlan
from reviews.scheduler import ALGORITHM_VERSION, Rating
from reviews.services import build_schedule, rebuild_stale_schedules, save_study_plan
from tests.factories import NOW, TODAY, make_blueprint, make_objective, make_question, make_study_plan, make_user
from tests.reviews.builders import review

EXAM = TODAY + timedelta(days=20)


def build(candidate: User, *, at: datetime = NOW) -> Schedule:
    return build_schedule(candidate=candidate, now=at)


def new_codes(schedule: Schedule) -> list[str]:
    return [code for day in schedule.days for code in day["new"]]


def contents(schedule: Schedule) -> tuple[Any, ...]:
    return (schedule.starts_on, schedule.exam_on, schedule.days, schedule.dropped, schedule.projected_recall)


# build_schedule


def test_build_schedule_plans_what_is_known_and_what_is_new(candidate: User) -> None:
    make_study_plan(candidate, exam_on=EXAM)
    known, new = make_question("MET-K1.1"), make_question("MET-K2.1")
    log = review(candidate, known, rating=1)
    schedule = build(candidate)
    assert next(code for day in schedule.days for code in day["reviews"]) == known.objective.code
    assert new_codes(schedule) == [new.objective.code]
    assert (schedule.starts_on, schedule.exam_on, len(schedule.days)) == (TODAY, EXAM, 20)
    assert (schedule.as_of_log_id, schedule.plan_changed_at, schedule.built_at) == (log.pk, NOW, NOW)
    assert schedule.algorithm_version == ALGORITHM_VERSION
    assert schedule.days[0]["capacity"] == 20


def test_build_schedule_without_a_plan_takes_four_weeks_and_the_usual_minutes(candidate: User) -> None:
    make_question()
    schedule = build(candidate)
    assert (schedule.exam_on, len(schedule.days), schedule.plan_changed_at) == (None, 28, None)
    assert [day["capacity"] for day in schedule.days[:7]] == [20, 20, 20, 20, 20, 30, 30]


@pytest.mark.django_db
def test_build_schedule_foretells_the_same_score_for_everybody_who_stands_alike() -> None:
    questions = [make_question(f"{code}-K{number}.1") for code in ("CUL", "MET", "VOC") for number in range(1, 11)]
    candidates = [make_user(f"candidate{number}") for number in range(5)]
    for candidate in candidates:
        make_study_plan(candidate, exam_on=TODAY + timedelta(days=2), minutes_by_weekday=[10] * 7)
        review(candidate, questions[0], rating=Rating.AGAIN)
    scores = [build(candidate).expected_score or 0 for candidate in candidates]
    assert max(scores) - min(scores) <= 0.5


def test_build_schedule_leaves_out_objectives_without_a_published_practice_question(candidate: User) -> None:
    make_objective("MET-K1.1")
    make_question("MET-K2.1", status=Question.Status.DRAFT)
    make_question("MET-K3.1", pool=Question.Pool.MOCK)
    make_question("MET-K4.1")
    retired = make_question("MET-K5.1")
    review(candidate, retired)
    Question.objects.filter(pk=retired.pk).update(status=Question.Status.RETIRED)
    schedule = build(candidate)
    assert (new_codes(schedule), schedule.dropped) == (["MET-K4.1"], [])
    assert [code for day in schedule.days for code in day["reviews"] if code == "MET-K5.1"] == []


def test_build_schedule_drops_by_the_weights_of_the_chosen_edition(candidate: User) -> None:
    make_blueprint("six-areas", CUL=30, MET=70)
    edition = make_blueprint("other", CUL=70, MET=30)
    for code in ("CUL-K1.1", "MET-K1.1"):
        make_question(code)
    plan = make_study_plan(candidate, exam_on=TODAY + timedelta(days=1), minutes_by_weekday=[2] * 7)
    assert build(candidate).dropped == ["CUL-K1.1"]
    StudyPlan.objects.filter(pk=plan.pk).update(blueprint=edition, changed_at=NOW + timedelta(minutes=1))
    assert build(candidate).dropped == ["MET-K1.1"]


def test_build_schedule_shares_the_weight_of_an_area_among_its_objectives(candidate: User) -> None:
    make_blueprint("six-areas", CUL=50, MET=50)
    for code in ("CUL-K1.1", "CUL-K2.1", "CUL-K3.1", "MET-K1.1"):
        make_question(code)
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=1), minutes_by_weekday=[2] * 7)
    assert build(candidate).dropped == ["CUL-K1.1", "CUL-K2.1", "CUL-K3.1"]


def test_build_schedule_counts_what_was_done_today(candidate: User) -> None:
    """Two minutes hold one new objective of 66 seconds; a wrong answer to it takes 80 of the 120."""
    make_study_plan(candidate, exam_on=EXAM, minutes_by_weekday=[2] * 7)
    for number in range(1, 5):
        make_question(f"MET-K{number}.1")
    before = build(candidate).days[0]["new"]
    assert len(before) == 1
    review(candidate, Question.objects.get(objective__code=before[0]), rating=Rating.AGAIN)
    assert build(candidate).days[0]["new"] == []


def test_build_schedule_twice_is_one_row_with_the_same_content(candidate: User) -> None:
    make_study_plan(candidate, exam_on=EXAM)
    for number in range(1, 30):
        make_question(f"MET-K{number}.1")
    first, second = build(candidate), build(candidate)
    assert Schedule.objects.count() == 1
    assert contents(first) == contents(second)


def test_build_schedule_takes_the_study_day_of_the_candidate(candidate: User) -> None:
    candidate.time_zone = "Pacific/Auckland"
    candidate.save()
    assert build(candidate, at=NOW + timedelta(hours=8)).starts_on == TODAY + timedelta(days=1)


@pytest.mark.parametrize("days", [-1, 0, 1])
def test_build_schedule_close_to_or_after_the_exam_is_usable(candidate: User, days: int) -> None:
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=days))
    make_question()
    schedule = build(candidate)
    assert len(schedule.days) == {-1: 28, 0: 0, 1: 1}[days]
    assert schedule.exam_on == TODAY + timedelta(days=days)


def test_build_schedule_that_saw_less_leaves_the_newer_one(candidate: User, monkeypatch: pytest.MonkeyPatch) -> None:
    question = make_question()
    stale_facts = queries.schedule_facts(candidate, at=NOW)
    log = review(candidate, question)
    build(candidate)
    monkeypatch.setattr(queries, "schedule_facts", lambda candidate, at: stale_facts)
    assert build(candidate, at=NOW + timedelta(minutes=1)).as_of_log_id == log.pk
    assert Schedule.objects.get().as_of_log_id == log.pk


@pytest.mark.parametrize("count", [1, 3, 40])
def test_build_schedule_takes_the_same_queries_however_many_objectives(
    candidate: User, count: int, django_assert_max_num_queries: Any
) -> None:
    make_blueprint()
    make_study_plan(candidate, exam_on=EXAM)
    for number in range(1, count + 1):
        review(candidate, make_question(f"MET-K{number}.1"))
        make_question(f"CUL-K{number}.1")
    build(candidate)
    with django_assert_max_num_queries(19):
        build(candidate)


@pytest.mark.postgres
def test_builds_at_once_leave_one_schedule_equal_to_a_single_build(candidate: User, in_parallel: Any) -> None:
    make_study_plan(candidate, exam_on=EXAM)
    for number in range(1, 6):
        review(candidate, make_question(f"MET-K{number}.1"))
        make_question(f"CUL-K{number}.1")
    in_parallel(8, lambda number: build(candidate))
    parallel = Schedule.objects.get()
    assert contents(parallel) == contents(build(candidate))


@pytest.mark.postgres
def test_builds_beside_new_reviews_end_with_a_current_schedule(candidate: User, in_parallel: Any) -> None:
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 9)]

    def act(number: int) -> None:
        review(candidate, questions[number])
        build(candidate)

    in_parallel(8, act)
    assert Schedule.objects.get().as_of_log_id == max(Card.objects.values_list("as_of_log_id", flat=True))


# rebuild_stale_schedules


def stale(at: datetime = NOW) -> list[User]:
    return list(queries.candidates_with_stale_schedule(at=at))


def test_stale_sweep_ignores_candidates_without_plan_or_log(candidate: User) -> None:
    make_question()
    assert (rebuild_stale_schedules(now=NOW), Schedule.objects.count()) == (0, 0)


def test_stale_sweep_builds_a_missing_schedule_of_a_plan_or_a_log(candidate: User, other_candidate: User) -> None:
    make_study_plan(candidate)
    review(other_candidate, make_question())
    assert rebuild_stale_schedules(now=NOW) == 2
    assert {schedule.candidate for schedule in Schedule.objects.all()} == {candidate, other_candidate}


def test_stale_sweep_leaves_a_current_schedule(candidate: User) -> None:
    make_study_plan(candidate)
    review(candidate, make_question())
    build(candidate)
    assert rebuild_stale_schedules(now=NOW + timedelta(minutes=5)) == 0


def test_stale_sweep_rebuilds_after_a_new_review(candidate: User) -> None:
    build(candidate)
    review(candidate, make_question())
    assert stale() == [candidate]
    assert (rebuild_stale_schedules(now=NOW), stale()) == (1, [])


def test_stale_sweep_rebuilds_after_a_changed_or_deleted_plan(candidate: User) -> None:
    review(candidate, make_question())
    build(candidate)
    plan = make_study_plan(candidate)
    assert (stale(), rebuild_stale_schedules(now=NOW), stale()) == ([candidate], 1, [])
    StudyPlan.objects.filter(pk=plan.pk).update(changed_at=NOW + timedelta(hours=1))
    assert (stale(), rebuild_stale_schedules(now=NOW), stale()) == ([candidate], 1, [])
    plan.delete()
    assert (stale(), rebuild_stale_schedules(now=NOW), stale()) == ([candidate], 1, [])


def test_stale_sweep_rebuilds_when_the_study_day_of_the_candidate_begins(
    candidate: User, other_candidate: User
) -> None:
    User.objects.filter(pk=other_candidate.pk).update(time_zone="Asia/Tokyo")
    other_candidate.refresh_from_db()
    for person in (candidate, other_candidate):
        make_study_plan(person)
        build(person)
    # 04:00 in Tokyo is 19:00 UTC of the day before.
    assert stale(NOW.replace(hour=18, minute=59)) == []
    assert stale(NOW.replace(hour=19, minute=0)) == [other_candidate]
    assert rebuild_stale_schedules(now=NOW.replace(hour=19, minute=1)) == 1
    assert Schedule.objects.get(candidate=other_candidate).starts_on == date(2026, 3, 3)
    assert stale(NOW.replace(hour=19, minute=2)) == []


def test_stale_sweep_rebuilds_for_another_algorithm(candidate: User) -> None:
    make_study_plan(candidate)
    build(candidate)
    Schedule.objects.update(algorithm_version="fsrs-5")
    assert stale() == [candidate]


def test_stale_sweep_leaves_out_deactivated_people(candidate: User) -> None:
    make_study_plan(candidate)
    User.objects.filter(pk=candidate.pk).update(is_active=False)
    assert stale() == []


def test_stale_sweep_goes_on_after_a_candidate_whose_schedule_fails(
    candidate: User, other_candidate: User, caplog: pytest.LogCaptureFixture
) -> None:
    make_study_plan(candidate, minutes_by_weekday=["twenty"])
    make_study_plan(other_candidate)
    assert rebuild_stale_schedules(now=NOW) == 1
    assert Schedule.objects.get().candidate == other_candidate
    assert [record.getMessage() for record in caplog.records] == [
        f"The schedule of candidate {candidate.pk} could not be rebuilt."
    ]


def test_stale_sweep_takes_the_oldest_first_and_no_more_than_it_can(
    candidate: User, other_candidate: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for person, hours in ((candidate, 2), (other_candidate, 3)):
        make_study_plan(person)
        build(person, at=NOW - timedelta(hours=hours))
    StudyPlan.objects.update(changed_at=NOW)
    Schedule.objects.update(algorithm_version="fsrs-5")
    monkeypatch.setattr(services.schedules, "MOST_REBUILDS", 1)
    assert rebuild_stale_schedules(now=NOW) == 1
    assert stale() == [candidate]


@pytest.mark.parametrize("count", [1, 3])
def test_finding_stale_schedules_takes_two_queries(count: int, db: None, django_assert_num_queries: Any) -> None:
    for number in range(count):
        make_study_plan(User.objects.create_user(f"c{number}@example.com", time_zone="UTC"))
    with django_assert_num_queries(2):
        assert len(stale()) == count


@pytest.mark.postgres
def test_stale_sweeps_at_once_leave_one_current_schedule_each(
    candidate: User, other_candidate: User, in_parallel: Any
) -> None:
    make_study_plan(candidate, exam_on=EXAM)
    review(other_candidate, make_question())
    in_parallel(4, lambda number: rebuild_stale_schedules(now=NOW))
    assert {schedule.candidate for schedule in Schedule.objects.all()} == {candidate, other_candidate}
    assert stale() == []
    review(other_candidate, make_question("MET-K2.1"))
    assert stale() == [other_candidate]
    assert stale(NOW + timedelta(days=1)) == [candidate, other_candidate]


# A plan saved


def test_saving_a_plan_makes_the_schedule_stale(candidate: User) -> None:
    make_study_plan(candidate)
    build(candidate)
    save_study_plan(
        candidate=candidate,
        exam_on=EXAM,
        minutes_by_weekday=[10] * 7,
        blueprint=None,
        target_percent=80,
        wants_reminders=True,
        time_zone="Europe/Berlin",
        now=NOW + timedelta(minutes=1),
    )
    assert stale() == [candidate]

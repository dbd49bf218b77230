from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import User
from reviews.models import SpecialDays, StudyPlan
from reviews.queries import spans_of
from reviews.services import SpecialDaysRefused, add_special_days, plan_suggested_mocks, remove_special_days
from reviews.special_days import Span
from tests.factories import NOW, TODAY, make_study_plan

LATER = NOW + timedelta(hours=1)


def span(kind: str, first: int, last: int | None = None) -> Span:
    return Span(kind, TODAY + timedelta(days=first), TODAY + timedelta(days=first if last is None else last))


def add(candidate: User, *spans: Span) -> list[Span]:
    for each in spans:
        add_special_days(candidate=candidate, span=each, now=LATER)
    return spans_of(StudyPlan.objects.get(candidate=candidate))


def test_add_special_days_changes_the_plan_so_that_the_schedule_follows(candidate: User) -> None:
    make_study_plan(candidate)
    assert add(candidate, span("off", 3, 9)) == [span("off", 3, 9)]
    assert StudyPlan.objects.get().changed_at == LATER


def test_add_special_days_makes_the_plan_of_somebody_who_has_none(candidate: User) -> None:
    assert add(candidate, span("easy", 3)) == [span("easy", 3)]
    assert (StudyPlan.objects.get().exam_on, StudyPlan.objects.get().changed_at) == (None, LATER)


def test_add_special_days_twice_is_one_entry_and_no_change(candidate: User) -> None:
    plan = make_study_plan(candidate)
    SpecialDays.objects.create(plan=plan, kind="off", starts_on=TODAY, ends_on=TODAY)
    assert add(candidate, span("off", 0)) == [span("off", 0)]
    assert StudyPlan.objects.get().changed_at == NOW


def test_add_special_days_that_overlap_or_adjoin_makes_one_entry(candidate: User) -> None:
    assert add(candidate, span("off", 1, 3), span("off", 7, 9), span("off", 4, 7)) == [span("off", 1, 9)]


def test_add_special_days_refuses_days_that_are_of_another_kind(candidate: User) -> None:
    add(candidate, span("off", 5, 9))
    with pytest.raises(SpecialDaysRefused, match=r"^7 to 11 March is in your list already: no study\."):
        add(candidate, span("mock", 9))
    assert SpecialDays.objects.count() == 1


def test_add_special_days_refused_leaves_no_plan_behind(candidate: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviews.services.special_days.MOST_AHEAD", 0)
    with pytest.raises(SpecialDaysRefused):
        add_special_days(candidate=candidate, span=span("off", 1), now=NOW)
    assert StudyPlan.objects.count() == 0


def test_add_special_days_has_an_upper_limit_that_past_days_do_not_fill(candidate: User) -> None:
    plan = make_study_plan(candidate)
    days = [date(2026, 1, 1) + timedelta(days=2 * number) for number in range(100)]
    SpecialDays.objects.bulk_create(SpecialDays(plan=plan, kind="off", starts_on=on, ends_on=on) for on in days[:88])
    add(candidate, span("off", 300))
    SpecialDays.objects.bulk_create(SpecialDays(plan=plan, kind="easy", starts_on=on, ends_on=on) for on in days[88:])
    with pytest.raises(SpecialDaysRefused, match="Your list has 60 entries"):
        add(candidate, *(span("off", 300 + 2 * number) for number in range(1, 40)))


def test_remove_special_days_takes_one_entry_and_changes_the_plan(candidate: User, other_candidate: User) -> None:
    make_study_plan(candidate)
    add(candidate, span("off", 1, 3), span("easy", 7))
    add(other_candidate, span("off", 1, 3))
    remove_special_days(candidate=candidate, kind="off", starts_on=TODAY + timedelta(days=1), now=NOW)
    plan = StudyPlan.objects.get(candidate=candidate)
    assert (spans_of(plan), plan.changed_at) == ([span("easy", 7)], NOW)
    assert SpecialDays.objects.filter(plan__candidate=other_candidate).count() == 1


@pytest.mark.parametrize("has_plan", [True, False])
def test_remove_special_days_that_are_not_there_changes_nothing(candidate: User, has_plan: bool) -> None:
    if has_plan:
        make_study_plan(candidate)
    remove_special_days(candidate=candidate, kind="off", starts_on=TODAY, now=LATER)
    assert list(StudyPlan.objects.values_list("changed_at", flat=True)) == ([NOW] if has_plan else [])


def test_plan_suggested_mocks_puts_them_in_once(candidate: User) -> None:
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=28))
    assert [plan_suggested_mocks(candidate=candidate, now=LATER) for _ in range(2)] == [3, 0]
    plan = StudyPlan.objects.get()
    assert (spans_of(plan), plan.changed_at) == ([span("mock", 13), span("mock", 19), span("mock", 24)], LATER)


def test_plan_suggested_mocks_without_a_plan_or_a_date_does_nothing(candidate: User) -> None:
    assert plan_suggested_mocks(candidate=candidate, now=NOW) == 0
    make_study_plan(candidate)
    assert (plan_suggested_mocks(candidate=candidate, now=LATER), StudyPlan.objects.get().changed_at) == (0, NOW)


@pytest.mark.postgres
def test_add_special_days_six_times_at_once_is_one_entry(candidate: User, in_parallel: Any) -> None:
    in_parallel(6, lambda number: add_special_days(candidate=candidate, span=span("off", 3, 9), now=NOW))
    assert (StudyPlan.objects.count(), SpecialDays.objects.count()) == (1, 1)

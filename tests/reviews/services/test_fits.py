from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from accounts.models import User
from questions.models import Question
from reviews import queries
from reviews.fitting import History, fitted, verdict
from reviews.models import Card, MemoryFit, ReviewLog
from reviews.queries import candidates_to_fit, fit_facts, leech_shares
from reviews.queries.fits import FEWEST_FIRST, FEWEST_NEW
from reviews.scheduler import START_PARAMETERS, fold
from reviews.services import fit_memory, fits, rebuild_cards, undo_review
from tests.factories import NOW, TODAY, make_question, make_user
from tests.reviews.builders import cards_of, make_due_card, make_fit, review
from tests.reviews.test_fitting import FORGETFUL, remembered

FIRST_DAY = TODAY - timedelta(days=400)


def write_log(candidate: User, history: History) -> list[Question]:
    """As the services would, without folding after each."""
    questions = [make_question(f"MET-K{1 + n // 50}.{1 + n % 50}") for n in range(int(history.cards.max()) + 1)]
    rows = zip(history.cards.tolist(), history.ratings.tolist(), history.days.tolist(), strict=True)
    ReviewLog.objects.bulk_create(
        ReviewLog(
            candidate=candidate,
            objective=questions[card].objective,
            question=questions[card],
            rating=rating,
            study_day=FIRST_DAY + timedelta(days=day),
            reviewed_at=NOW - timedelta(days=400 - day),
        )
        for card, rating, day in rows
    )
    return questions


@pytest.fixture
def forgetful(candidate: User) -> User:
    """Whose log the defaults foretell badly."""
    write_log(candidate, remembered(FORGETFUL, cards=90))
    rebuild_cards(candidate=candidate)
    return candidate


# fit_memory


def test_fit_memory_writes_what_was_found_with_its_scores(forgetful: User) -> None:
    facts = fit_facts(forgetful)
    found = verdict(facts.history, START_PARAMETERS)
    fit = fit_memory(candidate=forgetful, now=NOW)
    assert found is not None
    assert fit is not None
    fit.refresh_from_db()
    assert (fit.is_accepted, fit.reason, tuple(fit.parameters)) == (True, found.reason, found.parameters)
    assert (fit.log_loss, fit.rmse_bins) == found.fitted[:2]
    assert (fit.log_loss_default, fit.rmse_bins_default) == found.start[:2]
    assert fit.log_loss_average == found.average.log_loss
    assert (fit.reviews, fit.as_of_log_id, fit.fitted_at) == (len(facts.history.usable_days), facts.log_id, NOW)


def test_fit_memory_folds_every_card_again_with_the_accepted_parameters(forgetful: User) -> None:
    fit = fit_memory(candidate=forgetful, now=NOW)
    assert fit is not None
    history = fit_facts(forgetful).history
    folded = fold(history.cards, history.ratings, history.days, fit.parameters)
    cards = Card.objects.for_candidate(forgetful).order_by("objective_id")
    assert [(card.objective_id, card.stability, card.difficulty, card.fit_id) for card in cards] == [
        (*row, fit.pk) for row in zip(*(each.tolist() for each in folded[:3]), strict=True)
    ]


def test_cards_after_a_fit_are_those_of_a_rebuild_and_of_the_next_review(forgetful: User) -> None:
    fit_memory(candidate=forgetful, now=NOW)
    after = cards_of(forgetful)
    rebuild_cards(candidate=forgetful)
    assert cards_of(forgetful) == after
    log = review(forgetful, Question.objects.all()[0], is_from_review=True)
    undo_review(candidate=forgetful, source=log.source, now=NOW)
    assert cards_of(forgetful) == after


def test_fit_memory_twice_fits_once(forgetful: User) -> None:
    fits = [fit_memory(candidate=forgetful, now=NOW) for _ in range(2)]
    assert (fits[0] is not None, fits[1], MemoryFit.objects.count()) == (True, None, 1)


def test_a_refused_fit_is_written_and_leaves_the_cards_alone(candidate: User) -> None:
    write_log(candidate, remembered(START_PARAMETERS, cards=90))
    rebuild_cards(candidate=candidate)
    before = cards_of(candidate)
    fit = fit_memory(candidate=candidate, now=NOW)
    assert fit is not None
    assert (fit.is_accepted, fit.reason.split(":")[0], cards_of(candidate)) == (False, "Refused", before)
    assert queries.parameters_of(candidate) == START_PARAMETERS


def test_too_few_reviews_write_nothing(candidate: User) -> None:
    write_log(candidate, remembered(FORGETFUL, cards=20))
    assert (fit_memory(candidate=candidate, now=NOW), MemoryFit.objects.count()) == (None, 0)


def test_a_candidate_without_a_log_is_not_fitted(candidate: User) -> None:
    assert fit_memory(candidate=candidate, now=NOW) is None


def test_a_review_that_was_taken_back_is_not_fitted_to(forgetful: User) -> None:
    before = fit_facts(forgetful).history
    log = review(forgetful, Question.objects.all()[0], is_from_review=True)
    undo_review(candidate=forgetful, source=log.source, now=NOW)
    np.testing.assert_array_equal(fit_facts(forgetful).history.days, before.days)


def test_the_next_fit_must_beat_the_one_in_force(forgetful: User) -> None:
    in_force = fitted(fit_facts(forgetful).history)
    make_fit(forgetful, parameters=list(in_force))
    fit = fit_memory(candidate=forgetful, now=NOW)
    assert fit is not None
    assert (fit.is_accepted, queries.parameters_of(forgetful)) == (False, in_force)


def test_what_is_fitted_follows_the_last_day_that_the_fit_in_force_has_seen(forgetful: User) -> None:
    seen = ReviewLog.objects.order_by("pk")[500]
    make_fit(forgetful, as_of_log_id=seen.pk)
    assert fit_facts(forgetful).seen_until == seen.study_day.toordinal()


def test_a_fit_of_another_algorithm_is_not_in_force(forgetful: User) -> None:
    make_fit(forgetful, algorithm_version="fsrs-5")
    assert queries.parameters_of(forgetful) == START_PARAMETERS


def test_a_fit_that_is_overtaken_by_one_of_a_newer_log_is_not_written(
    forgetful: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another task has written while this one was computing."""

    def overtaken(*args: Any, **kwargs: Any) -> Any:
        make_fit(forgetful, as_of_log_id=10**9, is_accepted=False)
        return verdict(*args, **kwargs)

    monkeypatch.setattr(fits, "verdict", overtaken)
    assert fit_memory(candidate=forgetful, now=NOW) is None
    assert [fit.as_of_log_id for fit in MemoryFit.objects.all()] == [10**9]


def test_a_fit_is_written_with_its_cards_or_not_at_all(forgetful: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**kwargs: Any) -> None:
        raise RuntimeError("The machine stops here.")

    before = cards_of(forgetful)
    monkeypatch.setattr(fits, "rebuild_cards", fail)
    with pytest.raises(RuntimeError):
        fit_memory(candidate=forgetful, now=NOW)
    assert (MemoryFit.objects.count(), cards_of(forgetful)) == (0, before)


def test_fit_memory_leaves_other_candidates_alone(forgetful: User, other_candidate: User) -> None:
    review(other_candidate, Question.objects.all()[0])
    before = cards_of(other_candidate)
    fit_memory(candidate=forgetful, now=NOW)
    assert (cards_of(other_candidate), queries.parameters_of(other_candidate)) == (before, START_PARAMETERS)


@pytest.mark.postgres
def test_fits_at_once_write_one_row_and_whole_cards(candidate: User, in_parallel: Any) -> None:
    write_log(candidate, remembered(FORGETFUL, cards=90))
    found = in_parallel(4, lambda number: fit_memory(candidate=candidate, now=NOW))
    fit = MemoryFit.objects.get()
    assert [each.pk for each in found if each is not None] == [fit.pk]
    assert set(Card.objects.values_list("fit_id", flat=True)) == {fit.pk}


@pytest.mark.postgres
def test_reviews_while_a_fit_is_computed_are_in_the_cards(candidate: User, in_parallel: Any) -> None:
    questions = write_log(candidate, remembered(FORGETFUL, cards=90))

    def fit_or_review(number: int) -> None:
        if number == 0:
            fit_memory(candidate=candidate, now=NOW)
        else:
            review(candidate, questions[number], at=NOW + timedelta(seconds=number))

    in_parallel(8, fit_or_review)
    incremental = cards_of(candidate)
    rebuild_cards(candidate=candidate)
    assert incremental == cards_of(candidate)


# candidates_to_fit


def write_rows(candidate: User, count: int) -> int:
    """Returns the key of the newest."""
    question = make_question()
    rows = ReviewLog.objects.bulk_create(
        ReviewLog(
            candidate=candidate,
            objective=question.objective,
            question=question,
            source=uuid.uuid4(),
            rating=3,
            study_day=TODAY,
            reviewed_at=NOW,
        )
        for _ in range(count)
    )
    return rows[-1].pk


@pytest.mark.parametrize(("count", "is_due"), [(FEWEST_FIRST - 1, False), (FEWEST_FIRST, True)])
def test_a_first_fit_is_due_after_five_hundred_and_twelve_reviews(candidate: User, count: int, is_due: bool) -> None:
    write_rows(candidate, count)
    assert list(candidates_to_fit()) == ([candidate] if is_due else [])


@pytest.mark.parametrize("is_accepted", [True, False])
@pytest.mark.parametrize(("count", "is_due"), [(FEWEST_NEW - 1, False), (FEWEST_NEW, True)])
def test_the_next_fit_is_due_after_four_hundred_more(
    candidate: User, count: int, is_due: bool, is_accepted: bool
) -> None:
    make_fit(candidate, as_of_log_id=write_rows(candidate, 3), is_accepted=is_accepted)
    write_rows(candidate, count)
    assert list(candidates_to_fit()) == ([candidate] if is_due else [])


def test_reviews_of_others_do_not_count(candidate: User, other_candidate: User) -> None:
    write_rows(candidate, FEWEST_NEW)
    write_rows(other_candidate, FEWEST_FIRST)
    assert list(candidates_to_fit()) == [other_candidate]


def test_a_fit_of_another_algorithm_is_none(candidate: User) -> None:
    make_fit(candidate, as_of_log_id=write_rows(candidate, FEWEST_FIRST), algorithm_version="fsrs-5")
    assert list(candidates_to_fit()) == [candidate]


def test_candidates_to_fit_is_one_query(candidate: User, other_candidate: User, django_assert_num_queries: Any) -> None:
    write_rows(candidate, FEWEST_FIRST)
    write_rows(other_candidate, FEWEST_FIRST)
    with django_assert_num_queries(1):
        assert len(candidates_to_fit()) == 2


# leech_shares


@pytest.mark.parametrize(("met", "leeching", "share"), [(10, 3, 0.3), (10, 0, 0.0), (9, 9, None), (12, 12, 1.0)])
def test_leech_share_is_of_those_who_met_it(db: None, met: int, leeching: int, share: float | None) -> None:
    question = make_question()
    for number in range(met):
        make_due_card(make_user(f"person{number}"), question, leech_on=TODAY if number < leeching else None)
    make_due_card(make_user("elsewhere"), make_question("MET-K2.1"), leech_on=TODAY)
    shares = dict(leech_shares().values_list("code", "leech_share"))
    assert shares == {"MET-K1.1": share if share is None else pytest.approx(share), "MET-K2.1": None}

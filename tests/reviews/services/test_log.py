from __future__ import annotations

import random
import uuid
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from questions.models import Question
from reviews import services
from reviews.models import Card, ReviewLog
from reviews.queries import expected_recalls
from reviews.scheduler import ALGORITHM_VERSION, START_PARAMETERS, Rating, fold
from reviews.services import NewReview, ReviewRefused, answer_review, rebuild_cards, record_reviews, undo_review
from tests.factories import NOW, TODAY, make_mock_question, make_question
from tests.reviews.builders import cards_of, make_due_card, make_fit, make_review, review


def memory_of(*reviews: tuple[int, date], parameters: tuple[float, ...] = START_PARAMETERS) -> list[float]:
    """Stability, difficulty, reviews and lapses after these ratings."""
    ratings, days = zip(*((rating, on.toordinal()) for rating, on in reviews), strict=True)
    folded = fold(np.zeros(len(ratings), dtype=np.int64), np.array(ratings), np.array(days), parameters)
    return [float(each[0]) for each in (folded.stability, folded.difficulty, folded.reps, folded.lapses)]


def memory(card: Card) -> list[float]:
    return [card.stability, card.difficulty, card.reps, card.lapses]


# record_reviews


def test_record_reviews_writes_the_log_and_folds_the_card(candidate: User) -> None:
    question = make_question()
    new = make_review(question, rating=Rating.HARD, selected_label="B", seconds=21)
    assert record_reviews(candidate=candidate, reviews=[new]) == 1
    log = ReviewLog.objects.get()
    assert (log.candidate, log.objective, log.question, log.source) == (
        candidate,
        question.objective,
        question,
        new.source,
    )
    assert (log.selected_label, log.rating, log.seconds, log.study_day, log.is_from_review) == (
        "B",
        Rating.HARD,
        21,
        TODAY,
        False,
    )
    card = Card.objects.get()
    assert memory(card) == memory_of((Rating.HARD, TODAY))
    assert (card.last_reviewed_on, card.first_rating) == (TODAY, Rating.HARD)
    assert (card.as_of_log_id, card.algorithm_version) == (log.pk, ALGORITHM_VERSION)


def test_record_reviews_told_twice_writes_once(candidate: User) -> None:
    news = [make_review(make_question()), make_review(make_question("MET-K2.1"))]
    counts = [record_reviews(candidate=candidate, reviews=news) for _ in range(2)]
    assert (counts, ReviewLog.objects.count()) == ([2, 0], 2)
    assert [card.reps for card in Card.objects.all()] == [1, 1]


def test_record_reviews_told_twice_in_one_call_writes_once(candidate: User) -> None:
    new = make_review(make_question())
    assert record_reviews(candidate=candidate, reviews=[new, new]) == 1


def test_record_reviews_adds_what_is_new_to_what_is_known(candidate: User) -> None:
    question = make_question()
    first = make_review(question, reviewed_at=NOW - timedelta(days=5))
    record_reviews(candidate=candidate, reviews=[first])
    assert record_reviews(candidate=candidate, reviews=[first, make_review(question)]) == 1
    assert memory(Card.objects.get()) == memory_of((Rating.GOOD, TODAY - timedelta(days=5)), (Rating.GOOD, TODAY))


def test_record_reviews_of_nothing_is_nothing(candidate: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert record_reviews(candidate=candidate, reviews=[]) == 0


def test_record_reviews_keeps_two_candidates_apart(candidate: User, other_candidate: User) -> None:
    new = make_review(make_question())
    assert [record_reviews(candidate=person, reviews=[new]) for person in (candidate, other_candidate)] == [1, 1]
    assert [card.reps for card in Card.objects.all()] == [1, 1]


@pytest.mark.parametrize("count", [1, 3, 70])
def test_record_reviews_takes_the_same_queries_however_many(
    candidate: User, count: int, django_assert_num_queries: Any
) -> None:
    news = [make_review(make_question(f"MET-K{number}.1")) for number in range(1, count + 1)]
    # Savepoint, lock, known sources, insert; the touched logs, their newest rows, the fit in force; cards without a
    # standing review, the other cards; release.
    with django_assert_num_queries(10):
        record_reviews(candidate=candidate, reviews=news)


def test_record_reviews_uses_the_study_day_of_the_candidate(candidate: User) -> None:
    User.objects.filter(pk=candidate.pk).update(time_zone="Asia/Tokyo")
    # Still "UTC" in the object at hand: the row decides. 03:30 in Tokyo is before the cut-off.
    review(candidate, make_question(), at=datetime(2026, 3, 1, 18, 30, tzinfo=UTC))
    assert ReviewLog.objects.get().study_day == date(2026, 3, 1)


def test_record_reviews_told_late_puts_an_older_review_in_its_place(candidate: User) -> None:
    question = make_question()
    review(candidate, question, at=NOW, rating=Rating.EASY)
    review(candidate, question, at=NOW - timedelta(days=3), rating=Rating.AGAIN)
    assert memory(Card.objects.get()) == memory_of((Rating.AGAIN, TODAY - timedelta(days=3)), (Rating.EASY, TODAY))


def test_record_reviews_writes_nothing_when_one_row_is_bad(candidate: User) -> None:
    news = [make_review(make_question()), make_review(make_question("MET-K2.1"), rating=9)]
    with pytest.raises((DatabaseError, ValueError)):
        record_reviews(candidate=candidate, reviews=news)
    assert (ReviewLog.objects.count(), Card.objects.count()) == (0, 0)


# rebuild_cards


def random_reviews(chance: random.Random, questions: list[Question]) -> list[NewReview]:
    """Two months of answers; several at one moment, as a graded quiz tells them."""
    return [
        make_review(
            chance.choice(questions),
            rating=chance.randint(1, 4),
            source=uuid.UUID(int=chance.getrandbits(128), version=4),
            reviewed_at=NOW + timedelta(hours=chance.choice(range(0, 24 * 60, 7))),
        )
        for _ in range(chance.randint(1, 40))
    ]


@pytest.mark.parametrize("seed", range(8))
def test_cards_rebuilt_equal_cards_folded_one_by_one_in_any_order(candidate: User, seed: int) -> None:
    chance = random.Random(seed)
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 5)]
    news = random_reviews(chance, questions)
    chance.shuffle(news)
    for new in news:
        record_reviews(candidate=candidate, reviews=[new])
    one_by_one = cards_of(candidate)
    rebuild_cards(candidate=candidate)
    rebuilt = cards_of(candidate)
    ReviewLog.objects.all().delete()
    Card.objects.all().delete()
    chance.shuffle(news)
    record_reviews(candidate=candidate, reviews=news)
    assert one_by_one == rebuilt == cards_of(candidate)


def test_rebuild_cards_mends_a_wrong_card_and_removes_one_without_log(candidate: User, other_candidate: User) -> None:
    question = make_question()
    review(candidate, question)
    right = cards_of(candidate)
    Card.objects.update(stability=99, reps=7)
    make_due_card(candidate, make_question("MET-K2.1"))
    elsewhere = make_due_card(other_candidate, question)
    assert rebuild_cards(candidate=candidate) == 1
    assert cards_of(candidate) == right
    assert Card.objects.filter(pk=elsewhere.pk).exists()


def test_rebuild_cards_without_log_leaves_none(candidate: User) -> None:
    make_due_card(candidate, make_question())
    assert (rebuild_cards(candidate=candidate), Card.objects.count()) == (0, 0)


# answer_review


def answer(candidate: User, question: Question, **fields: Any) -> None:
    answer_review(
        **{
            "candidate": candidate,
            "source": uuid.uuid4(),
            "question_id": question.pk,
            "label": "B",
            "confidence": "",
            "seconds": 12,
            "asked_at": NOW - timedelta(minutes=1),
            "now": NOW,
            **fields,
        }
    )


@pytest.mark.parametrize(
    ("label", "confidence", "rating"),
    [("B", "sure", 3), ("B", "", 3), ("B", "unsure", 2), ("B", "guess", 1), ("A", "sure", 1)],
)
def test_answer_review_rates_the_answer(candidate: User, label: str, confidence: str, rating: int) -> None:
    question = make_question()
    make_due_card(candidate, question)
    answer(candidate, question, label=label, confidence=confidence)
    log = ReviewLog.objects.get()
    assert (log.rating, log.selected_label, log.seconds, log.is_from_review) == (rating, label, 12, True)


def test_answer_review_posted_twice_writes_once_and_keeps_the_first(candidate: User) -> None:
    question, source = make_question(), uuid.uuid4()
    make_due_card(candidate, question)
    answer(candidate, question, source=source, label="B")
    answer(candidate, question, source=source, label="A")
    assert [log.selected_label for log in ReviewLog.objects.all()] == ["B"]


def refusal(candidate: User, question: Question, **fields: Any) -> str:
    with pytest.raises(ReviewRefused) as refused:
        answer(candidate, question, **fields)
    assert ReviewLog.objects.count() == 0
    return str(refused.value)


def test_answer_review_takes_an_objective_ahead_of_time_or_new(candidate: User) -> None:
    ahead, new = make_question(), make_question("MET-K2.1")
    make_due_card(candidate, ahead, days_ago=1)
    for question in (ahead, new):
        answer(candidate, question)
    assert [log.objective_id for log in ReviewLog.objects.all()] == [ahead.objective_id, new.objective_id]


def test_answer_review_refuses_what_was_answered_since_it_was_asked(candidate: User, other_candidate: User) -> None:
    question = make_question()
    asked_at = NOW - timedelta(minutes=5)
    review(other_candidate, question, at=NOW - timedelta(minutes=1))
    review(candidate, make_question("MET-K2.1"), at=NOW - timedelta(minutes=1))
    review(candidate, question, at=asked_at - timedelta(minutes=1))
    elsewhere = review(candidate, question, at=NOW - timedelta(minutes=1), is_from_review=True)
    with pytest.raises(ReviewRefused, match="You answered a question on that objective in the meantime"):
        answer(candidate, question, asked_at=asked_at)
    undo_review(candidate=candidate, source=elsewhere.source, now=NOW)
    answer(candidate, question, asked_at=asked_at)
    assert Card.objects.get(candidate=candidate, objective=question.objective).reps == 2


def test_answer_review_refuses_a_retired_or_sealed_or_unknown_question(candidate: User) -> None:
    retired = make_question(status=Question.Status.RETIRED)
    make_due_card(candidate, retired)
    sentences = {
        refusal(candidate, retired),
        refusal(candidate, make_mock_question()),
        refusal(candidate, retired, question_id=999_999),
    }
    assert sentences == {"That question was replaced in the meantime. Your answer was not counted."}


def test_answer_review_refuses_a_label_that_the_question_does_not_have(candidate: User) -> None:
    question = make_question()
    make_due_card(candidate, question)
    assert refusal(candidate, question, label="E") == "That is no option of this question."


# undo_review


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(chance=st.randoms(use_true_random=False), count=st.integers(0, 25), number=st.integers(1, 4))
def test_undo_is_the_inverse_of_an_answer(candidate: User, chance: random.Random, count: int, number: int) -> None:
    with transaction.atomic():
        questions = [make_question(f"MET-K{position}.1") for position in range(1, 5)]
        for new in random_reviews(chance, questions)[:count]:
            old = replace(new, reviewed_at=new.reviewed_at - timedelta(days=80))
            record_reviews(candidate=candidate, reviews=[old])
        before, source = cards_of(candidate), uuid.uuid4()
        answer(candidate, questions[number - 1], source=source, label=chance.choice("AB"))
        assert cards_of(candidate) != before
        undo_review(candidate=candidate, source=source, now=NOW)
        assert cards_of(candidate) == before
        rebuild_cards(candidate=candidate)
        assert cards_of(candidate) == before
        transaction.set_rollback(True)


def undone(candidate: User, question: Question, **fields: Any) -> ReviewLog:
    """A review of the review page that was taken back."""
    log = review(candidate, question, is_from_review=True, **fields)
    undo_review(candidate=candidate, source=log.source, now=NOW)
    return log


def test_undo_of_the_only_review_removes_the_card_and_keeps_both_rows(candidate: User) -> None:
    log = undone(candidate, make_question())
    assert (Card.objects.count(), ReviewLog.objects.standing().count()) == (0, 0)
    back = ReviewLog.objects.get(undoes=log)
    assert (back.objective, back.question, back.rating, back.study_day, back.reviewed_at, back.is_from_review) == (
        log.objective,
        log.question,
        log.rating,
        log.study_day,
        NOW,
        True,
    )


def test_undo_twice_is_undo_once(candidate: User) -> None:
    log = undone(candidate, make_question())
    undo_review(candidate=candidate, source=log.source, now=NOW)
    assert ReviewLog.objects.count() == 2


def test_undo_goes_back_answer_by_answer(candidate: User) -> None:
    question = make_question()
    logs = [review(candidate, question, at=NOW + timedelta(minutes=n), is_from_review=True) for n in range(3)]
    for left, log in zip([2, 1], reversed(logs), strict=False):
        undo_review(candidate=candidate, source=log.source, now=NOW + timedelta(minutes=9))
        assert Card.objects.get().reps == left


def test_an_answer_after_undo_counts(candidate: User) -> None:
    question = make_question()
    undone(candidate, question, rating=Rating.AGAIN)
    answer(candidate, question, now=NOW + timedelta(minutes=1))
    assert memory(Card.objects.get()) == memory_of((Rating.GOOD, TODAY))


def test_a_source_that_was_undone_is_not_written_again(candidate: User) -> None:
    question = make_question()
    log = undone(candidate, question)
    answer(candidate, question, source=log.source)
    assert Card.objects.count() == 0


def refused_undo(candidate: User, source: uuid.UUID, now: datetime = NOW) -> str:
    cards, rows = cards_of(candidate), ReviewLog.objects.count()
    with pytest.raises(ReviewRefused) as refused:
        undo_review(candidate=candidate, source=source, now=now)
    assert (cards_of(candidate), ReviewLog.objects.count()) == (cards, rows)
    return str(refused.value)


def test_undo_refuses_what_is_not_the_newest(candidate: User) -> None:
    log = review(candidate, make_question(), is_from_review=True)
    review(candidate, make_question("MET-K2.1"), at=NOW + timedelta(minutes=1))
    sentence = "Only the last answer can be undone, and you have answered another question since."
    assert refused_undo(candidate, log.source) == sentence


def test_undo_refuses_an_answer_of_yesterday(candidate: User) -> None:
    log = review(candidate, make_question(), is_from_review=True)
    assert refused_undo(candidate, log.source, NOW + timedelta(days=1)) == "Only an answer of today can be undone."


def test_undo_before_four_in_the_morning_is_still_today(candidate: User) -> None:
    late = NOW.replace(hour=23)
    log = review(candidate, make_question(), at=late, is_from_review=True)
    undo_review(candidate=candidate, source=log.source, now=late + timedelta(hours=4))
    assert Card.objects.count() == 0


def test_undo_refuses_what_a_quiz_told_what_is_not_the_candidates_and_what_is_unknown(
    candidate: User, other_candidate: User
) -> None:
    of_quiz = review(candidate, make_question())
    of_other = review(other_candidate, make_question(), is_from_review=True)
    back = ReviewLog.objects.get(undoes=undone(candidate, make_question("MET-K2.1")))
    sentences = {refused_undo(candidate, each) for each in (of_quiz.source, of_other.source, back.source, uuid.uuid4())}
    assert sentences == {"There is no such answer to undo."}


# What should not be


def test_a_fit_out_of_range_gives_way_to_the_defaults(candidate: User) -> None:
    make_fit(candidate, parameters=[99.0] * 21)
    review(candidate, make_question())
    assert memory(Card.objects.get()) == memory_of((Rating.GOOD, TODAY))


def test_a_review_of_the_future_is_kept_and_expected_to_be_recalled_until_then(candidate: User) -> None:
    question = make_question()
    ahead = TODAY + timedelta(days=400)
    review(candidate, question, at=NOW + timedelta(days=400))
    review(candidate, question)
    card = Card.objects.get()
    assert memory(card) == memory_of((Rating.GOOD, TODAY), (Rating.GOOD, ahead))
    assert (card.last_reviewed_on, expected_recalls(candidate, [card], on=TODAY)) == (ahead, [1.0])


def test_a_log_row_that_is_there_twice_counts_as_a_review_of_the_same_day(candidate: User) -> None:
    """The source keeps a fact from being told twice; a copy with another one cannot be told from a second review."""
    log = review(candidate, make_question())
    log.pk, log.source = None, uuid.uuid4()
    log.save()
    rebuild_cards(candidate=candidate)
    assert memory(Card.objects.get()) == memory_of((Rating.GOOD, TODAY), (Rating.GOOD, TODAY))


# At the same moment, on PostgreSQL


@pytest.mark.postgres
def test_two_tellings_of_one_source_at_once_write_one_row(candidate: User, in_parallel: Any) -> None:
    new = make_review(make_question())
    counts = in_parallel(12, lambda number: record_reviews(candidate=candidate, reviews=[new]))
    assert (sum(counts), ReviewLog.objects.count(), Card.objects.get().reps) == (1, 1, 1)


@pytest.mark.postgres
def test_reviews_of_one_objective_at_once_are_all_in_its_card(candidate: User, in_parallel: Any) -> None:
    question = make_question()
    news = [make_review(question, reviewed_at=NOW + timedelta(days=number)) for number in range(12)]
    in_parallel(12, lambda number: record_reviews(candidate=candidate, reviews=[news[number]]))
    incremental = cards_of(candidate)
    services.rebuild_cards(candidate=candidate)
    assert incremental == cards_of(candidate)
    assert incremental[0]["reps"] == 12


@pytest.mark.postgres
def test_two_answers_to_one_asked_objective_at_once_write_one_review(candidate: User, in_parallel: Any) -> None:
    question = make_question()

    def answer_once(number: int) -> bool:
        try:
            answer(candidate, question)
        except ReviewRefused:
            return False
        return True

    assert sum(in_parallel(8, answer_once)) == 1
    assert ReviewLog.objects.count() == 1


@pytest.mark.postgres
def test_undo_of_one_answer_at_once_writes_one_row(candidate: User, in_parallel: Any) -> None:
    log = review(candidate, make_question(), is_from_review=True)
    in_parallel(8, lambda number: undo_review(candidate=candidate, source=log.source, now=NOW))
    assert (ReviewLog.objects.filter(undoes=log).count(), Card.objects.count()) == (1, 0)

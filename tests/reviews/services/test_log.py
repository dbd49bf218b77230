from __future__ import annotations

import random
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError

from accounts.models import User
from questions.models import Question
from reviews import services
from reviews.models import Card, ReviewLog
from reviews.scheduler import ALGORITHM_VERSION, Rating, Review, fold
from reviews.services import NewReview, ReviewRefused, answer_review, rebuild_cards, record_reviews
from tests.factories import NOW, TODAY, make_mock_question, make_question
from tests.reviews.builders import cards_of, make_due_card, make_review, review

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
    assert card.memory == fold([Review(Rating.HARD, TODAY)])
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
    assert Card.objects.get().memory == fold(
        [Review(Rating.GOOD, TODAY - timedelta(days=5)), Review(Rating.GOOD, TODAY)]
    )


def test_record_reviews_of_nothing_is_nothing(candidate: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert record_reviews(candidate=candidate, reviews=[]) == 0


def test_record_reviews_keeps_two_candidates_apart(candidate: User, other_candidate: User) -> None:
    new = make_review(make_question())
    assert [record_reviews(candidate=person, reviews=[new]) for person in (candidate, other_candidate)] == [1, 1]
    assert [card.reps for card in Card.objects.all()] == [1, 1]


@pytest.mark.parametrize("count", [1, 3, 80])
def test_record_reviews_takes_the_same_queries_however_many(
    candidate: User, count: int, django_assert_num_queries: Any
) -> None:
    news = [make_review(make_question(f"MET-K{number}.1")) for number in range(1, count + 1)]
    # Savepoint, lock, known sources, insert, the touched logs, the cards, release.
    with django_assert_num_queries(7):
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
    assert Card.objects.get().memory == fold(
        [Review(Rating.AGAIN, TODAY - timedelta(days=3)), Review(Rating.EASY, TODAY)]
    )


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


def test_answer_review_refuses_an_objective_that_is_not_due(candidate: User) -> None:
    question = make_question()
    make_due_card(candidate, question, due_on=TODAY + timedelta(days=1))
    assert refusal(candidate, question) == "That objective is not due any more. It was reviewed in the meantime."


def test_answer_review_refuses_an_objective_that_is_due_for_somebody_else(
    candidate: User, other_candidate: User
) -> None:
    question = make_question()
    make_due_card(other_candidate, question)
    assert refusal(candidate, question) == "That objective is not due any more. It was reviewed in the meantime."


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
def test_two_answers_to_one_due_objective_at_once_write_one_review(candidate: User, in_parallel: Any) -> None:
    question = make_question()
    make_due_card(candidate, question)

    def answer_once(number: int) -> bool:
        try:
            answer(candidate, question)
        except ReviewRefused:
            return False
        return True

    assert sum(in_parallel(8, answer_once)) == 1
    assert ReviewLog.objects.count() == 1

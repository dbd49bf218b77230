"""What a result tells beside the score: pace, changes, certainty, reasons, and how it compares."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from questions.models import Question
from quizzes.models import Answer, Attempt, Feedback, Quiz, Response
from quizzes.services import finish_attempt
from tests.factories import (
    NOW,
    make_assignment,
    make_attempt,
    make_blueprint,
    make_key,
    make_mock_attempt,
    make_question,
    make_quiz,
    make_user,
)

SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


def sat(candidate: User, labels: str = "BBBDDD", *, questions: list[Question] | None = None, **fields: Any) -> Attempt:
    """Finished; one question per label, the key is B, - means unanswered."""
    questions = questions or [make_question(f"MET-K{number}.1") for number, _ in enumerate(labels, start=1)]
    quiz = fields.pop("quiz", None) or make_quiz(author=candidate, question_count=len(labels), feedback=Feedback.AT_END)
    attempt = make_attempt(candidate, *questions, quiz=quiz, **fields)
    for position, label in enumerate(labels.replace("-", " "), start=1):
        Response.objects.filter(attempt=attempt, position=position).update(selected_label=label.strip())
    return finish_attempt(attempt=attempt, now=attempt.started_at + timedelta(minutes=6))


def tell(attempt: Attempt, field: str, *values: Any) -> None:
    """In the order of the attempt; None leaves a response as it is."""
    for position, value in enumerate(values, start=1):
        if value is not None:
            Response.objects.filter(attempt=attempt, position=position).update(**{field: value})


def log(attempt: Attempt, position: int, labels: str) -> None:
    response = Response.objects.get(attempt=attempt, position=position)
    for sequence, label in enumerate(labels, start=1):
        Answer.objects.create(
            attempt=attempt, response=response, key=make_key(), sequence=sequence, label=label, answered_at=NOW
        )


def page_of(client: Client, attempt: Attempt) -> Any:
    return client.get(f"/attempts/{attempt.code}/")


def text_of(client: Client, attempt: Attempt) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page_of(client, attempt).content.decode()).split())


# Sure, and wrong


def test_sure_but_wrong_answers_are_read_first(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate)
    tell(attempt, "confidence", "sure", "guess", None, "sure", "unsure", "sure")
    items = page_of(candidate_client, attempt).context["read_first"]
    assert [(item.position, item.competency) for item in items] == [(4, "MET"), (6, "MET")]
    assert items[0].href == f"/attempts/{attempt.code}/questions/?show=sure-wrong#question-4"


def test_only_five_of_them_are_listed_and_the_rest_led_to(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate, "D" * 7)
    tell(attempt, "confidence", *["sure"] * 7)
    response = page_of(candidate_client, attempt)
    assert [item.position for item in response.context["read_first"]] == [1, 2, 3, 4, 5]
    assert "All 7" in response.content.decode()


# Why answers went wrong


def test_reasons_are_counted_with_those_not_said(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate, "BDDDD-")
    tell(attempt, "miss_reason", None, "misread", "knowledge", "misread")
    text = text_of(candidate_client, attempt)
    assert "4 wrong : 2 misread, 1 did not know it, 1 not said yet. 1 unanswered ." in text
    assert "Say why" in text


def test_nobody_is_asked_why_a_question_was_left_blank(candidate_client: Client, candidate: User) -> None:
    """Where the way to say it leads, there are wrong answers only."""
    attempt = sat(candidate, "BD--")
    tell(attempt, "miss_reason", None, "misread", None, "time")
    text = text_of(candidate_client, attempt)
    assert "1 wrong : 1 misread. 2 unanswered : 1 ran out of time." in text
    assert "not said yet" not in text
    assert "Say why" not in text


def test_blanks_alone_ask_for_no_reason(candidate_client: Client, candidate: User) -> None:
    text = text_of(candidate_client, sat(candidate, "B--"))
    assert "2 unanswered ." in text
    assert "Say why" not in text


def test_reasons_said_in_full_end_the_sentence(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate, "BD")
    tell(attempt, "miss_reason", None, "time")
    text = text_of(candidate_client, attempt)
    assert "1 wrong : 1 ran out of time." in text
    assert "Say why" not in text


def test_reasons_count_themselves_again(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate, "BD")
    tell(attempt, "miss_reason", None, "time")
    headers = {"HX-Request": "true", "HX-Target": "reasons"}
    body = candidate_client.get(f"/attempts/{attempt.code}/", headers=headers).content.decode()
    assert "1 ran out of time." in body
    assert "<html" not in body


def test_question_left_blank_when_the_time_ran_out_suggests_the_time(candidate_client: Client, candidate: User) -> None:
    """Not where it was handed in before: an assigned quiz without a limit has its due date for a deadline."""
    ran_out = sat(candidate, "D-", deadline_at=NOW + timedelta(minutes=6))
    handed_in = sat(candidate, "D-", deadline_at=NOW + timedelta(days=7))
    untimed = sat(candidate, "D-")
    suggested = [
        [item.reason.suggested for item in candidate_client.get(f"/attempts/{code}/questions/").context["reviewed"]]
        for code in (ran_out.code, handed_in.code, untimed.code)
    ]
    assert suggested == [["", "time"], ["", ""], ["", ""]]


# Pace


def test_pace_is_held_against_the_exam(candidate_client: Client, candidate: User) -> None:
    make_blueprint()
    attempt = sat(candidate)
    tell(attempt, "seconds", 40, 50, 60, 70, 200, 0)
    pace = page_of(candidate_client, attempt).context["pace"]
    assert pace.sentence == "Half of the questions took you less than 1 min 0 s. The exam leaves 1 min 48 s for one."
    assert [(row.position, row.text, row.outcome) for row in pace.slowest[:2]] == [
        (5, "3 min 20 s", "Wrong"),
        (4, "1 min 10 s", "Wrong"),
    ]
    assert [column["is_marked"] for column in pace.chart["columns"]] == [False, False, False, False, True, False]


def test_pace_counts_extra_time(candidate_client: Client, candidate: User) -> None:
    make_blueprint()
    candidate.extra_time_percent = 25
    candidate.save(update_fields=["extra_time_percent"])
    attempt = sat(candidate)
    tell(attempt, "seconds", 40, 50, 60, 70, 80)
    sentence = page_of(candidate_client, attempt).context["pace"].sentence
    assert sentence.endswith("The exam leaves 2 min 15 s for one, with your 25 % extra time.")


def test_pace_of_too_few_times_is_not_told(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate)
    tell(attempt, "seconds", 40, 50, 60, 70)
    assert page_of(candidate_client, attempt).context["pace"] is None


# Changed answers


def test_changes_are_counted_by_kind_with_their_places(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate)
    log(attempt, 1, "AB")
    log(attempt, 2, "CB")
    log(attempt, 4, "BD")
    changes = page_of(candidate_client, attempt).context["changes"]
    assert [(kind["count"], kind["text"]) for kind in changes["kinds"]] == [
        (2, "from wrong to right"),
        (1, "from right to wrong"),
    ]
    assert [place["position"] for place in changes["kinds"][0]["places"]] == [1, 2]
    assert changes["balance"] == "Together they won you 1 question."


def test_no_change_is_said(candidate_client: Client, candidate: User) -> None:
    assert "You changed no answer after the first choice." in text_of(candidate_client, sat(candidate))


# Certainty


def test_certainty_is_held_against_the_marks(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate)
    tell(attempt, "confidence", "sure", "sure", "guess", "sure", "unsure")
    certainty = page_of(candidate_client, attempt).context["certainty"]
    assert [(row["label"], row["text"], row["n"]) for row in certainty["rows"]] == [
        ("Sure", "67 %", 3),
        ("Unsure", "0 %", 1),
        ("Guessing", "100 %", 1),
    ]
    assert certainty["unsaid"] == 1


def test_certainty_never_said_is_asked_for(candidate_client: Client, candidate: User) -> None:
    assert "You did not say how sure you were." in text_of(candidate_client, sat(candidate))


# First answers and repeats


def test_first_answers_stand_apart_from_repeats(candidate_client: Client, candidate: User) -> None:
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 5)]
    sat(candidate, "DD", questions=questions[:2], started_at=NOW - timedelta(days=2))
    attempt = sat(candidate, "BBBD", questions=questions)
    assert page_of(candidate_client, attempt).context["first_text"] == (
        "2 questions were new to you: 1 right, 50 % (90 % interval 12 to 88 %). 2 were ones you had seen before: "
        "2 right, 100 % (90 % interval 43 to 100 %). Only the new ones say something about the exam."
    )


def test_earlier_version_of_a_question_counts_as_seen(candidate_client: Client, candidate: User) -> None:
    old = make_question(code="MET-K1.1-P1", status="retired")
    sat(candidate, "D", questions=[old], started_at=NOW - timedelta(days=2))
    attempt = sat(candidate, "B", questions=[make_question(code="MET-K1.1-P1", version=2)])
    assert page_of(candidate_client, attempt).context["first_text"] == (
        "You had seen all of these questions before, so the score says what you remember of them, not more."
    )


def test_what_others_saw_is_not_seen(candidate_client: Client, candidate: User, other_candidate: User) -> None:
    question = make_question()
    sat(other_candidate, "B", questions=[question], started_at=NOW - timedelta(days=2))
    attempt = sat(candidate, "B", questions=[question])
    expected = "You had seen none of these questions before."
    assert page_of(candidate_client, attempt).context["first_text"] == expected


# Earlier attempts


def test_trend_is_of_attempts_of_the_same_kind(candidate_client: Client, candidate: User) -> None:
    first = sat(candidate, "BD", started_at=NOW - timedelta(days=2))
    mock = make_mock_attempt(candidate, count=2, started_at=NOW - timedelta(days=1))
    finish_attempt(attempt=mock, now=NOW)
    second = sat(candidate, "BBBD")
    assert page_of(candidate_client, first).context["trend"] is None
    assert page_of(candidate_client, mock).context["trend"] is None
    trend = page_of(candidate_client, second).context["trend"]
    assert trend["sentence"] == "25 points above last time, 50 %."
    assert [point["text"] for point in trend["chart"]["points"]] == ["50 %, n = 2", "75 %, n = 4"]


# Other candidates


def peers(quiz: Quiz, scores: list[int], **fields: Any) -> list[User]:
    people = [make_user(f"peer{number}") for number, _ in enumerate(scores)]
    for person, score in zip(people, scores, strict=True):
        state = {"state": "graded", "submitted_at": NOW, "raw_score": score, "question_count": 6}
        make_attempt(person, quiz=quiz, **{**state, **fields})
    return people


def sat_mock(candidate: User, right: int) -> Attempt:
    attempt = make_mock_attempt(candidate)
    attempt.responses.filter(position__lte=right).update(selected_label="B")
    return finish_attempt(attempt=attempt, now=NOW)


def test_place_among_twenty_others_is_told(candidate_client: Client, candidate: User) -> None:
    attempt = sat_mock(candidate, 3)
    peers(attempt.quiz, [1] * 10 + [3] * 5 + [6] * 5)
    shown = page_of(candidate_client, attempt).context["peers"]
    assert shown["sentence"] == (
        "Better than 50 % of 20 other candidates in their first attempt. The middle one scored 34 %, you 50 %."
    )


@pytest.mark.parametrize(("right", "words"), [(0, "at most 25 %"), (1, "at most 25 %"), (6, "at least 75 %")])
def test_place_at_either_end_is_told_as_a_bound(
    candidate_client: Client, candidate: User, right: int, words: str
) -> None:
    """Groups under five are not counted out, and what is said holds all the same."""
    attempt = sat_mock(candidate, right)
    peers(attempt.quiz, [0] * 4 + [2] * 12 + [5] * 4)
    sentence = page_of(candidate_client, attempt).context["peers"]["sentence"]
    assert sentence.startswith(f"Better than {words} of 20 other candidates in their first attempt.")


def test_place_among_nineteen_is_not_told(candidate_client: Client, candidate: User) -> None:
    attempt = sat_mock(candidate, 3)
    peers(attempt.quiz, [1] * 19)
    response = page_of(candidate_client, attempt)
    assert response.context["peers"] is None
    assert "Other candidates" not in response.content.decode()


def test_only_first_finished_attempts_of_others_count(candidate_client: Client, candidate: User) -> None:
    attempt = sat_mock(candidate, 3)
    people = peers(attempt.quiz, [1] * 20)
    later = {"quiz": attempt.quiz, "submitted_at": NOW + timedelta(days=1), "question_count": 6}
    for person in people:
        make_attempt(person, state="graded", raw_score=6, **later)
        make_attempt(person, quiz=attempt.quiz)
    place = page_of(candidate_client, attempt).context["peers"]["place"]
    assert (place.n, place.high) == (20, 17)


def test_practice_has_no_place(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate)
    peers(attempt.quiz, [1] * 20)
    assert page_of(candidate_client, attempt).context["peers"] is None


@pytest.mark.parametrize(("sharing", "is_told"), [(20, True), (19, False)])
def test_assigned_quiz_counts_members_who_share_their_scores(
    candidate_client: Client, candidate: User, cohort: Cohort, sharing: int, is_told: bool
) -> None:
    assignment = make_assignment(cohort)
    attempt = sat(candidate, quiz=assignment.quiz, assignment=assignment)
    for number, person in enumerate(peers(assignment.quiz, [1] * 25)):
        if number < sharing:
            cohort.memberships.create(candidate=person, sharing="scores", joined_at=NOW)
        elif number < 22:
            cohort.memberships.create(candidate=person, sharing="progress", joined_at=NOW)
    assert (page_of(candidate_client, attempt).context["peers"] is not None) is is_told


# What waits for the due date


def test_nothing_that_tells_the_key_is_shown_before_the_due_date(
    candidate_client: Client, candidate: User, cohort: Cohort
) -> None:
    quiz = make_quiz(author=cohort.coordinator, feedback=Feedback.AFTER_DUE)
    attempt = sat(candidate, quiz=quiz, assignment=make_assignment(cohort, quiz))
    tell(attempt, "confidence", *["sure"] * 6)
    tell(attempt, "seconds", 10, 20, 30, 40, 50, 60)
    log(attempt, 1, "AB")
    for person in peers(quiz, [1] * 20):
        cohort.memberships.create(candidate=person, sharing="scores", joined_at=NOW)
    response = page_of(candidate_client, attempt)
    telling = ("read_first", "reasons", "changes", "certainty", "first_text", "peers", "repeat")
    assert [name for name in telling if response.context.get(name)] == []
    assert {row.outcome for row in response.context["pace"].slowest} == {""}
    headers = {"HX-Request": "true", "HX-Target": "reasons"}
    assert "missed" not in candidate_client.get(f"/attempts/{attempt.code}/", headers=headers).content.decode()
    listed = candidate_client.get(f"/attempts/{attempt.code}/questions/")
    assert listed.context["reviewed"][0].notes == ["You were sure", "10 s on screen", "Changed"]
    assert {item.reason for item in listed.context["reviewed"]} == {None}


@pytest.mark.parametrize(("count", "shown"), [(4, []), (5, ["MET"])])
def test_share_of_few_questions_waits_for_the_due_date(
    candidate_client: Client,
    candidate: User,
    cohort: Cohort,
    set_clock: SetClock,
    count: int,
    shown: list[str],
) -> None:
    """Of one question per competency it would say of each whether it was right."""
    quiz = make_quiz(author=cohort.coordinator, feedback=Feedback.AFTER_DUE)
    attempt = sat(candidate, "B" * count, quiz=quiz, assignment=make_assignment(cohort, quiz))
    before = page_of(candidate_client, attempt)
    assert [row["code"] for row in before.context["competency_rows"]] == shown
    assert ("By competency" in before.content.decode()) is bool(shown)
    set_clock(NOW + timedelta(days=7))
    assert [row["code"] for row in page_of(candidate_client, attempt).context["competency_rows"]] == ["MET"]


@pytest.mark.parametrize("count", [6, 30])
def test_result_of_a_mock_exam_takes_the_same_queries(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, count: int
) -> None:
    attempt = finish_attempt(attempt=make_mock_attempt(candidate, count=count), now=NOW)
    peers(attempt.quiz, [1] * 20)
    with django_assert_num_queries(14):
        page_of(candidate_client, attempt)

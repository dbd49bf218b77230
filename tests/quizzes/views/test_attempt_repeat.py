from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.messages import get_messages
from django.template.loader import render_to_string
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from competencies.models import Competency
from questions.models import Question
from quizzes.models import Attempt, Feedback
from quizzes.queries.first_answers import answers_of
from quizzes.queries.statistics import first_answers
from quizzes.services import finish_attempt
from quizzes.views.practice import repeat_context
from tests.factories import NOW, make_assignment, make_attempt, make_mock_attempt, make_question, make_quiz

HOUR = timedelta(hours=1)
FINISHED = {"state": "graded", "submitted_at": NOW, "raw_score": 1}


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    """Two of MET, feedback at the end, twelve minutes."""
    rule = {"competencies": ["MET"]}
    quiz = make_quiz(
        author=candidate, title="Practice: MET", rule=rule, question_count=2, feedback=Feedback.AT_END,
        time_limit_minutes=12,
    )  # fmt: skip
    return make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"), quiz=quiz, **FINISHED)


def url_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.code}/repeat/"


def form(mode: str = "") -> dict[str, Any]:
    return {"code": str(uuid4()), "mode": mode}


def test_repeat_starts_another_quiz_by_the_same_choice_with_new_questions(
    candidate_client: Client, attempt: Attempt
) -> None:
    new = {make_question("MET-K3.1").pk, make_question("MET-K4.1").pk}
    response = candidate_client.post(url_of(attempt), form())
    again = Attempt.objects.select_related("quiz").get(state="in_progress")
    assert response["Location"] == f"/attempts/{again.code}/questions/1/"
    assert (again.quiz.title, again.feedback, again.quiz.time_limit_minutes) == ("Practice: MET", "at_end", 12)
    assert set(again.responses.values_list("question", flat=True)) == new


def test_repeat_twice_with_one_key_is_one_quiz(candidate_client: Client, attempt: Attempt) -> None:
    data = form()
    first, second = candidate_client.post(url_of(attempt), data), candidate_client.post(url_of(attempt), data)
    assert first["Location"] == second["Location"]
    assert Attempt.objects.count() == 2


def test_repeat_without_enough_questions_says_so(candidate_client: Client, attempt: Attempt) -> None:
    attempt.responses.get(position=1).question.__class__.objects.update(status="retired")
    response = candidate_client.post(url_of(attempt), form())
    assert response["Location"] == f"/attempts/{attempt.code}/"
    assert said(response) == ["No question matches this choice. Widen it."]


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def mark(attempt: Attempt, *labels: str) -> None:
    for position, label in enumerate(labels, start=1):
        attempt.responses.filter(position=position).update(selected_label=label, is_correct=label == "B")


def asked(attempt: Attempt) -> list[str]:
    return sorted(attempt.responses.values_list("question__objective__code", flat=True))


def newest() -> Attempt:
    return Attempt.objects.select_related("quiz").get(state="in_progress")


def test_the_same_questions_come_again_in_the_same_time(candidate_client: Client, attempt: Attempt) -> None:
    for number in range(3, 9):
        make_question(f"MET-K{number}.1")
    candidate_client.post(url_of(attempt), form("same"))
    again = newest()
    assert (asked(again), again.quiz.title, again.quiz.time_limit_minutes, again.feedback) == (
        ["MET-K1.1", "MET-K2.1"], "Practice: MET, again", 12, "at_end",
    )  # fmt: skip


def test_the_same_questions_come_in_another_order_with_options_shuffled_anew(
    candidate_client: Client, candidate: User
) -> None:
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 13)]
    quiz = make_quiz(author=candidate, question_count=12)
    attempt = make_attempt(candidate, *questions, quiz=quiz, **FINISHED)
    candidate_client.post(url_of(attempt), form("same"))
    drawn = list(newest().responses.all())
    assert {response.question_id for response in drawn} == {question.pk for question in questions}
    assert [response.question_id for response in drawn] != [question.pk for question in questions]
    assert len({response.option_order for response in drawn}) > 1


def test_a_retired_question_comes_in_its_new_version_or_is_left_out_with_a_word(
    candidate_client: Client, attempt: Attempt
) -> None:
    first, second = (response.question for response in attempt.responses.select_related("question"))
    Question.objects.filter(pk__in=[first.pk, second.pk]).update(status="retired")
    newer = make_question("MET-K1.1", code=first.code, version=2)
    response = candidate_client.post(url_of(attempt), form("same"))
    assert [each.question for each in newest().responses.all()] == [newer]
    assert said(response) == ["1 question was retired since and left out."]


def test_a_quiz_whose_every_question_was_retired_cannot_come_again(candidate_client: Client, attempt: Attempt) -> None:
    Question.objects.update(status="retired")
    response = candidate_client.post(url_of(attempt), form("same"))
    assert said(response) == ["Every question of this quiz was retired from the bank."]
    assert Attempt.objects.count() == 1


@pytest.mark.parametrize(("labels", "codes"), [("BA", ["MET-K2.1"]), ("AA", ["MET-K1.1", "MET-K2.1"])])
def test_what_was_missed_comes_again_at_the_same_pace(
    candidate_client: Client, attempt: Attempt, labels: str, codes: list[str]
) -> None:
    make_question("MET-K3.1")
    mark(attempt, *labels)
    candidate_client.post(url_of(attempt), form("missed"))
    again = newest()
    assert (asked(again), again.quiz.title, again.quiz.time_limit_minutes) == (
        codes, "Practice: MET, what was missed", 6 * len(codes),
    )  # fmt: skip


def test_what_was_left_blank_was_missed(candidate_client: Client, attempt: Attempt) -> None:
    mark(attempt, "B", "")
    candidate_client.post(url_of(attempt), form("missed"))
    assert asked(newest()) == ["MET-K2.1"]


def test_where_nothing_was_missed_nothing_is_started(candidate_client: Client, attempt: Attempt) -> None:
    mark(attempt, "B", "B")
    assert said(candidate_client.post(url_of(attempt), form("missed"))) == ["Nothing was missed in this quiz."]
    assert Attempt.objects.count() == 1


def test_a_fresh_set_after_a_repeat_goes_by_the_first_choice(candidate_client: Client, attempt: Attempt) -> None:
    make_question("CUL-K1.1")
    new = sorted(make_question(f"MET-K{number}.1").objective.code for number in (3, 4))
    candidate_client.post(url_of(attempt), form("same"))
    repeat = newest()
    Attempt.objects.filter(pk=repeat.pk).update(**FINISHED)
    candidate_client.post(url_of(repeat), form("fresh"))
    assert (asked(newest()), newest().quiz.title) == (new, "Practice: MET")


def test_a_fresh_set_of_a_status_is_as_long_as_what_matches_now(candidate_client: Client, candidate: User) -> None:
    quiz = make_quiz(author=candidate, question_count=2, rule={"statuses": ["missed"]})
    attempt = make_attempt(candidate, make_question("MET-K1.1"), make_question("MET-K2.1"), quiz=quiz, **FINISHED)
    mark(attempt, "B", "A")
    attempt.responses.update(answered_at=NOW, sequence=1)
    response = candidate_client.post(url_of(attempt), form("fresh"))
    assert (asked(newest()), said(response)) == (["MET-K2.1"], ["Fewer questions match the same choice now: 1."])


def test_each_way_has_a_key_of_its_own_and_counts_what_was_missed(attempt: Attempt) -> None:
    mark(attempt, "A", "B")
    context = {**repeat_context(attempt), "csrf_token": "x"}
    body = render_to_string("quizzes/attempt_repeat_form.html", context)
    assert re.findall(r'name="mode" value="(\w+)"', body) == ["missed", "same", "fresh"]
    assert (len(set(context["codes"].values())), "What you missed (1)" in body) == (3, True)


def test_without_a_miss_there_is_no_button_for_it(attempt: Attempt) -> None:
    mark(attempt, "B", "B")
    body = render_to_string("quizzes/attempt_repeat_form.html", {**repeat_context(attempt), "csrf_token": "x"})
    assert re.findall(r'name="mode" value="(\w+)"', body) == ["same", "fresh"]


def test_answers_of_a_repeat_are_no_first_answers(candidate_client: Client, attempt: Attempt) -> None:
    """Readiness and item statistics go by the first time that a question was met."""
    mark(attempt, "A", "A")
    attempt.responses.update(answered_at=NOW)
    candidate_client.post(url_of(attempt), form("same"))
    repeat = newest()
    mark(repeat, "B", "B")
    repeat.responses.update(answered_at=NOW + HOUR)
    finish_attempt(attempt=repeat, now=NOW + HOUR)
    competencies = list(Competency.objects.all())
    readiness = answers_of(attempt.candidate, competencies, until=NOW + 2 * HOUR)
    assert (len(readiness), int(readiness.is_correct.sum())) == (2, 0)
    statistics = first_answers()
    assert (len(statistics), int(statistics.is_correct.sum())) == (2, 0)


def test_an_unknown_way_starts_nothing(candidate_client: Client, attempt: Attempt) -> None:
    for mode in ("all", "\x00", "x" * 5000):
        assert candidate_client.post(url_of(attempt), form(mode))["Location"] == f"/attempts/{attempt.code}/"
    assert Attempt.objects.count() == 1


def test_repeat_of_an_open_attempt_leads_back_into_it(candidate_client: Client, candidate: User) -> None:
    attempt = make_attempt(candidate, make_question())
    assert candidate_client.post(url_of(attempt), form())["Location"] == f"/attempts/{attempt.code}/"
    assert Attempt.objects.count() == 1


def test_repeat_of_an_assignment_or_a_mock_exam_starts_nothing(
    candidate_client: Client, candidate: User, cohort: Cohort
) -> None:
    assigned = make_attempt(candidate, make_question(), assignment=make_assignment(cohort), **FINISHED)
    mock = make_mock_attempt(candidate, **FINISHED)
    for attempt in (assigned, mock):
        assert candidate_client.post(url_of(attempt), form())["Location"] == f"/attempts/{attempt.code}/"
    assert Attempt.objects.count() == 2


@pytest.mark.parametrize("code", ["", "no-uuid", "\x00"])
def test_repeat_without_a_key_starts_nothing(candidate_client: Client, attempt: Attempt, code: str) -> None:
    assert candidate_client.post(url_of(attempt), {"code": code})["Location"] == f"/attempts/{attempt.code}/"
    assert Attempt.objects.count() == 1


def test_somebody_elses_attempt_is_not_found(other_client: Client, attempt: Attempt) -> None:
    assert other_client.post(url_of(attempt), form()).status_code == 404


def test_anonymous_is_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    assert client.post(url_of(attempt), form())["Location"] == f"/accounts/login/?next={url_of(attempt)}%3Funsent"


def test_other_methods_are_refused(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.get(url_of(attempt)).status_code == 405

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from questions.models import Question
from quizzes.models import Attempt, Feedback, Quiz
from tests.factories import NOW, make_attempt, make_competency, make_question, make_user
from tests.reviews.builders import review

URL = "/practice/"


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def bank(db: None) -> None:
    """Six questions of MET and two of CUL."""
    for number in range(1, 7):
        make_question(f"MET-K{number}.1")
    make_question("CUL-K1.1")
    make_question("CUL-K2.1")


def choice(**fields: Any) -> dict[str, Any]:
    return {"code": str(uuid4()), "question_count": "5", "feedback": "after_each", **fields}


def test_page_counts_what_matches(candidate_client: Client, bank: None) -> None:
    response = candidate_client.get(URL)
    assert response.status_code == 200
    assert response.context["matching"].count == 8
    assert [box.code for box in response.context["competency_choices"]] == ["CUL", "MET"]


def test_page_offers_only_presets_that_work(candidate_client: Client, bank: None) -> None:
    presets = candidate_client.get(URL).context["presets"]
    assert [preset.title for preset in presets] == ["Quick ten", "Unseen ten", "One competency"]


def test_page_offers_the_competency_that_pays_most_once_there_are_answers(
    candidate_client: Client, candidate: User, bank: None
) -> None:
    """MET has six objectives to meet, CUL two, of which one was answered."""
    review(candidate, Question.objects.get(objective__code="CUL-K1.1"))
    presets = candidate_client.get(URL).context["presets"]
    assert [preset.competency.code for preset in presets if preset.competency] == ["MET"]


def test_every_form_of_the_page_has_a_key_of_its_own(candidate_client: Client, bank: None) -> None:
    codes = re.findall(r'name="code" value="([^"]+)"', candidate_client.get(URL).content.decode())
    assert len(codes) == 4
    assert len(set(codes)) == 4


def test_page_shows_open_quizzes(candidate_client: Client, candidate: User, bank: None) -> None:
    attempt = make_attempt(candidate, make_question())
    body = candidate_client.get(URL).content.decode()
    assert f'href="/attempts/{attempt.code}/"' in body
    assert "0 of 1 answered" in body


def test_address_preselects_competencies(candidate_client: Client, bank: None) -> None:
    boxes = candidate_client.get(URL, {"competencies": "MET"}).context["competency_choices"]
    assert [box.code for box in boxes if box.is_chosen] == ["MET"]


def test_address_preselects_objectives_and_asks_for_no_more_than_there_are(
    candidate_client: Client, bank: None
) -> None:
    response = candidate_client.get(URL, {"objectives": ["MET-K1.1", "CUL-K1.1"]})
    (group,) = response.context["code_groups"]
    assert [(box.code, box.is_chosen) for box in group.choices] == [("CUL-K1.1", True), ("MET-K1.1", True)]
    assert response.context["form"].initial["question_count"] == 2
    assert response.context["presets"] == []


def test_address_preselects_statements(candidate_client: Client, bank: None) -> None:
    response = candidate_client.get(URL, {"statements": "MET-K3"})
    (group,) = response.context["code_groups"]
    assert [box.code for box in group.choices] == ["MET-K3"]
    assert response.context["matching"].count == 1


@pytest.mark.parametrize("forged", ["NOPE", "<script>", "\x00", "A" * 5000, "'; DROP TABLE quiz; --"])
def test_address_with_forged_codes_is_answered_with_the_builder(
    candidate_client: Client, bank: None, forged: str
) -> None:
    query = {"objectives": forged, "competencies": forged, "statements": forged}
    response = candidate_client.get(URL, query)
    assert response.status_code == 200
    assert response.context["matching"].count == 8
    assert "<script>" not in response.content.decode().partition("builder-title")[2]


def test_address_with_an_unknown_code_is_told_so(candidate_client: Client, bank: None) -> None:
    assert (
        "There is nothing called MET-K99.1 here."
        in candidate_client.get(URL, {"objectives": ["MET-K99.1"]}).content.decode()
    )


def test_post_starts_a_quiz_at_its_first_question(candidate_client: Client, candidate: User, bank: None) -> None:
    data = choice(competencies="MET", feedback="at_end", time_limit_minutes="12", unseen_first="on", question_count="5")
    response = candidate_client.post(URL, data)
    attempt = Attempt.objects.select_related("quiz").get()
    assert (response.status_code, response["Location"]) == (302, f"/attempts/{attempt.code}/questions/1/")
    quiz = attempt.quiz
    assert (quiz.title, quiz.question_count, quiz.time_limit_minutes, quiz.feedback) == (
        "Practice: MET", 5, 12, Feedback.AT_END,
    )  # fmt: skip
    assert quiz.rule == {"competencies": ["MET"], "statements": [], "objectives": [], "unseen_first": True}
    drawn = attempt.responses.values_list("question__objective__statement__competency__code", flat=True)
    assert (attempt.candidate, list(drawn)) == (candidate, ["MET"] * 5)


def test_post_twice_with_one_key_is_one_quiz(candidate_client: Client, bank: None) -> None:
    data = choice()
    first, second = candidate_client.post(URL, data), candidate_client.post(URL, data)
    assert first["Location"] == second["Location"]
    assert (Quiz.objects.count(), Attempt.objects.count()) == (1, 1)


def test_post_for_one_objective_may_be_shorter_than_five(candidate_client: Client, bank: None) -> None:
    response = candidate_client.post(URL, choice(objectives="MET-K1.1", question_count="1"))
    assert response.status_code == 302
    assert Quiz.objects.get().title == "Practice: MET-K1.1"


def test_post_for_more_than_match_says_how_many_there_are_and_keeps_what_was_typed(
    candidate_client: Client, bank: None
) -> None:
    data = choice(competencies="MET", question_count="50", feedback="at_end", time_limit_minutes="7")
    response = candidate_client.post(URL, data)
    body = response.content.decode()
    assert response.status_code == 200
    assert "Only 6 questions match this choice; you asked for 50." in body
    assert 'name="question_count" value="50"' in body
    assert 'name="time_limit_minutes" value="7"' in body
    assert [box.code for box in response.context["competency_choices"] if box.is_chosen] == ["MET"]
    assert re.search(r'value="at_end"[^>]*checked', body)
    assert (Quiz.objects.count(), Attempt.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("question_count", "4", "Choose at least 5 questions."),
        ("question_count", "101", "A practice quiz has at most 100 questions."),
        ("question_count", "-3", "A practice quiz has at least one question."),
        ("question_count", "", "Choose a number of questions, 5 to 100."),
        ("question_count", "ten", "Enter a whole number."),
        ("question_count", "9" * 400, "A practice quiz has at most 100 questions."),
        ("time_limit_minutes", "0", "A time limit is at least one minute."),
        ("time_limit_minutes", "301", "A time limit is at most 300 minutes."),
        ("feedback", "after_due", "Select a valid choice."),
        ("feedback", "", "Choose when the answers are explained."),
        ("code", "no-uuid", "Press Start again."),
        ("code", "", "Press Start again."),
        ("competencies", "XXX", "Select a valid choice."),
        ("objectives", "\x00", "Select a valid choice."),
    ],
)
def test_post_refuses_with_a_sentence(
    candidate_client: Client, bank: None, field: str, value: str, sentence: str
) -> None:
    response = candidate_client.post(URL, choice(**{field: value}))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert (Quiz.objects.count(), Attempt.objects.count()) == (0, 0)


def test_post_with_a_key_of_somebody_else_gives_nothing_of_theirs(
    candidate_client: Client, other_client: Client, bank: None
) -> None:
    data = choice()
    other_client.post(URL, data)
    response = candidate_client.post(URL, data)
    assert response.status_code == 200
    assert "Open it again to build your quiz." in response.content.decode()
    assert Attempt.objects.count() == 1


def test_page_without_any_question_says_so(candidate_client: Client) -> None:
    make_competency("MET")
    body = candidate_client.get(URL).content.decode()
    assert "questions match. Choose more competencies." in body
    assert "No question matches this choice." in candidate_client.post(URL, choice()).content.decode()


def test_sealed_and_unpublished_questions_do_not_count(candidate_client: Client, bank: None) -> None:
    make_question("MET-K1.1", pool="mock")
    make_question("MET-K1.1", status="draft")
    assert candidate_client.get(URL).context["matching"].count == 8


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_the_same_queries_whatever_there_is(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(1, rows + 1):
        for code in ("CUL", "MET"):
            make_attempt(candidate, make_question(f"{code}-K{number}.1"))
    with django_assert_num_queries(12):
        candidate_client.get(URL)
    with django_assert_num_queries(7):
        candidate_client.get(URL, {"objectives": [f"MET-K{n}.1" for n in range(1, rows + 1)]})


def test_anonymous_is_sent_to_sign_in_and_back(client: Client, db: None) -> None:
    response = client.get(URL, {"objectives": "MET-K1.1"})
    assert response["Location"] == "/accounts/login/?next=/practice/%3Fobjectives%3DMET-K1.1"


def test_coordinators_may_practise_too(bank: None) -> None:
    client = Client()
    client.force_login(make_user("cora", role=User.Role.COORDINATOR))
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405

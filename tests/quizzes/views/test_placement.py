from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from accounts.models import User
from quizzes import services
from quizzes.models import Answer, Attempt
from tests.factories import COMPETENCIES, NOW, make_attempt, make_question, make_study_plan

pytestmark = pytest.mark.django_db
URL = "/placement/"


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def bank(db: None) -> None:
    for competency in COMPETENCIES:
        for number in range(1, 7):
            make_question(f"{competency}-K{number}.1")


@pytest.fixture
def attempt(bank: None, candidate: User) -> Attempt:
    return services.start_placement(candidate=candidate, now=NOW)


def sit(attempt: Attempt, count: int, label: str = "B") -> Attempt:
    for _ in range(count):
        position = attempt.responses.get(answered_at=None).position
        attempt = services.answer_placement(attempt=attempt, position=position, label=label, key=uuid4(), now=NOW)
    return attempt


def room_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.code}/placement/"


def finish_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.code}/placement/finish/"


def sent(place: int, **fields: Any) -> dict[str, Any]:
    return {"label": "B", "position": str(place), "key": str(uuid4()), "seconds": "30", **fields}


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


# /placement/


def test_page_offers_to_start(candidate_client: Client) -> None:
    response = candidate_client.get(URL)
    page = response.context["page"]
    assert (response.status_code, page.can_start, page.count, page.latest) == (200, True, "up to 30", None)
    assert page.lead.startswith("Up to 30 questions that follow your answers,")


def test_page_of_an_open_test_tells_its_own_number(candidate_client: Client, attempt: Attempt) -> None:
    Attempt.objects.update(question_count=12)
    page = candidate_client.get(URL).context["page"]
    assert (page.count, page.lead[:13]) == ("12", "12 questions ")


def test_page_offers_to_resume(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 3)
    response = candidate_client.get(URL)
    assert (response.context["page"].can_start, response.context["page"].answered) == (False, 3)
    assert f'href="{room_of(attempt)}"' in response.content.decode()


def test_page_says_when_it_can_be_sat_again(
    candidate_client: Client, attempt: Attempt, set_clock: Callable[[datetime], None]
) -> None:
    sit(attempt, 30)
    page = candidate_client.get(URL).context["page"]
    assert (page.can_start, page.again_at, page.latest) == (False, NOW + timedelta(days=30), attempt)
    set_clock(NOW + timedelta(days=30))
    candidate_client.force_login(attempt.candidate)
    page = candidate_client.get(URL).context["page"]
    assert (page.can_start, page.again_at, page.latest) == (True, None, attempt)


@pytest.mark.parametrize("finished", [1, 3])
def test_page_takes_as_many_queries_for_many_tests(
    candidate_client: Client, candidate: User, bank: None, finished: int, django_assert_num_queries: Any
) -> None:
    for number in range(finished):
        make_attempt(
            candidate,
            quiz=services.shared_placement(),
            state="graded",
            started_at=NOW - timedelta(days=40 * (number + 1)),
            submitted_at=NOW - timedelta(days=40 * (number + 1)),
            raw_score=0,
        )
    with django_assert_num_queries(4):
        candidate_client.get(URL)


def test_start_leads_to_the_first_question(candidate_client: Client, bank: None) -> None:
    response = candidate_client.post(URL)
    assert (response.status_code, response["Location"]) == (302, room_of(Attempt.objects.get()))


def test_double_start_is_one_test(candidate_client: Client, bank: None) -> None:
    assert candidate_client.post(URL)["Location"] == candidate_client.post(URL)["Location"]


def test_start_without_a_bank_is_refused_with_a_sentence(candidate_client: Client) -> None:
    response = candidate_client.post(URL, follow=True)
    assert messages_of(response) == [
        "A placement test needs questions on at least 12 objectives; the bank has 0 that fit now."
    ]


def test_start_too_early_is_refused_with_a_sentence(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 30)
    response = candidate_client.post(URL, follow=True)
    assert messages_of(response) == ["You can sit the placement test again from 1 April 2026."]


def test_page_needs_a_sign_in(client: Client) -> None:
    assert client.get(URL)["Location"] == f"/accounts/login/?next={URL}"
    assert client.post(URL).status_code == 302
    assert Attempt.objects.count() == 0


def test_page_refuses_other_methods(candidate_client: Client) -> None:
    assert (candidate_client.put(URL).status_code, candidate_client.delete(URL).status_code) == (405, 405)


def test_practice_page_leads_to_the_test(candidate_client: Client, bank: None) -> None:
    assert f'href="{URL}"' in candidate_client.get("/practice/").content.decode()


# The question


def test_question_shows_one_question_and_how_far_it_is(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 11)
    response = candidate_client.get(room_of(attempt))
    page = response.context["page"]
    assert (response.status_code, page.question.position, page.count, page.can_finish) == (200, 12, 30, False)
    assert "Question 12" in response.content.decode()
    assert "An answer is final" in response.content.decode()


def test_question_stays_the_same_when_reloaded(candidate_client: Client, attempt: Attempt) -> None:
    stems = {candidate_client.get(room_of(attempt)).context["page"].question.stem for _ in range(3)}
    assert stems == {attempt.responses.get().question.stem}


def test_question_holds_neither_key_nor_rationale(candidate_client: Client, attempt: Attempt) -> None:
    body = candidate_client.get(room_of(attempt)).content.decode()
    question = candidate_client.get(room_of(attempt)).context["page"].question
    assert "Rationale" not in body
    assert {(option.is_key, option.rationale) for option in question.options} == {(False, "")}


@pytest.mark.parametrize("answered", [0, 20])
def test_question_takes_a_fixed_number_of_queries(
    candidate_client: Client, attempt: Attempt, answered: int, django_assert_num_queries: Any
) -> None:
    sit(attempt, answered)
    with django_assert_num_queries(4):
        candidate_client.get(room_of(attempt))


def test_answer_leads_to_the_next_question(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(room_of(attempt), sent(1, label="C"), follow=True)
    assert response.redirect_chain == [(room_of(attempt), 302)]
    assert response.context["page"].question.position == 2
    stored = attempt.responses.get(position=1)
    assert (stored.selected_label, stored.seconds) == ("C", 30)


def test_double_click_is_one_answer(candidate_client: Client, attempt: Attempt) -> None:
    data = sent(1)
    candidate_client.post(room_of(attempt), data)
    response = candidate_client.post(room_of(attempt), data, follow=True)
    assert (response.context["page"].question.position, messages_of(response)) == (2, [])
    assert (Answer.objects.count(), attempt.responses.count()) == (1, 2)


def test_answer_from_another_tab_is_refused_with_a_sentence(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(room_of(attempt), sent(1, label="C"))
    response = candidate_client.post(room_of(attempt), sent(1, label="D"), follow=True)
    assert messages_of(response) == ["This question is answered already, and that answer stands."]
    assert attempt.responses.get(position=1).selected_label == "C"


def test_not_to_know_goes_on(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(room_of(attempt), sent(1, label="", is_unknown="on"), follow=True)
    assert response.context["page"].question.position == 2
    assert Answer.objects.get().label == ""


def test_not_to_know_sets_a_choice_aside(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(room_of(attempt), sent(1, is_unknown="on"))
    assert Answer.objects.get().label == ""


def test_nothing_chosen_asks_to_choose(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(room_of(attempt), sent(1, label=""))
    assert response.context["form"].errors["label"] == ["Choose an option, or press “I do not know”."]
    assert (response.status_code, Answer.objects.count()) == (200, 0)


def test_fault_in_an_answer_to_an_earlier_question_leads_to_this_one(
    candidate_client: Client, attempt: Attempt
) -> None:
    sit(attempt, 1)
    response = candidate_client.post(room_of(attempt), sent(1, label=""))
    assert response["Location"] == room_of(attempt)


@pytest.mark.parametrize(
    "fields",
    [
        {"label": "E"},
        {"label": "B\0"},
        {"label": "B" * 5000},
        {"key": "none"},
        {"key": "\0"},
        {"position": ""},
        {"position": "-1"},
        {"position": "9" * 40},
        {"seconds": "-5"},
    ],
)
def test_bad_input_is_shown_and_stores_nothing(
    candidate_client: Client, attempt: Attempt, fields: dict[str, str]
) -> None:
    response = candidate_client.post(room_of(attempt), sent(1, **fields))
    assert (response.status_code, list(response.context["form"].errors)) == (200, list(fields))
    assert Answer.objects.count() == 0


def test_question_that_was_not_drawn_is_refused_with_a_sentence(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(room_of(attempt), sent(7), follow=True)
    assert messages_of(response) == ["There is no such question in this attempt."]


def test_last_answer_leads_to_the_result(
    candidate_client: Client, attempt: Attempt, django_capture_on_commit_callbacks: Any
) -> None:
    sit(attempt, 29)
    with django_capture_on_commit_callbacks() as callbacks:
        response = candidate_client.post(room_of(attempt), sent(30))
    assert response["Location"] == attempt.get_absolute_url()
    # The schedule takes the answers in.
    assert len(callbacks) == 1


def test_question_of_a_finished_test_leads_to_the_result(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 30)
    assert candidate_client.get(room_of(attempt))["Location"] == attempt.get_absolute_url()
    assert candidate_client.post(room_of(attempt), sent(30))["Location"] == attempt.get_absolute_url()


def test_question_page_of_another_quiz_leads_back_into_it(candidate_client: Client, candidate: User) -> None:
    practice = make_attempt(candidate, make_question())
    assert candidate_client.get(room_of(practice))["Location"] == practice.get_absolute_url()


@pytest.mark.parametrize("address", [room_of, finish_of])
def test_strangers_find_nothing(other_client: Client, attempt: Attempt, address: Callable[[Attempt], str]) -> None:
    assert other_client.post(address(attempt), sent(1)).status_code == 404
    assert other_client.get(f"/attempts/{uuid4()}/placement/").status_code == 404
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("address", [room_of, finish_of])
def test_question_needs_a_sign_in(client: Client, attempt: Attempt, address: Callable[[Attempt], str]) -> None:
    assert client.post(address(attempt), sent(1))["Location"].startswith("/accounts/login/")
    assert Answer.objects.count() == 0


def test_question_refuses_other_methods(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.put(room_of(attempt)).status_code == 405
    assert candidate_client.get(finish_of(attempt)).status_code == 405


# Where other pages lead


def test_other_pages_of_an_open_test_lead_to_its_own(candidate_client: Client, attempt: Attempt) -> None:
    address = attempt.get_absolute_url()
    for path in ("", "submit/", "questions/1/"):
        assert candidate_client.get(f"{address}{path}")["Location"] == room_of(attempt)
    assert candidate_client.get(f"{address}exam/")["Location"] == address
    assert candidate_client.get(f"{address}questions/")["Location"] == address


def test_other_pages_of_an_open_test_take_neither_answer_nor_end(candidate_client: Client, attempt: Attempt) -> None:
    address = attempt.get_absolute_url()
    assert candidate_client.post(f"{address}submit/")["Location"] == room_of(attempt)
    data = {"label": "B", "key": str(uuid4()), "sequence": "1"}
    assert candidate_client.post(f"{address}questions/1/", data)["Location"] == room_of(attempt)
    posted = {"key": str(uuid4()), "sequence": 1, "position": 1, "label": "B", "is_flagged": False, "seconds": 1}
    answer = candidate_client.post(f"{address}answers/", posted, content_type="application/json")
    assert (answer.status_code, answer.json()) == (
        422,
        {"error": "The placement test takes answers on its own page only."},
    )
    attempt.refresh_from_db()
    assert (attempt.is_open, Answer.objects.count()) == (True, 0)


def test_list_counts_what_is_answered_of_thirty(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 2)
    sit(attempt, 1, "")
    for path in ("/attempts/", "/practice/"):
        assert "3 of 30 answered" in candidate_client.get(path).content.decode()


def test_finished_test_is_not_repeated_by_the_same_choice(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 30)
    candidate_client.post(f"{attempt.get_absolute_url()}repeat/", {"code": str(uuid4())})
    assert Attempt.objects.count() == 1


# Finishing early


def test_finish_after_twelve_answers_leads_to_the_result(
    candidate_client: Client, attempt: Attempt, django_capture_on_commit_callbacks: Any
) -> None:
    sit(attempt, 12)
    assert finish_of(attempt) in candidate_client.get(room_of(attempt)).content.decode()
    with django_capture_on_commit_callbacks() as callbacks:
        response = candidate_client.post(finish_of(attempt))
    attempt.refresh_from_db()
    assert (response["Location"], attempt.question_count) == (attempt.get_absolute_url(), 12)
    assert len(callbacks) == 1
    assert candidate_client.post(finish_of(attempt))["Location"] == attempt.get_absolute_url()


def test_finish_before_twelve_answers_is_refused_with_a_sentence(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 4)
    response = candidate_client.post(finish_of(attempt), follow=True)
    assert messages_of(response) == ["Answer at least 12 questions before you finish; 4 are answered so far."]
    assert finish_of(attempt) not in response.content.decode()


# The result


def test_result_tells_where_each_competency_stands(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 30)
    response = candidate_client.get(attempt.get_absolute_url())
    outcome = response.context["placement"]
    assert [row["code"] for row in outcome.rows] == list(COMPETENCIES)
    for row in outcome.rows:
        assert row["value"] is not None
        assert row["low"] < row["value"] < row["low"] + row["width"]
    body = response.content.decode()
    assert "30 of 30 were right" in body
    assert "by the same choice" not in body


def test_result_of_few_answers_names_no_single_figure(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 12)
    services.finish_placement(attempt=attempt, now=NOW)
    outcome = candidate_client.get(attempt.get_absolute_url()).context["placement"]
    assert {row["value"] for row in outcome.rows} == {None}
    assert outcome.lead.startswith("A rough first picture")


@pytest.mark.parametrize(("label", "note"), [("B", "bove your practice target."), ("", "Below your practice target.")])
def test_result_says_which_side_of_the_target(
    candidate_client: Client, attempt: Attempt, label: str, note: str
) -> None:
    sit(attempt, 30, label)
    outcome = candidate_client.get(attempt.get_absolute_url()).context["placement"]
    assert [row["note"].endswith(note) for row in outcome.rows] == [True] * 6


def test_result_leads_to_practice_of_the_two_weakest(candidate_client: Client, attempt: Attempt) -> None:
    sit(attempt, 30)
    outcome = candidate_client.get(attempt.get_absolute_url()).context["placement"]
    boxes = candidate_client.get(outcome.weakest_href).context["competency_choices"]
    assert {box.code for box in boxes if box.is_chosen} == {each.competency.code for each in outcome.weakest}
    assert len(outcome.weakest) == 2


def test_result_asks_for_the_exam_date_once(candidate_client: Client, candidate: User, attempt: Attempt) -> None:
    sit(attempt, 30)
    assert "Set your exam date" in candidate_client.get(attempt.get_absolute_url()).content.decode()
    make_study_plan(candidate, exam_on=NOW.date() + timedelta(days=40))
    assert "Change your exam date" in candidate_client.get(attempt.get_absolute_url()).content.decode()


@pytest.mark.parametrize("answered", [12, 29])
def test_result_takes_as_many_queries_for_many_answers(
    candidate_client: Client, attempt: Attempt, answered: int, django_assert_num_queries: Any
) -> None:
    sit(attempt, answered)
    services.finish_placement(attempt=attempt, now=NOW)
    with django_assert_num_queries(17):
        candidate_client.get(attempt.get_absolute_url())

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from questions.models import Question
from quizzes.item_analysis import Flag
from tests.factories import make_question
from tests.quizzes.admin.builders import make_parameters, make_statistics

HEADING = "What answers tell"


def address(question: Question) -> str:
    return reverse("admin:questions_question_change", args=[question.pk])


def shown(client: Client, question: Question) -> str:
    response = client.get(address(question))
    assert response.status_code == 200
    return response.content.decode()


def test_a_question_shows_its_flags_with_what_to_do_and_its_figures(admin_client: Client) -> None:
    question = make_question()
    make_statistics(question, flags=["rival", "idle"])
    make_parameters(question)
    page = shown(admin_client, question)
    parts = [
        HEADING,
        f"<strong>{Flag.RIVAL.title}.</strong>",
        Flag.RIVAL.action,
        Flag.IDLE.action,
        "0.31 (SE 0.06): good",
        "+0.75 logits (SE 0.21): harder than authored",
        "draws the weaker, as it should",
    ]
    assert [page.count(part) for part in parts] == [1, 1, 1, 1, 1, 1, 2]


def test_a_sound_question_says_so(admin_client: Client) -> None:
    question = make_question()
    make_statistics(question)
    assert "Nothing is flagged." in shown(admin_client, question)


def test_a_question_without_answers_says_so(admin_client: Client) -> None:
    page = shown(admin_client, make_question())
    assert (HEADING in page, "No first answer to this version is graded yet" in page) == (True, True)


@pytest.mark.parametrize("status", [Question.Status.DRAFT, Question.Status.IN_REVIEW])
def test_what_nobody_can_have_answered_shows_no_statistics(admin_client: Client, status: str) -> None:
    assert HEADING not in shown(admin_client, make_question(status=status))


def test_a_new_question_shows_no_statistics(admin_client: Client) -> None:
    response = admin_client.get(reverse("admin:questions_question_add"))
    assert (response.status_code, HEADING in response.content.decode()) == (200, False)


def test_a_stem_cannot_break_out_of_the_table(admin_client: Client) -> None:
    options = [{"label": label, "text": "<script>alert(1)</script>", "rationale": "Why."} for label in "ABCD"]
    question = make_question(options=options)
    make_statistics(question)
    assert "<script>alert(1)" not in shown(admin_client, question)


def test_statistics_cost_the_same_with_and_without_answers(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    measured, fresh = make_question(), make_question()
    make_statistics(measured)
    make_parameters(measured)
    shown(admin_client, fresh)
    with django_assert_num_queries(15):
        shown(admin_client, fresh)
    with django_assert_num_queries(15):
        shown(admin_client, measured)


def test_people_who_are_no_admins_are_kept_out(candidate_client: Client, coordinator_client: Client) -> None:
    question = make_question()
    make_statistics(question)
    to_sign_in = f"{reverse('admin:login')}?next={address(question)}"
    assert [client.get(address(question)).url for client in (candidate_client, coordinator_client)] == [to_sign_in] * 2

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from quizzes.item_analysis import Flag
from quizzes.models import ItemStatistics
from tests.factories import make_mock_question, make_question, make_quiz, make_user
from tests.quizzes.admin.builders import make_calibration, make_form_statistics, make_parameters, make_statistics

MODELS = ("itemstatistics", "calibration", "formstatistics")


def make_row(number: int, **fields: Any) -> dict[str, int]:
    question = make_question("MET-K1.1")
    quiz = make_quiz(author=make_user(f"person{number}"), title=f"Quiz {number}")
    return {
        "itemstatistics": make_statistics(question, flags=["rival"]).pk,
        "calibration": make_calibration().pk,
        "formstatistics": make_form_statistics(quiz).pk,
    }


def listed(client: Client, model: str) -> str:
    response = client.get(reverse(f"admin:quizzes_{model}_changelist"))
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(("model", "queries"), [("itemstatistics", 5), ("calibration", 6), ("formstatistics", 4)])
@pytest.mark.parametrize("count", [1, 3])
def test_lists_take_a_fixed_number_of_queries(
    admin_client: Client, django_assert_num_queries: DjangoAssertNumQueries, model: str, queries: int, count: int
) -> None:
    for number in range(count):
        make_row(number)
    with django_assert_num_queries(queries):
        response = admin_client.get(reverse(f"admin:quizzes_{model}_changelist"))
    assert (response.status_code, response.context["cl"].result_count) == (200, count)


@pytest.mark.parametrize("model", MODELS)
def test_a_row_can_be_looked_at(admin_client: Client, model: str) -> None:
    pk = make_row(1)[model]
    assert admin_client.get(reverse(f"admin:quizzes_{model}_change", args=[pk])).status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_nothing_can_be_changed_added_or_deleted(admin_client: Client, model: str) -> None:
    pk = make_row(1)[model]
    answers = [
        admin_client.post(reverse(f"admin:quizzes_{model}_change", args=[pk]), {"n": "1"}),
        admin_client.get(reverse(f"admin:quizzes_{model}_add")),
        admin_client.post(reverse(f"admin:quizzes_{model}_delete", args=[pk]), {"post": "yes"}),
    ]
    assert [answer.status_code for answer in answers] == [403, 403, 403]


@pytest.mark.parametrize("model", MODELS)
def test_people_who_are_no_admins_are_kept_out(
    candidate_client: Client, coordinator_client: Client, model: str
) -> None:
    address = reverse(f"admin:quizzes_{model}_changelist")
    to_sign_in = f"{reverse('admin:login')}?next={address}"
    assert [client.get(address).url for client in (candidate_client, coordinator_client)] == [to_sign_in] * 2


@pytest.mark.parametrize("words", ["%", "nothing like it", "é", "x" * 5000])
def test_odd_searches_find_nothing_and_break_nothing(admin_client: Client, words: str) -> None:
    make_row(1)
    for model in ("itemstatistics", "formstatistics"):
        response = admin_client.get(reverse(f"admin:quizzes_{model}_changelist"), {"q": words})
        assert (response.status_code, response.context["cl"].result_count) == (200, 0)


# Questions to work through


@pytest.fixture
def items(db: None) -> dict[str, ItemStatistics]:
    rows: dict[str, dict[str, Any]] = {
        "easy": {"flags": ["easy"]},
        "sound": {},
        "rival": {"flags": ["rival", "chance", "idle"]},
        "few": {"n": 29},
        "idle": {"flags": ["idle"], "facility": 0.9, "discrimination": 0.1},
        "negative": {"flags": ["negative", "weak"], "facility": 0.2, "discrimination": -0.2},
    }
    return {name: make_statistics(make_question("MET-K1.1", code=name), **row) for name, row in rows.items()}


def found(client: Client, **query: str) -> list[str]:
    response = client.get(reverse("admin:quizzes_itemstatistics_changelist"), query)
    assert response.status_code == 200
    return [row.question.code for row in response.context["cl"].result_list]


def test_the_most_serious_come_first(admin_client: Client, items: dict[str, ItemStatistics]) -> None:
    assert found(admin_client) == ["rival", "negative", "idle", "easy", "few", "sound"]


@pytest.mark.parametrize(
    ("flag", "names"),
    [
        ("any", ["rival", "negative", "idle", "easy"]),
        ("rival", ["rival"]),
        ("idle", ["rival", "idle"]),
        ("weak", ["negative"]),
        ("slow", []),
        ("none", ["sound"]),
        ("few", ["few"]),
        ("nonsense", ["rival", "negative", "idle", "easy", "few", "sound"]),
    ],
)
def test_questions_are_filtered_by_flag(
    admin_client: Client, items: dict[str, ItemStatistics], flag: str, names: list[str]
) -> None:
    assert found(admin_client, flag=flag) == names


def test_questions_are_filtered_by_pool_and_competency(admin_client: Client) -> None:
    practice, sealed = make_question("MET-K1.1", code="practice"), make_mock_question("VOC-K1.1", code="sealed")
    for question in (practice, sealed):
        make_statistics(question)
    competency = sealed.objective.statement.competency_id
    assert found(admin_client, question__pool__exact="practice") == ["practice"]
    name = "question__objective__statement__competency__id__exact"
    assert found(admin_client, **{name: str(competency)}) == ["sealed"]


@pytest.mark.parametrize(
    ("column", "first"),
    [("0", "easy"), ("1", "rival"), ("2", "few"), ("3", "negative"), ("-3", "idle"), ("4", "negative")],
)
def test_questions_are_sorted_by_any_figure(
    admin_client: Client, items: dict[str, ItemStatistics], column: str, first: str
) -> None:
    assert found(admin_client, o=column)[0] == first


def test_a_line_shows_flags_and_figures_and_leads_to_the_question(admin_client: Client) -> None:
    statistics = make_statistics(make_question("MET-K1.1"), flags=["rival", "easy"])
    page = listed(admin_client, "itemstatistics")
    address = reverse("admin:questions_question_change", args=[statistics.question_id])
    parts = (
        f'href="{address}"',
        f"<li>{Flag.RIVAL.title}</li><li>{Flag.EASY.title}</li>",
        "70 %",
        "0.31 (SE 0.06): good",
        "A&nbsp;30, <strong>B&nbsp;140</strong>, C&nbsp;24, D&nbsp;6",
    )
    assert [page.count(part) for part in parts] == [1] * 5


def test_few_answers_are_no_figure_in_the_list(admin_client: Client) -> None:
    make_statistics(make_question("MET-K1.1"), n=12, discrimination_n=3)
    page = listed(admin_client, "itemstatistics")
    assert [part in page for part in ("too few answers (12 of 30)", "too few answers (3 of 50", "70 %")] == [
        True,
        True,
        False,
    ]


def test_a_row_shows_the_same_as_the_question(admin_client: Client) -> None:
    statistics = make_statistics(make_question("MET-K1.1"), flags=["rival"])
    make_parameters(statistics.question)
    address = reverse("admin:quizzes_itemstatistics_change", args=[statistics.pk])
    page = admin_client.get(address).content.decode()
    assert [part in page for part in (Flag.RIVAL.action, "+0.75 logits", "hardly chosen")] == [True] * 3


# Calibrations


def test_runs_are_listed_with_why_one_was_refused(admin_client: Client) -> None:
    make_calibration()
    reason = "Answers that were held out are foretold worse: log loss 0.5700 instead of 0.5600."
    make_calibration(is_accepted=False, reason=reason, log_loss_after=0.57)
    page = listed(admin_client, "calibration")
    assert [page.count(part) for part in (reason, "log loss 0.5500, before 0.5600")] == [1, 1]


@pytest.mark.parametrize(
    ("fields", "words"),
    [({}, "0.5600 → 0.5500"), ({"log_loss_before": None, "log_loss_after": None}, "not judged")],
)
def test_a_run_shows_log_losses_and_the_candidates(admin_client: Client, fields: dict[str, Any], words: str) -> None:
    address = reverse("admin:quizzes_calibration_change", args=[make_calibration(**fields).pk])
    page = admin_client.get(address).content.decode()
    population = "mean +0.75 logits; spread 0.80 between candidates, 0.40 between competencies of one candidate"
    assert (words in page, population in page) == (True, True)


# Forms


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ["71 % (16)", "0.80: satisfactory", "7.0 points of 100"]),
        ({"alpha": 0.7}, ["0.70: fair"]),
        ({"alpha": 0.6}, ["0.60: unsatisfactory"]),
        ({"alpha": None, "sem": None}, ["none: everybody scores alike"]),
        ({"n": 29}, ["too few candidates (29 of 30)"]),
    ],
)
def test_forms_are_listed_in_words(admin_client: Client, fields: dict[str, Any], words: list[str]) -> None:
    make_form_statistics(make_quiz(author=make_user("cora")), **fields)
    page = listed(admin_client, "formstatistics")
    assert [part in page for part in words] == [True] * len(words)


def test_a_form_with_few_candidates_shows_no_figure(admin_client: Client) -> None:
    make_form_statistics(make_quiz(author=make_user("cora")), n=29)
    page = listed(admin_client, "formstatistics")
    assert [part in page for part in ("71 %", "0.80", "7.0 points")] == [False] * 3

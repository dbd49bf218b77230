from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from quizzes.models import Answer, Attempt, Response
from quizzes.services import submit_attempt
from tests.factories import NOW, make_attempt, make_key, make_mock_attempt, make_question

SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _during_the_exam(set_clock: SetClock) -> None:
    set_clock(NOW + timedelta(minutes=1))


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return make_mock_attempt(candidate)


def answer(**fields: Any) -> dict[str, Any]:
    return {
        "key": make_key(),
        "sequence": 1,
        "position": 1,
        "label": "B",
        "is_flagged": False,
        "seconds": 20,
        **fields,
    }


def post(client: Client, attempt: Attempt, body: object) -> Any:
    content = body if isinstance(body, str | bytes) else json.dumps(body)
    return client.post(url(attempt), content, content_type="application/json")


def url(attempt: Attempt) -> str:
    return reverse("quizzes:answer-record", args=[attempt.code])


def test_answer_is_saved_and_acknowledged(candidate_client: Client, attempt: Attempt) -> None:
    response = post(candidate_client, attempt, answer(is_flagged=True))
    saved = attempt.responses.get(position=1)
    assert response.status_code == 200
    assert response.json() == {
        "sequence": 1,
        "label": "B",
        "is_flagged": True,
        "remaining_seconds": 3 * 3600 - 60,
    }
    assert (saved.selected_label, saved.is_flagged, saved.sequence, saved.seconds) == ("B", True, 1, 20)
    assert saved.answered_at == NOW + timedelta(minutes=1)


def test_answer_takes_at_most_8_queries(
    candidate_client: Client, attempt: Attempt, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(8):
        assert post(candidate_client, attempt, answer()).status_code == 200


def test_flag_without_answer_is_saved(candidate_client: Client, attempt: Attempt) -> None:
    assert post(candidate_client, attempt, answer(label="", is_flagged=True)).json()["is_flagged"] is True
    saved = attempt.responses.get(position=1)
    assert (saved.selected_label, saved.is_flagged) == ("", True)


def test_repeated_post_is_one_answer(candidate_client: Client, attempt: Attempt) -> None:
    body = answer()
    first, second = post(candidate_client, attempt, body), post(candidate_client, attempt, body)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert Answer.objects.count() == 1


def test_right_and_wrong_are_acknowledged_alike(candidate_client: Client, attempt: Attempt) -> None:
    right = post(candidate_client, attempt, answer(label="B"))
    wrong = post(candidate_client, attempt, answer(label="C", position=2))
    assert right.content.replace(b'"B"', b'"C"') == wrong.content
    assert right.headers.items() == wrong.headers.items()


def test_key_with_another_answer_is_refused(candidate_client: Client, attempt: Attempt) -> None:
    body = answer()
    post(candidate_client, attempt, body)
    response = post(candidate_client, attempt, {**body, "label": "C"})
    assert (response.status_code, list(response.json())) == (422, ["error"])
    assert attempt.responses.get(position=1).selected_label == "B"


def test_stale_answer_is_told_what_the_server_has(candidate_client: Client, attempt: Attempt) -> None:
    post(candidate_client, attempt, answer(sequence=3, label="D", is_flagged=True))
    response = post(candidate_client, attempt, answer(sequence=2))
    assert response.status_code == 409
    state = response.json()
    assert state.pop("error").startswith("This question was answered elsewhere")
    assert state == {"sequence": 3, "label": "D", "is_flagged": True, "remaining_seconds": 3 * 3600 - 60}


@pytest.mark.parametrize(("seconds", "status"), [(-1, 200), (0, 200), (9, 200), (10, 410), (11, 410)])
def test_answer_counts_until_deadline_and_grace(
    candidate_client: Client, attempt: Attempt, set_clock: SetClock, seconds: int, status: int
) -> None:
    assert attempt.deadline_at is not None
    set_clock(attempt.deadline_at + timedelta(seconds=seconds))
    assert post(candidate_client, attempt, answer()).status_code == status
    attempt.refresh_from_db()
    assert attempt.is_open == (status == 200)


def test_late_answer_closes_the_attempt_at_its_deadline(
    candidate_client: Client, attempt: Attempt, set_clock: SetClock
) -> None:
    assert attempt.deadline_at is not None
    set_clock(attempt.deadline_at + timedelta(minutes=2))
    response = post(candidate_client, attempt, answer())
    attempt.refresh_from_db()
    assert response.status_code == 410
    assert response.json()["url"] == attempt.get_absolute_url()
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == ("graded", attempt.deadline_at, 0)


def test_answer_to_a_submitted_attempt_is_refused(candidate_client: Client, attempt: Attempt) -> None:
    submit_attempt(attempt=attempt, now=NOW)
    response = post(candidate_client, attempt, answer())
    assert (response.status_code, sorted(response.json())) == (410, ["error", "url"])
    assert Answer.objects.count() == 0


def test_anonymous_answer_gets_401_as_json(client: Client, attempt: Attempt) -> None:
    response = post(client, attempt, answer())
    assert (response.status_code, response.headers["Content-Type"]) == (401, "application/json")
    assert response.json() == {"error": "Sign in again to save your answers."}


def test_answer_without_token_is_forbidden(candidate: User, attempt: Attempt) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(candidate)
    assert post(strict, attempt, answer()).status_code == 403
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("person", ["other_client", "coordinator_client", "outsider_client", "admin_client"])
def test_answer_to_someone_elses_attempt_is_404(request: pytest.FixtureRequest, attempt: Attempt, person: str) -> None:
    response = post(request.getfixturevalue(person), attempt, answer())
    assert (response.status_code, list(response.json())) == (404, ["error"])
    assert Answer.objects.count() == 0


def test_unknown_position_is_404(candidate_client: Client, attempt: Attempt) -> None:
    assert post(candidate_client, attempt, answer(position=7)).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_other_methods_are_405(candidate_client: Client, attempt: Attempt, method: str) -> None:
    assert getattr(candidate_client, method)(url(attempt)).status_code == 405


@pytest.mark.parametrize(
    "change",
    [
        {"key": "no-uuid"},
        {"key": 7},
        {"key": None},
        {"key": "{00000000-0000-4000-8000-000000000000}"},
        {"sequence": 0},
        {"sequence": -1},
        {"sequence": 10**7},
        {"sequence": "1"},
        {"sequence": 1.0},
        {"sequence": True},
        {"sequence": None},
        {"position": 0},
        {"position": 201},
        {"position": "1"},
        {"position": [1]},
        {"label": "E"},
        {"label": "b"},
        {"label": "AB"},
        {"label": None},
        {"label": ["A"]},
        {"is_flagged": 1},
        {"is_flagged": "true"},
        {"is_flagged": None},
        {"seconds": -1},
        {"seconds": 10**10},
        {"seconds": "20"},
        {"is_correct": True},
        {"confidence": "sure"},
        {"x" * 60: 1},
    ],
)
def test_bad_field_is_refused_with_a_sentence(
    candidate_client: Client, attempt: Attempt, change: dict[str, Any]
) -> None:
    response = post(candidate_client, attempt, answer(**change))
    assert response.status_code == 422
    assert response.json()["error"].endswith(".")
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("field", ["key", "sequence", "position", "label", "is_flagged", "seconds"])
def test_missing_field_is_refused(candidate_client: Client, attempt: Attempt, field: str) -> None:
    body = answer()
    del body[field]
    response = post(candidate_client, attempt, body)
    assert (response.status_code, response.json()) == (422, {"error": f"Missing field: {field}."})


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '"text"',
        b"\xff\xfe{}",
        "[" * 900 + "]" * 900,
        '{"sequence": NaN}',
        '{"label": "A", "label": "B"}',
        '{"sequence": ' + "9" * 1900 + "}",
        json.dumps({"key": "x" * 3000}),
        "[" * 5_000_000,
    ],
)
def test_what_is_no_answer_is_refused(candidate_client: Client, attempt: Attempt, body: str | bytes) -> None:
    response = post(candidate_client, attempt, body)
    assert (response.status_code, list(response.json())) == (422, ["error"])


def test_form_post_is_refused(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(url(attempt), answer())
    assert response.status_code == 422
    assert Answer.objects.count() == 0


def test_long_time_on_screen_is_cut_not_refused(candidate_client: Client, attempt: Attempt) -> None:
    assert post(candidate_client, attempt, answer(seconds=10**6)).status_code == 200
    assert attempt.responses.get(position=1).seconds == 6 * 3600


def test_answer_in_learning_mode_shows_no_feedback(candidate_client: Client, candidate: User) -> None:
    practice = make_attempt(candidate, make_question())
    assert post(candidate_client, practice, answer()).json() == {
        "sequence": 1,
        "label": "B",
        "is_flagged": False,
        "remaining_seconds": None,
    }
    assert Response.objects.get(attempt=practice).is_correct is None

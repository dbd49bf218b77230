from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from cohorts.models import Cohort
from quizzes.models import Attempt, Feedback, Response
from quizzes.services import finish_attempt
from tests.factories import NOW, make_assignment, make_attempt, make_question, make_quiz, make_term

SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


def sat(candidate: User, labels: str, **fields: Any) -> Attempt:
    """One question per label; the key is B, - means unanswered; the second is flagged."""
    questions = [make_question(f"MET-K{number}.1") for number, _ in enumerate(labels, start=1)]
    quiz = fields.pop("quiz", None) or make_quiz(author=candidate, feedback=Feedback.AT_END)
    attempt = make_attempt(candidate, *questions, quiz=quiz, **fields)
    for position, label in enumerate(labels.replace("-", " "), start=1):
        responses = Response.objects.filter(attempt=attempt, position=position)
        responses.update(selected_label=label.strip(), is_flagged=position == 2)
    return attempt


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return finish_attempt(attempt=sat(candidate, "BD-"), now=NOW)


@pytest.fixture
def before_due(candidate: User, cohort: Cohort) -> Attempt:
    quiz = make_quiz(author=cohort.coordinator, feedback=Feedback.AFTER_DUE)
    attempt = sat(candidate, "BD-", quiz=quiz, assignment=make_assignment(cohort, quiz))
    return finish_attempt(attempt=attempt, now=NOW)


def url_of(attempt: Attempt) -> str:
    return f"/attempts/{attempt.code}/questions/"


def positions_of(response: Any) -> list[int]:
    return [item.question.position for item in response.context["reviewed"]]


@pytest.mark.parametrize(
    ("show", "positions"),
    [("", [1, 2, 3]), ("all", [1, 2, 3]), ("wrong", [2]), ("flagged", [2]), ("unanswered", [3])],
)
def test_list_shows_the_questions_of_its_filter(
    candidate_client: Client, attempt: Attempt, show: str, positions: list[int]
) -> None:
    response = candidate_client.get(url_of(attempt), {"show": show})
    assert positions_of(response) == positions
    (current,) = [tab["label"].lower() for tab in response.context["review"].tabs if tab["is_current"]]
    assert current == (show or "all")


def test_list_explains_every_option(candidate_client: Client, attempt: Attempt) -> None:
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert body.count('class="option-rationale"') == 12
    badges = re.findall(r'<span class="badge[^"]*">(?:\s*<svg.*?</svg>)?\s*([A-Z]\w+)', body)
    assert badges == ["Right", "Wrong", "Unanswered"]
    assert body.count("Reichheld, F. F. (2003)") == 3
    assert body.count("· your answer") == 2


def test_explanation_leads_to_works_terms_and_objective(candidate_client: Client, candidate: User) -> None:
    make_term("Churn", "MET-K1.1")
    attempt = finish_attempt(attempt=sat(candidate, "D"), now=NOW)
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert '<a href="/study/references/reichheld-2003/">Reichheld, F. F. (2003).' in body
    assert '<a href="/study/glossary/churn/">Churn</a>' in body
    assert '<a href="/study/objectives/MET-K1.1/">Explain MET-K1.1</a>' in body


def test_term_is_linked_once_in_the_reasons_of_a_question_and_explained_once_on_the_page(
    candidate_client: Client, candidate: User
) -> None:
    make_term("Rationale", "MET-K1.1", "MET-K2.1")
    attempt = finish_attempt(attempt=sat(candidate, "BD-"), now=NOW)
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert re.findall(r'aria-describedby="(.*?)">(.*?)</a>', body) == [("term-rationale", "Rationale")] * 2
    assert body.count('id="term-rationale"') == 1
    assert "What <strong>Rationale</strong> means." in body


def test_no_term_is_explained_before_the_reasons_may_be_read(candidate_client: Client, before_due: Attempt) -> None:
    make_term("Option")
    assert "term-" not in candidate_client.get(url_of(before_due)).content.decode()


def test_filters_tell_what_became_of_an_answer(candidate_client: Client, candidate: User) -> None:
    attempt = finish_attempt(attempt=sat(candidate, "BBDD-B"), now=NOW)
    for position, (confidence, seconds) in enumerate(
        [("sure", 30), ("guess", 30), ("sure", 30), ("unsure", 100), ("", 30), ("", 30)], start=1
    ):
        Response.objects.filter(attempt=attempt, position=position).update(confidence=confidence, seconds=seconds)
    review = candidate_client.get(url_of(attempt), {"show": "slow"}).context["review"]
    assert review.positions == [4]
    assert [(tab["label"], tab["count"]) for tab in review.tabs] == [
        ("All", 6),
        ("Wrong", 2),
        ("Unanswered", 1),
        ("Sure but wrong", 1),
        ("Right but not sure", 1),
        ("Slow", 1),
        ("Flagged", 1),
    ]


def test_slow_is_explained(candidate_client: Client, candidate: User) -> None:
    attempt = finish_attempt(attempt=sat(candidate, "BBDDB"), now=NOW)
    Response.objects.filter(attempt=attempt).update(seconds=40)
    body = candidate_client.get(url_of(attempt), {"show": "slow"}).content.decode()
    assert "Slow means more than 1.5 times your median of 40 s, so above 1 min 0 s." in body


def test_competency_combines_with_the_other_filter(candidate_client: Client, candidate: User) -> None:
    questions = [make_question(code) for code in ("MET-K1.1", "CUL-K1.1", "CUL-K2.1")]
    quiz = make_quiz(author=candidate, feedback=Feedback.AT_END)
    attempt = make_attempt(candidate, *questions, quiz=quiz)
    for position, label in enumerate("DBD", start=1):
        Response.objects.filter(attempt=attempt, position=position).update(selected_label=label)
    finish_attempt(attempt=attempt, now=NOW)
    response = candidate_client.get(url_of(attempt), {"show": "wrong", "competency": "CUL"})
    review = response.context["review"]
    assert positions_of(response) == [3]
    assert [(tab["label"], tab["count"]) for tab in review.tabs] == [("All", 2), ("Wrong", 1)]
    assert [(tab["label"], tab["count"], tab["is_current"]) for tab in review.competency_tabs] == [
        ("Every competency", 2, False),
        ("CUL", 1, True),
        ("MET", 1, False),
    ]


@pytest.mark.parametrize("forged", ["XXX", "\x00", "m" * 3000, "STR"])
def test_unknown_competency_shows_all_and_says_so(candidate_client: Client, attempt: Attempt, forged: str) -> None:
    response = candidate_client.get(url_of(attempt), {"competency": forged})
    assert positions_of(response) == [1, 2, 3]
    assert "There is no such filter. Here are all questions." in response.content.decode()


def test_whole_list_stands_on_one_page_to_print(candidate_client: Client, candidate: User) -> None:
    attempt = finish_attempt(attempt=sat(candidate, "D" * 21), now=NOW)
    assert "All on one page, to print" in candidate_client.get(url_of(attempt)).content.decode()
    response = candidate_client.get(url_of(attempt), {"whole": "1"})
    assert len(positions_of(response)) == 21


def test_question_says_how_it_was_answered(candidate_client: Client, attempt: Attempt) -> None:
    Response.objects.filter(attempt=attempt, position=2).update(confidence="sure", seconds=75)
    items = candidate_client.get(url_of(attempt)).context["reviewed"]
    assert [item.notes for item in items] == [[], ["You were sure", "1 min 15 s on screen"], []]


def test_missed_question_asks_why(candidate_client: Client, attempt: Attempt) -> None:
    items = candidate_client.get(url_of(attempt), {"show": "all"}).context["reviewed"]
    assert [item.reason and item.reason.next_href for item in items] == [
        None,
        f"{url_of(attempt)}?show=all#question-2",
        f"{url_of(attempt)}?show=all#question-3",
    ]


@pytest.mark.parametrize("forged", ["everything", "\x00", "wrong'--", "x" * 3000])
def test_forged_filter_shows_all_and_says_so(candidate_client: Client, attempt: Attempt, forged: str) -> None:
    response = candidate_client.get(url_of(attempt), {"show": forged})
    assert positions_of(response) == [1, 2, 3]
    assert "There is no such filter. Here are all questions." in response.content.decode()


@pytest.mark.parametrize("page", ["0", "77", "x", "9" * 400])
def test_forged_page_shows_a_page_that_exists(candidate_client: Client, attempt: Attempt, page: str) -> None:
    assert positions_of(candidate_client.get(url_of(attempt), {"page": page})) == [1, 2, 3]


def test_filter_without_questions_says_so(candidate_client: Client, candidate: User) -> None:
    attempt = finish_attempt(attempt=sat(candidate, "BB"), now=NOW)
    assert "No wrong answers" in candidate_client.get(url_of(attempt), {"show": "wrong"}).content.decode()


def test_list_is_paged_and_keeps_its_filter(candidate_client: Client, candidate: User) -> None:
    attempt = finish_attempt(attempt=sat(candidate, "D" * 21), now=NOW)
    response = candidate_client.get(url_of(attempt), {"show": "wrong", "page": 2})
    assert positions_of(response) == [21]
    assert 'href="?show=wrong&amp;page=1"' in response.content.decode()


def test_list_shows_the_version_that_was_asked(candidate_client: Client, attempt: Attempt) -> None:
    asked = attempt.responses.get(position=1).question
    asked.status = "retired"
    asked.save(update_fields=["status"])
    make_question("MET-K1.1", code=asked.code, version=2, stem="The newer stem?")
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert asked.stem in body
    assert "The newer stem?" not in body


def test_list_before_the_due_date_shows_own_answers_without_a_word_on_right_and_wrong(
    candidate_client: Client, before_due: Attempt
) -> None:
    response = candidate_client.get(url_of(before_due))
    body = response.content.decode()
    assert "The key and the reasons are shown after the due date, 9 March 2026, 12:00." in body
    assert body.count('<span class="option-yours">Your answer</span>') == 2
    assert [text for text in ("Rationale", "Right", "Wrong", "option-right", "Reichheld") if text in body] == []
    assert [tab["label"] for tab in response.context["review"].tabs] == ["All", "Unanswered", "Flagged"]


def test_filter_for_wrong_ones_before_the_due_date_shows_all_and_says_why(
    candidate_client: Client, before_due: Attempt
) -> None:
    response = candidate_client.get(url_of(before_due), {"show": "wrong"})
    assert positions_of(response) == [1, 2, 3]
    assert "Which ones were wrong is shown after the due date." in response.content.decode()


@pytest.mark.parametrize(("offset", "shown"), [(-1, False), (0, True)])
def test_list_opens_at_the_due_date_to_the_second(
    candidate_client: Client, before_due: Attempt, set_clock: SetClock, offset: int, shown: bool
) -> None:
    set_clock(NOW + timedelta(days=7, seconds=offset))
    assert ("Rationale" in candidate_client.get(url_of(before_due)).content.decode()) is shown


def test_open_attempt_is_led_back_to_its_questions(candidate_client: Client, candidate: User) -> None:
    attempt = sat(candidate, "B-")
    assert candidate_client.get(url_of(attempt))["Location"] == f"/attempts/{attempt.code}/"


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_the_same_queries_whatever_the_number_of_questions(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, count: int
) -> None:
    for name in ("Rationale", "Option"):
        make_term(name, *[f"MET-K{number}.1" for number in range(1, count + 1)])
    attempt = finish_attempt(attempt=sat(candidate, "D" * count), now=NOW)
    # Session, person, the attempt, its answers, its responses, the questions, their references, statistics and terms.
    with django_assert_num_queries(9):
        candidate_client.get(url_of(attempt))


def test_somebody_elses_questions_are_not_found(
    other_client: Client, coordinator_client: Client, before_due: Attempt
) -> None:
    for client in (other_client, coordinator_client):
        assert client.get(url_of(before_due)).status_code == 404


def test_unknown_attempt_is_not_found(candidate_client: Client) -> None:
    assert candidate_client.get(f"/attempts/{UUID(int=0)}/questions/").status_code == 404


def test_anonymous_is_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    assert client.get(url_of(attempt))["Location"] == f"/accounts/login/?next={url_of(attempt)}"


def test_other_methods_are_refused(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.post(url_of(attempt)).status_code == 405

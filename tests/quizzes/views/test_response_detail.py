from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from accounts.models import User
from questions.models import Question
from quizzes.models import Answer, Attempt, Feedback, Quiz
from reviews.models import ReviewLog
from tests.factories import NOW, make_attempt, make_mock_attempt, make_question, make_term
from tests.quizzes.views.question_page import HTMX, SECRETS, choice, start, texts_of, url_of

SetClock = Callable[[datetime], None]


@pytest.fixture(autouse=True)
def _clock(set_clock: SetClock) -> None:
    set_clock(NOW)


@pytest.fixture
def attempt(candidate: User) -> Attempt:
    return start(candidate)


# What is shown before the answer


def test_page_shows_place_stem_and_options_in_the_order_of_the_response(
    candidate_client: Client, attempt: Attempt
) -> None:
    response = candidate_client.get(url_of(attempt, 2))
    page = response.context["page"]
    assert (page.question.position, page.count, page.question.stem) == (
        2, 3, attempt.responses.get(position=2).question.stem,
    )  # fmt: skip
    assert [(option.letter, option.label) for option in page.question.options] == [
        ("A", "B"), ("B", "D"), ("C", "A"), ("D", "C"),
    ]  # fmt: skip
    rows = re.findall(r'name="label" value="(.)"[^>]*>\s*<span class="option-letter">(.)<', response.content.decode())
    assert rows == [("B", "A"), ("D", "B"), ("A", "C"), ("C", "D")]


@pytest.mark.parametrize("feedback", [Feedback.AFTER_EACH, Feedback.AT_END, Feedback.AFTER_DUE])
def test_page_before_the_answer_depends_on_no_key(candidate_client: Client, candidate: User, feedback: str) -> None:
    attempt = start(candidate, feedback=feedback)
    pages = []
    for key in "ABCD":
        Question.objects.update(key=key)
        body = candidate_client.get(url_of(attempt)).content.decode()
        body = re.sub(r'(csrfmiddlewaretoken|name="key"|x-csrftoken)[^>]*', "", body)
        pages.append(body)
    assert len(set(pages)) == 1
    assert [word for word in SECRETS if word in pages[0]] == []


def test_page_takes_the_same_queries_whatever_the_number_of_questions(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any
) -> None:
    for count in (1, 3, 9):
        attempt = start(candidate, count)
        with django_assert_num_queries(4):
            candidate_client.get(url_of(attempt))


def test_checked_page_takes_the_same_queries_whatever_the_number_of_questions(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any
) -> None:
    for count in (1, 3, 9):
        attempt = start(candidate, count)
        candidate_client.post(url_of(attempt), choice())
        with django_assert_num_queries(8):
            candidate_client.get(url_of(attempt))


@pytest.mark.parametrize(
    ("feedback", "position", "words"),
    [
        (Feedback.AFTER_EACH, 1, "Enter checks, N goes on."),
        (Feedback.AFTER_EACH, 2, "Enter checks, N goes on, P goes back."),
        (Feedback.AT_END, 1, "Enter or N saves and goes on."),
        (Feedback.AT_END, 2, "Enter or N saves and goes on, P goes back."),
    ],
)
def test_hint_names_the_keys_that_lead_somewhere(
    candidate_client: Client, candidate: User, feedback: str, position: int, words: str
) -> None:
    body = candidate_client.get(url_of(start(candidate, feedback=feedback), position)).content.decode()
    assert re.findall(r"strikes out, (.*?)</p>", re.sub(r"</?kbd>", "", body)) == [words]


# Feedback after each question


def test_check_stores_the_answer_and_leads_back_to_the_question(
    candidate_client: Client, candidate: User, attempt: Attempt
) -> None:
    response = candidate_client.post(url_of(attempt), choice("B", confidence="unsure", is_flagged="on"))
    assert (response.status_code, response["Location"]) == (302, url_of(attempt))
    stored = attempt.responses.get(position=1)
    assert (stored.selected_label, stored.confidence, stored.is_flagged, stored.seconds, stored.is_correct) == (
        "B", "unsure", True, 7, True,
    )  # fmt: skip
    assert stored.checked_at == NOW
    assert ReviewLog.objects.get().source == stored.code


@pytest.mark.parametrize(
    ("label", "verdict", "states"),
    [
        ("B", "Right: A is the key", {"B": "Right"}),
        ("D", "Not this time: A is the key", {"B": "Right", "D": "Not this one"}),
    ],
)
def test_checked_page_tells_right_or_wrong_and_why_for_every_option(
    candidate_client: Client, attempt: Attempt, label: str, verdict: str, states: dict[str, str]
) -> None:
    candidate_client.post(url_of(attempt), choice(label))
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert f'<h2 class="verdict-text">{verdict}</h2>' in body
    tag = attempt.responses.get(position=1).question.options[0]["text"].split()[-1]
    assert [letter for letter in "ABCD" if f"Rationale {letter} {tag}" in body] == ["A", "B", "C", "D"]
    assert body.count("· your answer") == 1
    assert [word for word in states.values() if word in body] == list(states.values())


def test_checked_page_cites_its_sources_with_their_locators_and_links_the_objective(
    candidate_client: Client, attempt: Attempt
) -> None:
    Question.objects.update(locators={"reichheld-2003": "p. 50"})
    candidate_client.post(url_of(attempt), choice())
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert "Reichheld, F. F. (2003). The One Number You Need to Grow." in body
    assert '<span class="sources-locator">p. 50</span>' in body
    assert 'href="/study/objectives/MET-K1.1/"' in body


def test_checked_page_explains_the_terms_of_its_reasons_where_they_are_first_used(
    candidate_client: Client, attempt: Attempt
) -> None:
    for name in ("Rationale", "Option"):
        make_term(name)
    assert "term-" not in candidate_client.get(url_of(attempt)).content.decode()
    body = candidate_client.post(url_of(attempt), choice(), headers=HTMX).content.decode()
    link = '<a class="term" href="/study/glossary/rationale/" aria-describedby="term-rationale">'
    # Options are read as they were asked: only their reasons hold links.
    assert re.findall(r'(<a class="term"[^>]*>)', body) == [link]
    assert re.findall(r'id="(term-[^"]*)"', body) == ["term-rationale"]
    assert body.index(link) < body.index('id="term-rationale"')


def test_checked_page_lets_nothing_out_of_other_questions(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt, 1), choice())
    tag = attempt.responses.get(position=2).question.options[0]["text"].split()[-1]
    for position in (1, 2, 3):
        assert f"Rationale A {tag}" not in candidate_client.get(url_of(attempt, position)).content.decode()


def test_htmx_gets_the_feedback_as_a_fragment(candidate_client: Client, attempt: Attempt) -> None:
    response = candidate_client.post(url_of(attempt), choice(), headers=HTMX)
    body = response.content.decode().strip()
    assert (response.status_code, response.has_header("HX-Push-Url")) == (200, False)
    assert body.startswith('<div class="asked" id="asked"')
    assert "Right: A is the key" in body
    assert "<html" not in body


def test_htmx_follows_a_link_to_the_question_alone(candidate_client: Client, attempt: Attempt) -> None:
    body = candidate_client.get(url_of(attempt, 2), headers=HTMX).content.decode().strip()
    assert body.startswith('<div class="asked" id="asked"')
    assert re.findall(r"Question \d", body)[:1] == ["Question 2"]
    assert "<html" not in body


def test_checked_answer_stands(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt), choice("B"))
    answers = [candidate_client.post(url_of(attempt), choice(label), headers=HTMX) for label in "DB"]
    stored = attempt.responses.get(position=1)
    assert (stored.selected_label, stored.is_correct) == ("B", True)
    assert (Answer.objects.count(), ReviewLog.objects.count()) == (1, 1)
    # Who chose the same is told nothing.
    assert [answer.headers.get("HX-Redirect") for answer in answers] == [url_of(attempt), None]
    assert texts_of(answers[0]) == ["This question was checked elsewhere in the meantime. The first answer stands."]


def test_next_leads_to_the_next_question_without_an_answer(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt, 2), choice())
    candidate_client.post(url_of(attempt, 1), choice())
    assert candidate_client.get(url_of(attempt, 1)).context["page"].next_href == url_of(attempt, 3)
    candidate_client.post(url_of(attempt, 3), choice())
    assert candidate_client.get(url_of(attempt, 3)).context["page"].next_href == ""


def test_after_the_last_answer_the_result_is_one_press_away(candidate_client: Client, attempt: Attempt) -> None:
    for position in (1, 2, 3):
        candidate_client.post(url_of(attempt, position), choice())
    body = candidate_client.get(url_of(attempt, 3)).content.decode()
    assert f'<form method="post" action="/attempts/{attempt.code}/submit/">' in body
    assert "See the result" in body


def test_navigator_tells_state_and_place(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt, 1), choice("B", is_flagged="on"))
    candidate_client.post(url_of(attempt, 2), choice("C"))
    places = candidate_client.get(url_of(attempt, 3)).context["page"].places
    assert [(place.state, place.words, place.is_current) for place in places] == [
        ("right", "right, flagged", False),
        ("wrong", "wrong", False),
        ("open", "not answered", True),
    ]


# The clock


def test_timed_page_shows_the_servers_time_left(candidate_client: Client, candidate: User) -> None:
    attempt = start(candidate, deadline_at=NOW + timedelta(minutes=61, seconds=5))
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert 'data-countdown="3665"' in body
    assert "<span data-countdown-text>1:01:05</span>" in body


@pytest.mark.parametrize(
    ("percent", "minutes", "paused", "named"),
    [
        pytest.param(25, 225, 0, ["Includes your 25 % extra time"], id="has it"),
        pytest.param(25, 235, 600, ["Includes your 25 % extra time"], id="has it and was paused"),
        pytest.param(0, 180, 0, [], id="has none"),
        pytest.param(25, 180, 0, [], id="was granted it after the start"),
        pytest.param(50, 200, 0, [], id="ends before, with its assignment"),
    ],
)
def test_clock_names_the_extra_time_that_it_includes(
    candidate_client: Client, candidate: User, percent: int, minutes: int, paused: int, named: list[str]
) -> None:
    User.objects.update(extra_time_percent=percent)
    attempt = start(candidate, deadline_at=NOW + timedelta(minutes=minutes), paused_seconds=paused)
    Quiz.objects.update(time_limit_minutes=180)
    body = candidate_client.get(url_of(attempt)).content.decode()
    assert re.findall(r"Includes[^<]*", body) == named


def test_untimed_page_shows_no_clock(candidate_client: Client, attempt: Attempt) -> None:
    assert "data-countdown" not in candidate_client.get(url_of(attempt)).content.decode()


@pytest.mark.parametrize("feedback", [Feedback.AFTER_EACH, Feedback.AT_END])
@pytest.mark.parametrize(("offset", "counts"), [(-1, True), (0, True), (9, True), (10, False), (11, False)])
def test_answer_counts_to_the_second_until_deadline_and_grace(
    candidate_client: Client, candidate: User, set_clock: SetClock, feedback: str, offset: int, counts: bool
) -> None:
    attempt = start(candidate, feedback=feedback, deadline_at=NOW)
    set_clock(NOW + timedelta(seconds=offset))
    candidate_client.post(url_of(attempt), choice("B"))
    assert (attempt.responses.get(position=1).selected_label == "B") is counts


def test_answer_within_the_grace_closes_the_quiz_and_says_so(
    candidate_client: Client, candidate: User, set_clock: SetClock
) -> None:
    attempt = start(candidate, feedback=Feedback.AT_END, deadline_at=NOW)
    set_clock(NOW + timedelta(seconds=5))
    response = candidate_client.post(url_of(attempt), choice("B"))
    attempt.refresh_from_db()
    assert response["Location"] == f"/attempts/{attempt.code}/"
    assert (attempt.state, attempt.submitted_at, attempt.raw_score) == ("graded", NOW, 1)
    assert texts_of(response) == ["Time was up on 2 March, 12:00. The quiz was closed with the answers saved by then."]


def test_clock_that_was_fast_checks_nothing_and_keeps_the_choice(candidate_client: Client, candidate: User) -> None:
    attempt = make_attempt(candidate, make_question("MET-K1.1"), deadline_at=NOW + timedelta(minutes=10))
    page = candidate_client.post(url_of(attempt), {**choice("C"), "time_up": "1"}).context["page"]
    assert [option.label for option in page.question.options if option.is_chosen] == ["C"]
    assert (attempt.responses.get().checked_at, Answer.objects.count()) == (None, 0)


def test_visit_after_the_end_closes_the_quiz_and_says_so(
    candidate_client: Client, candidate: User, set_clock: SetClock
) -> None:
    attempt = start(candidate, deadline_at=NOW)
    set_clock(NOW + timedelta(hours=3))
    response = candidate_client.get(url_of(attempt, 3))
    attempt.refresh_from_db()
    assert (attempt.state, attempt.submitted_at) == ("graded", NOW)
    assert response["Location"] == f"/attempts/{attempt.code}/questions/?page=1#question-3"
    assert texts_of(response) == ["Time was up on 2 March, 12:00. The quiz was closed with the answers saved by then."]


def test_answer_to_a_finished_quiz_is_refused_with_a_sentence(candidate_client: Client, candidate: User) -> None:
    attempt = start(candidate, state="graded", submitted_at=NOW, raw_score=0)
    response = candidate_client.post(url_of(attempt), choice())
    assert response["Location"] == f"/attempts/{attempt.code}/"
    assert texts_of(response) == ["This quiz is finished; answers are no longer taken."]
    assert Answer.objects.count() == 0


def test_htmx_is_led_away_by_a_whole_page(candidate_client: Client, candidate: User) -> None:
    attempt = start(candidate, state="graded", submitted_at=NOW, raw_score=0)
    response = candidate_client.post(url_of(attempt), choice(), headers=HTMX)
    assert (response.status_code, response["HX-Redirect"]) == (200, f"/attempts/{attempt.code}/")


def test_open_mock_exam_is_led_to_its_room(candidate_client: Client, candidate: User) -> None:
    attempt = make_mock_attempt(candidate)
    response = candidate_client.get(url_of(attempt))
    assert response["Location"] == f"/attempts/{attempt.code}/exam/"
    assert candidate_client.post(url_of(attempt), choice())["Location"] == f"/attempts/{attempt.code}/exam/"
    assert Answer.objects.count() == 0


# What is refused


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"label": ""}, "Choose an option, then check it."),
        ({"label": "E"}, "That is no option of this question."),
        ({"label": "\x00"}, "That is no option of this question."),
        ({"label": "BB"}, "That is no option of this question."),
        ({"confidence": "certain"}, "Select a valid choice."),
        ({"seconds": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"seconds": "many"}, "Enter a whole number."),
    ],
)
def test_check_refuses_with_a_sentence(
    candidate_client: Client, attempt: Attempt, data: dict[str, str], sentence: str
) -> None:
    response = candidate_client.post(url_of(attempt), {**choice(), **data})
    body = response.content.decode()
    assert response.status_code == 200
    assert sentence in body
    assert [word for word in SECRETS if word in body] == []
    assert Answer.objects.count() == 0


def test_refused_form_keeps_what_was_chosen(candidate_client: Client, attempt: Attempt) -> None:
    data = {**choice("D", confidence="sure", is_flagged="on"), "seconds": "many"}
    page = candidate_client.post(url_of(attempt), data).context["page"]
    assert [option.label for option in page.question.options if option.is_chosen] == ["D"]
    assert (page.chosen_confidence, page.is_flagged) == ("sure", True)


def test_hours_on_screen_are_capped(candidate_client: Client, attempt: Attempt) -> None:
    candidate_client.post(url_of(attempt), {**choice(), "seconds": "9999999"})
    assert attempt.responses.get(position=1).seconds == 6 * 3600


@pytest.mark.parametrize("position", ["0", "4", "99999999999999999999999999", "-1", "x"])
def test_forged_position_is_not_found(candidate_client: Client, attempt: Attempt, position: str) -> None:
    url = f"/attempts/{attempt.code}/questions/{position}/"
    assert candidate_client.get(url).status_code == 404
    assert candidate_client.post(url, choice()).status_code == 404


def test_forged_attempt_is_not_found(candidate_client: Client, attempt: Attempt) -> None:
    assert candidate_client.get(f"/attempts/{UUID(int=0)}/questions/1/").status_code == 404


def test_somebody_elses_question_is_not_found(
    other_client: Client, coordinator_client: Client, attempt: Attempt
) -> None:
    for client in (other_client, coordinator_client):
        assert client.get(url_of(attempt)).status_code == 404
        assert client.post(url_of(attempt), choice()).status_code == 404
    assert Answer.objects.count() == 0


def test_anonymous_is_sent_to_sign_in(client: Client, attempt: Attempt) -> None:
    login = f"/accounts/login/?next={url_of(attempt)}"
    assert client.get(url_of(attempt))["Location"] == login
    assert client.post(url_of(attempt), choice())["Location"] == f"{login}%3Funsent"
    assert Answer.objects.count() == 0


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(candidate_client: Client, attempt: Attempt, method: str) -> None:
    assert getattr(candidate_client, method)(url_of(attempt)).status_code == 405

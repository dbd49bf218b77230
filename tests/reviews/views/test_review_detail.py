from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Question
from reviews.models import ReviewLog
from reviews.queries import Fading, Outcome, Return
from reviews.services import undo_review
from reviews.views.reviews import reason_of_return
from tests.factories import NOW, TODAY, make_question, make_study_plan, make_term
from tests.reviews.builders import make_due_card, review

NEXT = reverse("reviews:review-next")
BY_GAIN = "Up to your exam, each day first asks what will raise your score most for the time it takes."
BY_RECALL = "It is asked when your chance of still knowing it has fallen to about 75 %."
pytestmark = pytest.mark.usefixtures("at")


def url(log: ReviewLog) -> str:
    return reverse("reviews:review-detail", args=[log.source])


def undo(log: ReviewLog) -> str:
    return reverse("reviews:review-undo", args=[log.source])


def answered(candidate: User, question: Question | None = None, **fields: Any) -> ReviewLog:
    return review(candidate, question or make_question(), is_from_review=True, **fields)


def test_review_detail_of_a_right_answer(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate)
    response = candidate_client.get(url(log))
    page = response.text
    assert response.context["is_correct"]
    assert [option["rationale"] in page for option in log.question.options] == [True] * 4
    assert f"Comes back in about {response.context['outcome'].comes_back.days} days." in page
    assert "Reichheld, F. F. (2003). The One Number You Need to Grow." in page
    assert f'href="{log.objective.get_absolute_url()}"' in page


def test_review_detail_of_a_wrong_answer_names_the_key_by_its_place(candidate: User, candidate_client: Client) -> None:
    response = candidate_client.get(url(answered(candidate, selected_label="A", rating=1)))
    options = response.context["options"]
    [letter] = [option["letter"] for option in options if option["is_key"]]
    assert [option["label"] for option in options if option["is_chosen"]] == ["A"]
    assert f"Not this time: {letter} is the key" in response.text
    assert "Comes back once more today." in response.text


@pytest.mark.parametrize(
    ("when", "days_left", "words"),
    [
        (Return("today"), 9, "Comes back once more today."),
        (Return("session"), 9, "It is in what is left of today."),
        (Return("rest", TODAY + timedelta(days=2), 2), 9, "Rests until Wednesday 4 March."),
        (Return("planned", TODAY + timedelta(days=1), 1), 9, "Your schedule has it next on Tuesday 3 March, tomorrow."),
        (
            Return("planned", TODAY + timedelta(days=8), 8),
            9,
            "Your schedule has it next on Tuesday 10 March, in 8 days.",
        ),
        (Return("about", TODAY + timedelta(days=1), 1), 9, "Comes back in about 1 day."),
        (Return("not-planned"), 9, "Not planned again before your exam."),
        (Return("not-planned"), None, "Not planned again within the next four weeks."),
        (Return("not-planned"), -2, "Not planned again within the next four weeks."),
        (Return("not-expected"), 9, "Probably not asked again before your exam."),
        (Return("unaskable"), 9, "Its question was withdrawn. It comes back when there is another one."),
        (Return("undone"), 9, "You took this answer back, so it does not count."),
    ],
)
def test_a_return_in_words(when: Return, days_left: int | None, words: str) -> None:
    text = render_to_string("reviews/return.html", {"comes_back": when, "days_left": days_left})
    assert text.strip() == words


@pytest.mark.parametrize(
    ("when", "label", "rating", "days_left", "reason"),
    [
        ("today", "A", 1, 9, "You get it once more to put it right today, with another question if there is one."),
        (
            "today",
            "B",
            1,
            9,
            "A right guess may be luck, so it counts as missed. "
            "You get it once more to put it right today, with another question if there is one.",
        ),
        ("rest", "A", 1, 9, "Asking it again at once would not help. Read first, and let it settle."),
        ("planned", "A", 1, 9, f"You missed it, so it comes back sooner than before. {BY_GAIN}"),
        (
            "planned",
            "B",
            1,
            0,
            f"A right guess may be luck, so it comes back as soon as if it had been missed. {BY_GAIN}",
        ),
        (
            "about",
            "B",
            2,
            -1,
            f"You were right but not sure, so it comes back sooner than if you had been. {BY_RECALL}",
        ),
        ("about", "B", 3, None, f"You knew it, so it can wait. {BY_RECALL}"),
        ("undone", "B", 3, 9, ""),
        ("session", "B", 3, 9, ""),
        ("unaskable", "B", 3, 9, ""),
    ],
)
def test_why_it_comes_back_then(when: str, label: str, rating: int, days_left: int | None, reason: str) -> None:
    outcome = Outcome(left=1, can_go_on=True, can_undo=True, comes_back=Return(when), days_left=days_left)
    assert reason_of_return(outcome, rating=rating, is_correct=label == "B") == reason


@pytest.mark.parametrize(
    ("fading", "sentence"),
    [
        (
            Fading(9, TODAY + timedelta(days=20), 0.753),
            "Your chance of still knowing it stays above 90 % for about 9 days; on 22 March it will be about 75 %.",
        ),
        (
            Fading(1, TODAY + timedelta(days=3), 0.8),
            "Your chance of still knowing it stays above 90 % for about a day; on 5 March it will be about 80 %.",
        ),
        (Fading(0, TODAY + timedelta(days=1), 0.69), "On 3 March your chance of still knowing it will be about 69 %."),
    ],
)
def test_why_it_comes_back_then_in_figures(fading: Fading, sentence: str) -> None:
    outcome = Outcome(1, True, True, comes_back=Return("planned"), days_left=9, fading=fading)
    assert reason_of_return(outcome, rating=3, is_correct=True) == f"You knew it, so it can wait. {sentence} {BY_GAIN}"


def test_what_is_not_planned_before_the_exam_is_because_other_things_win_more() -> None:
    outcome = Outcome(1, True, True, comes_back=Return("not-planned"), days_left=9)
    assert reason_of_return(outcome, rating=3, is_correct=True) == (
        "You knew it, so it can wait. Until your exam, other objectives raise your score more for the time they take."
    )


def test_review_detail_foretells_recall_on_the_day_it_comes_back(candidate: User, candidate_client: Client) -> None:
    outcome = candidate_client.get(url(answered(candidate))).context["outcome"]
    assert (outcome.fading.on, round(100 * outcome.fading.recall)) == (outcome.comes_back.on, 75)
    assert outcome.fading.firm_days == 20


def test_review_detail_foretells_recall_on_exam_day_for_what_does_not_come_back(
    candidate: User, candidate_client: Client
) -> None:
    exam_on = TODAY + timedelta(days=20)
    make_study_plan(candidate, exam_on=exam_on)
    outcome = candidate_client.get(url(answered(candidate))).context["outcome"]
    assert (outcome.comes_back.when, outcome.fading.on) == ("not-expected", exam_on)
    assert round(100 * outcome.fading.recall) == 90


def test_review_detail_foretells_nothing_of_what_comes_back_today(candidate: User, candidate_client: Client) -> None:
    page = candidate_client.get(url(answered(candidate, selected_label="A", rating=1)))
    assert page.context["outcome"].fading is None


def test_review_detail_of_a_leech_sends_to_its_study_text(candidate: User, candidate_client: Client) -> None:
    question = make_question()
    for days in (20, 13, 9, 6, 3):
        review(candidate, question, at=NOW - timedelta(days=days), selected_label="A", rating=1)
    page = candidate_client.get(url(answered(candidate, question, selected_label="A", rating=1))).text
    assert "You keep missing this one" in page
    assert "Rests until Wednesday 4 March." in page
    assert f'<a href="{question.objective.get_absolute_url()}">the study text of MET-K1.1</a>' in page


def test_review_detail_leads_to_the_next_review_or_to_the_list(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate)
    page = candidate_client.get(url(log)).text
    assert (f'href="{NEXT}"' in page, "That was the last one" in page) == (False, True)
    make_due_card(candidate, make_question("MET-K2.1"))
    page = candidate_client.get(url(log)).text
    assert (f'href="{NEXT}"' in page, "1 left" in page) == (True, True)


def test_review_detail_goes_on_beyond_the_session_for_who_does(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate)
    assert f'href="{NEXT}?ahead=1"' not in candidate_client.get(f"{url(log)}?ahead=1").text
    make_due_card(candidate, make_question("MET-K2.1"), days_ago=1, stability=50.0)
    assert f'href="{NEXT}' not in candidate_client.get(url(log)).text
    page = candidate_client.get(f"{url(log)}?ahead=1").text
    assert (f'href="{NEXT}?ahead=1"' in page, f'action="{undo(log)}?ahead=1"' in page) == (True, True)


def test_review_detail_offers_to_undo_only_the_newest_answer_of_today(
    candidate: User, candidate_client: Client, at: Callable[[datetime], None]
) -> None:
    first = answered(candidate)
    second = answered(candidate, make_question("MET-K2.1"), at=NOW + timedelta(minutes=1))
    offers = [f'action="{undo(log)}"' in candidate_client.get(url(log)).text for log in (first, second)]
    at(NOW + timedelta(days=1))
    offers.append(f'action="{undo(second)}"' in candidate_client.get(url(second)).text)
    assert offers == [False, True, False]


def test_review_detail_shows_the_version_that_was_answered(candidate: User, candidate_client: Client) -> None:
    question = make_question(stem="The old words?")
    log = answered(candidate, question)
    Question.objects.filter(pk=question.pk).update(status=Question.Status.RETIRED)
    make_question(code=question.code, version=2, stem="The new words?")
    assert "The old words?" in candidate_client.get(url(log)).text


def test_review_detail_of_a_review_seen_later_counts_the_days_from_then(
    candidate: User, candidate_client: Client, at: Callable[[datetime], None]
) -> None:
    log = answered(candidate)
    days = candidate_client.get(url(log)).context["outcome"].comes_back.days
    at(NOW + timedelta(days=2))
    assert f"Comes back in about {days - 2} days." in candidate_client.get(url(log)).text


def test_review_detail_of_an_undone_answer_says_so(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate)
    undo_review(candidate=candidate, source=log.source, now=NOW)
    page = candidate_client.get(url(log)).text
    assert ("You took this answer back, so it does not count." in page, undo(log) in page) == (True, False)


def test_the_row_that_undoes_a_review_is_no_review(candidate: User, candidate_client: Client) -> None:
    log = answered(candidate)
    undo_review(candidate=candidate, source=log.source, now=NOW)
    assert candidate_client.get(url(ReviewLog.objects.get(undoes=log))).status_code == 404


def test_review_detail_of_a_quiz_response_is_not_found(candidate: User, candidate_client: Client) -> None:
    """A quiz may withhold its rationales until the due date; its responses are logged under their own codes."""
    log = review(candidate, make_question())
    assert candidate_client.get(url(log)).status_code == 404


def test_review_detail_of_somebody_else_is_not_found(other_candidate: User, candidate_client: Client) -> None:
    assert candidate_client.get(url(answered(other_candidate))).status_code == 404


def test_review_detail_of_an_unknown_review_is_not_found(candidate_client: Client) -> None:
    address = reverse("reviews:review-detail", args=[uuid.uuid4()])
    assert candidate_client.get(address).status_code == 404


def test_review_detail_sends_anonymous_visitors_to_sign_in(client: Client, candidate: User) -> None:
    address = url(answered(candidate))
    response = client.get(address)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={address}")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_review_detail_refuses_other_methods(candidate: User, candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(url(answered(candidate))).status_code == 405


def test_review_detail_explains_the_terms_of_its_reasons(candidate: User, candidate_client: Client) -> None:
    for name in ("Rationale", "Option"):
        make_term(name)
    page = candidate_client.get(url(answered(candidate))).text
    assert re.findall(r'<a class="term" href="(.*?)"', page) == ["/study/glossary/rationale/"]
    assert re.findall(r'id="(term-.*?)"', page) == ["term-rationale"]


@pytest.mark.parametrize("count", [1, 3])
def test_review_detail_takes_the_same_queries_however_much_is_due(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    log = answered(candidate)
    for number in range(2, count + 2):
        make_due_card(candidate, make_question(f"MET-K{number}.1"))
    # Session, person, the review, its references, its terms, six for the state of the candidate, the schedule.
    with django_assert_num_queries(13):
        candidate_client.get(url(log))

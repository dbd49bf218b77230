from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from questions.models import Question
from reviews.forms import Ticket
from reviews.views.reviews import shown_options
from tests.factories import NOW, TODAY, make_objective, make_question, make_study_plan, make_term
from tests.reviews.builders import make_due_card, review

URL = reverse("reviews:review-next")
pytestmark = pytest.mark.usefixtures("at")


def ticket_in(page: str, candidate: User) -> Ticket:
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found
    ticket = Ticket.read(found[1], candidate)
    assert ticket
    return ticket


def asked(client: Client, candidate: User) -> Question:
    return Question.objects.get(pk=ticket_in(client.get(URL).text, candidate).question_id)


def test_review_next_explains_no_term_before_the_answer(candidate: User, candidate_client: Client) -> None:
    make_term("Option")
    make_due_card(candidate, make_question("MET-K1.1"))
    assert "term-" not in candidate_client.get(URL).text


def test_review_next_asks_the_objective_least_likely_to_be_known(candidate: User, candidate_client: Client) -> None:
    make_due_card(candidate, make_question("MET-K1.1"), days_ago=40)
    urgent = make_question("MET-K2.1")
    make_due_card(candidate, urgent, days_ago=90)
    make_due_card(candidate, make_question("MET-K3.1"), days_ago=50)
    make_due_card(candidate, make_question("MET-K4.1"), days_ago=90, stability=50.0)
    assert asked(candidate_client, candidate) == urgent


def test_review_next_says_how_long_the_rest_takes(candidate: User, candidate_client: Client) -> None:
    """Right answers save time that is filled up: what is left in number may stand still, its minutes go down."""
    make_study_plan(candidate, exam_on=TODAY + timedelta(days=30), minutes_by_weekday=[5] * 7)
    questions = [make_question(f"MET-K{number}.1") for number in range(1, 13)]
    before = candidate_client.get(URL)
    for question in questions[:3]:
        review(candidate, question, selected_label="B")
    after = candidate_client.get(URL)
    assert [(page.context["left"], page.context["minutes_left"]) for page in (before, after)] == [(4, 5), (2, 2)]
    assert "2 left, about 2 min" in after.text


def test_review_next_of_an_objective_never_met_offers_its_study_text(candidate: User, candidate_client: Client) -> None:
    question = make_question()
    page = candidate_client.get(URL).text
    assert ("New <span" in page, "1 left" in page, "You have not met this objective." in page) == (True, True, True)
    assert "Read about it first" in page
    assert "The idea behind <strong>MET-K1.1</strong>." in page
    assert f'href="{question.objective.get_absolute_url()}"' in page
    assert [option["rationale"] in page for option in question.options] == [False] * 4


def test_review_next_of_an_objective_without_study_text_offers_none(candidate_client: Client, db: None) -> None:
    make_question(make_objective("MET-K1.1", study_text="").code)
    assert "Read about it first" not in candidate_client.get(URL).text


def test_review_next_of_what_was_met_offers_no_study_text(candidate: User, candidate_client: Client) -> None:
    make_due_card(candidate, make_question())
    page = candidate_client.get(URL).text
    assert ("Review <span" in page, "The idea behind" in page) == (True, False)


def test_review_next_asks_once_more_what_was_missed_today(candidate: User, candidate_client: Client) -> None:
    first, second = make_question(), make_question()
    review(candidate, first, at=NOW, rating=1, is_from_review=True)
    response = candidate_client.get(URL)
    assert (response.context["title"], response.context["left"]) == ("Once more", 1)
    assert "You missed or guessed this objective earlier today." in response.text
    assert asked(candidate_client, candidate) == second


def test_review_next_of_a_leech_shows_its_study_text_first(candidate: User, candidate_client: Client) -> None:
    make_due_card(candidate, make_question(), leech_on=TODAY - timedelta(days=2), lapses=5)
    page = candidate_client.get(URL).text
    assert "Read this first" in page
    assert page.index("The idea behind <strong>MET-K1.1</strong>.") < page.index('id="stem"')


def test_review_next_goes_on_beyond_the_session_only_when_asked_to(candidate: User, candidate_client: Client) -> None:
    make_due_card(candidate, make_question(), days_ago=1, stability=50.0)
    assert candidate_client.get(URL)["Location"] == reverse("reviews:review-list")
    response = candidate_client.get(f"{URL}?ahead=1")
    assert (response.context["title"], response.context["left"]) == ("Ahead", 0)
    assert f'action="{reverse("reviews:review-answer")}?ahead=1"' in response.text


@pytest.mark.parametrize("value", ["", "0", "yes", "\x00", "1" * 3000])
def test_review_next_takes_nothing_else_for_ahead(candidate: User, candidate_client: Client, value: str) -> None:
    make_due_card(candidate, make_question(), days_ago=1, stability=50.0)
    assert candidate_client.get(URL, {"ahead": value})["Location"] == reverse("reviews:review-list")


def test_review_next_shows_the_question_and_nothing_of_its_answer(candidate: User, candidate_client: Client) -> None:
    question = make_question(stem="Which **ratio**?")
    make_due_card(candidate, question)
    page = candidate_client.get(URL).text
    assert "Which <strong>ratio</strong>?" in page
    assert [option["text"] in page for option in question.options] == [True] * 4
    assert [option["rationale"] in page for option in question.options] == [False] * 4
    assert "is_key" not in page


def test_review_next_shows_the_same_page_whichever_option_is_the_key(candidate: User, candidate_client: Client) -> None:
    question = make_question()
    make_due_card(candidate, question)
    pages = []
    for key in "ABCD":
        Question.objects.filter(pk=question.pk).update(key=key)
        page = candidate_client.get(URL).text
        rows = sorted(re.findall(r'<label class="option">.*?</label>', page, re.S))
        pages.append(sorted(re.sub(r'(option-letter">)[A-D]', r"\1", row) for row in rows))
    assert pages[0] == pages[1] == pages[2] == pages[3]


def test_review_next_asks_a_variant_never_seen_first(candidate: User, candidate_client: Client) -> None:
    seen, unseen = make_question(), make_question()
    review(candidate, seen, at=NOW - timedelta(days=400))
    assert asked(candidate_client, candidate) == unseen


def test_review_next_asks_the_variant_least_recently_seen(candidate: User, candidate_client: Client) -> None:
    first, second, third = make_question(), make_question(), make_question()
    for days, question in ((600, second), (500, first), (450, third), (401, second)):
        review(candidate, question, at=NOW - timedelta(days=days), rating=1)
    assert asked(candidate_client, candidate) == first


def test_review_next_takes_a_new_version_of_a_seen_question_as_seen(candidate: User, candidate_client: Client) -> None:
    old = make_question(status=Question.Status.RETIRED)
    new = make_question(code=old.code, version=2)
    other = make_question()
    review(candidate, old, at=NOW - timedelta(days=400))
    assert asked(candidate_client, candidate) == other
    review(candidate, other, at=NOW - timedelta(days=200), rating=1)
    assert asked(candidate_client, candidate) == new


def test_review_next_does_not_count_what_somebody_else_saw(
    candidate: User, other_candidate: User, candidate_client: Client
) -> None:
    mine, theirs = make_question(), make_question()
    review(candidate, mine, at=NOW - timedelta(days=400))
    review(other_candidate, theirs, at=NOW - timedelta(days=1))
    assert asked(candidate_client, candidate) == theirs


def test_review_next_asks_the_only_variant_again(candidate: User, candidate_client: Client) -> None:
    only = make_question()
    review(candidate, only, at=NOW - timedelta(days=2), rating=1)
    assert asked(candidate_client, candidate) == only


def test_review_next_never_asks_a_sealed_or_unpublished_question(candidate: User, candidate_client: Client) -> None:
    only = make_question()
    make_question(pool=Question.Pool.MOCK)
    for status in (Question.Status.DRAFT, Question.Status.IN_REVIEW, Question.Status.RETIRED):
        make_question(status=status)
    review(candidate, only, at=NOW - timedelta(days=2), rating=1)
    assert asked(candidate_client, candidate) == only


def test_review_next_skips_an_objective_without_question(candidate: User, candidate_client: Client) -> None:
    make_due_card(candidate, make_question("MET-K1.1", status=Question.Status.RETIRED), days_ago=90)
    askable = make_question("MET-K2.1")
    make_due_card(candidate, askable)
    assert asked(candidate_client, candidate) == askable


def test_review_next_makes_a_new_key_each_time(candidate: User, candidate_client: Client) -> None:
    make_due_card(candidate, make_question())
    sources = {ticket_in(candidate_client.get(URL).text, candidate).source for _ in range(3)}
    assert len(sources) == 3


def test_options_are_shuffled_by_the_key_of_the_review() -> None:
    question = Question(options=[{"label": label, "text": "", "rationale": ""} for label in "ABCD"], key="B")
    sources = [uuid.UUID(int=number) for number in range(400)]
    orders = ["".join(option["label"] for option in shown_options(question, source)) for source in sources]
    again = ["".join(option["label"] for option in shown_options(question, source)) for source in sources]
    assert orders == again
    places = [sum(order[place] == "B" for order in orders) for place in range(4)]
    assert len(set(orders)) == 24
    assert min(places) > 70


def test_review_next_without_anything_due_leads_to_the_list(candidate_client: Client) -> None:
    response = candidate_client.get(URL)
    assert (response.status_code, response["Location"]) == (302, reverse("reviews:review-list"))


@pytest.mark.parametrize("count", [1, 3])
def test_review_next_takes_the_same_queries_however_much_is_due(
    candidate: User, candidate_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(1, count + 1):
        for _ in range(count):
            make_question(f"MET-K{number}.1")
        make_due_card(candidate, Question.objects.filter(objective__code=f"MET-K{number}.1")[0])
    # Session, person, seven for the state of the candidate, the variant.
    with django_assert_num_queries(9):
        candidate_client.get(URL)


def test_review_next_sends_anonymous_visitors_to_sign_in(client: Client, db: None) -> None:
    response = client.get(URL)
    assert (response.status_code, response["Location"]) == (302, f"{reverse('account_login')}?next={URL}")


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_review_next_refuses_other_methods(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from questions.models import Question
from questions.queries import option_rows
from tests.factories import make_mock_question, make_question

pytestmark = pytest.mark.django_db
URL = "/questions/sample/"
SECRETS = [f"SECRET-{label}" for label in "ABCD"]


@pytest.fixture(autouse=True)
def question(db: None, settings) -> Question:
    settings.SAMPLE_QUESTION_CODE = "MET-K1.1-P1"
    options = [
        {"label": label, "text": f"Option {label}", "rationale": f"*SECRET-{label}* because."} for label in "ABCD"
    ]
    return make_question(code="MET-K1.1-P1", stem="What **now?**", options=options)


def posted_values(html: str) -> list[str]:
    return re.findall(r'<button class="option" name="label" value="(.)"', html)


def test_the_address_is_the_one_of_the_name():
    assert reverse("questions:sample-answer") == URL


def test_get_shows_the_question_and_no_rationale(client, question, django_assert_num_queries):
    with django_assert_num_queries(1):
        response = client.get(URL)

    html = response.content.decode()
    assert (response.status_code, response.templates[0].name) == (200, "questions/sample_answer.html")
    assert "<p>What <strong>now?</strong></p>" in html
    assert posted_values(html) == [row.label for row in option_rows(question)]
    assert [secret for secret in SECRETS if secret in html] == []
    assert "option-right" not in html


@pytest.mark.parametrize(
    ("label", "verdict"),
    [("B", "Right: {letter} is the key."), ("D", "Not this time: {letter} is the key.")],
)
def test_post_shows_the_result_and_every_rationale(client, question, label, verdict):
    response = client.post(URL, {"label": label})

    html = response.content.decode()
    letter = next(row.letter for row in option_rows(question) if row.label == "B")
    assert response.templates[0].name == "questions/sample_answer.html"
    assert verdict.format(letter=letter) in html
    assert [secret for secret in SECRETS if f"<em>{secret}</em>" in html] == SECRETS
    assert html.count("option-right") == 1
    assert html.count("option-wrong") == (0 if label == "B" else 1)
    assert posted_values(html) == []
    assert "Harvard Business Review" in html
    assert "Start free" in html


def test_post_keeps_the_order_of_the_options(client, question):
    html = client.post(URL, {"label": "A"}).content.decode()

    assert re.findall(r">\s*Option ([A-D])\s*<", html) == [row.label for row in option_rows(question)]


def test_htmx_gets_the_feedback_alone(client, django_assert_num_queries):
    # The question, the terms of its objective, its references.
    with django_assert_num_queries(3):
        response = client.post(URL, {"label": "B"}, headers={"HX-Request": "true"})

    html = response.content.decode().strip()
    assert html.startswith('<div class="sample-feedback" id="sample-feedback">')
    assert "<html" not in html
    assert "What <strong>now?</strong>" not in html
    assert [secret for secret in SECRETS if secret in html] == SECRETS
    assert "Start free" in html


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose an option first."),
        ({"label": ""}, "Choose an option first."),
        ({"label": "E"}, "That is not one of the options. Choose one of these."),
        ({"label": "AB"}, "That is not one of the options. Choose one of these."),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_post_without_a_fitting_label_asks_again_and_tells_nothing(client, data, sentence, headers):
    response = client.post(URL, data, headers=headers)

    html = response.content.decode()
    assert response.status_code == 200
    assert sentence in html
    assert len(posted_values(html)) == 4
    assert [secret for secret in SECRETS if secret in html] == []


def test_the_question_cannot_be_chosen(client):
    other = make_mock_question(options=[{"label": label, "text": "x", "rationale": "SEALED"} for label in "ABCD"])

    response = client.post(f"{URL}?code={other.code}", {"label": "B", "code": other.code, "question": other.pk})

    assert "SEALED" not in response.content.decode()
    assert "SECRET-B" in response.content.decode()


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_practice_question_the_page_says_so(client, method, headers):
    Question.objects.update(status="retired")
    make_mock_question()

    response = getattr(client, method)(URL, {"label": "B"}, headers=headers)

    assert response.status_code == 200
    assert "There is no question to try yet" in response.content.decode()


def test_signed_in_people_see_no_offer_to_sign_up(candidate_client):
    assert "Start free" not in candidate_client.post(URL, {"label": "B"}).content.decode()


def test_post_needs_the_csrf_token():
    assert Client(enforce_csrf_checks=True).post(URL, {"label": "B"}).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(client, method):
    response = getattr(client, method)(URL)

    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD, POST")


def test_markup_in_content_is_shown_and_not_run(client, question):
    Question.objects.update(
        stem="<script>x</script>",
        options=[{"label": label, "text": "<img src=x>", "rationale": "<b onclick=x>y</b>"} for label in "ABCD"],
    )

    html = client.get(URL).content.decode() + client.post(URL, {"label": "B"}).content.decode()

    assert "<script>x" not in html
    assert "<img src=x" not in html
    assert "<b onclick" not in html


# In a browser


@pytest.mark.django_db(transaction=True)
def test_it_is_answered_in_its_place_and_accessible(live_server, browser_page, axe_in_all_looks, question):
    browser_page.goto(live_server.url + URL)
    axe_in_all_looks(browser_page)
    browser_page.get_by_role("button", name="Option C").click()

    browser_page.get_by_text("Not this time:").wait_for()
    assert browser_page.evaluate("document.activeElement.className") == "sample-verdict sample-verdict-wrong"
    assert browser_page.locator(".option-rationale").count() == 4
    axe_in_all_looks(browser_page)


@pytest.mark.django_db(transaction=True)
def test_it_works_without_javascript(live_server, new_page, question):
    page = new_page(java_script_enabled=False)
    page.goto(live_server.url + URL)
    page.get_by_role("button", name="Option C").click()

    page.get_by_text("Not this time:").wait_for()
    assert page.locator(".option-rationale").count() == 4

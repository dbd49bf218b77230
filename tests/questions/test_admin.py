from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from questions.models import Question
from tests.factories import make_mock_question, make_question
from tests.questions.admin_pages import LIST, change_url, make_data, make_draft

pytestmark = pytest.mark.django_db
VERBS = ["publish", "review", "retire", "revise"]


@pytest.fixture
def viewer_client(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Staff who may look at questions and nothing else; today every admin keeps the bank."""
    monkeypatch.setattr("accounts.models.KEPT_BY_ADMINS", frozenset())
    user = User.objects.create_user("vera@example.com", "x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_question"))
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("path", ["", "add/", "load/", "1/change/", "1/preview/"])
def test_pages_are_closed_to_others(client, candidate_client, coordinator_client, path):
    for someone in (client, candidate_client, coordinator_client):
        response = someone.get(LIST + path)
        assert (response.status_code, response.url.partition("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize("path", ["1/publish/", "1/review/", "1/retire/", "1/revise/", "load/confirm/"])
def test_posts_are_closed_to_others(client, candidate_client, coordinator_client, path):
    for someone in (client, candidate_client, coordinator_client):
        response = someone.post(LIST + path)
        assert (response.status_code, response.url.partition("?")[0]) == (302, "/admin/login/")


@pytest.mark.parametrize("verb", VERBS)
def test_moves_need_the_right_to_change(viewer_client, verb):
    question = make_draft()

    assert viewer_client.post(f"{LIST}{question.pk}/{verb}/").status_code == 403
    assert viewer_client.get(change_url(question)).status_code == 200
    assert viewer_client.get(f"{LIST}{question.pk}/preview/").status_code == 200
    assert viewer_client.get(f"{LIST}load/").status_code == 403


@pytest.mark.parametrize("path", ["publish/", "review/", "retire/", "revise/"])
def test_moves_are_posts(admin_client, path):
    assert admin_client.get(f"{LIST}{make_draft().pk}/{path}").status_code == 405


@pytest.mark.parametrize("path", ["publish/", "review/", "retire/", "revise/"])
def test_moves_of_nothing_are_404(admin_client, path):
    assert admin_client.post(f"{LIST}4711/{path}").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_takes_a_fixed_number_of_queries(admin_client, number, django_assert_num_queries):
    for place in range(number):
        make_question(f"MET-K1.{place + 1}")

    with django_assert_num_queries(8):
        response = admin_client.get(LIST)

    assert response.context["cl"].result_count == number


def test_the_list_counts_findings(admin_client):
    make_question(code="MET-K1.1-P1", stem="Find out", key="A")
    make_question(code="MET-K1.1-P2", stem="", fingerprint="0" * 64)
    Question.objects.filter(code="MET-K1.1-P1").update(options=[])

    html = admin_client.get(LIST).content.decode()

    assert re.findall(r'<td class="field-finding_count">(.*?)</td>', html) == ["5 errors, 2 warnings", "2 errors"]


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("?q=K1.1-P1", ["MET-K1.1-P1"]),
        ("?q=churn", ["CUL-T1.1-M1"]),
        ("?pool__exact=mock", ["CUL-T1.1-M1"]),
        ("?status__exact=draft", ["MET-K1.1-P1"]),
        ("?cognitive_level__exact=recall", ["CUL-T1.1-M1"]),
        ("?o=-1", ["MET-K1.1-P1", "CUL-T1.1-M1"]),
    ],
)
def test_the_list_can_be_searched_filtered_and_sorted(admin_client, query, codes):
    make_draft()
    make_mock_question("CUL-T1.1", code="CUL-T1.1-M1", stem="What is churn?", cognitive_level="recall")

    response = admin_client.get(LIST + query)

    assert [question.code for question in response.context["cl"].result_list] == codes


def test_the_list_can_be_filtered_by_competency(admin_client):
    question = make_mock_question("CUL-T1.1", code="CUL-T1.1-M1")
    make_draft()
    competency = question.objective.statement.competency

    response = admin_client.get(f"{LIST}?objective__statement__competency__id__exact={competency.pk}")

    assert [question.code for question in response.context["cl"].result_list] == ["CUL-T1.1-M1"]


@pytest.mark.parametrize(
    "query", ["?o=99", "?nonsense=1", "?pool__exact=x", "?p=999", "?objective__statement__competency__id__exact=x"]
)
def test_forged_queries_are_no_errors(admin_client, query):
    make_draft()

    assert admin_client.get(LIST + query).status_code in {200, 302}


@pytest.mark.parametrize("status", ["published", "retired"])
def test_what_was_published_is_read_only(admin_client, status):
    question = make_draft(status=status)

    html = admin_client.get(change_url(question)).content.decode()
    response = admin_client.post(change_url(question), make_data())

    assert ('name="stem"' in html, 'name="_save"' in html) == (False, False)
    assert question.options[1]["rationale"] in html
    assert response.status_code == 403
    question.refresh_from_db()
    assert question.key == "B"


@pytest.mark.parametrize(("status", "left"), [("draft", 0), ("in_review", 0), ("published", 1), ("retired", 1)])
def test_only_drafts_can_be_deleted(admin_client, status, left):
    question = make_draft(status=status)

    one = admin_client.post(f"{LIST}{question.pk}/delete/", {"post": "yes"})
    many = admin_client.post(
        LIST, {"action": "delete_selected", "_selected_action": [question.pk], "post": "yes"}, follow=True
    )

    assert (one.status_code, many.status_code) == ((403, 403) if left else (302, 200))
    assert Question.objects.count() == left


@pytest.mark.parametrize(
    ("status", "labels"),
    [
        ("draft", ["Publish", "Send to review", "Retire"]),
        ("in_review", ["Publish", "Retire"]),
        ("published", ["Retire", "Revise"]),
        ("retired", ["Revise"]),
    ],
)
def test_the_page_offers_the_moves_that_are_possible(admin_client, status, labels):
    response = admin_client.get(change_url(make_draft(status=status)))

    assert [move["label"] for move in response.context["moves"]] == labels


def test_the_page_of_a_question_takes_a_fixed_number_of_queries(admin_client, django_assert_max_num_queries):
    question = make_draft(status="published")

    with django_assert_max_num_queries(15):
        admin_client.get(change_url(question))


def test_a_missing_question_leads_back(admin_client):
    assert admin_client.get(f"{LIST}4711/change/").status_code == 302

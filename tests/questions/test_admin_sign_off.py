from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.models import User
from questions.models import Question, SignOff
from questions.services import sign_off
from questions.services.turns import QuestionRefused
from tests.factories import make_question
from tests.questions.admin_pages import LIST, change_url, told

pytestmark = pytest.mark.django_db
NAME = "Ada Admin, CCXP since 2019"


def url_of(question: Question) -> str:
    return f"{LIST}{question.pk}/sign-off/"


def test_the_page_shows_question_key_and_rationales(admin_client):
    html = admin_client.get(url_of(make_question(stem="Which guests left?"))).content.decode()

    assert [text in html for text in ("Which guests left?", "(key)", "Rationale D")] == [True, True, True]


def test_signing_records_who_when_and_what(admin_client, admin_user):
    question = make_question()

    response = admin_client.post(url_of(question), {"name": NAME, "remark": "Checked the source."})

    signed = SignOff.objects.get()
    assert (response.status_code, response.url) == (302, change_url(question))
    assert (signed.question, signed.signer, signed.name, signed.remark) == (
        question,
        admin_user,
        NAME,
        "Checked the source.",
    )
    assert told(response) == [f"{question} is signed off."]
    assert LogEntry.objects.get().get_change_message() == "Signed off"


def test_signing_again_rewrites_the_remark(admin_client):
    question = make_question()
    for remark in ("First.", "Second."):
        admin_client.post(url_of(question), {"name": NAME, "remark": remark})

    assert list(SignOff.objects.values_list("remark", flat=True)) == ["Second."]


def test_the_name_is_that_of_the_last_time(admin_client, admin_user):
    admin_client.post(url_of(make_question()), {"name": NAME, "remark": ""})

    form = admin_client.get(url_of(make_question())).context["form"]

    assert form["name"].value() == NAME


def test_the_first_name_offered_is_the_persons_own(admin_client, admin_user):
    assert admin_client.get(url_of(make_question())).context["form"]["name"].value() == admin_user.name


def test_a_sign_off_is_withdrawn(admin_client):
    question = make_question()
    admin_client.post(url_of(question), {"name": NAME, "remark": ""})

    response = admin_client.post(url_of(question), {"withdraw": "Withdraw"})

    assert (SignOff.objects.count(), told(response)[-1:]) == (0, [f"Your sign-off of {question} is withdrawn."])


def test_a_sign_off_of_somebody_else_is_not_withdrawn(admin_client):
    question = make_question()
    other = User.objects.create_user("ann@example.com", "x", is_staff=True)
    SignOff.objects.create(question=question, signer=other, name="Ann")

    admin_client.post(url_of(question), {"withdraw": "Withdraw"})

    assert SignOff.objects.get().signer == other


def test_a_name_is_required(admin_client):
    response = admin_client.post(url_of(make_question()), {"name": " ", "remark": "Fine."})

    assert (response.status_code, SignOff.objects.count()) == (200, 0)
    assert response.context["form"].errors == {"name": ["Say whose word this is."]}


@pytest.mark.parametrize("status", ["draft", "in_review", "retired"])
def test_only_published_versions_are_signed_off(admin_client, status):
    question = make_question(status=status)

    response = admin_client.post(url_of(question), {"name": NAME, "remark": ""})

    assert SignOff.objects.count() == 0
    assert told(response) == [f"{question} is not published, and only published versions are signed off."]


def test_the_service_refuses_what_was_retired_meanwhile(admin_user):
    question = make_question()
    Question.objects.update(status="retired")

    with pytest.raises(QuestionRefused):
        sign_off(question=question, signer=admin_user, name=NAME, remark="", now=timezone.now())


def test_the_next_version_is_not_signed_off():
    question = make_question(code="MET-K1.1-P1")
    make_question(code="MET-K1.1-P1", version=2, status="draft")
    SignOff.objects.create(question=question, name="Ann")

    assert list(Question.objects.signed_off().values_list("version", flat=True)) == [1]
    assert list(Question.objects.not_signed_off().values_list("version", flat=True)) == [2]


def test_a_sign_off_stays_when_its_account_goes():
    signer = User.objects.create_user("ann@example.com", "x", is_staff=True)
    SignOff.objects.create(question=make_question(), signer=signer, name="Ann")

    signer.delete()

    assert (SignOff.objects.get().name, SignOff.objects.get().signer) == ("Ann", None)


def test_the_page_of_a_version_lists_its_sign_offs(admin_client):
    question = make_question()
    SignOff.objects.create(question=question, name="Ann Expert", remark="Sound.")

    html = admin_client.get(change_url(question)).content.decode()

    assert ("Ann Expert" in html, "Sound." in html, url_of(question) in html) == (True, True, True)


@pytest.mark.parametrize(("value", "codes"), [("yes", ["MET-K1.1-P1"]), ("no", ["MET-K1.1-P2"])])
def test_the_list_is_filtered_by_sign_off(admin_client, value, codes):
    SignOff.objects.create(question=make_question(code="MET-K1.1-P1"), name="Ann")
    make_question(code="MET-K1.1-P2")

    found = admin_client.get(f"{LIST}?signed_off={value}").context["cl"].result_list

    assert [question.code for question in found] == codes


def test_the_page_is_closed_to_others(client, candidate_client, coordinator_client):
    for someone in (client, candidate_client, coordinator_client):
        for response in (someone.get(f"{LIST}1/sign-off/"), someone.post(f"{LIST}1/sign-off/")):
            assert (response.status_code, response.url.partition("?")[0]) == (302, "/admin/login/")


def test_signing_needs_the_right_to_change(admin_client: Client, monkeypatch):
    question = make_question()
    monkeypatch.setattr("questions.admin.QuestionAdmin.has_change_permission", lambda *args: False)

    assert admin_client.post(url_of(question), {"name": NAME}).status_code == 403
    assert SignOff.objects.count() == 0


def test_an_unknown_question_is_404(admin_client):
    assert admin_client.get(f"{LIST}4711/sign-off/").status_code == 404

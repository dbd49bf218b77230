from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from questions import services
from questions.loader import MAX_BYTES
from questions.models import Question
from tests.factories import make_objective, make_reference, make_user
from tests.questions.builders import WRITTEN, make_row, to_yaml

pytestmark = pytest.mark.django_db
URL = "/admin/questions/question/load/"
CONFIRM = f"{URL}confirm/"


@pytest.fixture(autouse=True)
def blueprint(db: None) -> None:
    make_objective("MET-K1.1")
    make_reference("reichheld-2003")
    cache.clear()


def upload(client: Any, data: bytes, name: str = "met.yaml") -> Any:
    return client.post(URL, {"file": SimpleUploadedFile(name, data)})


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_get_shows_the_form(admin_client):
    response = admin_client.get(URL)

    assert response.status_code == 200
    assert 'enctype="multipart/form-data"' in response.content.decode()


def test_a_sound_file_is_checked_first_and_not_written(admin_client):
    response = upload(admin_client, WRITTEN.encode())

    report = response.context["report"]
    assert report.counts == {"new": 2, "updated": 0, "unchanged": 0, "rejected": 0}
    assert "2 new, 0 updated, 0 unchanged, 0 rejected." in " ".join(response.content.decode().split())
    assert Question.objects.count() == 0


def test_the_confirmed_file_is_loaded(admin_client, admin_user, caplog):
    token = upload(admin_client, WRITTEN.encode()).context["token"]

    with caplog.at_level(logging.INFO, logger="questions.admin"):
        response = admin_client.post(CONFIRM, {"token": token})

    assert (response.status_code, response.url) == (302, "/admin/questions/question/")
    assert told(response) == ["met.yaml is loaded: 2 new."]
    assert list(Question.objects.values_list("status", "author")) == [("published", admin_user.pk)] * 2
    assert caplog.messages == [f"User {admin_user.pk} loaded questions from 'met.yaml': 2 new"]


def test_confirming_twice_changes_nothing_more(admin_client):
    token = upload(admin_client, WRITTEN.encode()).context["token"]
    admin_client.post(CONFIRM, {"token": token})

    assert told(admin_client.post(CONFIRM, {"token": token}))[-1] == "met.yaml is loaded: 2 unchanged."
    assert Question.objects.count() == 2


def test_updated_questions_are_named_before_they_are_written(admin_client):
    admin_client.post(CONFIRM, {"token": upload(admin_client, to_yaml(make_row())).context["token"]})

    response = upload(admin_client, to_yaml(make_row(key="C"), make_row("MET-K1.1-P2")))

    assert (response.context["report"].updated, response.context["report"].new) == (["MET-K1.1-P1"], ["MET-K1.1-P2"])
    assert Question.objects.get().key == "B"


def test_rejected_rows_are_told_with_line_and_reason_and_cannot_be_confirmed(admin_client):
    response = upload(admin_client, WRITTEN.replace("key: B", "key: E").encode())

    html = response.content.decode()
    assert "<td>met.yaml</td><td>29</td><td>The key must be A, B, C or D, not “E”.</td>" in html
    assert (response.context["token"], 'name="token"' in html) == ("", False)
    assert Question.objects.count() == 0


def test_what_became_wrong_before_the_confirmation_is_told(admin_client):
    token = upload(admin_client, WRITTEN.encode()).context["token"]
    make_objective("MET-K1.1").delete()

    response = admin_client.post(CONFIRM, {"token": token})

    assert [problem.reason for problem in response.context["report"].rejected] == [
        "The objective MET-K1.1 is unknown."
    ] * 2
    assert Question.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (None, "", "Choose a file first."),
        (b"", "met.yaml", "The file is empty."),
        (b"x", "met.csv", "Choose a file whose name ends in .yaml or .yml."),
        (b"#" * (MAX_BYTES + 1), "met.yaml", "The file is larger than 10 MB. Split it."),
    ],
)
def test_unfit_files_are_refused_in_a_sentence(admin_client, data, name, sentence):
    response = admin_client.post(URL) if data is None else upload(admin_client, data, name)

    assert (response.status_code, response.context["form"].errors) == (200, {"file": [sentence]})


@pytest.mark.parametrize(
    ("data", "row"),
    [
        (b"\xff\xfe", "<td>met.yaml</td><td>1</td><td>The file is not UTF-8 text.</td>"),
        (b"- [", "<td>met.yaml</td>"),
        (b"- &a [*a]", "<td>The anchor &amp;a is refused: write values where they are needed.</td>"),
    ],
)
def test_hostile_files_are_told_and_no_errors(admin_client, data, row):
    response = upload(admin_client, data)

    assert response.status_code == 200
    assert row in response.content.decode()


def test_the_name_of_a_file_is_shown_and_not_run(admin_client):
    response = upload(admin_client, b"- [", "<img src=x>.yaml")

    assert "<img src=x>" not in response.content.decode()


@pytest.mark.parametrize("token", ["", "x", "0" * 36])
def test_an_unknown_token_leads_back_with_a_sentence(admin_client, token):
    response = admin_client.post(CONFIRM, {"token": token})

    assert (response.status_code, response.url) == (302, URL)
    assert told(response) == ["A checked file is kept for an hour, and this one is gone. Choose it again."]


def test_a_token_is_good_for_its_author_only(admin_client, client):
    token = upload(admin_client, WRITTEN.encode()).context["token"]
    client.force_login(make_user("amy", is_staff=True, is_superuser=True))

    response = client.post(CONFIRM, {"token": token})

    assert (response.url, Question.objects.count()) == (URL, 0)


def test_confirm_is_a_post(admin_client):
    assert admin_client.get(CONFIRM).status_code == 405


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(admin_client, method):
    assert getattr(admin_client, method)(URL).status_code == 405


def test_a_bank_that_is_being_changed_is_told(admin_client, monkeypatch):
    token = upload(admin_client, WRITTEN.encode()).context["token"]

    def refuse(**arguments: Any) -> None:
        raise services.QuestionRefused("Somebody else is changing the bank.")

    monkeypatch.setattr(services, "load_fixture_files", refuse)

    for response in (admin_client.post(CONFIRM, {"token": token}), upload(admin_client, WRITTEN.encode())):
        assert (response.status_code, response.url) == (302, URL)
        assert told(response)[-1] == "Somebody else is changing the bank."


@pytest.mark.django_db(transaction=True)
def test_an_admin_loads_a_changed_file(live_server, browser_page, sign_in, admin_user, tmp_path):
    make_objective("MET-K1.1")
    make_reference("reichheld-2003")
    path = tmp_path / "met.yaml"
    page = browser_page
    sign_in(page, admin_user)
    for text, sentence in ((WRITTEN, "2 new"), (WRITTEN.replace("key: B", "key: C"), "1 updated, 1 unchanged")):
        path.write_text(text)
        page.goto(live_server.url + "/admin/questions/question/")
        page.get_by_role("link", name="Load a fixture file").click()
        page.get_by_label("Fixture file").set_input_files(path)
        page.get_by_role("button", name="Check the file").click()
        page.get_by_role("button", name="Load it").click()
        page.get_by_text(f"met.yaml is loaded: {sentence}.").wait_for()

    assert Question.objects.published().get(code="MET-K1.1-P1").version == 2

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client

from accounts.models import User
from questions.models import ProblemReport
from tests.factories import NOW, make_question

LIST = "/admin/questions/problemreport/"


@pytest.fixture
def report(candidate: User) -> ProblemReport:
    return make_report(candidate)


def make_report(reporter: User, **fields: Any) -> ProblemReport:
    return ProblemReport.objects.create(
        **{
            "question": make_question(stem="A hotel loses guests."),
            "reporter": reporter,
            "kind": "wording",
            "text": "There is a word missing.",
            "reported_at": NOW,
            **fields,
        }
    )


def change_url(report: ProblemReport) -> str:
    return f"{LIST}{report.pk}/change/"


def listed(response: Any) -> list[int]:
    return [report.pk for report in response.context["cl"].result_list]


def test_list_begins_with_what_waits_longest_unanswered(admin_client: Client, candidate: User) -> None:
    hour = timedelta(hours=1)
    answered = make_report(candidate, answer="Mended.", answered_at=NOW + 9 * hour, reported_at=NOW + 8 * hour)
    older, newer = make_report(candidate), make_report(candidate, reported_at=NOW + hour)
    assert listed(admin_client.get(LIST)) == [newer.pk, older.pk, answered.pk]


def test_list_is_narrowed_by_answer_kind_and_words(admin_client: Client, candidate: User) -> None:
    waiting = make_report(candidate, kind="key", text="The key should be C.")
    answered = make_report(candidate, answer="Mended.", answered_at=NOW)
    found = {
        query: listed(admin_client.get(f"{LIST}?{query}"))
        for query in ("answered=no", "answered=yes", "answered=x", "kind__exact=key", "q=missing", "q=carla")
    }
    both = [waiting.pk, answered.pk]
    assert found == {
        "answered=no": [waiting.pk],
        "answered=yes": [answered.pk],
        "answered=x": both,
        "kind__exact=key": [waiting.pk],
        "q=missing": [answered.pk],
        "q=carla": both,
    }


@pytest.mark.parametrize("number", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    admin_client: Client, candidate: User, number: int, django_assert_num_queries: Any
) -> None:
    for _ in range(number):
        make_report(candidate)
    admin_client.get(LIST)
    with django_assert_num_queries(5):
        admin_client.get(LIST)


def test_page_leads_to_the_question_and_its_preview(admin_client: Client, report: ProblemReport) -> None:
    body = admin_client.get(change_url(report)).content.decode()
    assert f'href="/admin/questions/question/{report.question_id}/change/"' in body
    assert f'href="/admin/questions/question/{report.question_id}/preview/?answers"' in body
    assert "A hotel loses guests." in body


def test_answer_is_saved_told_and_noted(
    admin_client: Client, admin_user: User, report: ProblemReport, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = admin_client.post(change_url(report), {"answer": "Mended, thank you."})
    report.refresh_from_db()
    assert (response.status_code, report.answer, report.answerer) == (302, "Mended, thank you.", admin_user)
    assert report.answered_at is not None
    assert [entry.get_change_message() for entry in LogEntry.objects.all()] == ["Changed Answer."]
    assert len(mail.outbox) == 1


def test_page_saved_without_an_answer_leaves_the_report_waiting(admin_client: Client, report: ProblemReport) -> None:
    admin_client.post(change_url(report), {"answer": " "})
    report.refresh_from_db()
    assert (report.answer, report.answered_at) == ("", None)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The reporter was told of this answer. Change its words instead."),
        ("a" * 2001, "Ensure this value has at most 2000 characters (it has 2001)."),
        ("\x00", "Null characters are not allowed."),
    ],
)
def test_bad_answer_gets_a_sentence(admin_client: Client, candidate: User, text: str, sentence: str) -> None:
    report = make_report(candidate, answer="Mended.", answered_at=NOW)
    response = admin_client.post(change_url(report), {"answer": text})
    assert response.context["adminform"].form.errors["answer"] == [sentence]
    report.refresh_from_db()
    assert report.answer == "Mended."


def test_nobody_adds_a_report_in_the_admin(admin_client: Client) -> None:
    assert admin_client.get(f"{LIST}add/").status_code == 403


def test_candidates_and_coordinators_are_sent_away(
    client: Client, candidate_client: Client, coordinator_client: Client, report: ProblemReport
) -> None:
    for each in (client, candidate_client, coordinator_client):
        assert each.post(change_url(report), {"answer": "Mine."}).status_code == 302
    report.refresh_from_db()
    assert report.answer == ""


def test_list_of_questions_counts_the_reports_that_wait(admin_client: Client, report: ProblemReport) -> None:
    make_report(report.reporter, question=report.question)
    make_report(report.reporter, question=report.question, answer="Mended.", answered_at=NOW)
    body = admin_client.get("/admin/questions/question/").content.decode()
    assert '<td class="field-waiting_reports">2</td>' in body

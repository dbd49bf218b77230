from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from questions.blind_review import LETTERS, Solve, blind_items, words_digest, write_record
from questions.models import Question, SignOff
from questions.queries import bank_coverage, bank_quality, blind_review, published_contents, recorded_solves
from tests.factories import make_mock_question, make_objective, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def record(settings: Any, tmp_path: Path) -> Path:
    settings.CONTENT_REVIEW = tmp_path / "content-review.csv"
    return settings.CONTENT_REVIEW


ONE = ["1", "0", "0", "1", "0", "0", "0", "1", "0", "0", "0"]  # a practice question of application, difficulty 3


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out, stderr=out)
    return out.getvalue()


def keep(record: Path, *solves: Solve) -> None:
    with record.open("w") as stream:
        write_record(solves, stream)


def solved(view: str, solver: str, *, agrees: bool = True) -> list[Solve]:
    return [
        Solve(content.code, words_digest(content), view, solver, content.key, agrees)
        for content in published_contents()
    ]


# Coverage


def test_coverage_counts_published_questions_by_row():
    make_question("MET-K1.1", cognitive_level="recall", difficulty=1)
    make_question("MET-K1.1", difficulty=5)
    make_mock_question("MET-K2.1")
    make_question("MET-K2.1", status="draft")
    SignOff.objects.create(question=make_question("CUL-T1.1"), name="Ann")
    make_objective("CUL-T1.2")

    coverage = bank_coverage()

    # practice, mock | recall, application, analysis | difficulties 1 to 5 | signed off
    assert coverage.bank.counts == [3, 1, 1, 3, 0, 1, 0, 2, 0, 1, 1]
    assert {row.code: row.counts[:2] for row in coverage.competencies} == {"CUL": [1, 0], "MET": [2, 1]}
    assert {row.code: row.counts[:2] for row in coverage.statements} == {
        "CUL-T1": [1, 0],
        "MET-K1": [2, 0],
        "MET-K2": [0, 1],
    }
    assert [(row.code, sum(row.counts[:2])) for row in coverage.objectives] == [
        ("CUL-T1.1", 1),
        ("CUL-T1.2", 0),
        ("MET-K1.1", 2),
        ("MET-K2.1", 1),
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_coverage_takes_two_queries(number, django_assert_num_queries):
    for place in range(number):
        make_question(f"MET-K1.{place + 1}")

    with django_assert_num_queries(2):
        bank_coverage()


def test_bank_report_prints_tables():
    make_question("MET-K1.1")
    lines = run("bank_report", "--objectives").splitlines()

    assert [line.split() for line in lines if line.startswith(("MET", "all"))] == [
        [code, *["1", "0", "0", "1", "0", "0", "0", "1", "0", "0", "0"]]
        for code in ("MET", "all", "MET-K1", "MET-K1.1")
    ]
    assert lines[-1] == "1 of 1 published questions lack a solver"


def test_bank_report_prints_json(record):
    make_question("MET-K1.1")
    keep(record, *solved("stem", "one"))

    report = json.loads(run("bank_report", "--json"))

    assert sorted(report) == ["blind_review", "coverage", "gate"]
    assert [(row["code"], row["practice"]) for row in report["coverage"]["competencies"]] == [("MET", 1), ("", 1)]
    assert report["blind_review"]["now"]["solves"] == 1


# Blind solving


def test_without_a_record_every_question_lacks_a_solver():
    make_question()

    assert (recorded_solves(), blind_review().lacking) == ([], 1)


def test_a_review_is_complete_with_two_solvers_and_one_without_the_stem(record):
    make_question("MET-K1.1")
    make_question("MET-K1.2")
    keep(record, *solved("stem", "one"), *solved("stem", "two"), *solved("options", "three", agrees=False))

    review = blind_review()

    assert (review.published, review.lacking) == (2, 0)
    assert (review.now.agreement, review.now.blind_agreement, review.now.gap) == (1, 0, 1)


def test_a_changed_question_keeps_its_history_and_lacks_solvers(record):
    question = make_question("MET-K1.1")
    keep(record, *solved("stem", "one"), *solved("stem", "two"), *solved("options", "three"))
    Question.objects.filter(pk=question.pk).update(stem="Changed?")

    review = blind_review()

    assert (review.ever.solves, review.now.solves, review.lacking) == (2, 0, 1)


def test_sheets_and_answers_go_there_and_back(record, tmp_path):
    for place in range(3):
        make_question(f"MET-K1.{place + 1}", stem=f"Stem {place}?")
    assert run("blind_review", "sheet", "--seed", "a", "--folder", tmp_path / "sheets", "--size", 2) == (
        "3 questions on 2 sheets\n"
    )
    sheets = "".join(path.read_text() for path in sorted((tmp_path / "sheets").iterdir()))
    items = blind_items(published_contents(), seed="a")
    first, *others = [f"{item.number},{LETTERS[item.labels.index('B')]}" for item in items]
    wrong = f"{items[0].number},{LETTERS[items[0].labels.index('C')]},Or C?"
    answers = tmp_path / "answers.csv"
    answers.write_text("\n".join([wrong, *others, "nonsense,W"]))

    printed = run("blind_review", "answers", "--seed", "a", "--solver", "one", answers)

    assert [item.number in sheets for item in items] == [True, True, True]
    assert "MET-K1" not in sheets
    assert printed.splitlines() == [
        f"{answers}:4: No published question has the number “nonsense” on this sheet.",
        f"{items[0].content.code}: C instead of the key. Or C?",
        "3 lines recorded",
    ]
    assert sorted(each.agrees for each in recorded_solves()) == [False, True, True]
    answers.write_text("\n".join([first, *others]))
    run("blind_review", "answers", "--seed", "a", "--solver", "one", answers)
    assert [each.agrees for each in recorded_solves()] == [True, True, True]


def test_sheets_of_what_is_lacking_leave_solved_questions_out(record, tmp_path):
    make_question("MET-K1.1")
    keep(record, *solved("stem", "one"), *solved("stem", "two"), *solved("options", "three"))
    make_question("MET-K1.2")

    assert run("blind_review", "sheet", "--seed", "b", "--folder", tmp_path, "--lacking") == (
        "1 questions on 1 sheets\n"
    )


def test_screening_is_recorded_and_counts_in_no_figure(record, tmp_path):
    make_question("MET-K1.1")
    (item,) = blind_items(published_contents(), seed="a")
    answers = tmp_path / "answers.csv"
    answers.write_text(f"{item.number},{LETTERS[item.labels.index('C')]}\n")

    run("blind_review", "answers", "--seed", "a", "--screening", "--solver", "one", answers)

    review = blind_review()
    assert [each.view for each in recorded_solves()] == ["screening"]
    assert (review.ever.solves, review.ever.blind_solves, review.lacking) == (0, 0, 1)


def test_sheets_without_stem_show_the_options_alone(tmp_path):
    make_question("MET-K1.1", stem="Which guests left?")

    run("blind_review", "sheet", "--seed", "a", "--without-stem", "--folder", tmp_path)

    assert "guests" not in (tmp_path / "a-1.md").read_text()


def test_adjudications_are_recorded(tmp_path):
    question = make_question("MET-K1.1")
    file = tmp_path / "decisions.csv"
    file.write_text(f"{question.code},mended,A second option could be defended, so the stem names the budget.\n")

    run("blind_review", "adjudicate", file)

    (decision,) = recorded_solves()
    assert (decision.view, decision.answer, decision.remark) == (
        "adjudication",
        "mended",
        "A second option could be defended, so the stem names the budget.",
    )


def test_an_unknown_question_is_not_adjudicated(tmp_path, record):
    file = tmp_path / "decisions.csv"
    file.write_text("MET-K9.9-P1,kept,Hm.\n")

    with pytest.raises(CommandError, match=r"No published question has the code “MET-K9\.9-P1”"):
        run("blind_review", "adjudicate", file)
    assert not record.exists()


def test_a_file_that_cannot_be_read_is_a_sentence(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file or directory"):
        run("blind_review", "adjudicate", tmp_path / "none.csv")


def test_an_unknown_decision_records_nothing(tmp_path, record):
    file = tmp_path / "decisions.csv"
    question = make_question("MET-K1.1")
    file.write_text(f"{question.code},perhaps,Hm.\n")

    with pytest.raises(CommandError, match="must be kept, mended or dropped, not “perhaps”"):
        run("blind_review", "adjudicate", file)
    assert not record.exists()


# Pages


def test_admin_report_shows_coverage_and_review(admin_client, record):
    make_question("MET-K1.1")
    keep(record, *solved("stem", "one"))

    response = admin_client.get("/admin/questions/question/report/")

    html = response.content.decode()
    assert (response.status_code, "MET-K1.1" in html, "100.00&nbsp;% gave the key" in html) == (200, True, True)


def test_admin_report_is_closed_to_others(client, candidate_client, coordinator_client):
    for someone in (client, candidate_client, coordinator_client):
        response = someone.get("/admin/questions/question/report/")
        assert (response.status_code, response.url.partition("?")[0]) == (302, "/admin/login/")


def test_admin_report_is_read_only(admin_client):
    assert admin_client.post("/admin/questions/question/report/").status_code == 405


def test_public_page_says_that_nobody_signed_yet(client):
    make_question()

    html = client.get("/questions/checked/").content.decode()

    assert "No certified professional has signed off the bank yet" in html
    assert "No answers of blind solvers are recorded yet" in html


def test_public_page_counts_signatures_and_solves(client, record):
    SignOff.objects.create(question=make_question(), name="Ann")
    keep(record, *solved("stem", "one", agrees=False))

    html = client.get("/questions/checked/").content.decode()

    assert "have signed off 1 questions so far" in " ".join(html.split())
    assert "0.00&nbsp;%" in html


def test_public_page_refuses_posts(client):
    assert client.post("/questions/checked/").status_code == 405


def test_quality_is_reckoned_once_until_something_changes(record, django_assert_num_queries):
    make_question()
    bank_quality()
    with django_assert_num_queries(1):
        assert bank_quality().practice == 1
    make_question(published_at="2026-01-01T00:00:00Z")

    assert (bank_quality().practice, bank_quality().review.published) == (2, 2)

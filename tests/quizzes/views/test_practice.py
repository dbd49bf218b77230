from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.models import User
from questions.models import Question
from quizzes.forms.practice import BuildPracticeForm
from quizzes.models import Attempt, Feedback, Quiz
from quizzes.views.practice_page import Preset
from tests.factories import (
    COMPETENCIES,
    NOW,
    TODAY,
    make_attempt,
    make_blueprint,
    make_competency,
    make_question,
    make_quiz,
    make_study_plan,
    make_user,
)
from tests.reviews.builders import review

URL = "/practice/"


@pytest.fixture(autouse=True)
def _clock(set_clock: Callable[[datetime], None]) -> None:
    set_clock(NOW)


@pytest.fixture
def bank(db: None) -> None:
    """Six questions of MET and two of CUL."""
    for number in range(1, 7):
        make_question(f"MET-K{number}.1")
    make_question("CUL-K1.1")
    make_question("CUL-K2.1")


def choice(**fields: Any) -> dict[str, Any]:
    return {"code": str(uuid4()), "question_count": "5", "feedback": "after_each", **fields}


def test_page_counts_what_matches(candidate_client: Client, bank: None) -> None:
    response = candidate_client.get(URL)
    assert response.status_code == 200
    assert response.context["matching"].count == 8
    assert [box.code for box in response.context["competency_choices"]] == ["CUL", "MET"]


def presets_of(client: Client) -> dict[str, Preset]:
    return {preset.title: preset for preset in client.get(URL).context["presets"]}


def answered(candidate: User, question: Question, label: str, **fields: Any) -> None:
    attempt = make_attempt(candidate, question, state="graded", submitted_at=NOW)
    attempt.responses.update(selected_label=label, answered_at=NOW, sequence=1, is_correct=label == "B", **fields)


def test_page_offers_presets_and_says_why_one_cannot_be_started(candidate_client: Client, bank: None) -> None:
    presets = presets_of(candidate_client)
    assert {title: preset.refusal or preset.text for title, preset in presets.items()} == {
        "Quick ten": "Ten questions, mixed from all competencies.",
        "Unseen ten": "8 questions you have not seen yet.",
        "Missed": "Nothing is missed just now.",
        "Flagged": "You have flagged no question.",
        "One competency": "Ten questions, all from one, new ones first.",
    }


def test_presets_count_what_they_would_ask(candidate_client: Client, candidate: User, bank: None) -> None:
    first, second, third = Question.objects.order_by("pk")[:3]
    answered(candidate, first, "A")
    answered(candidate, second, "C", is_flagged=True)
    answered(candidate, third, "B")
    presets = presets_of(candidate_client)
    assert {title: presets[title].text for title in ("Unseen ten", "Missed", "Flagged")} == {
        "Unseen ten": "5 questions you have not seen yet.",
        "Missed": "2 questions you answered wrong the last time.",
        "Flagged": "1 question you flagged.",
    }


@pytest.mark.parametrize(("title", "code"), [("Missed", "MET-K1.1"), ("Flagged", "MET-K2.1")])
def test_a_preset_by_status_asks_these_alone(
    candidate_client: Client, candidate: User, bank: None, title: str, code: str
) -> None:
    answered(candidate, Question.objects.get(objective__code="MET-K1.1"), "A")
    answered(candidate, Question.objects.get(objective__code="MET-K2.1"), "B", is_flagged=True)
    preset = presets_of(candidate_client)[title]
    candidate_client.post(URL, {"code": preset.code, "feedback": "after_each", **preset.fields})
    attempt = Attempt.objects.get(state="in_progress")
    assert attempt.quiz.title == f"Mixed practice, {title.lower()}"
    assert list(attempt.responses.values_list("question__objective__code", flat=True)) == [code]


def test_page_offers_the_competency_that_pays_most_once_there_are_answers(
    candidate_client: Client, candidate: User, bank: None
) -> None:
    """MET has six objectives to meet, CUL two, of which one was answered."""
    review(candidate, Question.objects.get(objective__code="CUL-K1.1"))
    assert presets_of(candidate_client)["What pays most"].fields["competencies"] == "MET"


def test_page_offers_parts_of_the_edition_and_says_what_they_lack(
    candidate_client: Client, candidate: User, bank: None
) -> None:
    """Of 8 items in 180 minutes: all six of MET can fill a half, and the mini mock as well."""
    make_blueprint(item_count=8, MET=100)
    candidate.extra_time_percent = 50
    candidate.save()
    response = candidate_client.get(URL)
    rows = response.context["short_mocks"]
    assert [(row.mock.title, row.mock.question_count, row.minutes, row.refusal) for row in rows] == [
        ("Mini mock", 2, 68, ""),
        ("Half mock", 4, 135, ""),
    ]
    assert re.findall(r"[24] questions, [^<]*", response.content.decode()) == [
        "2 questions, weighted like the exam, in 68 minutes: 45 and 23 more, your 50 % extra time.",
        "4 questions, weighted like the exam, in 135 minutes: 90 and 45 more, your 50 % extra time.",
    ]


def test_page_says_which_part_of_the_exam_the_bank_cannot_fill(candidate_client: Client, bank: None) -> None:
    make_blueprint(item_count=12, CUL=50, STR=50)
    rows = candidate_client.get(URL).context["short_mocks"]
    assert [row.refusal for row in rows] == [
        f"The practice pool has too few questions for {COMPETENCIES['STR']}.",
        f"The practice pool has too few questions for {COMPETENCIES['CUL']}.",
    ]


def test_the_own_study_plan_says_which_edition(candidate_client: Client, candidate: User, bank: None) -> None:
    make_blueprint(item_count=8, MET=100)
    make_study_plan(candidate, blueprint=make_blueprint("five-areas", item_count=4, MET=100))
    rows = candidate_client.get(URL).context["short_mocks"]
    assert [row.mock.question_count for row in rows] == [1, 2]


def test_every_form_of_the_page_has_a_key_of_its_own(candidate_client: Client, bank: None) -> None:
    codes = re.findall(r'name="code" value="([^"]+)"', candidate_client.get(URL).content.decode())
    assert len(codes) == 4
    assert len(set(codes)) == 4


def test_daily_ten_is_offered_gone_on_with_and_done(candidate_client: Client, candidate: User, bank: None) -> None:
    def shown() -> str:
        return re.sub(r"\s+", " ", candidate_client.get(URL).content.decode())

    assert 'action="/practice/daily/"' in shown()
    quiz = make_quiz(author=candidate, daily_on=TODAY)
    attempt = make_attempt(candidate, *Question.objects.all()[:2], quiz=quiz)
    attempt.responses.filter(position=1).update(selected_label="A")
    body = shown()
    assert (body.count(f'href="/attempts/{attempt.code}/"'), "1 of 2 answered." in body) == (1, True)
    Attempt.objects.update(state="graded", submitted_at=NOW, raw_score=1)
    body = shown()
    assert ("Done today: 1 of 2 right." in body, 'action="/practice/daily/"' in body) == (True, False)


def test_page_offers_no_quiz_that_ran_out(candidate_client: Client, candidate: User, bank: None) -> None:
    make_attempt(candidate, deadline_at=NOW)
    paused = make_attempt(candidate, deadline_at=NOW, paused_at=NOW - timedelta(minutes=5))
    assert list(candidate_client.get(URL).context["open_attempts"]) == [paused]


def test_page_shows_open_quizzes(candidate_client: Client, candidate: User, bank: None) -> None:
    attempt = make_attempt(candidate, make_question())
    body = candidate_client.get(URL).content.decode()
    assert f'href="/attempts/{attempt.code}/"' in body
    assert "0 of 1 answered" in body


def test_address_preselects_competencies(candidate_client: Client, bank: None) -> None:
    boxes = candidate_client.get(URL, {"competencies": "MET"}).context["competency_choices"]
    assert [box.code for box in boxes if box.is_chosen] == ["MET"]


def test_address_preselects_objectives_and_asks_for_no_more_than_there_are(
    candidate_client: Client, bank: None
) -> None:
    response = candidate_client.get(URL, {"objectives": ["MET-K1.1", "CUL-K1.1"]})
    assert [(box.code, box.is_chosen) for box in response.context["objective_choices"]] == [
        ("CUL-K1.1", True),
        ("MET-K1.1", True),
    ]
    assert response.context["form"].initial["question_count"] == 2
    assert "presets" not in response.context


def test_address_preselects_statements_and_opens_their_group(candidate_client: Client, bank: None) -> None:
    response = candidate_client.get(URL, {"statements": "MET-K3"})
    groups = response.context["statement_groups"]
    assert [(group.competency.code, group.chosen_count) for group in groups] == [("CUL", 0), ("MET", 1)]
    assert [box.code for box in groups[1].choices if box.is_chosen] == ["MET-K3"]
    assert (response.context["matching"].count, "presets" in response.context) == (1, False)


def test_address_preselects_statuses_and_levels(candidate_client: Client, candidate: User, bank: None) -> None:
    answered(candidate, make_question(difficulty=5), "A")
    answered(candidate, make_question(difficulty=1), "A")
    response = candidate_client.get(URL, {"statuses": ["missed", "nothing"], "levels": ["hard", "\x00"]})
    assert [box.code for box in response.context["status_choices"] if box.is_chosen] == ["missed"]
    assert [box.code for box in response.context["level_choices"] if box.is_chosen] == ["hard"]
    assert response.context["matching"].count == 1


def test_builder_counts_beside_each_status(candidate_client: Client, candidate: User, bank: None) -> None:
    first, second = Question.objects.order_by("pk")[:2]
    answered(candidate, first, "B", confidence="unsure", is_flagged=True)
    answered(candidate, second, "A")
    boxes = candidate_client.get(URL).context["status_choices"]
    assert {box.code: box.note for box in boxes} == {"unseen": "6", "missed": "1", "unsure": "1", "flagged": "1"}


@pytest.mark.parametrize("forged", ["NOPE", "<script>", "\x00", "A" * 5000, "'; DROP TABLE quiz; --"])
def test_address_with_forged_codes_is_answered_with_the_builder(
    candidate_client: Client, bank: None, forged: str
) -> None:
    query = {"objectives": forged, "competencies": forged, "statements": forged}
    response = candidate_client.get(URL, query)
    assert response.status_code == 200
    assert response.context["matching"].count == 8
    assert "<script>" not in response.content.decode().partition("builder-title")[2]


def test_address_with_an_unknown_code_is_told_so(candidate_client: Client, bank: None) -> None:
    assert (
        "There is nothing called MET-K99.1 here."
        in candidate_client.get(URL, {"objectives": ["MET-K99.1"]}).content.decode()
    )


def test_post_starts_a_quiz_at_its_first_question(candidate_client: Client, candidate: User, bank: None) -> None:
    data = choice(competencies="MET", feedback="at_end", time_limit_minutes="12", unseen_first="on", question_count="5")
    response = candidate_client.post(URL, data)
    attempt = Attempt.objects.select_related("quiz").get()
    assert (response.status_code, response["Location"]) == (302, f"/attempts/{attempt.code}/questions/1/")
    quiz = attempt.quiz
    assert (quiz.title, quiz.question_count, quiz.time_limit_minutes, quiz.feedback) == (
        "Practice: MET", 5, 12, Feedback.AT_END,
    )  # fmt: skip
    assert quiz.rule == {
        "competencies": ["MET"],
        "statements": [],
        "objectives": [],
        "difficulties": [],
        "statuses": [],
        "unseen_first": True,
    }
    drawn = attempt.responses.values_list("question__objective__statement__competency__code", flat=True)
    assert (attempt.candidate, list(drawn)) == (candidate, ["MET"] * 5)


def test_post_twice_with_one_key_is_one_quiz(candidate_client: Client, bank: None) -> None:
    data = choice()
    first, second = candidate_client.post(URL, data), candidate_client.post(URL, data)
    assert first["Location"] == second["Location"]
    assert (Quiz.objects.count(), Attempt.objects.count()) == (1, 1)


def test_post_for_one_objective_may_be_shorter_than_five(candidate_client: Client, bank: None) -> None:
    response = candidate_client.post(URL, choice(objectives="MET-K1.1", question_count="1"))
    assert response.status_code == 302
    assert Quiz.objects.get().title == "Practice: MET-K1.1"


def test_post_for_no_question_of_one_objective_is_told_how_few_it_takes(candidate_client: Client, bank: None) -> None:
    response = candidate_client.post(URL, choice(objectives="MET-K1.1", question_count="0"))
    assert response.context["form"].errors["question_count"] == ["Choose at least one question."]


@pytest.mark.parametrize(
    ("chosen", "title", "narrowed"),
    [
        ({"statements": ["MET-K1"]}, "Practice: MET-K1", ([], ["MET-K1"], [])),
        ({"competencies": ["MET"], "statements": ["MET-K1"]}, "Practice: MET-K1", ([], ["MET-K1"], [])),
        (
            {"competencies": ["CUL"], "statements": ["MET-K1", "MET-K2"]},
            "Practice: CUL, 2 statements",
            ([], ["CUL-K1", "CUL-K2", "MET-K1", "MET-K2"], []),
        ),
        ({"competencies": ["CUL", "MET"]}, "Mixed practice", (["CUL", "MET"], [], [])),
        ({"levels": ["easy", "hard"], "statuses": ["unseen"]}, "Mixed practice, not seen yet, easy, hard",
         ([], [], [1, 2, 4, 5])),
        ({"objectives": ["MET-K1.1", "CUL-K1.1"], "levels": ["medium"]}, "Practice: 2 objectives, medium",
         ([], [], [3])),
    ],
)  # fmt: skip
def test_what_is_chosen_becomes_a_rule_and_a_title(
    bank: None, chosen: dict[str, list[str]], title: str, narrowed: tuple[list[Any], ...]
) -> None:
    data = QueryDict(mutable=True)
    data.update(choice())
    for name, values in chosen.items():
        data.setlist(name, values)
    form = BuildPracticeForm(data)
    assert form.is_valid()
    rule = form.rule()
    assert (form.title(), rule["competencies"], rule["statements"], rule["difficulties"]) == (title, *narrowed)


def test_post_by_status_and_level_asks_what_matches_both(candidate_client: Client, candidate: User, bank: None) -> None:
    wanted = make_question("MET-K1.1", difficulty=5)
    for question in (wanted, make_question("MET-K1.1", difficulty=1)):
        answered(candidate, question, "A")
    candidate_client.post(URL, choice(statuses="missed", levels="hard", question_count="1"))
    assert [each.question for each in Attempt.objects.get(state="in_progress").responses.all()] == [wanted]


def test_post_twice_goes_on_although_less_matches_by_then(
    candidate_client: Client, candidate: User, bank: None
) -> None:
    answered(candidate, make_question("MET-K1.1"), "A")
    data = choice(statuses="missed", question_count="1")
    first = candidate_client.post(URL, data)
    Attempt.objects.get(state="in_progress").responses.update(
        selected_label="B", answered_at=NOW, checked_at=NOW, is_correct=True, sequence=1
    )
    assert candidate_client.post(URL, data)["Location"] == first["Location"]


def test_post_for_more_of_a_status_than_there_is_says_how_many(
    candidate_client: Client, candidate: User, bank: None
) -> None:
    answered(candidate, make_question("MET-K1.1"), "A")
    body = candidate_client.post(URL, choice(statuses="missed", question_count="7")).content.decode()
    assert "Only 1 question matches this choice; you asked for 7. Ask for fewer, or widen the choice." in body


def test_post_for_more_than_match_says_how_many_there_are_and_keeps_what_was_typed(
    candidate_client: Client, bank: None
) -> None:
    data = choice(competencies="MET", question_count="50", feedback="at_end", time_limit_minutes="7")
    response = candidate_client.post(URL, data)
    body = response.content.decode()
    assert response.status_code == 200
    assert "Only 6 questions match this choice; you asked for 50." in body
    assert 'name="question_count" value="50"' in body
    assert 'name="time_limit_minutes" value="7"' in body
    assert [box.code for box in response.context["competency_choices"] if box.is_chosen] == ["MET"]
    assert re.search(r'value="at_end"[^>]*checked', body)
    assert (Quiz.objects.count(), Attempt.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("question_count", "4", "Choose at least 5 questions."),
        ("question_count", "101", "A practice quiz has at most 100 questions."),
        ("question_count", "0", "Choose at least 5 questions."),
        ("question_count", "-3", "Choose at least 5 questions."),
        ("question_count", "", "Choose a number of questions, 5 to 100."),
        ("question_count", "ten", "Enter a whole number."),
        ("question_count", "9" * 400, "A practice quiz has at most 100 questions."),
        ("time_limit_minutes", "0", "A time limit is at least one minute."),
        ("time_limit_minutes", "301", "A time limit is at most 300 minutes."),
        ("feedback", "after_due", "Select a valid choice."),
        ("feedback", "", "Choose when the answers are explained."),
        ("code", "no-uuid", "Press Start again."),
        ("code", "", "Press Start again."),
        ("competencies", "XXX", "Select a valid choice."),
        ("objectives", "\x00", "Select a valid choice."),
        ("statements", "MET-K99", "Select a valid choice."),
        ("statuses", "\x00", "Select a valid choice."),
        ("statuses", "lost", "Select a valid choice."),
        ("levels", "9", "Select a valid choice."),
    ],
)
def test_post_refuses_with_a_sentence(
    candidate_client: Client, bank: None, field: str, value: str, sentence: str
) -> None:
    response = candidate_client.post(URL, choice(**{field: value}))
    assert response.status_code == 200
    assert sentence in response.content.decode()
    assert (Quiz.objects.count(), Attempt.objects.count()) == (0, 0)


def test_post_with_a_key_of_somebody_else_gives_nothing_of_theirs(
    candidate_client: Client, other_client: Client, bank: None
) -> None:
    data = choice()
    other_client.post(URL, data)
    response = candidate_client.post(URL, data)
    assert response.status_code == 200
    assert "Open it again to build your quiz." in response.content.decode()
    assert Attempt.objects.count() == 1


def test_page_without_any_question_says_so(candidate_client: Client) -> None:
    make_competency("MET")
    body = candidate_client.get(URL).content.decode()
    assert "questions match. Widen the choice." in body
    assert "No question matches this choice." in candidate_client.post(URL, choice()).content.decode()


def test_sealed_and_unpublished_questions_do_not_count(candidate_client: Client, bank: None) -> None:
    make_question("MET-K1.1", pool="mock")
    make_question("MET-K1.1", status="draft")
    assert candidate_client.get(URL).context["matching"].count == 8


@pytest.mark.parametrize("rows", [1, 3])
def test_page_takes_the_same_queries_whatever_there_is(
    candidate_client: Client, candidate: User, django_assert_num_queries: Any, rows: int
) -> None:
    for number in range(1, rows + 1):
        for code in ("CUL", "MET"):
            make_attempt(candidate, make_question(f"{code}-K{number}.1"))
    with django_assert_num_queries(21):
        candidate_client.get(URL)
    with django_assert_num_queries(13):
        candidate_client.get(URL, {"objectives": [f"MET-K{n}.1" for n in range(1, rows + 1)]})


def test_anonymous_is_sent_to_sign_in_and_back(client: Client, db: None) -> None:
    response = client.get(URL, {"objectives": "MET-K1.1"})
    assert response["Location"] == "/accounts/login/?next=/practice/%3Fobjectives%3DMET-K1.1"


def test_coordinators_may_practice_too(bank: None) -> None:
    client = Client()
    client.force_login(make_user("cora", role=User.Role.COORDINATOR))
    assert client.get(URL).status_code == 200


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(candidate_client: Client, method: str) -> None:
    assert getattr(candidate_client, method)(URL).status_code == 405

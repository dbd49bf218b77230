from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry

from questions.models import Question
from tests.factories import make_objective, make_question
from tests.questions.admin_pages import ADD, LIST, change_url, make_data, make_draft
from tests.questions.builders import TEXTS

pytestmark = pytest.mark.django_db


def test_a_new_question_gets_its_code_and_its_author(admin_client, admin_user):
    make_question(code="MET-K1.1-P4")
    objective = make_objective("MET-K1.1")

    response = admin_client.post(ADD, make_data(objective=objective.pk, pool="practice"))

    question = Question.objects.get(status="draft")
    assert (response.status_code, response.url) == (302, LIST)
    assert (question.code, question.version, question.author, question.pool) == (
        "MET-K1.1-P5",
        1,
        admin_user,
        "practice",
    )
    assert question.stem == "Guests leave.\n\nWhat comes first?"
    assert question.options[3] == {"label": "D", "text": TEXTS["D"], "rationale": "Why D."}
    assert (question.key, question.difficulty, question.cognitive_level) == ("C", 4, "analysis")
    assert question.locators == {"reichheld-2003": "p. 50"}
    assert [reference.code for reference in question.references.all()] == ["reichheld-2003"]


def test_a_draft_is_edited_in_a_form_of_four_rows(admin_client):
    draft = make_draft()

    html = admin_client.get(change_url(draft)).content.decode()
    response = admin_client.post(change_url(draft), make_data())

    assert html.count('name="options_text_') == 4
    assert html.count('name="options_rationale_') == 4
    assert "Rationale of option D" in html
    assert response.status_code == 302
    draft.refresh_from_db()
    assert (draft.key, draft.options[0]["text"], draft.version, draft.code) == ("C", TEXTS["A"], 1, "MET-K1.1-P1")


def test_the_form_of_a_draft_shows_what_it_says(admin_client):
    draft = make_draft(locators={"reichheld-2003": "p. 50"})

    form = admin_client.get(change_url(draft)).context["adminform"].form

    assert form["options"].value() == [option[part] for option in draft.options for part in ("text", "rationale")]
    assert (form["key"].value(), form["difficulty"].value(), form["stem"].value()) == ("B", 3, draft.stem)
    assert form["locators"].value() == "reichheld-2003: p. 50"


def test_a_draft_saved_as_it_is_changes_nothing(admin_client):
    draft = make_draft(locators={"reichheld-2003": "p. 50"})
    form = admin_client.get(change_url(draft)).context["adminform"].form
    options = dict(zip(form.fields["options"].widget.widgets_names, form["options"].value(), strict=True))
    data = {
        **make_data(),
        **{f"options{name}": value for name, value in options.items()},
        **{name: form[name].value() for name in ("stem", "key", "difficulty", "cognitive_level", "locators")},
    }
    before = Question.objects.values().get()

    assert admin_client.post(change_url(draft), data).status_code == 302

    assert Question.objects.values().get() == before
    assert LogEntry.objects.get().get_change_message() == "No fields changed."


def test_code_pool_objective_and_status_cannot_be_posted(admin_client):
    draft = make_draft()
    other = make_objective("MET-K1.2")

    admin_client.post(
        change_url(draft),
        make_data(code="X", version=9, pool="mock", objective=other.pk, status="published", fingerprint="f"),
    )

    draft.refresh_from_db()
    assert (draft.code, draft.version, draft.pool, draft.objective.code, draft.status, draft.fingerprint) == (
        "MET-K1.1-P1",
        1,
        "practice",
        "MET-K1.1",
        "draft",
        "",
    )


@pytest.mark.parametrize(
    ("changes", "field", "sentences"),
    [
        ({"options_rationale_C": " "}, "options", ["Option C has no rationale."]),
        ({"options_text_D": ""}, "options", ["Option D has no text."]),
        ({"options_text_D": TEXTS["A"]}, "options", ["Options A and D are identical."]),
        (
            {"options_text_D": "None of the above"},
            "options",
            ["Option D is about the other options (“None of the above”): write one of its own."],
        ),
        ({"key": ""}, "key", ["This field is required."]),
        ({"difficulty": "9"}, "difficulty", ["Select a valid choice. 9 is not one of the available choices."]),
        ({"locators": "page fifty"}, "locators", ["Write “code: place” instead of “page fifty”."]),
        (
            {"locators": "hart-1990: p. 3"},
            "locators",
            ["The locators name hart-1990, which is not among the references."],
        ),
        ({"references": [], "locators": ""}, "references", ["There is no reference: name at least one work."]),
        ({"stem": ""}, "stem", ["This field is required."]),
    ],
)
def test_errors_are_sentences_and_what_was_typed_stays(admin_client, changes, field, sentences):
    draft = make_draft()

    response = admin_client.post(change_url(draft), make_data(**changes))

    form = response.context["adminform"].form
    assert (response.status_code, dict(form.errors)) == (200, {field: sentences})
    assert "Why A." in response.content.decode()
    draft.refresh_from_db()
    assert draft.key == "B"


def test_findings_stand_beside_the_question(admin_client):
    html = admin_client.get(change_url(make_draft(stem="No question mark."))).content.decode()

    assert "The stem does not end with a question mark." in html

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from questions.models import Question
from questions.queries import option_rows
from questions.validation import LABELS
from tests.factories import make_mock_question, make_objective, make_question, make_reference
from tests.questions.builders import TEXTS

pytestmark = pytest.mark.django_db
LIST = "/admin/questions/question/"
ADD = f"{LIST}add/"
VERBS = ["publish", "review", "retire", "revise"]


def change_url(question: Question) -> str:
    return f"{LIST}{question.pk}/change/"


def make_draft(**fields: Any) -> Question:
    return make_question(**{"code": "MET-K1.1-P1", "status": "draft", **fields})


def make_data(**changes: Any) -> dict[str, Any]:
    """What the form of a draft posts."""
    options = {f"options_text_{label}": TEXTS[label] for label in LABELS}
    rationales = {f"options_rationale_{label}": f"Why {label}." for label in LABELS}
    return {
        "cognitive_level": "analysis",
        "difficulty": "4",
        "stem": "Guests leave.\r\n\r\nWhat comes first?",
        **options,
        **rationales,
        "key": "C",
        "references": [str(make_reference().pk)],
        "locators": "reichheld-2003: p. 50",
        **changes,
    }


def told(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def viewer_client(db: None, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Staff who may look at questions and nothing else; today every admin keeps the bank."""
    monkeypatch.setattr("accounts.models.KEPT_BY_ADMINS", frozenset())
    user = User.objects.create_user("vera@example.com", "x", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="view_question"))
    client = Client()
    client.force_login(user)
    return client


# Who gets in


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


# The list


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


# Writing a draft


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


# What was published


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


# Moves


def test_publish_publishes_and_is_logged(admin_client, admin_user):
    draft = make_draft()

    response = admin_client.post(f"{LIST}{draft.pk}/publish/")

    draft.refresh_from_db()
    assert (response.url, told(response)) == (change_url(draft), ["Published: MET-K1.1-P1 v1."])
    assert (draft.status, len(draft.fingerprint)) == ("published", 64)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id, entry.get_change_message()) == (admin_user, str(draft.pk), "Published")


def test_review_sends_to_review(admin_client):
    draft = make_draft()

    admin_client.post(f"{LIST}{draft.pk}/review/")

    draft.refresh_from_db()
    assert draft.status == "in_review"


def test_retire_retires(admin_client):
    question = make_draft(status="published")

    admin_client.post(f"{LIST}{question.pk}/retire/")

    question.refresh_from_db()
    assert question.status == "retired"


def test_revise_opens_the_next_draft(admin_client, admin_user):
    question = make_draft(status="published")

    response = admin_client.post(f"{LIST}{question.pk}/revise/")

    draft = Question.objects.get(version=2)
    assert (response.url, draft.author) == (change_url(draft), admin_user)
    assert told(response) == ["Ready to be edited: MET-K1.1-P1 v2."]


def test_a_refusal_is_a_sentence(admin_client):
    draft = make_draft(stem="")

    response = admin_client.post(f"{LIST}{draft.pk}/publish/")

    assert (response.url, told(response)) == (
        change_url(draft),
        ["MET-K1.1-P1 v1 cannot be published. The stem is empty."],
    )


def test_actions_move_many_and_name_what_they_refuse(admin_client):
    sound = make_draft()
    broken = make_draft(code="MET-K1.1-P2", key="B", stem="")

    response = admin_client.post(LIST, {"action": "publish_selected", "_selected_action": [sound.pk, broken.pk]})

    assert told(response) == [
        "Published: MET-K1.1-P1 v1.",
        "MET-K1.1-P2 v1 cannot be published. The stem is empty.",
    ]


@pytest.mark.parametrize(
    ("action", "status"),
    [("review_selected", "in_review"), ("retire_selected", "retired"), ("publish_selected", "published")],
)
def test_each_action_moves_to_its_status(admin_client, action, status):
    draft = make_draft()

    admin_client.post(LIST, {"action": action, "_selected_action": [draft.pk]})

    draft.refresh_from_db()
    assert draft.status == status


def test_the_action_revise_makes_drafts(admin_client):
    question = make_draft(status="published")

    admin_client.post(LIST, {"action": "revise_selected", "_selected_action": [question.pk]})

    assert Question.objects.get(version=2).status == "draft"


# The preview


def test_the_preview_hides_key_and_rationales_first(admin_client):
    question = make_mock_question(code="MET-K1.1-M1")

    html = admin_client.get(f"{LIST}{question.pk}/preview/").content.decode()
    answers = admin_client.get(f"{LIST}{question.pk}/preview/?answers").content.decode()

    values = [row.label for row in option_rows(question)]
    assert [html.index(f'value="{value}"') for value in values] == sorted(
        html.index(f'value="{value}"') for value in values
    )
    assert [option["rationale"] in html for option in question.options] == [False] * 4
    assert "option-right" not in html
    assert [option["rationale"] in answers for option in question.options] == [True] * 4
    assert answers.count("option-right") == 1


def test_the_preview_of_nothing_is_404(admin_client):
    assert admin_client.get(f"{LIST}4711/preview/").status_code == 404


def test_the_preview_is_no_post(admin_client):
    assert admin_client.post(f"{LIST}{make_draft().pk}/preview/").status_code == 405


# In a browser


@pytest.mark.django_db(transaction=True)
def test_an_author_writes_publishes_and_revises_a_question(live_server, browser_page, sign_in, admin_user):
    make_objective("MET-K1.1", text="Compute a score")
    make_reference()
    page = browser_page
    sign_in(page, admin_user)
    page.goto(live_server.url + ADD)
    page.locator(".field-objective .select2-selection").click()
    page.locator(".select2-search__field").fill("MET-K1.1")
    page.locator(".select2-results__option--highlighted").filter(has_text="Compute a score").click()
    page.locator("#id_references_from option").filter(has_text="Reichheld").dblclick()
    page.get_by_label("Pool").select_option("practice")
    page.get_by_label("Stem").fill("Guests leave. What comes first?")
    for label in LABELS:
        page.get_by_label(f"Text of option {label}").fill(TEXTS[label])
        page.get_by_label(f"Rationale of option {label}").fill(f"Why {label}.")
    page.locator("#id_key input[value=B]").check()
    page.locator("#id_difficulty input[value='3']").check()
    page.get_by_label("Cognitive level").select_option("application")
    page.get_by_role("button", name="Save and continue editing").click()
    page.get_by_text("Nothing was found to be wrong.").wait_for()
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Published: MET-K1.1-P1 v1.").wait_for()
    page.get_by_role("link", name="Preview as a candidate sees it").click()
    page.get_by_role("link", name="Show the key and the rationales").click()
    page.get_by_text("Why B.").wait_for()
    page.get_by_role("link", name="Back to the question").click()
    page.get_by_role("button", name="Revise").click()
    page.get_by_text("Ready to be edited: MET-K1.1-P1 v2.").wait_for()

    assert list(Question.objects.order_by("version").values_list("version", "status")) == [
        (1, "published"),
        (2, "draft"),
    ]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_preview_is_accessible(live_server, new_page, sign_in, admin_user, axe, scheme):
    question = make_draft()
    page = new_page(color_scheme=scheme, viewport={"width": 390, "height": 844})
    sign_in(page, admin_user)

    for query in ("", "?answers"):
        page.goto(f"{live_server.url}{LIST}{question.pk}/preview/{query}")
        axe(page)

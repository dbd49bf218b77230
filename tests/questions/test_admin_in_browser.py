from __future__ import annotations

import pytest

from questions.models import Question
from questions.validation import LABELS
from tests.factories import make_objective, make_reference
from tests.questions.admin_pages import ADD, LIST, make_draft
from tests.questions.builders import TEXTS

pytestmark = pytest.mark.django_db(transaction=True)


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


def test_the_preview_is_accessible(live_server, browser_page, sign_in, admin_user, axe_in_all_looks):
    question = make_draft()
    sign_in(browser_page, admin_user)

    for query in ("", "?answers"):
        browser_page.goto(f"{live_server.url}{LIST}{question.pk}/preview/{query}")
        axe_in_all_looks(browser_page)

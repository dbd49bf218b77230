from __future__ import annotations

import pytest

from questions.queries import option_rows
from tests.factories import make_mock_question
from tests.questions.admin_pages import LIST, make_draft

pytestmark = pytest.mark.django_db


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

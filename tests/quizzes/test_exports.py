from __future__ import annotations

import pytest

from quizzes.exports import cell, csv_response
from tests.factories import NOW


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_cell_that_would_be_a_formula_gets_an_apostrophe(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize(("value", "text"), [("a=b", "a=b"), (None, ""), (-3, "-3"), (NOW, "2026-03-02 12:00")])
def test_cell_keeps_everything_else(value: object, text: str) -> None:
    assert cell(value) == text


def test_csv_quotes_separators_and_begins_with_the_mark() -> None:
    response = csv_response("Spring; cohort / 1", [["a,b", 'c"d']])

    assert response.content == b'\xef\xbb\xbf"a,b","c""d"\r\n'
    assert response["Content-Disposition"] == 'attachment; filename="spring-cohort-1.csv"'

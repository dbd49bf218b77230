from __future__ import annotations

import pytest
from django.urls import reverse

from competencies.models import Reference
from tests.factories import make_competency, make_objective, make_statement

pytestmark = pytest.mark.django_db


def work(**fields: object) -> Reference:
    return Reference(**{"authors": "Porter, M. E.", "year": 1996, "title": "T", "publication": "HBR 74(6)", **fields})


def test_reference_reads_as_a_citation() -> None:
    assert str(work(title="Competing on Journeys")) == "Porter, M. E. (1996). Competing on Journeys. HBR 74(6)."


def test_reference_whose_title_asks_gets_no_full_stop() -> None:
    assert str(work(title="What Is Strategy?")) == "Porter, M. E. (1996). What Is Strategy? HBR 74(6)."


def test_reference_without_year_says_so() -> None:
    assert str(work(year=None)) == "Porter, M. E. (n.d.). T. HBR 74(6)."


def test_content_knows_its_study_page() -> None:
    objective = make_objective("MET-K1.2")
    assert objective.get_absolute_url() == reverse("study:objective-detail", args=["MET-K1.2"])
    assert make_statement("MET-K1").get_absolute_url() == reverse("study:statement-detail", args=["MET-K1"])
    assert make_competency("MET").get_absolute_url() == reverse("study:competency-detail", args=["MET"])

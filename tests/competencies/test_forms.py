from __future__ import annotations

from typing import Any

import pytest
from django.forms import inlineformset_factory

from competencies.forms import BlueprintAreaFormSet
from competencies.models import Blueprint, BlueprintArea, Competency
from tests.factories import make_blueprint

pytestmark = pytest.mark.django_db

FIELDS = ("position", "code", "name", "weight", "competencies")
FormSet = inlineformset_factory(Blueprint, BlueprintArea, formset=BlueprintAreaFormSet, fields=FIELDS, extra=0)


def posted(blueprint: Blueprint, **changes: Any) -> Any:
    """The formset of an edition with CUL 40 and MET 60, with some fields changed."""
    data: dict[str, Any] = {"areas-TOTAL_FORMS": 2, "areas-INITIAL_FORMS": 2}
    for number, area in enumerate(blueprint.areas.order_by("position")):
        values = {
            "id": area.pk,
            "position": area.position,
            "code": area.code,
            "name": area.name,
            "weight": area.weight,
            "competencies": [competency.pk for competency in area.competencies.all()],
        }
        data |= {f"areas-{number}-{name}": value for name, value in values.items()}
    return FormSet({**data, **{f"areas-{name}": value for name, value in changes.items()}}, instance=blueprint)


@pytest.fixture
def blueprint() -> Blueprint:
    return make_blueprint("two-areas", CUL=40, MET=60)


def test_areas_that_make_a_whole_are_valid(blueprint: Blueprint) -> None:
    assert posted(blueprint).is_valid() is True


def test_weights_that_do_not_add_up_are_refused_with_their_sum(blueprint: Blueprint) -> None:
    formset = posted(blueprint, **{"0-weight": 39})
    assert formset.is_valid() is False
    assert formset.non_form_errors() == ["The weights add up to 99 %. They must add up to 100 %."]


def test_a_deleted_area_weighs_nothing(blueprint: Blueprint) -> None:
    assert posted(blueprint, **{"0-DELETE": "on", "1-weight": 100}).is_valid() is True


def test_a_competency_in_two_areas_is_refused(blueprint: Blueprint) -> None:
    both = [competency.pk for competency in Competency.objects.all()]
    formset = posted(blueprint, **{"1-competencies": both})
    assert formset.is_valid() is False
    assert formset.non_form_errors() == ["In more than one area: CUL. A competency belongs to one."]


def test_wrong_fields_are_reported_before_sums(blueprint: Blueprint) -> None:
    formset = posted(blueprint, **{"0-weight": "much"})
    assert formset.is_valid() is False
    assert formset.non_form_errors() == []

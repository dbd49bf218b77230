"""The content that ships: the handbook to the letter, both editions of the blueprint, and plain loaddata."""

from __future__ import annotations

import hashlib

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db.models import Count

from competencies.models import Blueprint, BlueprintArea, Competency, Objective, Reference, Statement
from questions.models import Question

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"
# Files that name rows of others come after them.
ORDER = ["references.yaml", "competencies.yaml", "blueprints.yaml", "objectives/*/*.yaml", "questions/*/*.yaml"]
# SHA-256 of the 89 statements of the handbook's appendix in its order, one a line, taken from the handbook itself.
HANDBOOK = "ab7677e8e9fe93f004437cd2855bc92d55d47e1a01559966ec0379d8184d45ee"


def load(*patterns: str) -> None:
    paths = [str(path) for pattern in patterns for path in sorted(FIXTURES.glob(pattern))]
    call_command("loaddata", *paths, verbosity=0)


@pytest.fixture
def handbook() -> None:
    load("competencies.yaml", "blueprints.yaml")


@pytest.mark.usefixtures("handbook")
def test_competencies_stand_in_the_handbooks_order_with_their_full_names() -> None:
    assert list(Competency.objects.values_list("code", "name")) == [
        ("CUL", "Customer-Centric Culture"),
        ("ORG", "Organizational Adoption and Accountability"),
        ("VOC", "Voice of the Customer, Customer Insight, and Understanding"),
        ("DES", "Experience Design, Improvement, and Innovation"),
        ("MET", "Metrics, Measurement, and ROI"),
        ("STR", "Customer Experience Strategy"),
    ]


@pytest.mark.usefixtures("handbook")
def test_there_are_89_statements_of_three_kinds() -> None:
    counts = Statement.objects.order_by().values_list("kind").annotate(Count("pk"))
    assert dict(counts) == {"job_task": 30, "knowledge": 30, "skill": 29}
    assert Statement.objects.count() == 89


@pytest.mark.usefixtures("handbook")
@pytest.mark.parametrize(
    ("code", "counts"),
    [
        ("CUL", {"job_task": 4, "knowledge": 5, "skill": 5}),
        ("ORG", {"job_task": 6, "knowledge": 5, "skill": 6}),
        ("VOC", {"job_task": 5, "knowledge": 4, "skill": 3}),
        ("DES", {"job_task": 6, "knowledge": 3, "skill": 5}),
        ("MET", {"job_task": 5, "knowledge": 7, "skill": 6}),
        ("STR", {"job_task": 4, "knowledge": 6, "skill": 4}),
    ],
)
def test_each_competency_has_the_handbooks_counts(code: str, counts: dict[str, int]) -> None:
    statements = Statement.objects.filter(competency__code=code).order_by()
    assert dict(statements.values_list("kind").annotate(Count("pk"))) == counts


@pytest.mark.usefixtures("handbook")
def test_statements_are_the_handbooks_to_the_letter() -> None:
    lines = "\n".join(Statement.objects.values_list("text", flat=True))
    assert hashlib.sha256(lines.encode()).hexdigest() == HANDBOOK


@pytest.mark.usefixtures("handbook")
def test_codes_say_competency_kind_and_position() -> None:
    letters = {"job_task": "T", "knowledge": "K", "skill": "S"}
    for statement in Statement.objects.select_related("competency"):
        assert statement.code == f"{statement.competency.code}-{letters[statement.kind]}{statement.position}"


@pytest.mark.usefixtures("handbook")
@pytest.mark.parametrize(
    ("code", "weights"),
    [("six-areas", [14, 19, 14, 17, 20, 16]), ("five-areas", [22, 20, 20, 19, 19])],
)
def test_an_edition_has_its_weights_items_and_minutes(code: str, weights: list[int]) -> None:
    blueprint = Blueprint.objects.get(code=code)
    assert list(blueprint.areas.order_by("position").values_list("weight", flat=True)) == weights
    assert sum(weights) == 100
    assert (blueprint.item_count, blueprint.minutes) == (100, 180)
    assert blueprint.source != ""


@pytest.mark.usefixtures("handbook")
def test_there_are_two_editions() -> None:
    assert list(Blueprint.objects.values_list("code", flat=True)) == ["six-areas", "five-areas"]


@pytest.mark.usefixtures("handbook")
@pytest.mark.parametrize("code", ["six-areas", "five-areas"])
def test_every_competency_is_in_exactly_one_area_of_an_edition(code: str) -> None:
    areas = BlueprintArea.objects.filter(blueprint__code=code).prefetch_related("competencies")
    named = [competency.code for area in areas for competency in area.competencies.all()]
    assert sorted(named) == ["CUL", "DES", "MET", "ORG", "STR", "VOC"]


@pytest.mark.usefixtures("handbook")
def test_the_six_areas_are_the_competencies_themselves() -> None:
    areas = BlueprintArea.objects.filter(blueprint__code="six-areas").order_by("position")
    pairs = areas.values_list("code", "name", "competencies__code", "competencies__name")
    assert [(code, name) for code, name, *_ in pairs] == [(code, name) for *_, code, name in pairs]


def test_every_statement_has_an_objective_with_study_text_and_source() -> None:
    load(*ORDER[:4])
    assert list(Statement.objects.filter(objectives=None).values_list("code", flat=True)) == []
    assert list(Objective.objects.filter(study_text="").values_list("code", flat=True)) == []
    assert list(Objective.objects.filter(references=None).values_list("code", flat=True)) == []


def test_objective_codes_say_statement_and_position() -> None:
    load(*ORDER[:4])
    for objective in Objective.objects.select_related("statement"):
        assert objective.code == f"{objective.statement.code}.{objective.position}"


def test_plain_loaddata_works_twice_without_duplicates() -> None:
    models = [Competency, Statement, Objective, Reference, Blueprint, BlueprintArea, Question]
    load(*ORDER)
    before = [(model.__name__, model.objects.count()) for model in models]
    links = Objective.references.through.objects.count(), Question.references.through.objects.count()
    load(*ORDER)
    assert [(model.__name__, model.objects.count()) for model in models] == before
    assert (Objective.references.through.objects.count(), Question.references.through.objects.count()) == links
    assert 0 not in dict(before).values()

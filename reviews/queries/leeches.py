from __future__ import annotations

from django.db.models import Avg, Case, Count, FloatField, OuterRef, QuerySet, Subquery, Value, When

from competencies.models import Objective
from reviews.leeches import FEWEST_FOR_SHARE
from reviews.models import Card


def leech_shares(objectives: QuerySet[Objective] | None = None) -> QuerySet[Objective]:
    """Objectives with `leech_share`, the part of the candidates who met it for whom it is a leech, 0 to 1.

    None where too few have met it. From DEFECT_SHARE on it is its questions or its study text that want a review.
    """
    objectives = Objective.objects.all() if objectives is None else objectives
    is_leech = Case(When(leech_on__isnull=False, then=Value(1.0)), default=Value(0.0), output_field=FloatField())
    met = Card.objects.filter(objective=OuterRef("pk")).order_by().values("objective").annotate(met=Count("pk"))
    shares = met.filter(met__gte=FEWEST_FOR_SHARE).annotate(share=Avg(is_leech))
    return objectives.annotate(leech_share=Subquery(shares.values("share")))

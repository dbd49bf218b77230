from __future__ import annotations

from django import template

from questions.models import Question
from questions.queries import OptionRow
from questions.queries import option_rows as rows_of

register = template.Library()


@register.filter
def option_rows(question: Question) -> list[OptionRow]:
    """The options in the order in which they are shown; neither key nor rationale is in them."""
    return rows_of(question)

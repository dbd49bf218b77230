"""Glossary terms in a text, each with a card that static/js/study-terms.js shows beside its link.

{% term_links explanation.terms as links %}
{% for option in options %}{{ option.rationale|markdown|link_terms:links }}{% endfor %}
{% term_cards links.linked %}
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from competencies.models import Term
from study.annotations import annotate
from study.queries import named_term

register = template.Library()


class TermLinks:
    """The first use of each term becomes a link, over all texts that it is given one after another."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.linked: list[Term] = []
        self._terms = {term.code: term for term in terms}
        self._waiting = {code: named_term(term) for code, term in self._terms.items()}

    def link(self, html: str) -> SafeString:
        annotated = annotate(html, terms=list(self._waiting.values()))
        for code in annotated.linked:
            del self._waiting[code]
            self.linked.append(self._terms[code])
        # As safe as what it was given: what is added to it is escaped where it is added.
        return mark_safe(annotated.html)


@register.simple_tag
def term_links(terms: Iterable[Term]) -> TermLinks:
    return TermLinks(terms)


@register.filter
def link_terms(html: str, links: TermLinks) -> SafeString:
    return links.link(conditional_escape(html))


@register.inclusion_tag("study/term_cards.html", takes_context=True)
def term_cards(context: Context, terms: Iterable[Term]) -> dict[str, Any]:
    """A card is there once on a page, however many of its texts use the term: links find it by its id."""
    state: Any = context.render_context
    shown: set[str] = state.setdefault("term_cards", set())
    fresh = [term for term in terms if term.code not in shown]
    shown.update(term.code for term in fresh)
    return {"terms": fresh}

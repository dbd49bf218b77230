"""Terms of the glossary in texts that are not a study text (study/templatetags/terms.py)."""

from __future__ import annotations

import re

from django.template import Context, Template

from competencies.models import Term
from study.templatetags.terms import TermLinks

CHURN = Term(code="churn", name="Churn", also="attrition", definition="Who *leaves*.")
EFFORT = Term(code="ces", name="CES", definition="Effort.")
LINK = '<a class="term" href="/study/glossary/churn/" aria-describedby="term-churn">'


def render(source: str, **context: object) -> str:
    return Template("{% load markdown terms %}" + source).render(Context(context))


def test_a_term_is_linked_in_the_first_of_several_texts_only() -> None:
    links = TermLinks([CHURN, EFFORT])
    assert links.link("<p>None here.</p>") == "<p>None here.</p>"
    assert links.link("<p>Attrition and churn</p>") == f"<p>{LINK}Attrition</a> and churn</p>"
    assert links.link("<p>churn</p>") == "<p>churn</p>"
    assert links.linked == [CHURN]


def test_terms_are_linked_by_a_filter_and_told_afterwards() -> None:
    source = "{% term_links terms as links %}{{ text|markdown|link_terms:links }} {{ links.linked }}"
    assert render(source, terms=[CHURN], text="*Churn*") == f"<p><em>{LINK}Churn</a></em></p> [&lt;Term: Churn&gt;]"


def test_text_that_is_no_markup_is_escaped() -> None:
    source = "{% term_links terms as links %}{{ text|link_terms:links }}"
    assert render(source, terms=[CHURN], text="churn <b>") == f"{LINK}churn</a> &lt;b&gt;"


def test_a_card_says_name_other_names_definition_and_the_way_to_the_glossary() -> None:
    html = render("{% term_cards terms %}", terms=[CHURN, EFFORT])
    assert re.findall(r'term-card-name">(.*?)</p>', html) == [
        'Churn <span class="term-also">also attrition</span>',
        "CES",
    ]
    assert '<div class="prose prose-small" id="term-churn"><p>Who <em>leaves</em>.</p></div>' in html
    assert re.findall(r'href="(.*?)"', html) == ["/study/glossary/churn/", "/study/glossary/ces/"]


def test_a_card_is_there_once_on_a_page_and_again_on_the_next() -> None:
    page = Template("{% load terms %}{% for terms in questions %}{% term_cards terms %}{% endfor %}")
    for _ in range(2):
        html = page.render(Context({"questions": [[CHURN], [EFFORT, CHURN]]}))
        assert re.findall(r'id="(.*?)"', html) == ["term-churn", "term-ces"]

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from competencies.markdown import render_inline_markdown, render_markdown

register = template.Library()


@register.filter
def markdown(text: str, top: int = 0) -> SafeString:
    """Paragraphs, lists and tables: <div class="prose">{{ question.stem|markdown }}</div>

    On a page that the text is the outline of, its highest headings get the level given: {{ sheet.body|markdown:2 }}
    """
    return render_markdown(text, top=top)


@register.filter
def inline_markdown(text: str) -> SafeString:
    """One line, for labels, headings and list rows."""
    return render_inline_markdown(text)

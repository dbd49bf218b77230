"""Markdown of the content to safe HTML: stems, options, rationales and study texts.

CommonMark with tables. Raw HTML is never read as HTML, pictures become their alternative text, and what comes out
passes an allow-list that knows no styles (the pages' CSP would refuse them) and one class.
"""

from __future__ import annotations

from collections.abc import Sequence

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

INLINE_TAGS = {"a", "br", "code", "em", "strong"}
BLOCK_TAGS = {"blockquote", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre", "ul"}
TABLE_TAGS = {"table", "tbody", "td", "th", "thead", "tr"}
ATTRIBUTES: dict[str, set[str]] = {"*": set(), "a": {"href"}, "ol": {"start"}}
# Links lead to a page of the web, or nowhere.
URL_SCHEMES = {"http", "https", "mailto"}
# How many levels the headings of a text are below those that its author wrote.
LOWERED_BY = "lowered_by"
LINK_REL = "noopener noreferrer"


class Renderer(RendererHTML):
    """Headings begin below the page's own; a picture is what its author says it shows."""

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<{lowered_heading(tokens[idx].tag, env)}>"

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"</{lowered_heading(tokens[idx].tag, env)}>\n"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return escape(self.renderInlineAsText(tokens[idx].children or [], options, env))

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # An empty corner heads nothing, so it is no heading.
        return f"<th{numeric_class(tokens[idx])}>" if tokens[idx + 1].content else "<td>"

    def th_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</th>\n" if tokens[idx - 1].content else "</td>\n"

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<td{numeric_class(tokens[idx])}>"


def lowered_heading(tag: str, env: EnvType) -> str:
    return f"h{min(int(tag[1]) + env.get(LOWERED_BY, 2), 6)}"


def numeric_class(cell: Token) -> str:
    """A column that its author sets flush right (---:) holds figures."""
    return ' class="numeric"' if cell.attrGet("style") == "text-align:right" else ""


PARSER = MarkdownIt("commonmark", {"html": False}, renderer_cls=Renderer).enable("table")


def render_markdown(text: str, *, top: int = 0) -> SafeString:
    """Blocks: paragraphs, lists, tables.

    The text's highest headings become those of level `top`, where that is given: the outline of a page has no gaps.
    """
    env: dict[str, int] = {}
    tokens = PARSER.parse(text, env)
    levels = [int(token.tag[1]) for token in tokens if token.type == "heading_open"]
    if top and levels:
        env[LOWERED_BY] = top - min(levels)
    html = nh3.clean(
        PARSER.renderer.render(tokens, PARSER.options, env),
        tags=INLINE_TAGS | BLOCK_TAGS | TABLE_TAGS,
        attributes=ATTRIBUTES,
        allowed_classes={"td": {"numeric"}, "th": {"numeric"}},
        set_tag_attribute_values={"pre": {"tabindex": "0"}, "table": {"class": "table"}, "th": {"scope": "col"}},
        url_schemes=URL_SCHEMES,
        link_rel=LINK_REL,
    )
    return mark_safe(in_scrolling_regions(html).strip())


def render_inline_markdown(text: str) -> SafeString:
    """One line for a place that holds no blocks, like the label of an option."""
    html = nh3.clean(
        PARSER.renderInline(text),
        tags=INLINE_TAGS,
        attributes=ATTRIBUTES,
        url_schemes=URL_SCHEMES,
        link_rel=LINK_REL,
    )
    return mark_safe(html.strip())


def in_scrolling_regions(html: str) -> str:
    """A wide table scrolls by itself, by keyboard too.

    Each stands in a group and not in a region, because a page of many questions would announce a landmark per table.
    The sanitiser has escaped every "<" that begins no tag of its own, so what is replaced here is always a tag.
    """
    opening = '<div class="table-region" role="group" aria-label="Table" tabindex="0"><table'
    return html.replace("<table", opening).replace("</table>", "</table></div>")

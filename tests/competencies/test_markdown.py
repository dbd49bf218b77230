from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.safestring import SafeString

from competencies.markdown import render_inline_markdown, render_markdown

REL = 'rel="noopener noreferrer"'


def test_render_markdown_makes_paragraphs_emphasis_and_lists() -> None:
    text = "A **role**, not a *seat*.\n\n- one\n- `two`\n\n3. three"
    assert render_markdown(text) == (
        "<p>A <strong>role</strong>, not a <em>seat</em>.</p>\n"
        "<ul>\n<li>one</li>\n<li><code>two</code></li>\n</ul>\n"
        '<ol start="3">\n<li>three</li>\n</ol>'
    )


def test_render_markdown_returns_what_templates_do_not_escape_again() -> None:
    assert isinstance(render_markdown("a < b"), SafeString)
    assert isinstance(render_inline_markdown("a < b"), SafeString)


def test_render_markdown_puts_a_table_into_a_region_that_scrolls_by_keyboard() -> None:
    assert render_markdown("| Group | n |\n|---|---:|\n| New | 12 |") == (
        '<div class="table-region" role="group" aria-label="Table" tabindex="0"><table class="table">\n'
        '<thead>\n<tr>\n<th scope="col">Group</th>\n<th class="numeric" scope="col">n</th>\n</tr>\n</thead>\n'
        '<tbody>\n<tr>\n<td>New</td>\n<td class="numeric">12</td>\n</tr>\n</tbody>\n'
        "</table></div>"
    )


def test_render_markdown_makes_no_heading_of_an_empty_corner() -> None:
    html = render_markdown("| | Now |\n|---|---|\n| New | 12 |")
    assert html.partition("<thead>")[2].partition("</thead>")[0] == (
        '\n<tr>\n<td></td>\n<th scope="col">Now</th>\n</tr>\n'
    )


@pytest.mark.parametrize(("text", "tag"), [("# One", "h3"), ("## Two", "h4"), ("###### Six", "h6")])
def test_render_markdown_begins_headings_below_those_of_the_page(text: str, tag: str) -> None:
    assert render_markdown(text) == f"<{tag}>{text.lstrip('# ')}</{tag}>"


def test_render_markdown_gives_the_highest_headings_the_level_that_the_page_asks_for() -> None:
    html = render_markdown("### Two\n\n#### Three\n\n### Two", top=2)
    assert html.split("\n") == ["<h2>Two</h2>", "<h3>Three</h3>", "<h2>Two</h2>"]
    assert render_markdown("No heading", top=2) == "<p>No heading</p>"


def test_render_markdown_lets_preformatted_text_be_scrolled_by_keyboard() -> None:
    assert render_markdown("```\na < b\n```") == '<pre tabindex="0"><code>a &lt; b\n</code></pre>'


@pytest.mark.parametrize(
    "address", ["https://example.org/a", "http://example.org/a", "mailto:a@example.org", "/study/"]
)
def test_render_markdown_keeps_links_to_pages(address: str) -> None:
    assert render_markdown(f"[here]({address})") == f'<p><a href="{address}" {REL}>here</a></p>'


ATTACKS = {
    # Raw HTML is text.
    "<script>alert(1)</script>": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "a <b onclick=alert(1)>b</b>": "<p>a &lt;b onclick=alert(1)&gt;b&lt;/b&gt;</p>",
    "<img src=x onerror=alert(1)>": "<p>&lt;img src=x onerror=alert(1)&gt;</p>",
    "<svg/onload=alert(1)>": "<p>&lt;svg/onload=alert(1)&gt;</p>",
    "<iframe src=//example.org></iframe>": "<p>&lt;iframe src=//example.org&gt;&lt;/iframe&gt;</p>",
    "<style>*{display:none}</style>": "<p>&lt;style&gt;*{display:none}&lt;/style&gt;</p>",
    "<!-- <script> -->": "<p>&lt;!-- &lt;script&gt; --&gt;</p>",
    "&lt;script&gt;alert(1)&lt;/script&gt;": "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "`<script>alert(1)</script>`": "<p><code>&lt;script&gt;alert(1)&lt;/script&gt;</code></p>",
    "```\n</code><script>alert(1)</script>\n```": (
        '<pre tabindex="0"><code>&lt;/code&gt;&lt;script&gt;alert(1)&lt;/script&gt;\n</code></pre>'
    ),
    '```"><script>\nx\n```': '<pre tabindex="0"><code>x\n</code></pre>',
    # Links that run code, in the spellings that filters have missed.
    "[x](javascript:alert(1))": "<p>[x](javascript:alert(1))</p>",
    "[x](JaVaScRiPt:alert(1))": "<p>[x](JaVaScRiPt:alert(1))</p>",
    "[x](&#106;avascript:alert(1))": "<p>[x](javascript:alert(1))</p>",
    "[x](java&#10;script:alert(1))": f'<p><a href="java%0Ascript:alert(1)" {REL}>x</a></p>',
    "[x](vbscript:msgbox(1))": "<p>[x](vbscript:msgbox(1))</p>",
    "[x](file:///etc/passwd)": "<p>[x](file:///etc/passwd)</p>",
    "[x](data:text/html;base64,PHNjcmlwdD4=)": "<p>[x](data:text/html;base64,PHNjcmlwdD4=)</p>",
    "[x](data:image/png;base64,iVBORw0=)": f"<p><a {REL}>x</a></p>",
    "[x](tel:1)": f"<p><a {REL}>x</a></p>",
    "<javascript:alert(1)>": "<p>&lt;javascript:alert(1)&gt;</p>",
    "[x]\n\n[x]: javascript:alert(1)": "<p>[x]</p>\n<p>[x]: javascript:alert(1)</p>",
    # Attributes that break out, or that are not ours to give.
    '[x](/a"onclick="alert(1))': f'<p><a href="/a%22onclick=%22alert(1)" {REL}>x</a></p>',
    '[x](/a "<table onclick=alert(1)>")': f'<p><a href="/a" {REL}>x</a></p>',
    # Pictures are what they show.
    "![a *chart*](https://example.org/x.png)": "<p>a chart</p>",
    '![<b>"](x"onerror="alert(1))': '<p>&lt;b&gt;"</p>',
    "![x](javascript:alert(1))": "<p>![x](javascript:alert(1))</p>",
    "![x](data:image/svg+xml,<svg/onload=alert(1)>)": "<p>![x](data:image/svg+xml,&lt;svg/onload=alert(1)&gt;)</p>",
    # Words of our own markup stay words.
    '`<table>` class="numeric" </table>': '<p><code>&lt;table&gt;</code> class="numeric" &lt;/table&gt;</p>',
    "a\x00b": "<p>a\ufffdb</p>",
}


@pytest.mark.parametrize("text", ATTACKS)
def test_render_markdown_disarms(text: str) -> None:
    assert render_markdown(text) == ATTACKS[text]


def test_render_markdown_disarms_inside_tables() -> None:
    html = render_markdown("| <b> | [j](javascript:1) |\n|---|---|\n| <svg onload=alert(1)> | ![i](//x) |")
    assert html == (
        '<div class="table-region" role="group" aria-label="Table" tabindex="0"><table class="table">\n'
        '<thead>\n<tr>\n<th scope="col">&lt;b&gt;</th>\n<th scope="col">[j](javascript:1)</th>\n</tr>\n</thead>\n'
        "<tbody>\n<tr>\n<td>&lt;svg onload=alert(1)&gt;</td>\n<td>i</td>\n</tr>\n</tbody>\n"
        "</table></div>"
    )


def test_render_inline_markdown_makes_no_blocks() -> None:
    assert render_inline_markdown("# not a *heading*") == "# not a <em>heading</em>"
    assert render_inline_markdown("- not a list") == "- not a list"


def test_render_inline_markdown_disarms() -> None:
    text = '<script>x</script> ![a](x"onerror=1) [b](javascript:1)'
    assert render_inline_markdown(text) == "&lt;script&gt;x&lt;/script&gt; a [b](javascript:1)"


def test_filters_render_in_templates() -> None:
    template = Template("{% load markdown %}{{ text|markdown }}|{{ text|inline_markdown }}")
    assert (
        template.render(Context({"text": "**a** < b"})) == "<p><strong>a</strong> &lt; b</p>|<strong>a</strong> &lt; b"
    )

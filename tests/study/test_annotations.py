from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from competencies.markdown import render_markdown
from study.annotations import NamedTerm, Passage, annotate, has_passage, text_of

CHURN = NamedTerm("churn", "/churn/", ("Churn", "attrition"))
LINK = '<a class="term" href="/churn/" aria-describedby="term-churn">'


def marked(html: str, *passages: Passage) -> str:
    return annotate(html, passages=passages).html


def linked(html: str, *terms: NamedTerm) -> str:
    return annotate(html, terms=terms).html


def test_a_passage_is_marked_where_it_stands() -> None:
    assert marked("<p>One two three</p>", Passage("two")) == '<p>One <mark id="highlight-1">two</mark> three</p>'


def test_the_occurrence_says_which_one() -> None:
    html = "<p>two and two</p>"
    assert marked(html, Passage("two", 2)) == '<p>two and <mark id="highlight-1">two</mark></p>'
    assert annotate(html, passages=[Passage("two", 3)]).found == [False]


def test_like_passages_may_overlap() -> None:
    assert marked("<p>aaa</p>", Passage("aa", 2)) == '<p>a<mark id="highlight-1">aa</mark></p>'


def test_a_passage_crosses_inline_tags() -> None:
    assert (
        marked("<p>The <strong>net score</strong> is</p>", Passage("score is"))
        == '<p>The <strong>net <mark id="highlight-1">score</mark></strong><mark> is</mark></p>'
    )


def test_a_passage_crosses_blocks_and_line_breaks_are_spaces() -> None:
    html = "<ul>\n<li>one\ntwo</li>\n<li>three</li>\n</ul>"
    assert (
        marked(html, Passage("one two three"))
        == '<ul>\n<li><mark id="highlight-1">one\ntwo</mark></li>\n<li><mark>three</mark></li>\n</ul>'
    )


def test_passages_may_share_words_and_keep_their_numbers() -> None:
    assert (
        marked("<p>one two three</p>", Passage("one two"), Passage("two three"))
        == '<p><mark id="highlight-1">one </mark><mark id="highlight-2">two</mark><mark> three</mark></p>'
    )


def test_what_is_gone_is_told_and_the_rest_is_marked() -> None:
    annotated = annotate("<p>one</p>", passages=[Passage("two"), Passage("one")])
    assert annotated.found == [False, True]
    assert annotated.html == '<p><mark id="highlight-2">one</mark></p>'


def test_what_is_escaped_stays_escaped() -> None:
    assert marked("<p>a &lt;b&gt; &amp; c</p>", Passage("<b> &")) == (
        '<p>a <mark id="highlight-1">&lt;b&gt; &amp;</mark> c</p>'
    )


@pytest.mark.parametrize("markdown", ["# A\n\n- b `c<d>` **e**\n\n> f & g  \nh", "| a | b |\n|---|--:|\n| 1 | <i> |"])
def test_without_passages_and_terms_the_text_is_as_it_was(markdown: str) -> None:
    assert annotate(render_markdown(markdown)).html == render_markdown(markdown)


@given(st.text(alphabet="ab <>&*_`\n-|[]()", max_size=60), st.text(alphabet="ab <>&", min_size=1, max_size=5))
def test_marking_changes_no_word_and_opens_what_it_closes(markdown: str, passage: str) -> None:
    html = render_markdown(markdown)
    annotated = annotate(html, passages=[Passage(passage)], terms=[CHURN])
    assert text_of(annotated.html) == text_of(html)
    assert annotated.html.count("<mark") == annotated.html.count("</mark>")
    assert annotated.found == [has_passage(html, Passage(passage))]


def test_the_first_use_of_a_term_is_a_link() -> None:
    annotated = annotate("<p>Their churn, or churn.</p>", terms=[CHURN])
    assert annotated.html == f"<p>Their {LINK}churn</a>, or churn.</p>"
    assert annotated.linked == ["churn"]


@pytest.mark.parametrize("text", ["Churns", "CHURN", "Attrition"])
def test_a_term_is_known_by_any_name_in_any_form(text: str) -> None:
    assert linked(f"<p>{text}</p>", CHURN) == f"<p>{LINK}{text}</a></p>"


@pytest.mark.parametrize("text", ["churning", "anti-churn", "chur n"])
def test_other_words_are_no_terms(text: str) -> None:
    assert linked(f"<p>{text}</p>", CHURN) == f"<p>{text}</p>"


def test_capitals_are_a_name_only_as_capitals() -> None:
    ease = NamedTerm("ces", "/ces/", ("CES",))
    assert linked("<p>ces</p>", ease) == "<p>ces</p>"
    assert annotate("<p>CES</p>", terms=[ease]).linked == ["ces"]


def test_the_longer_term_wins() -> None:
    effort = NamedTerm("effort", "/e/", ("Customer effort",))
    score = NamedTerm("score", "/s/", ("Customer effort score",))
    annotated = annotate("<p>A customer-effort score and customer effort</p>", terms=[effort, score])
    assert annotated.linked == ["score", "effort"]


@pytest.mark.parametrize("html", ['<a href="/">churn</a>', "<code>churn</code>", "<h3>Churn</h3>", "chu<em>rn</em>"])
def test_there_is_no_link_where_it_does_not_belong(html: str) -> None:
    assert linked(html, CHURN) == html


def test_a_mark_stands_inside_a_link() -> None:
    annotated = annotate("<p>the churn rate</p>", passages=[Passage("the chu")], terms=[CHURN])
    assert annotated.html == (f'<p><mark id="highlight-1">the </mark>{LINK}<mark>chu</mark>rn</a> rate</p>')


def test_has_passage_reads_what_the_page_reads() -> None:
    html = "<p>One\n<em>two</em></p>\n<p>three</p>"
    assert text_of(html) == "One two three"
    assert has_passage(html, Passage("two three"))
    assert not has_passage(html, Passage("twothree"))
    assert not has_passage(html, Passage(""))

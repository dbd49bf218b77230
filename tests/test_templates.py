"""The design system: what holds for every template and stylesheet, the shell, the components and allauth's pages."""

from __future__ import annotations

import math
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.models import User
from ccxp_prep.storage import StaticFilesStorage

TEMPLATES = settings.BASE_DIR / "templates"
CSS = settings.BASE_DIR / "static" / "css"
ICONS = (settings.BASE_DIR / "static" / "icons" / "sprite.svg").read_text()
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
COMPONENTS = sorted((TEMPLATES / "components").rglob("*.html"))
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


def render(name: str, /, **context: Any) -> str:
    """What the template gives, with white space made even."""
    return re.sub(r"\s+", " ", render_to_string(name, context)).replace("> <", "><").strip()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# Every template


@pytest.mark.parametrize("name", PAGES)
def test_template_compiles(name: str) -> None:
    assert get_template(name).template.name == name


@pytest.mark.parametrize("name", PAGES)
def test_template_keeps_to_the_content_security_policy(name: str) -> None:
    text = source(TEMPLATES / name)

    scripts = re.findall(r"<script\b([^>]*)>", text)
    assert re.findall(r"\sstyle=", text) == []
    assert re.findall(r"<style\b", text) == []
    assert re.findall(r"\son[a-z]+=[\"']", text) == []
    assert re.findall(r"\shx-on\b", text) == []
    assert re.findall(r"javascript:", text) == []
    assert [tag for tag in scripts if " src=" not in tag and 'type="application/json"' not in tag] == []


@pytest.mark.parametrize("name", PAGES)
def test_icons_named_in_templates_exist(name: str) -> None:
    text = source(TEMPLATES / name)
    named = re.findall(r'icon\.html" with name="([\w-]+)"', text) + re.findall(r'\w*icon(?:_after)?="([\w-]+)"', text)

    assert [icon for icon in named if f'<symbol id="{icon}"' not in ICONS] == []


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_component_says_first_what_it_is_and_is_documented(path: Path) -> None:
    guide = (settings.BASE_DIR / "docs" / "design-system.md").read_text(encoding="utf-8")
    shell = {"account_menu", "account_nav", "entrance_header", "messages", "site_nav", "tab_bar", "wordmark"}

    assert path.read_text(encoding="utf-8").startswith(("{% comment %}\n", "{# "))
    assert path.name in guide or path.stem in shell


# Styles


def test_every_component_stylesheet_is_linked_and_in_its_layer() -> None:
    main = (CSS / "main.css").read_text()
    imports = re.findall(r'@import url\("components/([\w-]+\.css)"\)', main)
    files = sorted(path.name for path in (CSS / "components").glob("*.css"))

    assert imports == files
    assert [name for name in files if "@layer components {" not in (CSS / "components" / name).read_text()] == []
    # The admin's own styles know no layers, so what adds to them stands outside ours.
    pages = [path for path in (CSS / "pages").glob("*.css") if not path.name.startswith("admin")]
    assert [path.name for path in pages if "@layer pages {" not in path.read_text()] == []


def test_colours_stand_in_the_tokens_and_charts_only() -> None:
    raw = re.compile(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", re.IGNORECASE)
    found = {
        path.name: raw.findall(re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL))
        for path in CSS.rglob("*.css")
    }

    assert {name: colours for name, colours in found.items() if colours} == {}


def test_joined_stylesheet_holds_every_file_once() -> None:
    paths = {f"css/{path.relative_to(CSS).as_posix()}": (FolderStorage(CSS), path.name) for path in CSS.rglob("*.css")}
    paths = {name: (FolderStorage((CSS.parent / name).parent), file) for name, (_, file) in paths.items()}

    storage = StaticFilesStorage.__new__(StaticFilesStorage)
    joined = storage.joined(paths).open("css/main.css").read().decode()

    assert "@import" not in joined
    assert joined.startswith("/* The one stylesheet")
    assert joined.count("@layer components {") == len(list((CSS / "components").glob("*.css")))
    assert joined.index("@layer tokens, base, components, pages;") < joined.index("@layer tokens {")


class FolderStorage:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def open(self, name: str) -> Any:
        return (self.folder / name).open("rb")


# Contrast: WCAG 2.2, 1.4.3 (text, 4.5) and 1.4.11 (edges of controls, 3), computed from the tokens themselves


Oklch = tuple[float, float, float]
TOKEN = re.compile(r"--([\w-]+): light-dark\(oklch\(([^)/]+)\), oklch\(([^)/]+)\)\);")


def parse_oklch(text: str) -> Oklch:
    lightness, chroma, hue = text.split()
    return float(lightness.rstrip("%")) / 100, float(chroma), float(hue)


COLOURS = {
    name: {"light": parse_oklch(light), "dark": parse_oklch(dark)}
    for name, light, dark in TOKEN.findall((CSS / "tokens.css").read_text())
}


def luminance(colour: Oklch) -> float:
    lightness, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    assert -0.001 <= min(red, green, blue) <= max(red, green, blue) <= 1.001, f"{colour} lies outside sRGB"
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: Oklch, second: Oklch) -> float:
    darker, lighter = sorted([luminance(first), luminance(second)])
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ["paper", "surface", "surface-sunken"]
TEXT_PAIRS = [
    *[(ink, ground) for ink in ["ink", "ink-muted", "accent", "accent-strong"] for ground in GROUNDS],
    *[
        (state, ground)
        for state in ["success", "warning", "error", "info"]
        for ground in ["paper", "surface", f"{state}-soft"]
    ],
    *[
        (ink, ground)
        for ink in ["ink", "accent"]
        for ground in ["accent-soft", "success-soft", "warning-soft", "error-soft", "info-soft"]
    ],
    *[("ink-muted", ground) for ground in ["accent-soft", "success-soft", "error-soft"]],
    *[("on-accent", ground) for ground in ["accent", "accent-strong"]],
    *[("on-error", "error"), ("paper", "success")],
    *[(f"hue-{code}", ground) for code in ["cul", "org", "voc", "des", "met", "str"] for ground in GROUNDS],
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_contrast_is_at_least_aa(ink: str, ground: str, scheme: str) -> None:
    assert contrast(COLOURS[ink][scheme], COLOURS[ground][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("ground", GROUNDS)
def test_edges_of_controls_and_focus_stand_out(ground: str, scheme: str) -> None:
    assert contrast(COLOURS["line-strong"][scheme], COLOURS[ground][scheme]) >= 3
    assert contrast(COLOURS["accent"][scheme], COLOURS[ground][scheme]) >= 3


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_competency_hues_share_lightness_and_chroma(scheme: str) -> None:
    hues = [COLOURS[f"hue-{code}"][scheme] for code in ["cul", "org", "voc", "des", "met", "str"]]

    assert len({(lightness, chroma) for lightness, chroma, _ in hues}) == 1
    assert len({hue for _, _, hue in hues}) == 6


# The shell


MAIN = [
    "progress:today",
    "quizzes:practice",
    "quizzes:mock",
    "reviews:review-list",
    "reviews:schedule",
    "progress:overview",
    "study:competency-list",
]
ACCOUNT = ["accounts:settings", "reviews:plan", "quizzes:problem-list", "offline:page"]


def shell(user: User | None, view_name: str = "", app_name: str = "") -> str:
    """base.html as this person gets it on a page of that name."""
    request = RequestFactory().get("/")
    request.user = user or SimpleNamespace(is_authenticated=False)  # type: ignore[assignment]
    request.resolver_match = SimpleNamespace(view_name=view_name, app_name=app_name)  # type: ignore[assignment]
    return re.sub(r"\s+", " ", render_to_string("base.html", request=request))


def links_of(html: str, label: str) -> list[str]:
    """Where the navigation with this label leads."""
    found = re.search(rf'<nav class="[\w -]+" aria-label="{label}">.*?</nav>', html)
    return re.findall(r'<a (?:class="[\w-]+" )?href="([^"]+)"', found[0]) if found else []


def test_anonymous_shell_offers_study_and_the_doors() -> None:
    html = shell(None)

    names = ["study:competency-list", "progress:search", "account_login", "account_signup"]
    assert links_of(html, "Main") == [reverse(name) for name in names]
    assert "tab-bar" not in html
    assert "Sign out" not in html


@pytest.mark.parametrize(
    ("fields", "extra"),
    [
        ({}, []),
        ({"role": User.Role.COORDINATOR}, ["cohorts:cohort-list"]),
        ({"is_staff": True}, ["admin:index"]),
        ({"role": User.Role.COORDINATOR, "is_staff": True}, ["cohorts:cohort-list", "admin:index"]),
    ],
    ids=["candidate", "coordinator", "admin", "both"],
)
def test_navigation_shows_what_the_person_may_open(fields: dict[str, Any], extra: list[str]) -> None:
    html = shell(User(email="carla@example.com", **fields))

    assert links_of(html, "Main") == [reverse(name) for name in MAIN + extra]


def test_tab_bar_reaches_everything_the_header_reaches() -> None:
    html = shell(User(email="carla@example.com", role=User.Role.COORDINATOR, is_staff=True))

    names = {*MAIN, *ACCOUNT, "progress:search", "cohorts:cohort-list", "admin:index"}
    assert set(links_of(html, "Tabs")) == {reverse(name) for name in names}
    assert links_of(html, "Tabs")[:4] == [
        reverse(name) for name in ["progress:today", "quizzes:practice", "reviews:review-list", "study:competency-list"]
    ]


def test_signing_out_is_a_post_with_a_token() -> None:
    html = shell(User(email="carla@example.com"))

    forms_out = re.findall(rf'<form method="post" action="{reverse("account_logout")}">(.*?)</form>', html)
    assert len(forms_out) == 2
    assert all('name="csrfmiddlewaretoken"' in form for form in forms_out)


@pytest.mark.parametrize(
    ("view_name", "app_name", "label", "mark"),
    [
        ("progress:today", "progress", "Today", "page"),
        ("quizzes:mock-start", "quizzes", "Mock exam", "true"),
        ("reviews:review-next", "reviews", "Reviews", "true"),
        ("study:objective-detail", "study", "Study", "true"),
    ],
)
def test_navigation_marks_where_you_are(view_name: str, app_name: str, label: str, mark: str) -> None:
    html = shell(User(email="carla@example.com"), view_name, app_name)

    header = re.search(r'<nav class="site-nav".*?</nav>', html)
    assert header is not None
    assert re.findall(r'aria-current="(\w+)">([^<]+)</a>', header[0]) == [(mark, label)]


def test_navigation_marks_nothing_elsewhere() -> None:
    assert "aria-current" not in shell(User(email="carla@example.com"), "quizzes:attempt-detail", "quizzes")


def test_shell_carries_what_every_page_needs() -> None:
    html = shell(User(email="carla@example.com"))

    assert '<html lang="en"' in html
    assert '<a class="skip-link" href="#main">' in html
    assert '<main class="site-main page-width" id="main" tabindex="-1">' in html
    assert 'hx-headers=\'{"x-csrftoken": "' in html
    assert '"allowEval":false' in html
    assert "Independent. Not affiliated with or endorsed by CXPA. CCXP and CXPA are marks of their owner." in html


def test_name_in_the_account_menu_is_escaped() -> None:
    html = shell(User(email="carla@example.com", display_name="<script>alert(1)</script>"))

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert" in html


# Error pages


def test_missing_page_sends_visitors_to_the_doors(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")

    assert response.status_code == 404
    assert f'href="{reverse("account_login")}"' in response.content.decode()


def test_missing_page_keeps_the_navigation_of_those_signed_in(candidate_client: Client) -> None:
    response = candidate_client.get("/no/such/page/")

    assert response.status_code == 404
    assert links_of(re.sub(r"\s+", " ", response.content.decode()), "Main") == [reverse(name) for name in MAIN]


def test_forbidden_page_gives_the_reason(candidate_client: Client) -> None:
    response = candidate_client.get(reverse("cohorts:cohort-list"))

    assert response.status_code == 403
    assert "You cannot open this page" in response.content.decode()


def test_failed_token_gets_a_page_in_words(db: None) -> None:
    response = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "a", "password": "b"})

    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_server_error_page_needs_no_context() -> None:
    html = render("500.html")

    assert "Something went wrong on our side" in html
    assert "Sign in" not in html


# Forms


class SampleForm(forms.Form):
    minutes = forms.IntegerField(label="Minutes a day", min_value=5, help_text="At least five.")
    note = forms.CharField(required=False)
    wants_mail = forms.BooleanField(label="Remind me", required=False)
    feedback = forms.ChoiceField(choices=[("each", "After each"), ("end", "At the end")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)


def test_field_ties_help_and_error_to_its_control() -> None:
    form = SampleForm({"minutes": "2", "token": "x"})
    html = re.sub(r"\s+", " ", form["minutes"].as_field_group())

    assert '<label for="id_minutes">Minutes a day</label>' in html
    assert '<div class="helptext" id="id_minutes_helptext">At least five.</div>' in html
    assert '<ul class="errorlist" id="id_minutes_error"><li><span class="visually-hidden">Error: </span>' in html
    assert 'aria-describedby="id_minutes_helptext id_minutes_error"' in html
    assert 'aria-invalid="true"' in html


def test_only_optional_fields_are_marked() -> None:
    form = SampleForm()

    assert '<span class="field-optional">(optional)</span>' in form["note"].as_field_group()
    assert "(optional)" not in form["minutes"].as_field_group()
    assert "(optional)" not in form["wants_mail"].as_field_group()


def test_radio_buttons_stand_in_a_fieldset_with_a_legend() -> None:
    html = re.sub(r"\s+", " ", SampleForm()["feedback"].as_field_group())

    assert re.search(r"<fieldset> <legend>Feedback</legend>.*</fieldset>", html)


def test_help_may_be_said_in_other_words() -> None:
    html = render("django/forms/field.html", field=SampleForm()["minutes"], help_text="Five <or> more.")

    assert '<div class="helptext" id="id_minutes_helptext">Five &lt;or&gt; more.</div>' in html


def test_form_fields_begin_with_the_summary_and_keep_hidden_fields() -> None:
    html = render("components/form_fields.html", form=SampleForm({"minutes": "2", "feedback": "each"}))

    assert html.startswith('<div class="error-summary" role="alert" tabindex="-1" autofocus>')
    assert '<a href="#id_minutes">Minutes a day: Ensure this value is greater than or equal to 5.</a>' in html
    assert "<li>This field is required.</li>" in html  # the hidden field has nothing to lead to
    assert '<input type="hidden" name="token"' in html


def test_form_without_errors_has_no_summary() -> None:
    assert "error-summary" not in render("components/form_fields.html", form=SampleForm())


# Components


def test_button_is_a_button_or_a_link() -> None:
    assert render("components/button.html", label="Check") == (
        '<button class="button" type="submit"><span>Check</span></button>'
    )
    assert render("components/button.html", label="Skip", variant="secondary", href="/next/") == (
        '<a class="button button-secondary" href="/next/"><span>Skip</span></a>'
    )


def test_result_says_right_and_wrong_in_words() -> None:
    component = "components/option_result.html"

    assert words(render(component, letter="A", text="x", is_key=True, rationale="because")) == "A x Right because"
    assert words(render(component, letter="B", text="x", is_chosen=True)) == "B x Not this one · your answer"
    assert words(render(component, letter="C", text="x")) == "C x"


@pytest.mark.parametrize("name", ["option.html", "option_result.html"])
def test_option_text_is_escaped_unless_marked_safe(name: str) -> None:
    assert "&lt;b&gt;" in render(f"components/{name}", name="a", value="A", letter="A", text="<b>")


def test_notice_says_its_tone_to_those_who_do_not_see_it() -> None:
    assert '<span class="visually-hidden">Error: </span>Not saved.' in render(
        "components/notice.html", tone="error", text="Not saved."
    )
    assert "visually-hidden" not in render("components/notice.html", text="Saved.")


def test_pagination_keeps_the_filter_and_vanishes_on_one_page() -> None:
    pages = Paginator(range(50), 20)

    html = render("components/pagination.html", page=pages.page(2), query="status=wrong&amp;n=1")
    assert 'href="?status=wrong&amp;amp;n=1&amp;page=1"' in html
    assert "21 to 40 of 50" in html
    assert render("components/pagination.html", page=Paginator([1], 20).page(1)) == ""


def test_bars_draw_numbers_for_a_machine_and_say_what_is_missing() -> None:
    rows = [
        {"label": "Metrics", "value": 1234.5 / 25, "text": "49 %", "n": 27, "code": "MET"},
        {"label": "Strategy", "value": None},
    ]
    html = render(
        "components/charts/bar.html", title="Score", rows=rows, target=75, target_label="Practice target 75 %"
    )

    assert 'width="49.38%"' in html
    assert 'x1="75%"' in html
    assert "no answers yet" in html
    assert "n = 27" in html
    assert "<caption>Score. Practice target 75 %</caption>" in html


def test_bars_without_a_target_draw_no_line() -> None:
    assert "chart-rule" not in render("components/charts/bar.html", title="Score", rows=[{"label": "A", "value": 0}])


def test_columns_come_with_their_table() -> None:
    day = {
        "label": "Mo",
        "name": "Monday 2 March",
        "first": 40,
        "second": 20,
        "first_text": "16 min",
        "second_text": "8 min",
        "text": "24",
    }
    html = render(
        "components/charts/stacked_bar.html", title="Week", first_name="Review", second_name="New", days=[day]
    )

    assert '<rect class="chart-first" width="100%" height="40%"/>' in html
    assert '<svg y="40%"' in html
    assert '<th scope="row">Monday 2 March</th><td class="numeric">16 min</td><td class="numeric">8 min</td>' in html


@pytest.mark.parametrize(
    ("value", "shade"), [(0, 1), (39, 1), (40, 2), (54, 2), (55, 3), (69, 3), (70, 4), (84, 4), (85, 5), (100, 5)]
)
def test_heat_cell_is_shaded_by_its_value_and_says_it(value: int, shade: int) -> None:
    rows = [{"label": "Amira", "cells": [{"value": value, "n": 8}]}]
    html = render(
        "components/charts/heat_table.html", title="Heat", row_name="Candidate", columns=[{"label": "MET"}], rows=rows
    )

    assert f'<td class="heat-{shade}">{value}<span class="heat-n">n 8</span></td>' in html


def test_empty_heat_cell_is_said_to_be_empty() -> None:
    rows = [{"label": "Amira", "cells": [{"value": None}]}]
    html = render(
        "components/charts/heat_table.html", title="Heat", row_name="Candidate", columns=[{"label": "MET"}], rows=rows
    )

    assert '<span class="visually-hidden">no answers</span>' in html


def test_line_draws_a_dot_per_point_and_its_table() -> None:
    points = [
        {"x": 0, "y": 40, "label": "1 March", "text": "40 %"},
        {"x": 100, "y": 71.5, "label": "6 March", "text": "72 %"},
    ]
    html = render("components/charts/line.html", title="Recall", points=points, path="0,40 100,71.5")

    assert re.findall(r'class="line-dot" d="([^"]+)"', html) == ["M0 40h0", "M100 71.5h0"]
    assert '<th scope="row">6 March</th><td class="numeric">72 %</td>' in html
    assert "line-band" not in html


# allauth's pages in our shell


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_login", "Sign in"),
        ("account_signup", "Sign up"),
        ("account_reset_password", "Reset your password"),
        ("account_reset_password_done", "Check your email"),
        ("account_reset_password_from_key_done", "Your password is changed"),
        ("account_email_verification_sent", "Confirm your email address"),
        ("account_inactive", "This account is switched off"),
    ],
)
def test_door_opens_in_our_shell(client: Client, db: None, name: str, title: str) -> None:
    html = client.get(reverse(name)).content.decode()

    assert f"<h1>{title}</h1>" in html
    assert '<div class="entrance">' in html


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("account_email", "Email address"),
        ("account_change_password", "Password"),
        ("mfa_index", "Two-factor"),
        ("mfa_list_webauthn", "Passkeys"),
        ("usersessions_list", "Sessions"),
    ],
)
def test_account_page_stands_beside_its_navigation(candidate_client: Client, name: str, title: str) -> None:
    html = re.sub(r"\s+", " ", candidate_client.get(reverse(name)).content.decode())

    assert f"<h1>{title}</h1>" in html
    assert reverse("accounts:settings") in links_of(html, "Account")
    assert f'<a href="{reverse(name)}" aria-current="page">' in html


def test_link_that_was_used_says_so_and_offers_another(client: Client, db: None) -> None:
    html = client.get(reverse("account_reset_password_from_key", args=["x", "y-z"])).content.decode()

    assert "This link no longer works" in html
    assert reverse("account_reset_password") in html


def test_failed_sign_in_keeps_the_address_and_names_the_problem(client: Client, db: None) -> None:
    html = client.post(reverse("account_login"), {"login": "carla@example.com", "password": "wrong"}).content.decode()

    assert "There is a problem" in html
    assert 'value="carla@example.com"' in html
    assert re.search(r"<title>\s*Error: Sign in", html)


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1 Version/17.0 Safari/605.1", "Safari on a Mac"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 CriOS/130 Safari/604.1",
            "Chrome on an iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Linux"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "Unknown browser"),
    ],
)
def test_session_names_the_browser(agent: str, name: str) -> None:
    assert render("usersessions/browser.html", agent=agent) == name

"""The living page of the design system, /style/: every token and every component in each of its states.

What a component expects is read from the comment at its head, and it is drawn by the very file that pages include, so
the page cannot fall behind. Shown where DEBUG is on and in the demo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from ccxp_prep.style_charts import CHARTS
from ccxp_prep.style_samples import CONTROLS, SHOWN_BY_EVERY_PAGE, Sample, SampleForm

COMPONENTS = settings.BASE_DIR / "templates" / "components"
TOKENS = settings.BASE_DIR / "static" / "css" / "tokens.css"
SAMPLES = {**CONTROLS, **CHARTS}
HEAD = re.compile(r"\A(?:{% comment %}|{#)\s*(.*?)\s*(?:{% endcomment %}|#})", re.DOTALL)
TOKEN = re.compile(r"^\s*--([\w-]+): ([^;]+);", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Specimen:
    state: str
    html: SafeString
    frame: str


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    purpose: str
    usage: str
    specimens: list[Specimen]


@require_safe
def style(request: HttpRequest) -> HttpResponse:
    if not settings.SHOWS_STYLE_PAGE:
        raise Http404
    # What wide screens and stronger contrast change stands further down, and the page follows it by itself.
    tokens = dict(reversed(TOKEN.findall(TOKENS.read_text(encoding="utf-8"))))
    unsent, refused = SampleForm(), SampleForm({"minutes": "900", "feedback": "later"})
    context = {
        "colours": [name for name, value in reversed(tokens.items()) if value.startswith("light-dark(oklch")],
        "spaces": [(name, value) for name, value in reversed(tokens.items()) if name.startswith("space-")],
        "sizes": [name for name in reversed(tokens) if name.startswith("text-")],
        "components": list(components()),
        "forms": [("As it opens", unsent), ("Refused", refused)],
    }
    return render(request, "style/style.html", context)


def components() -> Iterator[Component]:
    for path in component_files():
        name = path.relative_to(COMPONENTS).as_posix()
        head = HEAD.search(path.read_text(encoding="utf-8"))
        purpose, _, usage = (head[1] if head else "").partition("\n")
        yield Component(name, purpose, usage, [specimen_of(name, sample) for sample in SAMPLES[name]])


def component_files() -> list[Path]:
    """Of those that a page includes by itself; the shell is on every page."""
    files = sorted(COMPONENTS.rglob("*.html"), key=lambda path: (path.parent != COMPONENTS, path.name))
    return [path for path in files if path.name not in SHOWN_BY_EVERY_PAGE]


def specimen_of(name: str, sample: Sample) -> Specimen:
    context: dict[str, Any] = {"level": 3, **sample.context}
    return Specimen(sample.state, render_to_string(f"components/{name}", context), sample.frame)

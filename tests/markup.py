"""What a template gives, made even to compare."""

from __future__ import annotations

import re
from typing import Any

from django.template.loader import render_to_string


def render(name: str, /, **context: Any) -> str:
    """What the template gives, with white space made even."""
    return re.sub(r"\s+", " ", render_to_string(name, context)).replace("> <", "><").strip()


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def links_of(html: str, label: str) -> list[str]:
    """Where the navigation with this label leads."""
    found = re.search(rf'<nav class="[\w -]+" aria-label="{label}">.*?</nav>', html)
    return re.findall(r'<a (?:class="[\w-]+" )?href="([^"]+)"', found[0]) if found else []

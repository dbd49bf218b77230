"""What holds for every template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

TEMPLATES = settings.BASE_DIR / "templates"
ICONS = (settings.BASE_DIR / "static" / "icons" / "sprite.svg").read_text()
PAGES = sorted(path.relative_to(TEMPLATES).as_posix() for path in TEMPLATES.rglob("*.html"))
COMPONENTS = sorted((TEMPLATES / "components").rglob("*.html"))
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.DOTALL)


def source(path: Path) -> str:
    return COMMENT.sub("", path.read_text(encoding="utf-8"))


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

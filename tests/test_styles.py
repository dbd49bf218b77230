"""What holds for every stylesheet, and the contrast of what the tokens say.

WCAG 2.2, 1.4.3 (text, 4.5) and 1.4.11 (edges of controls, 3), computed from the tokens themselves.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from ccxp_prep.storage import StaticFilesStorage

CSS = settings.BASE_DIR / "static" / "css"


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

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from accounts.forms import SaveAppearanceForm, SaveProfileForm, TimeZoneField, time_zone_choices


def posted(**changes: Any) -> SaveProfileForm:
    fields = {"display_name": "Carla", "time_zone": "Europe/Berlin", "extra_time_percent": "25"}
    return SaveProfileForm({**fields, **changes})


def test_settings_are_read() -> None:
    form = posted()
    assert form.is_valid() is True
    assert form.cleaned_data == {"display_name": "Carla", "time_zone": "Europe/Berlin", "extra_time_percent": 25}


def test_a_name_is_one_line() -> None:
    form = posted(display_name="  Carla\r\nBcc: all@example.com ")
    assert form.is_valid() is True
    assert form.cleaned_data["display_name"] == "Carla Bcc: all@example.com"


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        (
            {"display_name": "x" * 81},
            {"display_name": ["A display name has at most 80 characters; this one has 81."]},
        ),
        ({"display_name": "a\x00b"}, {"display_name": ["Null characters are not allowed."]}),
        ({"time_zone": ""}, {"time_zone": ["Choose a time zone from the list."]}),
        ({"time_zone": "Europe/Atlantis"}, {"time_zone": ["Choose a time zone from the list."]}),
        ({"time_zone": "../../etc/passwd"}, {"time_zone": ["Choose a time zone from the list."]}),
        ({"extra_time_percent": "33"}, {"extra_time_percent": ["Choose one of the four amounts of extra time."]}),
        ({"extra_time_percent": "x"}, {"extra_time_percent": ["Choose one of the four amounts of extra time."]}),
        ({"extra_time_percent": ""}, {"extra_time_percent": ["Choose how much extra time you need."]}),
    ],
)
def test_wrong_settings_are_refused_in_a_sentence(changes: dict[str, str], errors: dict[str, list[str]]) -> None:
    assert posted(**changes).errors == errors


def test_appearance_is_read() -> None:
    form = SaveAppearanceForm({"colour_scheme": "dark", "text_size": "115"})
    assert form.is_valid() is True
    assert form.cleaned_data == {"colour_scheme": "dark", "text_size": 115}


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"colour_scheme": "sepia"}, {"colour_scheme": ["Choose light, dark, or as the device."]}),
        ({"colour_scheme": "da\x00rk"}, {"colour_scheme": ["Choose light, dark, or as the device."]}),
        ({"text_size": "500"}, {"text_size": ["Choose one of the three text sizes."]}),
        ({"text_size": "9" * 5000}, {"text_size": ["Choose one of the three text sizes."]}),
        ({"text_size": ""}, {"text_size": ["Choose one of the three text sizes."]}),
    ],
    ids=lambda value: str(value)[:30],
)
def test_wrong_appearance_is_refused_in_a_sentence(changes: dict[str, str], errors: dict[str, list[str]]) -> None:
    assert SaveAppearanceForm({"colour_scheme": "dark", "text_size": "115", **changes}).errors == errors


def test_time_zones_are_grouped_by_region() -> None:
    groups = dict(time_zone_choices())
    assert list(groups) == [
        "World",
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ]
    assert groups["World"] == [("UTC", "UTC")]
    assert ("America/Indiana/Knox", "Knox, Indiana") in groups["America"]
    assert ("America/New_York", "New York") in groups["America"]


def test_time_zones_of_a_region_stand_in_the_order_of_their_places() -> None:
    places = [place for _, place in dict(time_zone_choices())["America"]]
    assert places == sorted(places)


def test_time_zones_are_offered_by_places_that_people_know() -> None:
    """Each country's own, and no other names for the same clock."""
    groups = dict(time_zone_choices())
    assert [place for _, place in groups["Australia"]] == [
        "Adelaide", "Brisbane", "Broken Hill", "Darwin", "Eucla", "Hobart", "Lindeman", "Lord Howe", "Melbourne",
        "Perth", "Sydney",
    ]  # fmt: skip
    assert ("Europe/Amsterdam", "Amsterdam") in groups["Europe"]
    names = {name for name, _ in groups["America"]}
    assert names.isdisjoint({"America/Knox_IN", "America/Argentina/ComodRivadavia", "America/Buenos_Aires"})


class PlaceForm(forms.Form):
    zone = TimeZoneField()


def test_a_time_zone_by_another_name_is_taken() -> None:
    form = PlaceForm({"zone": "US/Pacific"})
    assert form.is_valid() is True
    assert form.cleaned_data == {"zone": "US/Pacific"}


def test_a_time_zone_by_another_name_is_offered_to_who_has_it() -> None:
    html = str(PlaceForm(initial={"zone": "US/Pacific"})["zone"])
    assert '<option value="US/Pacific" selected>US/Pacific</option>' in html
    assert "US/Pacific" not in str(PlaceForm(initial={"zone": "UTC"})["zone"])


def test_an_unknown_time_zone_is_not_offered() -> None:
    assert "Atlantis" not in str(PlaceForm({"zone": "Europe/Atlantis"})["zone"])

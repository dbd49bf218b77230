from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import available_timezones

from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from django import forms

from accounts import queries
from accounts.http import HttpRequest
from accounts.models import User

Choices = list[tuple[str, list[tuple[str, str]]]]


@cache
def known_time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def places_with_a_time_zone() -> list[str]:
    """What the database names for people to choose from, a place or more for each country. The rest are other names
    for the same clocks (US/Pacific, Australia/ACT)."""
    table = (files("tzdata.zoneinfo") / "zone.tab").read_text(encoding="utf-8")
    return [line.split("\t")[2] for line in table.splitlines() if not line.startswith("#")]


@cache
def time_zone_choices() -> Choices:
    """Grouped by region, places in order: ("America", [("America/Indiana/Knox", "Knox, Indiana"), ...])."""
    groups: dict[str, list[tuple[str, str]]] = {"World": [("UTC", "UTC")]}
    for name in sorted(known_time_zones().intersection(places_with_a_time_zone())):
        region, *place = name.replace("_", " ").split("/")
        groups.setdefault(region, []).append((name, ", ".join(reversed(place))))
    return [(region, sorted(places, key=lambda choice: choice[1])) for region, places in groups.items()]


class TimeZoneField(forms.ChoiceField):
    """Takes every name of the time zone database; offers the places, and the name somebody has already."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "label": "Time zone",
                "choices": time_zone_choices,
                "error_messages": {
                    "required": "Choose a time zone from the list.",
                    "invalid_choice": "Choose a time zone from the list.",
                },
                **kwargs,
            }
        )

    def valid_value(self, value: Any) -> bool:
        return value in known_time_zones()

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        bound = super().get_bound_field(form, field_name)
        shown = bound.value()
        if self.valid_value(shown) and not super().valid_value(shown):
            self.choices = [("Yours", [(shown, shown)]), *time_zone_choices()]
        return bound


class SaveProfileForm(forms.Form):
    display_name = forms.CharField(
        required=False,
        max_length=80,
        label="Display name",
        help_text="What the coordinators of your cohorts see. Without one it is your email address up to the @.",
        error_messages={"max_length": "A display name has at most 80 characters; this one has %(show_value)d."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    time_zone = TimeZoneField(help_text="Due dates and study days follow this clock. A study day begins at 04:00.")
    extra_time_percent = forms.TypedChoiceField(
        choices=User.ExtraTime.choices,
        coerce=int,
        label="Extra time",
        help_text="Added to the time limit of every timed quiz and mock exam, from the next one you start.",
        error_messages={
            "required": "Choose how much extra time you need.",
            "invalid_choice": "Choose one of the four amounts of extra time.",
        },
        widget=forms.RadioSelect,
    )

    def clean_display_name(self) -> str:
        # One line, because the name stands in mail headers too.
        return " ".join(self.cleaned_data["display_name"].split())


class SaveAppearanceForm(forms.Form):
    colour_scheme = forms.ChoiceField(
        choices=User.ColourScheme.choices,
        label="Colors",
        error_messages={
            "required": "Choose light, dark, or as the device.",
            "invalid_choice": "Choose light, dark, or as the device.",
        },
        widget=forms.RadioSelect,
    )
    text_size = forms.TypedChoiceField(
        choices=User.TextSize.choices,
        coerce=int,
        label="Text size",
        help_text="On top of what your browser is set to.",
        error_messages={
            "required": "Choose one of the three text sizes.",
            "invalid_choice": "Choose one of the three text sizes.",
        },
        widget=forms.RadioSelect,
    )


class EndSessionForm(forms.Form):
    session = forms.IntegerField(min_value=1, max_value=2**63 - 1)


class AskForDeletionForm(forms.Form):
    is_understood = forms.BooleanField(
        label="I understand that all of this goes",
        error_messages={"required": "Tick the box first."},
    )


class SecondFactorForm(AuthenticateForm):  # type: ignore[misc]
    """What allauth's own form asks after the password, in the words of what the person has."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        factors = queries.factors_of(self.user)
        self.has_app = Authenticator.Type.TOTP in factors
        self.has_key = Authenticator.Type.WEBAUTHN in factors
        self.has_recovery_codes = Authenticator.Type.RECOVERY_CODES in factors
        if not self.has_app:
            self.fields["code"].label = "Recovery code"


class SignupForm(forms.Form):
    """What allauth's own form asks besides an address and a password: nothing that anybody has to type."""

    time_zone = forms.CharField(required=False, widget=forms.HiddenInput(attrs={"data-device-time-zone": ""}))

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called by allauth. A zone that a browser makes up is as good as none."""
        if self.cleaned_data["time_zone"] in known_time_zones():
            user.time_zone = self.cleaned_data["time_zone"]
            user.save(update_fields=["time_zone"])

from __future__ import annotations

import re

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from cohorts.models import Membership

MOST_ADDRESSES = 50


class NameCohortForm(forms.Form):
    name = forms.CharField(max_length=80, label="Name", help_text="Candidates see it when they join.")


class InviteByEmailForm(forms.Form):
    emails = forms.CharField(
        label="Email addresses",
        help_text=f"One a line, or separated by commas. At most {MOST_ADDRESSES} at once.",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_emails(self) -> list[str]:
        emails = [part for part in re.split(r"[\s,;]+", self.cleaned_data["emails"]) if part]
        if len(emails) > MOST_ADDRESSES:
            raise ValidationError(f"These are {len(emails)} addresses. Invite at most {MOST_ADDRESSES} at once.")
        wrong = [email for email in emails if not _is_email(email)]
        if wrong:
            raise ValidationError(f"Not an email address: {', '.join(wrong[:5])}. Nobody has been invited yet.")
        return emails


class JoinCohortForm(forms.Form):
    sharing = forms.ChoiceField(
        choices=Membership.Sharing,
        widget=forms.RadioSelect,
        initial=Membership.Sharing.PROGRESS,
        label="What may your coordinator see?",
        error_messages={"required": "Choose what your coordinator may see."},
    )


def _is_email(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True

"""allauth's refusals in our words."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_taken": "There is an account with this email address already.",
    }


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    def validation_error(self, code: str, *args: object) -> ValidationError:
        """The refusal that becomes a message of its page leads to where it is mended."""
        if code != "unverified_email":
            refusal: ValidationError = super().validation_error(code, *args)
            return refusal
        sentence = 'Confirm your email address first, so that you can get back in. <a href="{}">Send the link again</a>'
        return ValidationError(format_html(sentence, reverse("account_email")), code=code)

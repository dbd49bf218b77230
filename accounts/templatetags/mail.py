from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.simple_tag
def sends_mail() -> bool:
    """Whether mail leaves this site; where it does not, it is printed where the site runs."""
    return bool(settings.EMAIL_URL)

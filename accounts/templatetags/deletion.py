from __future__ import annotations

from datetime import datetime

from django import template

from accounts import services

register = template.Library()


@register.filter
def goes_at(asked_at: datetime) -> datetime:
    """Until when an account whose deletion was asked for at that moment can be kept."""
    return services.goes_at(asked_at)

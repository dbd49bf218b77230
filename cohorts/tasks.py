from __future__ import annotations

import logging

from celery import shared_task
from django.utils import timezone

from cohorts import services
from cohorts.models import Invitation

logger = logging.getLogger(__name__)


@shared_task(name="cohorts.mail_invitation")
def mail_invitation(invitation_id: int) -> None:
    invitation = Invitation.objects.select_related("cohort__coordinator").filter(pk=invitation_id).first()
    if invitation is None:
        logger.warning("No invitation %s to mail.", invitation_id)
        return
    services.mail_invitation(invitation=invitation, now=timezone.now())

from __future__ import annotations

import functools
import logging
import os
import sys
from typing import Any

from celery import Celery
from celery.contrib.django.task import DjangoTask
from celery.signals import beat_init, celeryd_init
from django.db import transaction
from kombu.exceptions import OperationalError

from ccxp_prep import checks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ccxp_prep.settings")
logger = logging.getLogger(__name__)


class ForgivingTask(DjangoTask):
    """Published after the commit, it never fails what was committed: without the broker it is logged and left out.

    Whatever is published so is also found by a sweep, which publishes it again.
    """

    def delay_on_commit(self, *args: Any, **kwargs: Any) -> None:
        self.apply_async_on_commit(args, kwargs)

    def apply_async_on_commit(self, *args: Any, **kwargs: Any) -> None:
        transaction.on_commit(functools.partial(self.publish, *args, **kwargs))

    def publish(self, *args: Any, **kwargs: Any) -> None:
        try:
            self.apply_async(*args, **kwargs)
        except OperationalError as error:
            logger.error("%s was not published: %s", self.name, error)


app = Celery("ccxp_prep", task_cls=ForgivingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


# Sent by the commands `celery worker` and `celery beat`, not by the embedded ones.
@celeryd_init.connect
@beat_init.connect
def refuse_unsafe_process(**kwargs: Any) -> None:
    # Celery logs an exception raised here and goes on; SystemExit stops it.
    if reasons := checks.reasons_not_to_start():
        sys.exit(reasons)

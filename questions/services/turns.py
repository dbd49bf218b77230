from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import OperationalError, connection, transaction

BANK_LOCK = 4_342_936  # an advisory lock of PostgreSQL; any number that no other lock of this database has


class QuestionRefused(Exception):
    """Why not, in a sentence for the person who asked."""


@contextmanager
def taking_turns() -> Iterator[None]:
    """A transaction that is alone in writing to the bank.

    The next version of a question, and which one is published, are decided by reading; on SQLite every transaction
    takes the write lock when it begins, on PostgreSQL this takes an advisory lock.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(transaction.atomic())
            if connection.vendor == "postgresql":
                stack.enter_context(connection.cursor()).execute("SELECT pg_advisory_xact_lock(%s)", [BANK_LOCK])
        except OperationalError as error:
            reason = "Somebody else is changing the bank. Nothing was written; try again in a minute."
            raise QuestionRefused(reason) from error
        yield

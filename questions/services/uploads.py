"""A fixture file between its dry run and the confirmation: in the cache, which every web process shares."""

from __future__ import annotations

import uuid
import zlib

from django.core.cache import cache

from accounts.models import User
from questions.loader import FixtureFile

KEPT_SECONDS = 3600


def keep_upload(*, file: FixtureFile, author: User) -> str:
    """A token with which only this author gets the file back."""
    token = str(uuid.uuid4())
    cache.set(_place(author, token), (file.name, zlib.compress(file.data)), timeout=KEPT_SECONDS)
    return token


def kept_upload(*, token: str, author: User) -> FixtureFile | None:
    kept = cache.get(_place(author, token))
    return FixtureFile(kept[0], zlib.decompress(kept[1])) if kept else None


def _place(author: User, token: str) -> str:
    return f"questions-upload-{author.pk}-{token}"

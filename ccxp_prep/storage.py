"""Static files in production: hashed names, compressed, and the shared stylesheets joined into one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

ENTRY = "css/main.css"
IMPORT = re.compile(r'@import url\("(?P<path>[\w/-]+\.css)"\);')


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """A stylesheet that imports thirty others costs a visitor thirty requests and one more round trip. Each file names
    its own cascade layer, so joining them where they are imported changes nothing but that."""

    # Our modules import each other by their hashed names, so that none is older than the one beside it. Django's own
    # switch for this would take every package's modules along, and not all of those can be resolved.
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", ((r"""(?P<matched>from "(?P<url>\.\.?/[\w-]+\.js)")""", 'from "%(url)s"'),)),
    )

    def post_process(self, paths: dict[str, Any], **options: Any) -> Iterator[Any]:
        if ENTRY in paths:
            paths = {**paths, ENTRY: (self.joined(paths), ENTRY)}
        yield from super().post_process(paths, **options)

    def joined(self, paths: dict[str, Any]) -> InMemoryStorage:
        def text(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return str(file.read().decode())

        whole = IMPORT.sub(lambda match: text(f"css/{match['path']}"), text(ENTRY))
        memory = InMemoryStorage()
        memory.save(ENTRY, ContentFile(whole.encode()))
        return memory

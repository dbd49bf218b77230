"""Every address that the project answers, read from the URL resolver."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

# Their own projects test who may do what there; tests/promises/test_access.py has rules for them as a whole.
FOREIGN = ("account_", "mfa_", "usersessions_", "admin:")


def walk(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from walk(pattern, inner)
        else:
            yield ":".join((*namespaces, pattern.name or "")), pattern


def every_route() -> list[tuple[str, URLPattern]]:
    return list(walk(get_resolver()))


def own_routes() -> set[str]:
    return {name for name, _ in every_route() if not name.startswith(FOREIGN)}

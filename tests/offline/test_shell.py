"""What a browser keeps of the site itself: the same for everybody, and all of it there."""

from __future__ import annotations

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse

from accounts.models import User
from offline.views import shell

MANIFEST = reverse("offline:manifest")
WORKER = reverse("offline:service-worker")
PAGE = reverse("offline:page")


def shell_of(client: Client) -> dict[str, Any]:
    script = client.get(WORKER).content.decode()
    content: dict[str, Any] = json.loads(script.partition("= ")[2].partition(";\n")[0])
    return content


def file_of(address: str) -> str | None:
    return finders.find(address.removeprefix(settings.STATIC_URL))


def size_of(path: str) -> str:
    """Of a PNG, as a manifest writes it."""
    with open(path, "rb") as file:
        head = BytesIO(file.read(24)).getvalue()
    return f"{int.from_bytes(head[16:20])}x{int.from_bytes(head[20:24])}"


def test_page_promises_to_keep_answers_as_long_as_the_browser_does(client: Client) -> None:
    sentence = "They are kept here until then.</p>"

    assert client.get(PAGE).content.decode().count(sentence) == 1


def test_manifest_makes_the_site_installable(client: Client) -> None:
    response = client.get(MANIFEST)
    content = response.json()

    assert response["Content-Type"] == "application/manifest+json"
    assert (content["name"], content["start_url"], content["scope"], content["display"]) == (
        "CCXP Prep",
        "/today/",
        "/",
        "standalone",
    )
    assert [shortcut["url"] for shortcut in content["shortcuts"]] == ["/reviews/", "/practice/", "/mock/"]


def test_icons_of_the_manifest_are_as_large_as_it_says(client: Client) -> None:
    icons = client.get(MANIFEST).json()["icons"]

    assert {(icon["sizes"], icon["purpose"]) for icon in icons} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("192x192", "maskable"),
        ("512x512", "maskable"),
    }
    assert [size_of(file_of(icon["src"]) or "") for icon in icons] == [icon["sizes"] for icon in icons]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/accounts/login/", PAGE])
def test_every_page_links_the_manifest(client: Client, address: str) -> None:
    assert f'<link rel="manifest" href="{MANIFEST}">' in client.get(address).content.decode()


def test_worker_is_a_script_that_browsers_do_not_keep_for_long(client: Client) -> None:
    response = client.get(WORKER)

    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    assert "no-cache" in response["Cache-Control"]


def test_every_file_that_the_worker_keeps_is_there(client: Client) -> None:
    files = shell_of(client)["files"]

    assert len(files) > 20
    assert [address for address in files if file_of(address) is None] == []


def test_worker_keeps_every_file_that_the_offline_page_names(client: Client) -> None:
    html = client.get(PAGE).content.decode()
    named = set(re.findall(r'(?:src|href)="(/static/[^"#]+)', html))
    # Icons of the browser's own surface.
    named -= {address for address in named if address.endswith(".png")}

    assert named - set(shell_of(client)["files"]) == set()


def test_worker_keeps_every_module_that_a_kept_one_imports(client: Client) -> None:
    kept = {Path(found) for address in shell_of(client)["files"] if (found := file_of(address))}
    modules = [path for path in kept if path.suffix == ".js"]
    imported = {
        (module.parent / name).resolve()
        for module in modules
        for name in re.findall(r'^import [^;]* from "(\..*)";$', module.read_text(), re.M)
    }
    assert len(imported) >= 20
    assert imported - kept == set()


def test_version_of_the_worker_follows_from_what_it_keeps(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    before = shell_of(client)["version"]
    shell._script_of_release.cache_clear()
    same = shell_of(client)["version"]
    monkeypatch.setattr(shell, "KEPT", (*shell.KEPT, "css/pages/today.css"))
    shell._script_of_release.cache_clear()
    after = shell_of(client)["version"]
    shell._script_of_release.cache_clear()

    assert (before == same, before == after) == (True, False)


def test_offline_page_is_the_same_for_everybody(client: Client, candidate: User, candidate_client: Client) -> None:
    visitor, person = client.get(PAGE), candidate_client.get(PAGE)

    assert visitor.content == person.content
    assert b"csrfmiddlewaretoken" not in visitor.content
    # The page's own posts need it.
    assert settings.CSRF_COOKIE_NAME in visitor.cookies


def test_pages_say_whose_they_are_only_to_their_person(client: Client, candidate: User) -> None:
    address = reverse("study:competency-list")
    visitor = client.get(address).content.decode()
    client.force_login(candidate)
    person = client.get(address).content.decode()

    assert 'name="person"' not in visitor
    assert f'<meta name="person" content="{candidate.code}">' in person

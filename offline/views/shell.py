"""What a browser keeps of the site itself: the manifest, the service worker, and the page for when there is no
connection. They are the same for everybody and hold nothing of anybody."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_safe

from offline.forms import COUNTS, KINDS
from reviews.forms import CONFIDENCES

SOURCES = settings.BASE_DIR / "static"
# What the offline page and the exam room need without a connection.
KEPT = (
    "css/main.css",
    "css/pages/question.css",
    "css/pages/offline.css",
    "css/pages/exam-room.css",
    "js/offline/*.js",
    "js/exam-room/*.js",
    "js/fresh-token.js",
    "js/new-key.js",
    "js/question-keys.js",
    "icons/sprite.svg",
    "icons/favicon.svg",
)
# In production these are joined into main.css.
JOINED = ("css/tokens.css", "css/base.css", "css/components/*.css")
HTMX = "django_htmx/htmx-2.min.js"
# Light paper, as tokens.css and base.html have it; a manifest knows one colour only.
PAPER = "#fbf9f5"


@require_safe
def manifest(request: HttpRequest) -> JsonResponse:
    icons = [("icon-192.png", "192x192", "any"), ("icon-512.png", "512x512", "any")]
    icons += [("icon-maskable-192.png", "192x192", "maskable"), ("icon-maskable-512.png", "512x512", "maskable")]
    shortcuts = [("Reviews", "reviews:review-list"), ("Practice", "quizzes:practice"), ("Mock exam", "quizzes:mock")]
    content = {
        "id": "/",
        "name": "CCXP Prep",
        "short_name": "CCXP Prep",
        "description": "Practice for the CCXP exam: questions, mock exams, and reviews up to your exam day.",
        "lang": "en",
        "start_url": reverse("progress:today"),
        "scope": "/",
        "display": "standalone",
        "theme_color": PAPER,
        "background_color": PAPER,
        "icons": [
            {"src": static(f"icons/{name}"), "sizes": sizes, "type": "image/png", "purpose": purpose}
            for name, sizes, purpose in icons
        ],
        "shortcuts": [{"name": name, "url": reverse(view)} for name, view in shortcuts],
    }
    return JsonResponse(content, content_type="application/manifest+json")


@require_safe
@never_cache
def service_worker(request: HttpRequest) -> HttpResponse:
    # Each visit of a page asks for it, and only a new release changes it.
    script = _script() if settings.DEBUG else _script_of_release()
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_safe
@ensure_csrf_cookie
def page(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page())


def _page() -> str:
    """Rendered without a request, so that nobody's name or token can stand in what every browser keeps."""
    context = {"kinds": KINDS, "counts": COUNTS, "confidences": CONFIDENCES}
    return render_to_string("offline/page.html", context)


@cache
def _script_of_release() -> str:
    return _script()


def _script() -> str:
    files = _files()
    worker = render_to_string("offline/service-worker.js")
    digest = hashlib.sha256((worker + _page()).encode())
    for name, path in files.items():
        digest.update(name.encode() + path.read_bytes())
    addresses = [static(name) for name in files] + [static(HTMX)]
    shell = {
        "version": digest.hexdigest()[:16],
        "page": reverse("offline:page"),
        "files": addresses,
        "signOut": [reverse("account_logout"), reverse("admin:logout")],
    }
    return f"const SHELL = {json.dumps(shell, indent=1)};\n\n{worker}"


def _files() -> dict[str, Path]:
    is_joined = static("css/main.css") != f"{settings.STATIC_URL}css/main.css"
    patterns = KEPT if is_joined else (*KEPT, *JOINED)
    paths = [path for pattern in patterns for path in sorted(SOURCES.glob(pattern))]
    return {path.relative_to(SOURCES).as_posix(): path for path in paths}

"""What a first visit of a page sends, beside the pages of a peer, and what Lighthouse says of ours.

`KOLIBRI_URL` names a Kolibri that runs on this machine, with a learner `KOLIBRI_LEARNER` (name:password): its pages are
weighed in the same run by the same code. `LIGHTHOUSE` names the program of that name. Without them their part is left
out. Every text counts as compressed with gzip, as a server that compresses would send it.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response

from progress.demo import PASSWORD
from tests.benchmarks.test_embedded import environment
from tests.browser import FLAGS
from tests.ccxp_prep.test_serve import FIRST_START_SECONDS, ROOT, Serve

MOST_TOGETHER = 100_000
MOST_OWN_SCRIPT = 40_000
LEAST_LIGHTHOUSE = 95
TEXTS = re.compile(r"text/|javascript|json|svg|xml")
PHONE = {"width": 390, "height": 844}


@dataclass(slots=True)
class Weight:
    """Bytes of one page, cold cache, until it has come to rest."""

    name: str
    html: int = 0
    styles: int = 0
    scripts: int = 0
    library: int = 0  # htmx, which other people keep
    rest: int = 0
    requests: int = 0

    @property
    def together(self) -> int:
        return self.html + self.styles + self.scripts + self.library + self.rest

    def add(self, response: Response) -> None:
        body = response.body()
        kind = response.headers.get("content-type", "")
        size = len(gzip.compress(body, 6)) if TEXTS.search(kind) else len(body)
        self.requests += 1
        if "html" in kind:
            self.html += size
        elif "css" in kind:
            self.styles += size
        elif "javascript" in kind and "htmx" in response.url:
            self.library += size
        elif "javascript" in kind:
            self.scripts += size
        else:
            self.rest += size

    def __str__(self) -> str:
        figures = (self.html, self.styles, self.scripts, self.library, self.rest, self.together)
        return f"| {self.name} | {' | '.join(f'{figure / 1000:.1f}' for figure in figures)} | {self.requests} |"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    serve = Serve(tmp_path_factory.mktemp("weights"), "serve")
    serve.wait_until_it_answers("/", FIRST_START_SECONDS)
    command = [sys.executable, "manage.py", "load_demo"]
    subprocess.run(command, cwd=ROOT, env=environment(serve), check=True, capture_output=True)
    yield serve
    serve.child.stop()


@pytest.fixture(scope="module")
def addresses(site: Serve, browser: Browser) -> dict[str, str]:
    """Path by name, found as a candidate finds them."""
    page = browser.new_context(viewport=PHONE).new_page()
    sign_in(page, site.url)
    found = {"landing": "/", "today": "/today/"}
    page.goto(f"{site.url}/practice/")
    page.get_by_role("button", name="Quick ten").click()
    page.wait_for_url(re.compile(r"/questions/1/$"))
    found["question"] = urlsplit(page.url).path
    page.goto(f"{site.url}/mock/six-areas/start/")
    page.get_by_role("button", name="Start the exam").click()
    page.wait_for_selector("body[data-ready]")
    found["exam room, 100 questions"] = urlsplit(page.url).path
    page.goto(f"{site.url}/attempts/")
    links = page.locator("main a[href^='/attempts/']").evaluate_all("links => links.map(link => link.pathname)")
    found["result"] = next(path for path in links if has_score(page, site.url + path))
    others = {"review": "/reviews/next/", "practice": "/practice/", "schedule": "/reviews/schedule/"}
    more = {"progress": "/progress/", "objective": "/study/objectives/MET-K1.1/", "search": "/search/?q=effort"}
    page.context.close()
    return found | others | more


def has_score(page: Page, address: str) -> bool:
    page.goto(address)
    return page.locator(".score-figure").count() == 1


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("Email").fill("carla@example.com")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/today/")


def sign_in_to_kolibri(page: Page, url: str) -> None:
    name, _, password = os.environ["KOLIBRI_LEARNER"].partition(":")
    page.goto(f"{url}/en/auth/")
    page.get_by_label("Username").fill(name)
    page.get_by_role("button", name="Next").click()
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/learn/**")


def weigh(
    browser: Browser, url: str, paths: dict[str, str], enter: Callable[[Page, str], None] | None
) -> Iterator[Weight]:
    for name, path in paths.items():
        context = browser.new_context(viewport=PHONE, service_workers="block")
        if enter and name != "landing":
            page = context.new_page()
            enter(page, url)
            cookies = context.cookies()
            context.close()
            context = browser.new_context(viewport=PHONE, service_workers="block")
            context.add_cookies(cookies)
        page = context.new_page()
        responses: list[Response] = []
        page.on("response", lambda response, kept=responses: kept.append(response))
        page.goto(url + path)
        page.wait_for_load_state("networkidle")
        weight = Weight(name)
        for response in responses:
            if response.status == 200 and urlsplit(response.url).scheme.startswith("http"):
                weight.add(response)
        context.close()
        yield weight


def test_first_load_of_a_page(site: Serve, browser: Browser, addresses: dict[str, str]) -> None:
    weights = list(weigh(browser, site.url, addresses, sign_in))
    peers: list[Weight] = []
    if url := os.environ.get("KOLIBRI_URL"):
        paths = {"sign-in": "/en/auth/", "learner's home": "/en/learn/#/home", "library": "/en/learn/#/library"}
        peers += weigh(browser, url, {"sign-in": paths.pop("sign-in")}, None)
        peers += weigh(browser, url, paths, sign_in_to_kolibri)

    print("\n| Page | HTML | Styles | Own scripts | Library | Rest | Together, kB | Requests |")
    for weight in [*weights, *peers]:
        print(weight)
    assert {weight.name: weight.together for weight in weights if weight.together > MOST_TOGETHER} == {}
    assert {weight.name: weight.scripts for weight in weights if weight.scripts > MOST_OWN_SCRIPT} == {}


@pytest.mark.skipif("LIGHTHOUSE" not in os.environ, reason="LIGHTHOUSE names no program")
def test_lighthouse_on_a_phone(
    site: Serve, browser: Browser, addresses: dict[str, str], chromium_path: str, tmp_path: Path
) -> None:
    page = browser.new_context().new_page()
    sign_in(page, site.url)
    cookie = "; ".join(f"{each['name']}={each['value']}" for each in page.context.cookies())
    page.context.close()
    scores: dict[str, dict[str, int]] = {}
    for name in ("landing", "today", "question", "exam room, 100 questions", "result"):
        report = tmp_path / f"{len(scores)}.json"
        command = [
            os.environ["LIGHTHOUSE"],
            site.url + addresses[name],
            "--quiet",
            "--output=json",
            f"--output-path={report}",
            f"--chrome-flags=--headless=new {' '.join(FLAGS)}",
        ]
        if name != "landing":
            command.append(f"--extra-headers={json.dumps({'Cookie': cookie})}")
        subprocess.run(command, env={**os.environ, "CHROME_PATH": chromium_path}, check=True, capture_output=True)
        read = json.loads(report.read_text())
        assert urlsplit(read["finalDisplayedUrl"]).path == addresses[name]
        scores[name] = {key: round(100 * category["score"]) for key, category in read["categories"].items()}

    print()
    for name, score in scores.items():
        print(f"| {name} | {' | '.join(f'{key} {value}' for key, value in score.items())} |")
    low = {name: score for name, score in scores.items() if min(score.values()) < LEAST_LIGHTHOUSE}
    assert low == {}

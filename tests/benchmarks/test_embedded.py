"""The one-process set-up as people run it: how long a warm start takes, and what its memory does under use.

The run is short (BENCHMARK_SECONDS, 30); its growth per 1,000 requests is what an hour is reckoned from.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import uuid
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from typing import NamedTuple

import pytest

from progress.demo import PASSWORD
from tests.ccxp_prep.test_serve import FIRST_START_SECONDS, ROOT, WARM_START_SECONDS, Serve

SECONDS = int(os.environ.get("BENCHMARK_SECONDS", "30"))
# Every library has then been imported and every template compiled.
WARM_UP = 400
BLOCK = 100
# A person who reads asks for a page every ten seconds or so: an hour of twenty-five of them.
REQUESTS_IN_AN_HOUR = 10_000
MOST_MEGABYTES = 250
HAS_PROC = Path("/proc/self/status").exists()
needs_proc = pytest.mark.skipif(not HAS_PROC, reason="Memory is read from /proc")
PAGES = (
    "/today/",
    "/practice/",
    "/mock/",
    "/reviews/",
    "/reviews/next/",
    "/reviews/schedule/",
    "/progress/",
    "/study/",
    "/study/objectives/MET-K1.1/",
    "/attempts/",
    "/account/",
)


class Visitor:
    """One signed-in person with cookies."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=30) as response:
            return response.read().decode()

    def post(self, path: str, **fields: object) -> tuple[str, str]:
        """Where it led, and the page there."""
        return self.send(path, urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def post_json(self, path: str, **fields: object) -> None:
        self.send(path, json.dumps(fields).encode(), "application/json")

    def send(self, path: str, body: bytes, content_type: str) -> tuple[str, str]:
        token = next(cookie.value for cookie in self.cookies if cookie.name == "csrf")
        headers = {"Content-Type": content_type, "X-CSRFToken": token or ""}
        with self.opener.open(urllib.request.Request(self.url + path, body, headers), timeout=30) as response:
            return response.url, response.read().decode()

    def sign_in(self, email: str) -> None:
        self.get("/accounts/login/")
        where, _ = self.post("/accounts/login/", login=email, password=PASSWORD)
        assert where.endswith("/today/")


class Started(NamedTuple):
    """The second time, on the demo; with the seconds that took, and what the first start held when it was done."""

    server: Serve
    seconds: float
    first_megabytes: float


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    folder = tmp_path_factory.mktemp("embedded")
    first = Serve(folder, "first")
    first.wait_until_it_answers("/healthz", FIRST_START_SECONDS)
    first_megabytes = megabytes(first) if HAS_PROC else 0
    first.child.stop()
    subprocess.run([sys.executable, "manage.py", "load_demo"], cwd=ROOT, env=environment(first), check=True)
    second = Serve(folder, "second")
    seconds = second.wait_until_it_answers("/", 60)
    yield Started(second, seconds, first_megabytes)
    second.child.stop()


def environment(server: Serve) -> dict[str, str]:
    return {**(server.child.environment or {}), "SECRET_KEY_FILE": str(server.var / "secret_key")}


def test_warm_start_is_quick(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nwarm start to the first page: {started.seconds:.1f} s")

    assert started.seconds <= WARM_START_SECONDS


@needs_proc
def test_a_first_start_fits_in_memory(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nafter a first start {started.first_megabytes:.0f} MB")

    assert started.first_megabytes <= MOST_MEGABYTES


@needs_proc
def test_an_hour_of_use_fits_in_memory(started: Started, capsys: pytest.CaptureFixture[str]) -> None:
    at_the_start = megabytes(started.server)
    visitor = Visitor(started.server.url)
    visitor.sign_in("carla@example.com")
    answers = answer_for_ever(visitor, start_mock(visitor))
    done, readings, begun = 0, [], time.monotonic()

    for path in itertools.cycle(PAGES):
        visitor.get(path)
        next(answers)
        done += 2
        if done % BLOCK == 0:
            readings.append((done, megabytes(started.server)))
        if time.monotonic() - begun > SECONDS and done >= WARM_UP + 4 * BLOCK:
            break

    growth = slope([(number, size) for number, size in readings if number >= WARM_UP]) * 1000
    after_an_hour = readings[-1][1] + max(growth, 0) * (REQUESTS_IN_AN_HOUR - done) / 1000
    with capsys.disabled():
        print(f"\n{at_the_start:.0f} MB after the start")
        print(f"{done} requests in {time.monotonic() - begun:.0f} s: {readings[0][1]:.0f} MB after {BLOCK},")
        print(f"{readings[-1][1]:.0f} MB at the end; growth {growth:.1f} MB per 1,000 requests after {WARM_UP}")
        print(f"so after {REQUESTS_IN_AN_HOUR} requests about {after_an_hour:.0f} MB")
    assert after_an_hour <= MOST_MEGABYTES


def start_mock(visitor: Visitor) -> str:
    where, _ = visitor.post("/mock/six-areas/start/")
    found = re.search(r"/attempts/[0-9a-f-]{36}/", where)
    assert found is not None, where
    return found[0]


def answer_for_ever(visitor: Visitor, attempt: str) -> Iterator[None]:
    for number in itertools.count():
        position, sequence = number % 100 + 1, number // 100 + 1
        visitor.post_json(
            f"{attempt}answers/",
            key=str(uuid.uuid4()),
            sequence=sequence,
            position=position,
            label="ABCD"[number % 4],
            is_flagged=False,
            seconds=1,
        )
        yield


def megabytes(server: Serve) -> float:
    assert server.child.process is not None
    status = Path(f"/proc/{server.child.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def slope(points: list[tuple[int, float]]) -> float:
    """Of the straight line that lies closest to the points."""
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    across = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / across

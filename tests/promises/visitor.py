"""A candidate at the production stack, without a browser: cookies, the token, and how long each request took."""

from __future__ import annotations

import http.client
import json
import time
import uuid
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode

from tests.factories import PASSWORD
from tests.production import Production

# Longer than any fault may hold a request.
PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Reply:
    status: int
    seconds: float
    location: str
    body: str


class Visitor:
    def __init__(self, stack: Production, email: str) -> None:
        self.stack = stack
        self.email = email
        self.cookies: dict[str, str] = {}
        self.sequence = 0

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=PATIENCE_SECONDS)
        sent = {
            "Host": f"localhost:{self.stack.port}",
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "X-CSRFToken": self.cookies.get("csrf", ""),
            # What the proxy in front of production adds.
            "X-Forwarded-For": "192.0.2.1",
            **headers,
        }
        started = time.monotonic()
        try:
            connection.request(method, path, body.encode(), sent)
            response = connection.getresponse()
            text = response.read().decode(errors="replace")
        finally:
            connection.close()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return Reply(response.status, time.monotonic() - started, response.getheader("Location", ""), text)

    def get(self, path: str) -> Reply:
        return self.ask("GET", path)

    def post(self, path: str, **fields: str) -> Reply:
        return self.ask("POST", path, urlencode(fields), **{"Content-Type": "application/x-www-form-urlencoded"})

    def sign_in(self) -> Reply:
        self.get("/accounts/login/")
        return self.post("/accounts/login/", login=self.email, password=PASSWORD)

    def start_mock(self) -> str:
        """Returns the address of the attempt."""
        started = self.post("/mock/six-areas/start/")
        assert started.status == 302, started.body[:500]
        return started.location.removesuffix("exam/")

    def answer(self, attempt: str, position: int, label: str) -> Reply:
        self.sequence += 1
        answer: dict[str, Any] = {
            "key": str(uuid.uuid4()),
            "sequence": self.sequence,
            "position": position,
            "label": label,
            "is_flagged": False,
            "seconds": 1,
        }
        return self.ask("POST", f"{attempt}answers/", json.dumps(answer), **{"Content-Type": "application/json"})


def make_candidates(stack: Production, count: int) -> list[Visitor]:
    """Accounts of their own for a test, not signed in."""
    emails = [f"{uuid.uuid4().hex[:12]}@example.com" for _ in range(count)]
    stack.shell(
        "from accounts.models import User\n"
        f"for email in {emails!r}: User.objects.create_user(email, {PASSWORD!r}, time_zone='UTC')"
    )
    return [Visitor(stack, email) for email in emails]


def read_value(stack: Production, query: str, *parameters: Any) -> Any:
    with stack.connect() as connection, connection.cursor() as cursor:
        cursor.execute(query, parameters)
        row = cursor.fetchone()
        return row[0] if row else None

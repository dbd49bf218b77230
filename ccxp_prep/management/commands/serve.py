from __future__ import annotations

import errno
import hashlib
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.wsgi import get_wsgi_application
from waitress.server import create_server

from ccxp_prep import embedded

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

WEB_THREADS = 8


class Command(BaseCommand):
    help = "Run everything in one process: web server, worker and scheduler."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
        parser.add_argument("--port", type=int, default=8000, help="port to listen on (8000)")
        parser.add_argument("--demo", action="store_true", help="add people, a cohort and their history to look at")

    def handle(self, *, host: str, port: int, demo: bool, **options: Any) -> None:
        signal.signal(signal.SIGTERM, exit_cleanly)
        if demo and not is_loopback(host):
            raise CommandError("The demo's password is public, so the demo is served to this machine only.")
        with listen(host, port) as listener:
            try:
                self.prepare(demo=demo)
                self.serve(listener)
            except KeyboardInterrupt:
                pass
        self.stdout.write("Stopped")

    def prepare(self, *, demo: bool) -> None:
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        self.stdout.write("Preparing the database")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        call_command("load_content", stdout=self.stdout, stderr=self.stderr)
        self.collect_static()
        if demo:
            call_command("load_demo", stdout=self.stdout, stderr=self.stderr)
            settings.SHOWS_STYLE_PAGE = True

    def collect_static(self) -> None:
        remembered = settings.VAR_DIR / "static.sha256"
        digest = static_digest()
        if settings.STATIC_ROOT.is_dir() and remembered.is_file() and remembered.read_text() == digest:
            return
        self.stdout.write("Collecting static files")
        call_command("collectstatic", interactive=False, verbosity=0)
        remembered.write_text(digest)

    def serve(self, listener: socket.socket) -> None:
        address = address_of(listener)
        if "SITE_URL" not in os.environ:
            # Links in mails lead to the port that was chosen.
            settings.SITE_URL = address
        # It warns as soon as one request waits for a thread, which is what its queue is for.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        stop_workers = embedded.start()
        server = create_server(without_bodies_of_heads(get_wsgi_application()), sockets=[listener], threads=WEB_THREADS)
        self.stdout.write(self.style.SUCCESS(f"CCXP Prep runs at {address}/"))
        self.stdout.write("Stop it with Ctrl-C")
        self.stdout.flush()
        try:
            server.run()
        finally:
            server.close()
            stop_workers()


def without_bodies_of_heads(application: WSGIApplication) -> WSGIApplication:
    """Waitress sends what it is given, and whoever asked by HEAD would read that body as the next answer."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] != "HEAD":
            return body
        if hasattr(body, "close"):
            body.close()
        # Of no length, rather than no piece at all, which it would take for a stream and end with a mark.
        return [b""]

    return answer


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        # Another name: what it leads to may change.
        return False


def listen(host: str, port: int) -> socket.socket:
    """Bound before anything else is done, so that a taken port is told at once."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        if os.name != "nt":
            # On Windows this option would let two servers share the port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        # Two sockets may be bound to one port until one of them listens.
        listener.listen()
    except OverflowError as error:
        raise CommandError(f"{port} is no port: choose one from 1 to 65535.") from error
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CommandError(f"Port {port} is taken; choose another one with --port.") from error
        raise CommandError(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
    return listener


def address_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    if host == "127.0.0.1":
        # Browsers offer passkeys on a name only, never on a number.
        host = "localhost"
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def exit_cleanly(number: int, frame: FrameType | None) -> None:
    # Waitress, which takes it for its sign to end, gives way to the clean-up above.
    sys.exit(0)


def static_digest() -> str:
    """Changes with every file that would be collected: its name, size or time."""
    names = []
    for finder in get_finders():
        for name, storage in finder.list([]):
            status = Path(storage.path(name)).stat()
            names.append(f"{name} {status.st_size} {status.st_mtime_ns}")
    return hashlib.sha256("\n".join(sorted(names)).encode()).hexdigest()

"""A real HTTP server on loopback that speaks as much of the OpenAI protocol as a second reader needs, well or badly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Answers every request with what the server was given; ``over`` is set when the test is."""

    server: Server

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length", 0))
        self.server.asked.append((self.path, dict(self.headers), json.loads(self.rfile.read(length))))
        try:
            self.server.answer(self)
        except (BrokenPipeError, ConnectionResetError):
            return

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Tests are quiet."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Answer) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer = answer
        self.over = Event()
        self.asked: list[tuple[str, dict[str, str], Any]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"


@contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    """The server, until the end of the block."""
    server = Server(answer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def completion(content: object) -> Answer:
    """Answers as a model whose message is ``content``."""
    body = json.dumps({"choices": [{"message": {"role": "assistant", "content": content}}]}).encode()
    return lambda handler: handler.send(body)


def says(opinion: object) -> Answer:
    """Answers as a model that obeys the schema."""
    return completion(json.dumps({"opinion": opinion}))


def hangs(handler: Handler) -> None:
    handler.server.over.wait()


def drips(handler: Handler) -> None:
    """One byte after the other, without end."""
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def drips_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
    while not handler.server.over.wait(0.02):
        handler.wfile.write(b"x-a: b\r\n")
        handler.wfile.flush()

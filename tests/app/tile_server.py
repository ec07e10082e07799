"""A tile service of one's own: a real HTTP server in a thread, that can misbehave in every way services do."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from layers.tiles.tile_grid import TileKey
from tests.layers.tiles.drawn_tiles import packed


class TileServer(ThreadingHTTPServer):
    """Answers ``/z/x/y.png?tk=KEY``; ``way`` says how: right, gone, broken, refused, html, cut, slow, drip."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.way = "right"
        self.asked: list[str] = []
        self.at_once, self.most_at_once = 0, 0
        self.go_on = threading.Event()

    @property
    def url(self) -> str:
        """The template of its addresses."""
        return f"http://127.0.0.1:{self.server_address[1]}/{{z}}/{{x}}/{{y}}.png?tk={{key}}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a client that has gone."""


class _Answer(BaseHTTPRequestHandler):
    server: TileServer

    def do_GET(self) -> None:
        server = self.server
        server.asked.append(self.path)
        server.at_once += 1
        server.most_at_once = max(server.most_at_once, server.at_once)
        try:
            self._answer(server.way)
        finally:
            server.at_once -= 1

    def _answer(self, way: str) -> None:
        z, x, y = self.path.split("?")[0].removesuffix(".png").strip("/").split("/")
        data = packed(TileKey(int(z), int(x), int(y)))
        status = {"gone": 404, "broken": 500, "refused": 403}.get(way, 200)
        if way == "html":
            data = b"<!DOCTYPE html><title>Please log in</title>"
        if way == "slow":
            self.server.go_on.wait(10)
        if way == "header_drip":
            self.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for number in range(60):
                if self.server.go_on.wait(0.1):
                    break
                self.wfile.write(b"X-%d: 1\r\n" % number)
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if way == "html" else "image/png")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if way == "drip":
            for byte in data[:200]:
                self.wfile.write(bytes([byte]))
                time.sleep(0.02)
            return
        self.wfile.write(data[: len(data) // 2] if way == "cut" else data)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Say nothing."""


@contextmanager
def tile_server() -> Iterator[TileServer]:
    """Run a server; it is gone afterwards."""
    server = TileServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.go_on.set()
        server.shutdown()
        server.server_close()
        thread.join()

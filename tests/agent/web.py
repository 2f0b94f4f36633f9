"""A real HTTP server on loopback that may be told to answer badly."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from agent.trust import digest
from player.model import Media

Answer = Callable[[BaseHTTPRequestHandler], None]


class Web:
    """A real server. `files` are served with ranges; `answers` replace that for a path."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.answers: dict[str, Answer] = {}
        self.seen: list[tuple[str, str, dict[str, str]]] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.leaving = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def put(self, data: bytes, mime: str = "application/octet-stream") -> Media:
        """Serve `data` under its hash."""
        media = Media(digest(data), len(data), mime)
        self.files[f"/content/{media.sha256}"] = data
        return media

    def close(self) -> None:
        self.leaving.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(web) -> type[BaseHTTPRequestHandler]:  # noqa: N805
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                web.connections += 1
                super().setup()

            def log_message(self, *args: Any) -> None:
                """Quiet."""

            def answer(self) -> None:
                web.seen.append((self.command, self.path, dict(self.headers)))
                length = int(self.headers.get("Content-Length", 0))
                web.bodies.append(self.rfile.read(length))
                if self.path in web.answers:
                    web.answers[self.path](self)
                else:
                    self.serve(web.files.get(self.path))

            do_GET = do_POST = do_PUT = answer  # noqa: N815

            def serve(self, data: bytes | None) -> None:
                start = 0
                if data is not None and "Range" in self.headers:
                    start = int(self.headers["Range"].removeprefix("bytes=").removesuffix("-"))
                self.send_response(404 if data is None else 206 if start else 200)
                rest = (data or b"")[start:]
                self.send_header("Content-Length", str(len(rest)))
                self.end_headers()
                self.wfile.write(rest)

        return Handler

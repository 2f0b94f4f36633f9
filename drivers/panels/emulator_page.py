"""The page that shows an emulated LED panel: 127.0.0.1 only, in a thread of its own.

A picture is drawn LED by LED and packed only when somebody looks, and only when it has changed.
"""

from __future__ import annotations

import asyncio
import io
import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from PIL import Image
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler, StaticFileHandler
from tornado.websocket import WebSocketHandler

log = logging.getLogger(__name__)

HOST: Final = "127.0.0.1"
_FRAME_S: Final = 1 / 30


class Page:
    """Serves `template` with `assets`; `picture` gives the present image, `version` changes with it."""

    def __init__(
        self, template: Path, values: Any, picture: Callable[[], Image.Image], version: Callable[[], int]
    ) -> None:
        self.clients: set[_Socket] = set()
        self._picture = picture
        self._version = version
        self._packed: tuple[int, bytes] = (-1, b"")
        self._app = Application(
            [
                (r"/", _Index, {"template": template, "values": values}),
                (r"/image", _Image, {"page": self}),
                (r"/websocket", _Socket, {"page": self}),
                (r"/assets/(.*)", StaticFileHandler, {"path": str(template.parent / "assets")}),
            ]
        )
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="emulator-page", daemon=True)

    def start(self, port: int) -> int:
        """Listen on `port`, 0 for any free one; the port comes back. Raises OSError."""
        try:
            self._sockets = bind_sockets(port, HOST)
        except OSError:
            self._loop.close()
            raise
        self._thread.start()
        bound: int = self._sockets[0].getsockname()[1]
        return bound

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(2.0)

    def png(self) -> bytes:
        """The present picture, packed at most once; called in the page's thread."""
        version = self._version()
        if version != self._packed[0]:
            with io.BytesIO() as file:
                self._picture().save(file, "PNG", compress_level=1)
                self._packed = (version, file.getvalue())
        return self._packed[1]

    def bring(self, client: _Socket) -> None:
        """The present picture, to one who has not had it; called in the page's thread."""
        png, version = self.png(), self._packed[0]
        if client.version != version:
            client.version = version
            client.write_message(png, binary=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        server = HTTPServer(self._app)
        server.add_sockets(self._sockets)
        while not self._stop.is_set():
            for client in list(self.clients):
                self.bring(client)
            await _either(self._stop, _FRAME_S)
        server.stop()
        for client in list(self.clients):
            client.close()
        await server.close_all_connections()


async def _either(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


class _Index(RequestHandler):
    def initialize(self, template: Path, values: Any) -> None:
        self._template = template
        self._values = values

    def get(self) -> None:
        self.render(str(self._template), adapter=self._values)


class _Image(RequestHandler):
    def initialize(self, page: Page) -> None:
        self._page = page

    def get(self) -> None:
        self.set_header("Content-Type", "image/png")
        self.set_header("Cache-Control", "no-store")
        self.write(self._page.png())


class _Socket(WebSocketHandler):
    """Pictures as they come. Only a page of this server may listen: Tornado's own check of the origin stands.

    `version` is that of the last one it was sent.
    """

    def initialize(self, page: Page) -> None:
        self._page = page
        self.version = -1

    def open(self) -> None:
        self._page.clients.add(self)
        self._page.bring(self)

    def on_close(self) -> None:
        self._page.clients.discard(self)

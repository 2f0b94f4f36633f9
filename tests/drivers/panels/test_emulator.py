"""The emulated LED panel: what its library would do to the machine is kept away, its page shows the LEDs."""

from __future__ import annotations

import asyncio
import io
import signal
import socket
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

from drivers import panel
from drivers.panel import Panel, PanelError
from tests.waiting import DEADLINE_S

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@pytest.fixture
def shown(own_environment: None) -> Iterator[Panel]:
    made = panel.create("emulator", 64, 32, {"adapter": "browser", "pixel_size": 2})
    made.open()
    yield made
    made.close()


def get(url: str) -> bytes:
    with DIRECT.open(url, timeout=DEADLINE_S) as answer:
        body: bytes = answer.read()
    return body


def corner(message: str | bytes | None) -> object:
    assert isinstance(message, bytes)
    return Image.open(io.BytesIO(message)).convert("RGB").getpixel((0, 0))


def test_the_page_shows_the_leds(shown: Panel) -> None:
    url = shown.health()["url"]
    shown.surface.fill((250, 0, 0))
    shown.present()

    picture = Image.open(io.BytesIO(get(url + "image"))).convert("RGB")

    assert picture.size == (128, 64)
    assert picture.getpixel((0, 0)) == (250, 0, 0)
    assert b'src="assets/client.js"' in get(url)
    assert b"websocket" in get(url + "assets/client.js")


def test_the_page_is_black_before_the_first_frame(shown: Panel) -> None:
    picture = Image.open(io.BytesIO(get(shown.health()["url"] + "image")))
    assert picture.convert("RGB").getextrema() == ((0, 0), (0, 0), (0, 0))


def test_a_watching_page_gets_each_new_picture_and_none_twice(shown: Panel) -> None:
    url = shown.health()["url"].replace("http", "ws") + "websocket"

    async def watch() -> list[object]:
        connection = await websocket_connect(url)
        first = await asyncio.wait_for(connection.read_message(), DEADLINE_S)
        next_one = asyncio.ensure_future(connection.read_message())
        assert not (await asyncio.wait({next_one}, timeout=0.2))[0], "nothing new, nothing sent"
        shown.surface.fill((0, 250, 0))
        shown.present()
        second = await asyncio.wait_for(next_one, DEADLINE_S)
        connection.close()
        return [corner(first), corner(second)]

    assert asyncio.run(watch()) == [(0, 0, 0), (0, 250, 0)]


def test_another_site_may_not_watch(shown: Panel) -> None:
    url = shown.health()["url"].replace("http", "ws") + "websocket"

    async def watch() -> None:
        await websocket_connect(HTTPRequest(url, headers={"Origin": "http://elsewhere.example"}))

    with pytest.raises(HTTPClientError, match="403"):
        asyncio.run(watch())


def test_listens_on_loopback_only(shown: Panel) -> None:
    port = int(shown.health()["url"].rstrip("/").rpartition(":")[2])
    wanted = f"{port:04X}"
    rows = [line.split()[1] for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    listening = [row.split(":")[0] for row in rows if row.split(":")[1] == wanted]
    six = [line for line in Path("/proc/net/tcp6").read_text(encoding="ascii").splitlines() if f":{wanted} " in line]

    assert set(listening) == {"0100007F"}
    assert six == []


def test_a_port_in_use_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        second = panel.create("emulator", 64, 32, {"port": port})
        with pytest.raises(PanelError, match=f"port={port}"):
            second.open()


def test_two_panels_of_different_sizes_one_after_the_other() -> None:
    for size in ((64, 32), (192, 96)):
        made = panel.create("emulator", *size, {"adapter": "raw"})
        made.open()
        made.surface.fill((9, 9, 9))
        made.present()
        assert len(made.capture().data) == 3 * size[0] * size[1]
        made.close()


def test_takes_no_signal_and_leaves_no_thread(request: pytest.FixtureRequest) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    shown: Panel = request.getfixturevalue("shown")
    assert [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)] == before
    shown.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "emulator-page"]

"""The demo that stays: starts the commune, says what to open, and stops cleanly on Ctrl-C."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Final
from urllib.parse import urlsplit

import click

from publisher.demo.commune import Commune
from publisher.demo.host import Host, screens

LOOK_EVERY_S: Final = 0.5


def say(line: str) -> None:
    """Progress, on standard error."""
    click.echo(f"· {line} …", err=True)


def run(folder: Path, port: int) -> None:
    """Runs until Ctrl-C or SIGTERM. Raises DemoError when something cannot start or ends by itself."""
    for number in (signal.SIGINT, signal.SIGTERM):  # a shell starts its background jobs deaf to SIGINT
        signal.signal(number, _interrupt)
    say(f"Thư mục / folder: {folder}")
    host = Host.look(os.environ)
    try:
        with Commune(folder.resolve(), screens(host), say, port=port) as commune:
            click.echo(welcome(commune, host))
            stay(commune)
            signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not cut the stop short
    except KeyboardInterrupt:
        pass  # during the start
    click.echo("Đã dừng; tin đã soạn vẫn còn. / Stopped; what was written is kept.", err=True)


def stay(commune: Commune) -> None:
    """Watches the processes until Ctrl-C or until the window of a screen is closed. Raises DemoError."""
    children = commune.children
    try:
        while not any(children.ended_well(f"{name}-player") for name in commune.screens):
            children.check()
            time.sleep(LOOK_EVERY_S)
        click.echo("Cửa sổ của bảng đã đóng. / The screen's window was closed.", err=True)
    except KeyboardInterrupt:
        click.echo("\nĐang dừng / stopping …", err=True)


def welcome(commune: Commune, host: Host) -> str:
    """What to open and who to be."""
    pages = [commune.url, *led_pages(commune)]
    lines = ["", f"  Mở trình duyệt / open in a browser:   {commune.url}"]
    lines += [f"  Bảng LED / the LED board:             {page}" for page in pages[1:]]
    lines += tunnel(pages, host.ssh)
    lines += ["", "  Tài khoản / accounts:"]
    lines += [f"    {who.username:<8} {who.password}   {who.name} ({who.role})" for who in commune.accounts.values()]
    lines += [
        "",
        "  Soạn tin bằng «soan», duyệt bằng «duyet», rồi mở mục Bảng để xem hai bảng.",
        "  Write as soan, approve as duyet, then open Bảng to see both screens.",
    ]
    if not host.sound:
        lines += [
            "  Máy này không có loa: bấm «Nghe thử» trên trang của tin.",
            "  No sound device here: press «Nghe thử» on a bulletin's page to listen.",
        ]
    return "\n".join([*lines, "", "  Ctrl-C: dừng / stop", ""])


def led_pages(commune: Commune) -> list[str]:
    """Addresses of the pages on which emulated LED panels show."""
    panels = (screen.status().get("panel", {}) for screen in commune.screens.values())
    return [str(panel["url"]) for panel in panels if panel.get("url")]


def tunnel(pages: list[str], server: str) -> list[str]:
    """The line that brings those pages to the machine one sits at; none without SSH."""
    if not server:
        return []
    ports = [urlsplit(page).port for page in pages]
    ways = " ".join(f"-L {port}:127.0.0.1:{port}" for port in ports)
    return ["", f"  Qua SSH / over SSH, on your own machine:   ssh {ways} {server}"]


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt

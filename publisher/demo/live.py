"""The demo that stays: starts the commune, says what to open, and stops cleanly on Ctrl-C."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import FrameType
from typing import Final

import click

from publisher.demo.commune import Commune
from publisher.demo.screen import HDMI, LED, ScreenSpec

LOOK_EVERY_S: Final = 0.5


def say(line: str) -> None:
    """Progress, on standard error."""
    click.echo(f"· {line} …", err=True)


def run(folder: Path, port: int) -> None:
    """Runs until Ctrl-C or SIGTERM. Raises DemoError when something cannot start or ends by itself."""
    signal.signal(signal.SIGTERM, _interrupt)
    say(f"Thư mục / folder: {folder}")
    try:
        with Commune(folder.resolve(), (HDMI, _led()), say, port=port) as commune:
            click.echo(welcome(commune, os.environ.get("SSH_CONNECTION", "")))
            while True:
                commune.children.check()
                time.sleep(LOOK_EVERY_S)
    except KeyboardInterrupt:
        click.echo("Đã dừng; tin đã soạn vẫn còn. / Stopped; what was written is kept.", err=True)


def welcome(commune: Commune, ssh: str) -> str:
    """What to open and who to be. `ssh` is SSH_CONNECTION, empty without one."""
    port = commune.url.rsplit(":", 1)[1]
    lines = ["", f"  Mở trình duyệt / open in a browser:   {commune.url}", ""]
    if ssh:
        server = ssh.split()[2] if len(ssh.split()) > 2 else "HOST"
        lines += [f"  Qua SSH / over SSH, on your own machine:   ssh -L {port}:127.0.0.1:{port} {server}", ""]
    lines += ["  Tài khoản / accounts:"]
    lines += [f"    {who.username:<8} {who.password}   {who.name} ({who.role})" for who in commune.accounts.values()]
    lines += [
        "",
        "  Soạn tin bằng «soan», duyệt bằng «duyet», rồi mở mục Bảng để xem hai bảng và nghe.",
        "  Write as soan, approve as duyet, then open Bảng to see both screens and to listen.",
        "  Ctrl-C: dừng / stop",
        "",
    ]
    return "\n".join(lines)


def _led() -> ScreenSpec:
    """The LED screen; with the emulator's own page where it can be had."""
    return LED


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt

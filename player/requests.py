"""Answering the agent's requests: each exactly once, with a file that is complete when it has its name."""

from __future__ import annotations

import logging
import os
import struct
import threading
import zlib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from drivers.panel import Frame
from player import wire
from player.model import Reply, Verb
from player.store import Request

log = logging.getLogger(__name__)

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_QUICK: Final = 1  # zlib: flat pictures shrink well at any level, and the agent waits


class Requests:
    """Writes answers into `folder`. `started` is when this process started: an older restart is done already."""

    def __init__(self, folder: Path, started: datetime) -> None:
        self._folder = folder
        self._started = started
        self._seen: set[str] = set()
        self._at_work: list[threading.Thread] = []
        folder.mkdir(parents=True, exist_ok=True)

    def fresh(self, requests: Collection[Request], now: datetime) -> tuple[Request, ...]:
        """Those that nobody has answered yet; ones that came too late are answered with a refusal right here."""
        found = []
        self._seen &= {request.id for request in requests}  # the agent takes them away, and never gives an id again
        for request in requests:
            if request.id in self._seen or not _plain(request.id):
                continue
            self._seen.add(request.id)
            if (self._folder / f"{request.id}.json").exists():
                continue
            if request.verb == Verb.RESTART and request.created < self._started:
                self.answer(request, True, "the player was started after this was asked")
            elif now >= request.expires:
                self.answer(request, False, f"expired at {request.expires.isoformat()}")
            else:
                found.append(request)
        return tuple(found)

    def answer(self, request: Request, ok: bool, detail: str = "") -> None:
        """Leaves the answer; a disk that refuses is logged, the agent then runs into its own time limit."""
        try:
            verb = Verb(request.verb)
        except ValueError:
            log.warning("request %s: there is no verb %r", request.id, request.verb)
            return
        self._write(f"{request.id}.json", wire.encode(Reply(request.id, verb, ok, detail)))

    def screenshot(self, request: Request, frame: Frame) -> None:
        """Leaves the frame as a PNG and then the answer, from a thread: zlib works without holding up the loop."""
        self._at_work = [thread for thread in self._at_work if thread.is_alive()]
        thread = threading.Thread(target=self._screenshot, args=(request, frame), name="screenshot", daemon=True)
        self._at_work.append(thread)
        thread.start()

    def close(self, timeout_s: float = 2.0) -> None:
        """Lets pictures in the making be finished."""
        for thread in self._at_work:
            thread.join(timeout_s)

    def _screenshot(self, request: Request, frame: Frame) -> None:
        if self._write(f"{request.id}.png", png(frame)):
            self.answer(request, True, f"{frame.w}x{frame.h}, frame {frame.presented}")
        else:
            self.answer(request, False, "the picture could not be written")

    def _write(self, name: str, data: bytes) -> bool:
        part = self._folder / f".{name}.part"
        try:
            part.write_bytes(data)
            part.replace(self._folder / name)
        except OSError as exc:
            log.warning("answer %s: %s", name, exc)
            return False
        return True


def _plain(name: str) -> bool:
    """Whether the id can be a file name: it came from a database, not from us."""
    return bool(name) and os.path.basename(name) == name and not name.startswith(".")


def png(frame: Frame) -> bytes:
    """The frame as an 8-bit RGB PNG (ISO/IEC 15948), rows unfiltered."""
    stride = frame.w * 3
    rows = b"".join(b"\0" + frame.data[start : start + stride] for start in range(0, stride * frame.h, stride))
    header = struct.pack(">IIBBBBB", frame.w, frame.h, 8, 2, 0, 0, 0)
    return _PNG + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, _QUICK)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

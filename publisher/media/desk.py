"""The prepare workers as the web application uses them: previews of real pixels, and the check of uploads.

One thread owns the workers (they end with the thread that started them); web threads only ask and
look. Nothing that a person brought is decoded in this process. Previews are drawn by the player's
own painter on a panel that only remembers, from frames the workers prepared.
"""

from __future__ import annotations

import contextlib
import io
import os
import select
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Final, NamedTuple, TypeVar

from PIL import Image

from drivers.panels.memory import Driver as MemoryPanel
from player import show
from player.leafing import reading_offsets
from player.motion import Moment
from player.painter import Painter
from player.prepare import frames
from player.prepare.jobs import Failed, Inspected
from player.prepare.workers import Workers
from player.shelf import Shelf
from player.show import PanelShape, Prepared, Show

T = TypeVar("T")

VIEWS_LIMIT: Final = 40  # pictures of one preview; a longer text is shown by its beginning
_KEPT: Final = 300
_ANSWER_S: Final = 20.0


class View(NamedTuple):
    """One picture of a preview: `offset_s` into the slot."""

    offset_s: float


class Look(NamedTuple):
    """What is known of a preview now. Neither views nor a reason: still being made."""

    key: str
    views: tuple[View, ...] = ()
    dwell_s: float = 0.0
    reason: str = ""


class PrepareDesk:
    """`cache_dir` keeps prepared frames between starts.

    The workers start with the first question, and anew with the next one when their thread has ended by a fault.
    """

    def __init__(self, cache_dir: Path) -> None:
        self._cache_dir = cache_dir
        self._lock = Lock()
        self._asks: SimpleQueue[Callable[[Workers], None]] = SimpleQueue()
        self._done: OrderedDict[str, Prepared | Failed | Inspected] = OrderedDict()
        self._shapes: OrderedDict[str, PanelShape] = OrderedDict()
        self._bell = os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK)
        self._names: dict[str, str] = {}  # the workers' key of an inspection: the name it was asked by
        self._thread: Thread | None = None
        self._closing = False

    def look(self, asked: Show) -> Look:
        """How far the preview of `asked` is; the first call starts it. Never waits."""
        key = show.key(asked)
        with self._lock:
            found = self._done.get(key)
            self._shapes[key] = asked.shape
            while len(self._shapes) > _KEPT:
                self._shapes.popitem(last=False)
        if found is None:
            self._ask(lambda workers: self._request(workers, asked))
            return Look(key)
        if isinstance(found, Prepared):
            return Look(key, views_of(found), found.dwell_s)
        return Look(key, reason=found.reason if isinstance(found, Failed) else "format")

    def inspected(self, path: Path) -> Inspected | Failed | None:
        """What a worker found in the picture file at `path`; None while it looks. The first call starts it."""
        name = f"inspect:{path}"
        with self._lock:
            found = self._done.get(name)
        if isinstance(found, Inspected | Failed):
            return found
        self._ask(lambda workers: self._remember_as(name, workers.inspect(path)))
        return None

    def png(self, key: str, number: int) -> bytes | None:
        """Picture `number` of the preview `key` as PNG; None if there is no such preview (any more)."""
        with self._lock:
            found, shape = self._done.get(key), self._shapes.get(key)
        if not isinstance(found, Prepared) or shape is None:
            return None
        views = views_of(found)
        if not 0 <= number < len(views):
            return None
        return self._result(lambda workers: draw(workers, self._cache_dir, found, shape, views[number]))

    def close(self) -> None:
        """End the thread and its workers. May be called twice."""
        self._closing = True
        os.eventfd_write(self._bell, 1)
        if self._thread is not None:
            self._thread.join(_ANSWER_S)
            self._thread = None

    # --- between the threads

    def _ask(self, ask: Callable[[Workers], None]) -> None:
        self._asks.put(ask)
        os.eventfd_write(self._bell, 1)
        with self._lock:
            if not self._closing and (self._thread is None or not self._thread.is_alive()):
                self._thread = Thread(target=self._run, name="prepare-desk", daemon=True)
                self._thread.start()

    def _result(self, work: Callable[[Workers], T]) -> T:
        answer: Future[T] = Future()

        def ask(workers: Workers) -> None:
            try:
                answer.set_result(work(workers))
            except Exception as exc:
                answer.set_exception(exc)

        self._ask(ask)
        return answer.result(_ANSWER_S)

    def _request(self, workers: Workers, asked: Show) -> None:
        workers.request(asked)

    def _remember_as(self, name: str, key: str) -> None:
        self._names[key] = name

    def _run(self) -> None:
        self._cache_dir.mkdir(parents=True, exist_ok=True)
        workers = Workers(self._cache_dir)
        try:
            while not self._closing:
                select.select([self._bell, workers.fileno()], [], [], 5.0)
                self._turn(workers)
        finally:
            workers.close()

    def _turn(self, workers: Workers) -> None:
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._bell)
        while True:
            try:
                self._asks.get_nowait()(workers)
            except Empty:
                break
        finished = workers.finished()
        with self._lock:
            for one in finished:
                self._done[self._names.pop(one.key, one.key)] = one
            while len(self._done) > _KEPT:
                self._done.popitem(last=False)


def views_of(prepared: Prepared) -> tuple[View, ...]:
    """The moments of a slot that let somebody read all of it."""
    return tuple(View(offset_s) for offset_s in reading_offsets(prepared, prepared.dwell_s)[:VIEWS_LIMIT])


def draw(workers: Workers, cache_dir: Path, prepared: Prepared, shape: PanelShape, view: View) -> bytes:
    """The panel at `view`, as PNG. Raises ValueError if a frame is lost."""
    panel = MemoryPanel(shape.width_px, shape.height_px)
    panel.open()
    shelf = Shelf(workers, lambda frame: frames.load(cache_dir / frame))
    moment = Moment(view.offset_s, prepared.dwell_s, 0.0, "07:30" if prepared.clock else "")
    if not Painter(panel, shelf).paint(prepared, moment):
        raise ValueError(f"{prepared.key}: a frame is lost")
    shot = panel.capture()
    panel.close()
    return encoded(shot.w, shot.h, shot.data)


def encoded(width_px: int, height_px: int, rgb: bytes) -> bytes:
    """Raw RGB as a quickly made PNG."""
    out = io.BytesIO()
    Image.frombytes("RGB", (width_px, height_px), rgb).save(out, "PNG", compress_level=1)
    return out.getvalue()

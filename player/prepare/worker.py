"""A prepare worker: takes jobs on stdin, writes frames to the cache, answers on stdout.

`python -m player.prepare.worker` is the text lane: warm, small, no picture decoder in it. A job that
arrives during another (only an emergency does) is done first, between two pages. The worker ends
with its parent, when its stdin closes, or when a job overruns its time.
"""

from __future__ import annotations

import argparse
import os
import resource
import select
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pygame

from drivers import process
from player import render, scene
from player.layout.fonts import BOLD, FOLDERS, REGULAR, FontBook, FontError, Type
from player.layout.theme import measures
from player.model import Item, Priority, Unit, Version
from player.prepare.cache import FrameCache
from player.prepare.jobs import READY, Answer, Failed, Inbox, Inspected, Job, pack
from player.prepare.workshop import PictureSource, Workshop
from player.show import PanelShape, Prepared, Show
from player.wire import decode

Inspect = Callable[[str, Path], Inspected]
Step = Iterator[Prepared | Inspected | None]

_IDLE: Final = ""  # stands for a key on the stack where work is done only when there is no other
_CHUNK_B: Final = 1 << 16
_WARM_LETTERS: Final = (
    "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ0123456789.,:;-/()"
)


class Worker:
    """Works jobs off as they come; the newest first, since only an emergency interrupts."""

    def __init__(
        self, jobs_fd: int, answers_fd: int, workshop: Workshop, inspect: Inspect | None, limit_s: float
    ) -> None:
        self._jobs_fd = jobs_fd
        self._answers_fd = answers_fd
        self._workshop = workshop
        self._inspect = inspect
        self._limit_s = limit_s
        self._inbox = Inbox()
        self._stack: list[tuple[str, Step]] = []

    def run(self, warm: Step) -> None:
        """Until stdin closes. `warm` is done whenever there is nothing else to do."""
        self._send(Answer(READY))
        self._stack.append((_IDLE, warm))
        while self._take():
            if self._stack:
                self._step()

    def _take(self) -> bool:
        """Puts new jobs on the stack; waits for one only if there is nothing to do. False at the end of input."""
        if self._stack and not select.select([self._jobs_fd], [], [], 0)[0]:
            return True
        data = os.read(self._jobs_fd, _CHUNK_B)
        self._inbox.add(data)
        for message in self._inbox.messages():
            job = decode(message, Job)
            self._stack.append((job.key, self._begin(job)))
            signal.setitimer(signal.ITIMER_REAL, self._limit_s)  # unhandled, it ends the process
        return bool(data)

    def _begin(self, job: Job) -> Step:
        if isinstance(job.path, str):
            return self._inspected(job.key, Path(job.path))
        if job.show:
            return self._workshop.make(job.key, job.show, urgent=job.urgent)
        raise ValueError(f"job {job.key}: neither a show nor a path")

    def _inspected(self, key: str, path: Path) -> Step:
        if self._inspect is None:
            raise ValueError("format: this worker takes no pictures")
        yield self._inspect(key, path)

    def _step(self) -> None:
        key, steps = self._stack[-1]
        try:
            result = next(steps)
        except StopIteration:
            self._stack.pop()
        except MemoryError:
            self._finish(Answer(key, failed=Failed(key, "memory: the job needs more than a worker may take")))
        except (OSError, ValueError, FontError, pygame.error) as exc:
            reason = "memory: " if isinstance(exc, pygame.error) and "memory" in str(exc).lower() else ""
            self._finish(Answer(key, failed=Failed(key, f"{reason}{exc}")))
        else:
            if isinstance(result, Prepared) and result.partial:
                self._send(Answer(key, prepared=result))
            elif isinstance(result, Prepared):
                self._finish(Answer(key, prepared=result))
                self._stack.insert(0, (_IDLE, self._workshop.tidy(key, time.time())))
            elif isinstance(result, Inspected):
                self._finish(Answer(key, inspected=result))

    def _finish(self, answer: Answer) -> None:
        self._stack.pop()
        if not any(waiting != _IDLE for waiting, _ in self._stack):
            signal.setitimer(signal.ITIMER_REAL, 0)
        self._send(answer)

    def _send(self, answer: Answer) -> None:
        data = memoryview(pack(answer))
        while data:
            data = data[os.write(self._answers_fd, data) :]


def start(pictures: PictureSource | None = None, inspect: Inspect | None = None) -> None:
    """Reads the command line, limits itself, warms up and works until its input ends."""
    arguments = _arguments()
    _limit(arguments.memory_cap_mb, arguments.parent)
    os.nice(arguments.nice)
    answers_fd = os.dup(1)
    os.dup2(2, 1)  # whatever a library prints must not reach the answers
    book = FontBook([Path(folder) for folder in arguments.fonts] or FOLDERS)
    workshop = Workshop(FrameCache(Path(arguments.cache_dir)), book, pictures, arguments.budget_mb)
    worker = Worker(0, answers_fd, workshop, inspect, arguments.time_limit_s)
    worker.run(_warm(book, arguments.warm) if arguments.warm else iter(()))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prepare worker")
    parser.add_argument("--cache-dir", required=True)
    parser.add_argument("--budget-mb", type=float, default=500.0)
    parser.add_argument("--memory-cap-mb", type=int, required=True)
    parser.add_argument("--time-limit-s", type=float, required=True)
    parser.add_argument("--parent", type=int, required=True)
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--fonts", nargs="*", default=(), help="folders of fonts, instead of the distribution's")
    parser.add_argument("--warm", default="", help="KIND:WIDTHxHEIGHT of the panel whose type sizes to open at once")
    return parser.parse_args()


def _limit(memory_cap_mb: int, parent: int) -> None:
    """Dies with the parent, and cannot take more memory than the cap."""
    process.die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    process.cap_memory(memory_cap_mb)
    process.give_back_from()  # else the strips of each new edition come to lie between small things, and those stay
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _warm(book: FontBook, panel: str) -> Step:
    """Opens the panel's type and measures every letter in it, a size at a time; then draws an emergency for nobody."""
    kind, _, size = panel.partition(":")
    width, _, height = size.partition("x")
    shape = PanelShape(int(width), int(height), kind)
    m = measures(shape)
    for face in (BOLD, REGULAR):
        for size_px in (m.small, *m.sizes, *(round(size_px * m.title_ratio) for size_px in m.sizes)):
            book.font(Type(face, size_px)).size(_WARM_LETTERS + _WARM_LETTERS.upper())
            yield None
        for letter in _WARM_LETTERS:
            book.face_for(face, letter)
        yield None
    words = " ".join(_WARM_LETTERS[n : n + 4] for n in range(0, len(_WARM_LETTERS), 4))
    item = Item("warm", 1, Priority.EMERGENCY, (Version("vi", "KHẨN CẤP", words),), 1.0)
    for page in scene.compose(Show(Unit("0", "UBND"), shape, item), book).pages:
        render.page(shape, page, book)
        yield None


if __name__ == "__main__":
    start()

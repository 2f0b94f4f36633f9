"""The prepare workers as the player and the publisher use them: ask for a show, collect it when it is ready.

Two lanes, so that neither a photograph nor a book-length notice ever stands before an emergency:
a warm one for text, and one for pictures and long texts that starts on demand and retires when
idle. No call here waits for a worker.
"""

from __future__ import annotations

import hashlib
import os
import select
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from player import show as shows
from player.prepare.cache import FrameCache
from player.prepare.jobs import Answer, Failed, Inspected, Job, is_partial
from player.prepare.lane import Lane
from player.show import PanelShape, Prepared, Show

_IDLE_S: Final = 20.0
_LONG_TEXT: Final = 4000  # letters; laying out more takes longer than an emergency may wait


class Workers:
    """Both lanes over one frame cache. Not for several threads at once.

    Create it in a thread that lives as long as it does: the workers end with the thread that
    started them; without `start` the first `request` or `finished` does. `warm` is the panel whose
    type the text lane opens ahead; `budget_mb` is what the cache may take on disk, kept by the
    workers in their idle time; `fonts` are the folders of fonts, if not the distribution's.
    `fileno` turns readable when `finished` has something to say, so a loop can wait on it.
    """

    def __init__(
        self, cache_dir: Path, *, memory_cap_mb: int = 512, time_limit_s: float = 20,
        warm: PanelShape | None = None, budget_mb: float = 500, monotonic: Callable[[], float] = time.monotonic,
        start: bool = True, fonts: Sequence[Path] = (),
    ) -> None:  # fmt: skip
        self._cache = FrameCache(cache_dir)
        self._epoll = select.epoll()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._bell, select.EPOLLIN)
        options = ["--cache-dir", str(cache_dir), "--memory-cap-mb", str(memory_cap_mb)]
        options += ["--budget-mb", str(budget_mb), *(["--fonts", *map(str, fonts)] if fonts else [])]
        panel = ["--warm", f"{warm.kind}:{warm.width_px}x{warm.height_px}"] if warm else []
        self._text = Lane("player.prepare.worker", options + panel, time_limit_s, self._watch, monotonic)
        self._pictures = Lane(
            "player.prepare.worker_pictures", [*options, "--nice", "10"], time_limit_s, self._watch, monotonic
        )
        self._pending: dict[str, Lane] = {}
        self._done: list[Prepared | Failed | Inspected] = []
        self._closed = False
        if start:
            self._text.start()

    def cached(self, show: Show) -> Prepared | None:
        """The show from the cache on disk, without any worker; None if it was never finished or is incomplete."""
        prepared = self._cache.read(shows.key(show))
        if prepared:
            self._cache.touch(prepared.key)
        return prepared

    def request(self, show: Show, urgent: bool = False) -> str:
        """Asks for `show`; the answer comes by `finished` under the returned key. Asking again changes nothing.

        `urgent` goes before everything else, a job in the making included.
        """
        key = shows.key(show)
        if key in self._pending:
            if urgent:
                self._pending[key].promote(key)
            return key
        prepared = self.cached(show)
        if prepared:
            self._say(prepared)
        else:
            self._add(self._lane_for(show), Job(key, show=show, urgent=urgent))
        return key

    def inspect(self, path: Path) -> str:
        """Asks whether the picture file at `path` can be shown: Inspected or Failed comes by `finished`."""
        key = "inspect-" + hashlib.sha256(str(path).encode()).hexdigest()[:24]
        if key not in self._pending:
            self._add(self._pictures, Job(key, path=str(path)))
        return key

    def discard(self, key: str) -> None:
        """Forgets a finished show, because one of its frames turned out to be torn."""
        self._cache.discard(key)

    def finished(self) -> list[Prepared | Failed | Inspected]:
        """What is ready or has failed since the last call; also restarts, ends and retires workers as needed.

        An urgent show may come twice: partial, as soon as its first page can be shown, and whole.
        """
        for lane in (self._text, self._pictures):
            for answer in lane.answers():
                if not is_partial(answer):
                    self._pending.pop(answer.key, None)
                self._done.append(_part(answer))
        if self._pictures.idle_s() > _IDLE_S:
            self._pictures.stop()
        if not self._closed:
            self._text.start()
        done, self._done = self._done, []
        if done:
            self._hush()
        return done

    def wait(self, timeout_s: float) -> bool:
        """Waits until `finished` may have something, at most `timeout_s`; whether it does."""
        return bool(self._epoll.poll(timeout_s))

    def fileno(self) -> int:
        """A descriptor that is readable when `finished` should be called."""
        return self._epoll.fileno()

    def pids(self) -> tuple[int, ...]:
        """The worker processes alive now, the text lane's first."""
        return tuple(pid for pid in (self._text.pid, self._pictures.pid) if pid)

    def close(self) -> None:
        """Ends the workers. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._text.stop()
        self._pictures.stop()
        self._epoll.close()
        os.close(self._bell)

    def _lane_for(self, show: Show) -> Lane:
        letters = sum(len(version.title) + len(version.body) for version in show.item.versions) if show.item else 0
        return self._pictures if show.picture or letters > _LONG_TEXT else self._text

    def _add(self, lane: Lane, job: Job) -> None:
        self._pending[job.key] = lane
        lane.add(job)

    def _say(self, prepared: Prepared) -> None:
        if all(getattr(done, "key", "") != prepared.key for done in self._done):
            self._done.append(prepared)
            os.eventfd_write(self._bell, 1)

    def _hush(self) -> None:
        try:
            os.eventfd_read(self._bell)
        except BlockingIOError:
            return

    def _watch(self, pipe: int, on: bool) -> None:
        if on:
            self._epoll.register(pipe, select.EPOLLIN)
        else:
            self._epoll.unregister(pipe)


def _part(answer: Answer) -> Prepared | Failed | Inspected:
    for part in (answer.prepared, answer.inspected, answer.failed):
        if part:
            return part
    return Failed(answer.key, "format: an empty answer")

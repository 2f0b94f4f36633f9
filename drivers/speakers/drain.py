"""A thread that takes the sound of one clip out of its generator, so that `play` returns at once.

The generator may be a voice at work: it can be slow, and it can fail in the middle. What was made
until then is played; the failure is kept for health.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)


class Drain:
    """Hands each chunk of `pcm` to `take`, then calls `done`, both in its own thread, until cut or at the end.

    `error` says why the generator broke off, if it did. The generator is let go before `done`, and with
    it the file or the film behind it: who has played a clip may be kept long after.
    """

    def __init__(
        self,
        pcm: Iterable[bytes],
        take: Callable[[bytes], None] = lambda chunk: None,
        done: Callable[[], None] = lambda: None,
    ) -> None:
        self.error = ""
        self._pcm = pcm
        self._take = take
        self._done = done
        self._cut = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    @property
    def is_cut(self) -> bool:
        return self._cut.is_set()

    def pause(self, seconds: float) -> bool:
        """Wait in the drain's own thread; True if it was cut meanwhile."""
        return self._cut.wait(seconds)

    def cut(self, wait_s: float = 0.0) -> None:
        """No further chunk. The chunk in hand may take long, a voice being at it: waited for only if asked to."""
        self._cut.set()
        if wait_s and self._thread.is_alive():
            self._thread.join(wait_s)

    def _run(self) -> None:
        try:
            self._pour()
        except Exception as exc:  # whatever the generator's owner can raise: sound must not end the player
            if not self._cut.is_set():
                self.error = str(exc) or type(exc).__name__
                log.warning("a clip broke off: %s", self.error)
        finally:
            self._done()

    def _pour(self) -> None:
        pcm, self._pcm = self._pcm, ()
        for chunk in pcm:
            if self._cut.is_set():
                break
            self._take(chunk)

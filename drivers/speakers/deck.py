"""A speaker over anything that takes samples one block after another: two lanes, mixed here.

Each lane has a thread that takes its sound out of its generator, a little ahead; one more thread mixes
and hands block after block to the sink, which sets the pace by letting it wait. That thread and its
sink live from the first sample to the last: a session.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from typing import Final, Protocol

from drivers.speaker import RATE_HZ, SpeakerError, checked_volume
from drivers.speakers.drain import Drain
from drivers.speakers.ducking import Ducking, blend

log = logging.getLogger(__name__)

BLOCK_BYTES: Final = 2 * (RATE_HZ // 20)  # 50 ms
_AHEAD_BYTES: Final = RATE_HZ  # half a second: a lane does not run away from the loudspeaker
_SLACK_S: Final = 0.02  # how long one lane may keep the other waiting
_SETTLE_S: Final = 2.0


class Sink(Protocol):
    """Takes blocks of PCM. `write` may wait, so that the sound keeps its pace, and raises SpeakerError."""

    def write(self, block: bytes) -> None: ...

    def finish(self) -> None:
        """Nothing more comes: returns when the last sample is out. Called once, whatever happened before."""
        ...

    def drop(self) -> None:
        """Silence now: a `write` or `finish` that waits in the other thread returns."""
        ...


class Deck:
    """Both lanes of a speaker; `open_sink` is called, in a thread of ours, when something begins to sound."""

    def __init__(self, open_sink: Callable[[], Sink], block_bytes: int = BLOCK_BYTES) -> None:
        self._open_sink = open_sink
        self._block_bytes = block_bytes
        self._volume_pct = 100
        self._session: _Session | None = None

    @property
    def volume_pct(self) -> int:
        return self._volume_pct

    @property
    def error(self) -> str:
        """Why the last speech, or the device under it, broke off; empty if it did not."""
        return self._session.error if self._session else ""

    def play(self, pcm: Iterable[bytes]) -> None:
        self.stop()
        self._begin("front", pcm)

    def play_bed(self, pcm: Iterable[bytes]) -> None:
        self.stop_bed()
        self._begin("bed", pcm)

    def busy(self) -> bool:
        return self._session is not None and self._session.sounds("front")

    def bed_busy(self) -> bool:
        return self._session is not None and self._session.sounds("bed")

    def stop(self) -> None:
        if self._session is not None:
            self._session.cut("front")

    def stop_bed(self) -> None:
        if self._session is not None:
            self._session.cut("bed")

    def set_volume(self, pct: int) -> None:
        self._volume_pct = checked_volume(pct)

    def close(self) -> None:
        """Silence, and a moment for the sink to settle."""
        self.stop()
        self.stop_bed()
        if self._session is not None:
            self._session.join(_SETTLE_S)

    def _begin(self, lane: str, pcm: Iterable[bytes]) -> None:
        if self._session is None or not self._session.add(lane, pcm):
            self._session = _Session(self._open_sink, self._block_bytes, lambda: self._volume_pct, self._session)
            self._session.add(lane, pcm)
            self._session.start()


class _Lane:
    """One sound on its way: what its generator gave and nobody took yet. `changed` guards everything."""

    def __init__(self, pcm: Iterable[bytes], changed: threading.Condition) -> None:
        self._changed = changed
        self._waiting = bytearray()
        self._finished = False
        self.begun = False
        self.drain = Drain(pcm, self._put, self._end)

    @property
    def over(self) -> bool:
        return self.drain.is_cut or (self._finished and not self._waiting)

    def holds(self, size: int) -> bool:
        """Whether there are so many bytes, or all that will ever come."""
        return self._finished or len(self._waiting) >= size

    def take(self, size: int) -> bytes:
        size = min(size, len(self._waiting)) // 2 * 2
        taken = bytes(self._waiting[:size])
        del self._waiting[:size]
        self._changed.notify_all()
        return taken

    def cut(self) -> None:
        self.drain.cut()
        self._waiting.clear()
        self._changed.notify_all()

    def _put(self, chunk: bytes) -> None:
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < _AHEAD_BYTES or self.drain.is_cut)
            if self.drain.is_cut:
                return
            self._waiting += chunk
            self.begun = True
            self._changed.notify_all()

    def _end(self) -> None:
        with self._changed:
            del self._waiting[len(self._waiting) // 2 * 2 :]  # half a sample
            self._finished = True
            self._changed.notify_all()


class _Session:
    """From the first sample to the last: lanes may come and go, and when none is left it is over."""

    def __init__(
        self, open_sink: Callable[[], Sink], block_bytes: int, volume_pct: Callable[[], int], before: _Session | None
    ) -> None:
        self._open_sink = open_sink
        self._block_bytes = block_bytes
        self._volume_pct = volume_pct
        self._before = before
        self._changed = threading.Condition()
        self._lanes: dict[str, _Lane] = {}
        self._ducking = Ducking()
        self._sink: Sink | None = None
        self._over = False
        self._dropped = False
        self._fault = ""
        self._thread = threading.Thread(target=self._run, name="deck", daemon=True)

    @property
    def error(self) -> str:
        front = self._lanes.get("front")
        return self._fault or (front.drain.error if front else "")

    def start(self) -> None:
        self._thread.start()

    def join(self, seconds: float) -> None:
        self._thread.join(seconds)

    def add(self, name: str, pcm: Iterable[bytes]) -> bool:
        """False if it is too late: this session is over."""
        with self._changed:
            if self._over:
                return False
            lane = self._lanes[name] = _Lane(pcm, self._changed)
            self._changed.notify_all()
        lane.drain.start()
        return True

    def sounds(self, name: str) -> bool:
        """Whether that lane is still to be heard; when it was the last one, until its last sample is out."""
        with self._changed:
            lane = self._lanes.get(name)
            if lane is None or lane.drain.is_cut:
                return False
            return not lane.over or (self._thread.is_alive() and all(one.over for one in self._lanes.values()))

    def cut(self, name: str) -> None:
        """That lane falls silent; if no other sounds, so does the device, at once."""
        with self._changed:
            if name not in self._lanes:
                return
            self._lanes[name].cut()
            if not all(lane.over for lane in self._lanes.values()):
                return
            self._over = self._dropped = True
            sink = self._sink
        if sink is not None:
            sink.drop()

    def _run(self) -> None:
        if self._before is not None:
            self._before.join(_SETTLE_S)  # a device of one user is free only when the last one has left it
            self._before = None
        try:
            sink = self._open()
            try:
                while block := self._next():
                    sink.write(block)
            finally:
                sink.finish()
        except SpeakerError as exc:
            self._leave(str(exc))
        except BaseException as exc:
            self._leave(repr(exc))
            raise
        else:
            self._leave("")

    def _open(self) -> Sink:
        sink = self._open_sink()
        with self._changed:
            self._sink = sink
            dropped = self._dropped
        if dropped:
            sink.drop()
        return sink

    def _leave(self, fault: str) -> None:
        with self._changed:
            self._over = True
            if fault and not self._dropped:
                self._fault = fault
                log.warning("a clip broke off: %s", fault)
            for lane in self._lanes.values():
                lane.cut()

    def _next(self) -> bytes:
        """The next block, both lanes mixed; empty when nothing is left to sound."""
        with self._changed:
            while True:
                live = [] if self._over else [lane for lane in self._lanes.values() if not lane.over]
                if not live:
                    self._over = True
                    return b""
                if any(lane.holds(2) for lane in live):
                    break
                self._changed.wait()
            begun = [lane for lane in live if lane.begun]
            self._changed.wait_for(lambda: all(lane.over or lane.holds(self._block_bytes) for lane in begun), _SLACK_S)
            front, bed = (self._taken(name) for name in ("front", "bed"))
            speaking = "front" in self._lanes and self._lanes["front"].begun and not self._lanes["front"].over
        return blend(front, bed, self._volume_pct() / 100, self._ducking, speaking or bool(front))

    def _taken(self, name: str) -> bytes:
        lane = self._lanes.get(name)
        return lane.take(self._block_bytes) if lane is not None and not lane.over else b""

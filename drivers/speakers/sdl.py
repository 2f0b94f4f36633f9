"""A speaker through SDL's mixer: ALSA, PipeWire or PulseAudio, whichever the system has.

Each lane is a channel of the mixer with a thread of ours that feeds it: the piece that sounds and the
one queued behind it, so that a voice may still be at work while its first sentence is heard. The
mixer blends them, and the bed's thread turns its pieces down while the other channel sounds. A sound
card can be pulled out: `play` then raises SpeakerError, and every later one tries again, ever less often.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, MutableMapping
from pathlib import Path
from typing import Any, Final, TypeVar

import pygame

from drivers import options
from drivers.options import Option
from drivers.speaker import RATE_HZ, SpeakerError, checked_volume
from drivers.speakers.drain import Drain
from drivers.speakers.ducking import Ducking

log = logging.getLogger(__name__)
T = TypeVar("T")

OPTIONS: Final = {
    "audio_driver": Option(None, options.text, "SDL's own name of a sound system: alsa, pulseaudio, pipewire, dummy…"),
    "device": Option(None, options.text, "name of the sound device; the system's default when not given"),
    "sysfs": Option(Path("/sys"), Path, "where the kernel's device tree is looked up"),
}

_BUFFER_SAMPLES: Final = 512  # 23 ms
_IN_DEVICE_S: Final = 3 * _BUFFER_SAMPLES / RATE_HZ  # the mixer is done with a clip before the device is
_BUFFER_BYTES: Final = 2 * _BUFFER_SAMPLES
_PIECE_BYTES: Final = 20 * _BUFFER_BYTES  # half a second: long enough to keep ahead of a busy machine
_POLL_S: Final = 0.02
_RETRY_S: Final = (1.0, 2.0, 5.0, 15.0, 60.0)


class Driver:
    def __init__(
        self,
        audio_driver: str | None = None,
        device: str | None = None,
        sysfs: Path = Path("/sys"),
        *,
        environ: MutableMapping[str, str] = os.environ,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._audio_driver = audio_driver
        self._device = device
        self._sysfs = sysfs
        self._environ = environ
        self._now_s = now_s
        self._open = False
        self._speech: _Feed | None = None
        self._bed: _Feed | None = None
        self._volume_pct = 100
        self._cards: frozenset[str] = frozenset()
        self._failures = 0
        self._retry_at_s = 0.0
        self._sounds_until_s = 0.0

    def open(self) -> None:
        if self._audio_driver:
            self._environ["SDL_AUDIODRIVER"] = self._audio_driver
        try:
            pygame.mixer.init(RATE_HZ, -16, 1, _BUFFER_SAMPLES, devicename=self._device, allowedchanges=0)
        except pygame.error as exc:
            self._failed()
            raise SpeakerError(f"sdl: device={self._device or 'default'}: {exc}") from exc
        pygame.mixer.set_num_channels(2)
        self._open = True
        self._cards = self._sound_cards()
        if self._failures:
            log.info("the sound device is back")
        self._failures = 0

    def play(self, pcm: Iterable[bytes]) -> None:
        """Raises SpeakerError while the device is gone; the clip is then not played later."""
        self.stop()
        self._ready()
        self._speech = _Feed(pygame.mixer.Channel(0), pcm, self._volume_pct)

    def play_bed(self, pcm: Iterable[bytes]) -> None:
        """Raises SpeakerError while the device is gone."""
        self.stop_bed()
        self._ready()
        self._bed = _Feed(pygame.mixer.Channel(1), pcm, self._volume_pct, under=pygame.mixer.Channel(0))

    def busy(self) -> bool:
        if not self._open or self._gone() or self._speech is None:
            return False
        if self._speech.feeding:
            self._sounds_until_s = self._now_s() + _IN_DEVICE_S
        return self._now_s() < self._sounds_until_s

    def bed_busy(self) -> bool:
        return self._open and not self._gone() and self._bed is not None and self._bed.feeding

    def stop(self) -> None:
        self._sounds_until_s = 0.0
        if self._speech is not None:
            self._speech.stop()

    def stop_bed(self) -> None:
        if self._bed is not None:
            self._bed.stop()

    def set_volume(self, pct: int) -> None:
        self._volume_pct = checked_volume(pct)
        for feed in (self._speech, self._bed):
            if feed is not None:
                feed.set_volume(pct)

    def health(self) -> dict[str, Any]:
        gone = self._open and self._gone()
        return {
            "driver": "sdl",
            "open": self._open and not gone,
            "volume_pct": self._volume_pct,
            "error": "the sound device was taken away" if gone else self._speech.error if self._speech else "",
        }

    def close(self) -> None:
        self.stop()
        self.stop_bed()
        self._speech = self._bed = None
        if self._open:
            self._open = False
            pygame.mixer.quit()

    def _ready(self) -> None:
        if self._open and self._gone():
            self.close()
            self._failed()
            raise SpeakerError("sdl: the sound device was taken away")
        if not self._open:
            if self._now_s() < self._retry_at_s:
                raise SpeakerError("sdl: no sound device")
            self.open()

    def _failed(self) -> None:
        if not self._failures:
            log.warning("no sound device; trying again from time to time")
        self._retry_at_s = self._now_s() + _RETRY_S[min(self._failures, len(_RETRY_S) - 1)]
        self._failures += 1

    def _gone(self) -> bool:
        """SDL goes on as if nothing were when a USB sound card is pulled out; the kernel's list tells."""
        return not self._cards <= self._sound_cards()

    def _sound_cards(self) -> frozenset[str]:
        return frozenset(path.name for path in (self._sysfs / "class/sound").glob("card[0-9]*"))


class _Feed:
    """One clip on its way to its channel, cut into pieces, one of them always ready behind the one that sounds.

    `under` is the channel before which this one lowers its voice.
    """

    def __init__(
        self,
        channel: pygame.mixer.Channel,
        pcm: Iterable[bytes],
        volume_pct: int,
        under: pygame.mixer.Channel | None = None,
    ) -> None:
        self._channel = channel
        self._volume_pct = volume_pct
        self._under = under
        self._ducking = Ducking()
        self._lock = threading.Lock()  # after a stop the thread touches the mixer no more: a closed one would crash
        self._drain = Drain(_pieces(pcm), self._queue, self._sound_out)
        self._drain.start()

    @property
    def feeding(self) -> bool:
        """Until the mixer is done with the last piece, or the clip was stopped."""
        return self._drain.running and not self._drain.is_cut

    @property
    def error(self) -> str:
        return self._drain.error

    def set_volume(self, pct: int) -> None:
        with self._lock:
            self._volume_pct = pct
            self._turn()

    def stop(self) -> None:
        with self._lock:
            self._drain.cut()
            self._channel.stop()  # the mixer now starts the queued piece
            self._channel.stop()

    def _queue(self, piece: bytes) -> None:
        while self._asked(lambda: self._channel.get_queue() is not None):
            if self._rest():
                return
        self._asked(lambda: self._play(piece))

    def _play(self, piece: bytes) -> None:
        sound = pygame.mixer.Sound(buffer=piece)
        sound.set_volume(self._factor)
        self._channel.queue(sound)  # plays at once on an idle channel

    def _sound_out(self) -> None:
        while self._asked(self._channel.get_busy) and not self._rest():
            pass

    def _rest(self) -> bool:
        """A moment's wait; True if the clip was stopped meanwhile."""
        if self._drain.pause(_POLL_S):
            return True
        self._asked(self._duck)
        return False

    def _duck(self) -> None:
        if self._under is None:
            return
        speaking = self._under.get_busy()
        if not self._ducking.settled(speaking):
            self._ducking.step(_POLL_S, speaking)
            self._turn()

    def _asked(self, mixer: Callable[[], T]) -> T | None:
        """What the mixer answers; None once the clip is stopped, for then it may be closed in the other thread."""
        with self._lock:
            return None if self._drain.is_cut else mixer()

    @property
    def _factor(self) -> float:
        return self._volume_pct / 100 * self._ducking.gain

    def _turn(self) -> None:
        """Set on the pieces, not on the channel: each new piece would put the channel back to full."""
        for sound in (self._channel.get_sound(), self._channel.get_queue()):
            if sound is not None:
                sound.set_volume(self._factor)


def _pieces(pcm: Iterable[bytes]) -> Iterator[bytes]:
    """The clip in pieces that fill whole mixer buffers: the mixer leaves the rest of a half-filled one silent."""
    left = b""
    for chunk in pcm:
        left += chunk
        whole = len(left) - len(left) % _BUFFER_BYTES
        for start in range(0, whole, _PIECE_BYTES):
            yield left[start : min(start + _PIECE_BYTES, whole)]
        left = left[whole:]
    if left:
        yield left

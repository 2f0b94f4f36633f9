"""A speaker that writes each clip as one WAV file: what a loudspeaker would have said, to keep and to check."""

from __future__ import annotations

import array
import wave
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

from drivers import options
from drivers.drain import Drain
from drivers.panel import Option
from drivers.speaker import RATE_HZ, SpeakerError, checked_volume

OPTIONS: Final = {
    "folder": Option(Path("sound"), Path, "folder the clips go to, numbered; made when missing"),
    "realtime": Option(False, options.yes_no, "true: busy as long as the clip would last; false: until it is written"),
}


class Driver:
    def __init__(self, folder: Path, realtime: bool = False) -> None:
        self._folder = folder
        self._realtime = realtime
        self._clip: _Clip | None = None
        self._volume_pct = 100
        self._written = 0

    def open(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
        except OSError as exc:
            raise SpeakerError(f"wav: folder={self._folder}: {exc.strerror}") from exc
        numbers = [path.stem.removeprefix("clip-") for path in self._folder.glob("clip-*.wav")]
        self._written = max((int(number) for number in numbers if number.isdecimal()), default=0)

    def play(self, pcm: Iterable[bytes]) -> None:
        self.stop()
        self._written += 1
        path = self._folder / f"clip-{self._written:06}.wav"
        try:
            self._clip = _Clip(path, pcm, lambda: self._volume_pct)
        except OSError as exc:
            raise SpeakerError(f"wav: {path}: {exc.strerror}") from exc

    def busy(self) -> bool:
        if self._clip is None:
            return False
        drain = self._clip.drain
        return drain.sounding if self._realtime else drain.running and not drain.is_cut

    def stop(self) -> None:
        if self._clip is not None:
            self._clip.drain.cut()

    def set_volume(self, pct: int) -> None:
        self._volume_pct = checked_volume(pct)

    def health(self) -> dict[str, Any]:
        error = self._clip.drain.error if self._clip else ""
        return {"driver": "wav", "volume_pct": self._volume_pct, "clips": self._written, "error": error}

    def close(self) -> None:
        """Waits a moment for the clip in hand to get its name."""
        if self._clip is not None:
            self._clip.drain.cut(wait_s=2.0)


class _Clip:
    """One file in the making; it gets its name when it is complete, and none if no sound came at all."""

    def __init__(self, path: Path, pcm: Iterable[bytes], volume_pct: Callable[[], int]) -> None:
        self._path = path
        self._part = path.with_suffix(".part")
        self._volume_pct = volume_pct
        self._wave = wave.open(str(self._part), "wb")  # noqa: SIM115 -- closed by the drain's end
        self._wave.setparams((1, 2, RATE_HZ, 0, "NONE", "not compressed"))
        self.drain = Drain(pcm, self._take, self._done)
        self.drain.start()

    def _take(self, chunk: bytes) -> None:
        self._wave.writeframes(_scaled(chunk, self._volume_pct()))

    def _done(self) -> None:
        heard = self._wave.tell() > 0
        self._wave.close()
        if heard:
            self._part.replace(self._path)
        else:
            self._part.unlink()


def _scaled(chunk: bytes, pct: int) -> bytes:
    if pct == 100:
        return chunk
    return array.array("h", [sample * pct // 100 for sample in array.array("h", chunk)]).tobytes()

"""What a film process works off: frames and sound in the order of time; a film and an animated picture alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, Protocol


class Shot(NamedTuple):
    """One frame: when it is due, in microseconds of the film, and how it is drawn into BGRX memory of its size."""

    pts_us: int
    draw: Callable[[memoryview], None]


class Footage(Protocol):
    def shots(self, from_us: int) -> Iterator[Shot]:
        """In order, beginning at or before the frame due at `from_us`. Raises ValueError with the reason."""
        ...


class Sound(Protocol):
    def pieces(self, from_us: int) -> Iterator[tuple[int, memoryview]]:
        """(number of the first sample, PCM of the house) in order from `from_us` on. Raises ValueError."""
        ...


class Reel(NamedTuple):
    """All that is in one file."""

    footage: Footage | None
    sound: Sound | None

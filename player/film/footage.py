"""What a film process works off: frames and sound in the order of time; a film and an animated picture alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple, Protocol

from drivers.film import Coding

LONGEST_S: Final = 30 * 60  # a film or a sound; what lasts longer is no bulletin


class Layout(NamedTuple):
    """How the planes of a frame lie in its memory, one after the other: brightness, then the two colours."""

    size: tuple[int, int]
    coding: Coding
    pitch_y: int  # bytes from one row to the next
    pitch_uv: int
    turn: int = 0  # degrees clockwise by which the panel has to turn them


class Shot(NamedTuple):
    """One frame: when it is due, in microseconds of the film, and how it is drawn into BGRX memory of its size.

    `planes` puts it into the same memory as it was decoded, and says how it lies there or None if it cannot.
    """

    pts_us: int
    draw: Callable[[memoryview], None]
    planes: Callable[[memoryview], Layout | None] = lambda _: None


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

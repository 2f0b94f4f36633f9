"""The memory a film process and the player share: a few frames ahead of the instant, and some seconds of sound.

The player writes one number, the position it wants; everything else is written by the film process.
A slot may be filled anew once a later frame is due at the wanted position, so the frame that is due
is never touched while it is drawn. Sound lies in a circle, addressed by its sample's number: reading
it never waits, and what is not there yet is silence.
"""

from __future__ import annotations

import mmap
import os
from enum import IntEnum
from typing import Final, NamedTuple

import pygame

from drivers.film import Coding, Planes
from drivers.speaker import RATE_HZ
from player.film.footage import Layout

BYTES_PX: Final = 4
SOUND_S: Final = 8
BACK_US: Final = 250_000  # a wanted position that goes back by less than this is a clock being set right,
ON_US: Final = 2_000_000  # one that goes on by less than this a player that was held up; all else is a jump
_SAMPLES: Final = SOUND_S * RATE_HZ
_NONE: Final = -1
_W, _H, _SLOTS, _WANTED, _STATE, _SOUND_FROM, _SOUND_TO, _DROPPED, _PLANES = range(9)
_FIRST_SLOT: Final = 16  # counted in int64
_FIRST_LAYOUT: Final = 32  # six numbers a slot: the coding, 0 for pixels, and what else a Layout says
_LAYOUT: Final = 6
_TURNS: Final = (0, 90, 180, 270)
_REASON: Final = slice(1024, 1536)
_HEAD_B: Final = 4096
_SOUND_B: Final = 2 * _SAMPLES + (-2 * _SAMPLES) % 4096
_BUDGET_B: Final = 34_000_000  # four frames of 1920x1080
_FEWEST, _MOST = 3, 16


class State(IntEnum):
    """How far the film process is."""

    STARTING = 0
    RUNNING = 1
    ENDED = 2  # the last frame and the last sound are in the ring
    FAILED = 3


_STATES: Final = frozenset(State)


class Due(NamedTuple):
    """A frame in the ring and when it was due, in microseconds of the film."""

    pts_us: int
    slot: int


class Ring:
    """One side's view of the memory behind `fd`.

    A frame is 32 bits a pixel, BGRX, turned for the panel, or its planes as they were decoded where the player takes
    those: each slot says which.
    """

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self._memory = memoryview(mmap.mmap(fd, os.fstat(fd).st_size))
        self._fields = self._memory[:_HEAD_B].cast("q")
        self.size = (self._fields[_W], self._fields[_H])
        self._slots = range(self._fields[_SLOTS])
        self._sound = self._memory[_HEAD_B : _HEAD_B + _SOUND_B].cast("h")[:_SAMPLES]

    @classmethod
    def create(cls, width_px: int, height_px: int) -> Ring:
        """A new one for frames of that size; without a picture both are 0. The descriptor is the caller's to close."""
        frame_b = width_px * height_px * BYTES_PX
        slots = min(_MOST, max(_FEWEST, _BUDGET_B // frame_b)) if frame_b else 0
        fd = os.memfd_create("film", os.MFD_CLOEXEC)
        os.ftruncate(fd, _HEAD_B + _SOUND_B + slots * frame_b)
        with mmap.mmap(fd, _HEAD_B) as memory, memoryview(memory).cast("q") as fields:
            fields[_W], fields[_H], fields[_SLOTS] = width_px, height_px, slots
            fields[_WANTED] = 0
            for slot in range(slots):
                fields[_FIRST_SLOT + slot] = _NONE
        return cls(fd)

    # --- the player's side ------------------------------------------------------------------------------------------

    def want(self, position_us: int) -> None:
        """From now on the frame due at this position is asked for, and the ones after it."""
        self._fields[_WANTED] = position_us

    def due(self) -> Due | None:
        """The frame to show at the wanted position; None if none is there yet."""
        wanted = self._fields[_WANTED]
        held = [Due(pts, slot) for slot in self._slots if _NONE < (pts := self._fields[_FIRST_SLOT + slot]) <= wanted]
        return max(held, default=None)

    def between(self, after_us: int, to_us: int) -> int:
        """How many frames that are there are due later than one position and no later than another."""
        return sum(after_us < self._fields[_FIRST_SLOT + slot] <= to_us for slot in self._slots)

    def next_us(self) -> int | None:
        """When the frame after the wanted position is due, if it is there already."""
        wanted = self._fields[_WANTED]
        return min((pts for slot in self._slots if (pts := self._fields[_FIRST_SLOT + slot]) > wanted), default=None)

    def take_planes(self, welcome: bool) -> None:
        """From now on frames may be left as planes, or no more; what is in the ring already stays what it is."""
        self._fields[_PLANES] = welcome

    def planes(self, slot: int) -> Planes | None:
        """The frame of a slot as it was decoded, not a copy of it; None if it is pixels.

        What a film process that lost its way has written there is no planes either.
        """
        at = _FIRST_LAYOUT + slot * _LAYOUT
        coding, width, height, pitch_y, pitch_uv, turn = self._fields[at : at + _LAYOUT].tolist()
        across, down = (height, width) if turn in (90, 270) else (width, height)
        if not coding or across > self.size[0] or down > self.size[1] or turn not in _TURNS:
            return None
        memory, half = self._pixels(slot), (height + 1) // 2
        to_u, to_v = pitch_y * height, pitch_y * height + pitch_uv * half
        parts = memory[:to_u], memory[to_u:to_v], memory[to_v : to_v + pitch_uv * half]
        try:
            planes = Planes((width, height), Coding(coding), *parts, pitch_y, pitch_uv, turn)
            planes.checked()
        except ValueError:
            return None
        return planes

    def surface(self, slot: int) -> pygame.Surface:
        """The pixels of a slot, not a copy of them."""
        return pygame.image.frombuffer(self._pixels(slot), self.size, "BGRA")

    def sound(self, first: int, count: int) -> bytes:
        """So many samples from number `first` on, as PCM; silence where there is none."""
        known_from, known_to = self._fields[_SOUND_FROM], self._fields[_SOUND_TO]
        start, end = max(first, known_from, known_to - _SAMPLES), min(first + count, known_to)
        if start >= end:
            return bytes(2 * count)
        ahead, behind = bytes(2 * (start - first)), bytes(2 * (first + count - end))
        return ahead + self._circle(start, end) + behind

    @property
    def state(self) -> State:
        """A number that is none of them was written by a film process that lost its way: it has failed."""
        number = self._fields[_STATE]
        return State(number) if number in _STATES else State.FAILED

    @property
    def reason(self) -> str:
        """Why it failed; empty if it did not."""
        return bytes(self._memory[_REASON]).rstrip(b"\0").decode("utf-8", "replace")

    @property
    def dropped(self) -> int:
        """Frames that came too late to be shown."""
        return self._fields[_DROPPED]

    # --- both -------------------------------------------------------------------------------------------------------

    @property
    def wanted_us(self) -> int:
        return self._fields[_WANTED]

    @property
    def sound_to(self) -> int:
        """The number of the first sample that is not there yet."""
        return self._fields[_SOUND_TO]

    def close(self) -> None:
        """Gives the descriptor back; the memory goes when nobody looks at it any more."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    # --- the film process's side ------------------------------------------------------------------------------------

    def free(self) -> int | None:
        """A slot that may be filled: an empty one, or one whose frame was followed by another that is due."""
        due = self.due()
        for slot in self._slots:
            pts = self._fields[_FIRST_SLOT + slot]
            if pts == _NONE or (due is not None and pts < due.pts_us):
                return slot
        return None

    def room(self, slot: int) -> memoryview:
        """Where the pixels of a free slot go; `show` makes them a frame. Until then the slot is empty."""
        self._fields[_FIRST_SLOT + slot] = _NONE
        return self._pixels(slot)

    @property
    def planes_welcome(self) -> bool:
        return bool(self._fields[_PLANES])

    def show(self, slot: int, pts_us: int, layout: Layout | None = None) -> None:
        """What was put into the room of `slot` is a frame; `layout` if it is planes."""
        numbers = (layout.coding, *layout.size, *layout[2:]) if layout else (0,) * _LAYOUT
        for place, number in enumerate(numbers, _FIRST_LAYOUT + slot * _LAYOUT):
            self._fields[place] = number
        self._fields[_FIRST_SLOT + slot] = pts_us

    def empty(self) -> None:
        """Forgets frames and sound: the wanted position has jumped. What is due stays until another is there."""
        for slot in self._slots:
            self._fields[_FIRST_SLOT + slot] = _NONE
        self._fields[_SOUND_FROM] = self._fields[_SOUND_TO] = 0

    def hear(self, first: int, pcm: memoryview) -> None:
        """Sound from sample number `first` on; sound that does not join what is there replaces it."""
        samples = pcm.cast("h")
        if first != self._fields[_SOUND_TO]:
            self._fields[_SOUND_FROM] = self._fields[_SOUND_TO] = first
        for at in range(0, len(samples), _SAMPLES):
            self._write(first + at, samples[at : at + _SAMPLES])
        self._fields[_SOUND_TO] = first + len(samples)

    def tell(self, state: State, reason: str = "") -> None:
        self._memory[_REASON] = reason.encode()[:512].ljust(512, b"\0")
        self._fields[_STATE] = state

    def drop(self) -> None:
        self._fields[_DROPPED] += 1

    def _pixels(self, slot: int) -> memoryview:
        frame_b = self.size[0] * self.size[1] * BYTES_PX
        start = _HEAD_B + _SOUND_B + slot * frame_b
        return self._memory[start : start + frame_b]

    def _write(self, first: int, samples: memoryview) -> None:
        place = first % _SAMPLES
        until_edge = min(len(samples), _SAMPLES - place)
        self._sound[place : place + until_edge] = samples[:until_edge]
        self._sound[: len(samples) - until_edge] = samples[until_edge:]

    def _circle(self, start: int, end: int) -> bytes:
        place, count = start % _SAMPLES, end - start
        until_edge = min(count, _SAMPLES - place)
        return self._sound[place : place + until_edge].tobytes() + self._sound[: count - until_edge].tobytes()

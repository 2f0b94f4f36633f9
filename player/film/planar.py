"""A film's frames as they were decoded, for a panel whose graphics chip turns them to colours and scales them.

Only what such chips all know how to colour is left as planes; for every other frame there is the brush. A frame
larger than its box is made smaller first: that saves the ring and the chip more than it costs here. A smaller one
goes as it is, and none is turned: the chip does that for nothing.
"""

from __future__ import annotations

from typing import Final

from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter

from drivers.film import Coding
from player.film.colours import coding_of
from player.film.footage import Layout

_FULL_FORMAT: Final = "yuvj420p"
_FORMATS: Final = ("yuv420p", _FULL_FORMAT)


class PlaneCopier:
    """Copies the planes of frames that stand in a box of `size`, on a panel turned by `rotation`."""

    def __init__(self, size: tuple[int, int], rotation: int) -> None:
        self._size = size
        self._rotation = rotation
        self._reformatter = VideoReformatter()

    def copy(self, frame: VideoFrame, room: memoryview) -> Layout | None:
        """The planes into `room`, one after the other, and how they lie there; None if pixels have to be drawn."""
        coding = coding_of(frame)
        if coding is None:
            return None
        turn = round(self._rotation - frame.rotation) % 360
        box = (self._size[1], self._size[0]) if turn in (90, 270) else self._size
        y, u, v = self._fitted(frame, coding, box).planes
        layout = Layout((y.width, y.height), coding, y.line_size, u.line_size, turn)
        if y.buffer_size + u.buffer_size + v.buffer_size > len(room) or u.line_size != v.line_size:
            return None
        at = 0
        for plane in (y, u, v):
            room[at : at + plane.buffer_size] = memoryview(plane)
            at += plane.buffer_size
        return layout

    def _fitted(self, frame: VideoFrame, coding: Coding, box: tuple[int, int]) -> VideoFrame:
        """In the one format that panels take, and not larger than the box."""
        fits = frame.width <= box[0] and frame.height <= box[1]
        if fits and frame.format.name in _FORMATS:
            return frame
        return self._reformatter.reformat(
            frame, *((frame.width, frame.height) if fits else box),
            format=_FULL_FORMAT if coding is Coding.BT601_FULL else "yuv420p",
            interpolation=Interpolation.BILINEAR, threads=1,
        )  # fmt: skip

"""By which rule a film's frames become colours, as the file says it or as everybody means who says nothing."""

from __future__ import annotations

from typing import Final

from av.video.frame import VideoFrame
from av.video.reformatter import ColorRange

from drivers.film import Coding

# libav's numbers of matrices (AVCOL_SPC)
_BT709: Final = 1
_UNSPECIFIED: Final = 2
_BT601: Final = 5
_SMPTE170M: Final = 6  # the same numbers as BT.601, for 60 Hz
_HD_ROWS: Final = 720  # from here on ITU-R BT.709 is meant, below it BT.601


def colour_matrix(frame: VideoFrame) -> int:
    """In libav's numbers (AVCOL_SPC)."""
    if frame.colorspace != _UNSPECIFIED:
        return frame.colorspace
    return _BT709 if frame.height >= _HD_ROWS else _BT601


def coding_of(frame: VideoFrame) -> Coding | None:
    """As a panel knows it that takes planes; None for what not all of those know."""
    if frame.format.is_rgb:
        return None
    full = frame.color_range == ColorRange.JPEG or frame.format.name.startswith("yuvj")
    matrix = colour_matrix(frame)
    if matrix in (_BT601, _SMPTE170M):
        return Coding.BT601_FULL if full else Coding.BT601
    return Coding.BT709 if matrix == _BT709 and not full else None

from __future__ import annotations

import pytest

from tts.engines.frames import HEADER, MAX_PAYLOAD, Frame, FrameError, Kind, encode, take


def test_frames_survive_being_cut_anywhere() -> None:
    frames = [
        Frame(Kind.READY, 0, b""),
        Frame(Kind.ANSWER, 7, b"\x01\x02\x03"),
        Frame(Kind.REFUSED, 8, "lý do".encode()),
    ]
    stream = b"".join(encode(frame) for frame in frames)
    for step in (1, 3, HEADER.size, len(stream)):
        buffer, got = bytearray(), []
        for at in range(0, len(stream), step):
            buffer += stream[at : at + step]
            while frame := take(buffer):
                got.append(frame)
        assert got == frames
        assert not buffer


@pytest.mark.parametrize(
    "data",
    [
        b"Traceback (most recent call last):",
        HEADER.pack(b"BTV1", 99, 1, 0),
        HEADER.pack(b"BTV1", Kind.ANSWER, 1, MAX_PAYLOAD + 1),
    ],
)
def test_what_is_not_a_frame_is_refused(data: bytes) -> None:
    with pytest.raises(FrameError, match="not a frame"):
        take(bytearray(data))

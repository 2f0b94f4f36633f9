"""Films and sound files as they lie on the disk: opened without trust, and what they say of themselves.

Only plain containers are opened and only local bytes are read: a file that names others (a playlist,
a concatenation) must not make this machine fetch them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from player.film.footage import LONGEST_S
from player.prepare.jobs import Inspected

TIME_BASE: Final = 1_000_000  # libav counts a container's own times in microseconds
_DEMUXERS: Final = "mov,matroska,webm,avi,mpegts,mpeg,ogg,mp3,wav,flac,aac"
_KINDS: Final = (  # part of the demuxer's name: with pictures, without
    ("mp4", "video/mp4", "audio/mp4"), ("webm", "video/webm", "audio/webm"), ("avi", "video/x-msvideo", "audio/wav"),
    ("mpegts", "video/mp2t", "audio/mp2t"), ("mpeg", "video/mpeg", "audio/mpeg"), ("ogg", "video/ogg", "audio/ogg"),
    ("mp3", "", "audio/mpeg"), ("wav", "", "audio/wav"), ("flac", "", "audio/flac"), ("aac", "", "audio/aac"),
)  # fmt: skip
_ENOUGH: Final = 0.9  # of what the file promises: less than that and its end is missing
_SLACK_S: Final = 2.0


class FilmError(ValueError):
    """The file cannot be played; the message begins with its reason: truncated, format, missing, memory, long."""


@contextlib.contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The file, its streams probed. Raises FilmError."""
    options = {"protocol_whitelist": "file", "format_whitelist": _DEMUXERS}
    with refusing(path):
        if path.stat().st_size == 0:
            raise FilmError(f"format: {path.name} is empty")
        with av.open(str(path), options=options, metadata_errors="replace") as container:
            yield container


@contextlib.contextmanager
def refusing(path: Path) -> Iterator[None]:
    """Turns what the library says about a bad file into one FilmError with its reason."""
    try:
        yield
    except FileNotFoundError as exc:
        raise FilmError(f"missing: {path.name}") from exc
    except MemoryError as exc:
        raise FilmError(f"memory: {path.name}") from exc
    except av.error.EOFError as exc:
        raise FilmError(f"truncated: {path.name}") from exc
    except (av.error.FFmpegError, OSError) as exc:
        raise FilmError(f"format: {path.name}: {exc.strerror or exc}") from exc


def pictures_of(container: InputContainer) -> VideoStream | None:
    """The stream of moving pictures; None for sound alone, which may carry a still cover."""
    moving = (s for s in container.streams.video if not s.disposition & Disposition.attached_pic)
    return next(moving, None)


def start_us(container: InputContainer) -> int:
    """The container's own time at the film's beginning."""
    return container.start_time or 0


def promised_s(container: InputContainer, stream: VideoStream | None) -> float:
    """How long the file says it is; 0 if it does not say."""
    if stream is not None and stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return (container.duration or 0) / TIME_BASE


def refuse_long(container: InputContainer, path: Path) -> None:
    """Raises FilmError if the file says that it lasts longer than any bulletin may."""
    length_s = promised_s(container, pictures_of(container))
    if length_s > LONGEST_S:
        raise FilmError(f"long: {path.name} lasts {length_s / 60:.0f} minutes, at most {LONGEST_S / 60:.0f} are shown")


def broken_off(reached_s: float, length_s: float) -> bool:
    """Whether a film that ended at `reached_s` has lost its end."""
    return reached_s < length_s * _ENOUGH and length_s - reached_s > _SLACK_S


def refuse_broken_off(reached_s: float, length_s: float) -> None:
    """Raises FilmError if what ended at `reached_s` has lost its end."""
    if broken_off(reached_s, length_s):
        raise FilmError(f"truncated: it ends at {reached_s:.0f} s of {length_s:.0f} s")


def upright_size(frame: VideoFrame, stream: VideoStream) -> tuple[int, int]:
    """Width and height as they should be seen: square pixels, turned as the camera was held."""
    ratio = stream.sample_aspect_ratio
    width = round(frame.width * ratio) if ratio else frame.width
    return (frame.height, width) if frame.rotation % 180 else (width, frame.height)


def first_frame(container: InputContainer, stream: VideoStream, path: Path) -> VideoFrame:
    """Raises FilmError if there is none."""
    with refusing(path):
        for frame in container.decode(stream):
            return frame
    raise FilmError(f"truncated: {path.name} holds no picture")


def look(path: Path) -> Inspected:
    """What the file is, from its head, for a board that is to show it. Raises FilmError, `long` too."""
    with opened(path) as container:
        refuse_long(container, path)
        return _described(container, path)


def inspect(key: str, path: Path) -> Inspected:
    """The same after its first picture was decoded and its packets were counted to the end. Raises FilmError."""
    with opened(path) as container:
        found = _described(container, path)
        reached_s = _reach_s(container)
    if broken_off(reached_s, found.length_s):
        raise FilmError(f"truncated: {path.name} ends at {reached_s:.0f} s of {found.length_s:.0f} s")
    length_s = found.length_s or reached_s
    if length_s <= 0:
        raise FilmError(f"truncated: {path.name} has no length")
    return Inspected(key, found.mime, found.width_px, found.height_px, length_s=length_s, sound=found.sound)


def _described(container: InputContainer, path: Path) -> Inspected:
    stream = pictures_of(container)
    sound = bool(container.streams.audio)
    if stream is None and not sound:
        raise FilmError(f"format: {path.name} has neither pictures nor sound")
    mime = _mime(container.format.name, stream is not None)
    if not mime:
        raise FilmError(f"format: {path.name}: {container.format.name} with pictures is not taken")
    length_s = promised_s(container, stream)
    if stream is None:
        return Inspected("", mime, 0, 0, length_s=length_s, sound=sound)
    width, height = upright_size(first_frame(container, stream, path), stream)
    return Inspected("", mime, width, height, length_s=length_s, sound=sound)


def _mime(demuxer: str, seen: bool) -> str:
    return next((video if seen else audio for part, video, audio in _KINDS if part in demuxer), "")


def _reach_s(container: InputContainer) -> float:
    """Seconds from the beginning to the end of the last packet that is really there."""
    stream = pictures_of(container) or container.streams.audio[0]
    reached_s, begin_s = 0.0, start_us(container) / TIME_BASE
    for packet in container.demux(stream):
        if packet.pts is not None and packet.time_base:
            reached_s = max(reached_s, float((packet.pts + (packet.duration or 0)) * packet.time_base) - begin_s)
    return reached_s

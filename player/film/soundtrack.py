"""What a film or a sound file gives the loudspeaker: where the desk finds it, and when it is another one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple


class Soundtrack(NamedTuple):
    """The sound of what stands on the panel. Another `name` is another sound, or the same from another position.

    `pcm` begins where the film stands when it is called; it may be read by another thread, never waits, and
    ends when the film is taken off.
    """

    name: str
    pcm: Callable[[], Iterator[bytes]]

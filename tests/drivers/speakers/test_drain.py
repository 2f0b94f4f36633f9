"""The thread behind a clip: what it hands on, and that it lets go of what it took the sound from."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Iterator

import pytest

from drivers.speakers.drain import Drain
from tests.waiting import DEADLINE_S

WaitUntil = Callable[[Callable[[], bool]], None]


class Film:
    """Stands for what a generator holds while it gives sound: an open file, or the memory of a film."""

    def sound(self, chunks: int, *, breaks: bool = False) -> Iterator[bytes]:
        for number in range(chunks):
            yield bytes([number])
        if breaks:
            raise ValueError("the file is torn")


def test_what_came_is_handed_on_in_order_and_then_the_end_is_told() -> None:
    heard: list[bytes] = []
    over = threading.Event()
    drain = Drain(Film().sound(5), heard.append, over.set)
    drain.start()
    assert over.wait(DEADLINE_S)
    assert heard == [bytes([number]) for number in range(5)]
    assert drain.error == ""


@pytest.mark.parametrize("breaks", [False, True])
def test_at_the_end_the_source_is_gone_before_the_end_is_told(breaks: bool) -> None:
    film = Film()
    held, left = weakref.ref(film), []
    over = threading.Event()

    def done() -> None:
        left.append(held())
        over.set()

    drain = Drain(film.sound(3, breaks=breaks), done=done)
    del film
    drain.start()
    assert over.wait(DEADLINE_S)
    assert left == [None]
    assert drain.error == ("the file is torn" if breaks else "")


def test_a_clip_that_was_cut_lets_its_source_go_though_the_drain_is_kept(wait_until: WaitUntil) -> None:
    film = Film()
    held, begun, go_on = weakref.ref(film), threading.Event(), threading.Event()

    def take(chunk: bytes) -> None:
        begun.set()
        go_on.wait(DEADLINE_S)

    drain = Drain(film.sound(1000), take)
    del film
    drain.start()
    assert begun.wait(DEADLINE_S)
    assert held() is not None
    drain.cut()
    go_on.set()
    wait_until(lambda: not drain.running)
    assert held() is None
    assert drain.is_cut

from __future__ import annotations

import threading

import pytest

from tests.waiting import DEADLINE_S
from tts.turns import Interrupted, Turns


def start(work: threading.Thread) -> threading.Thread:
    work.daemon = True
    work.start()
    return work


def work_until_interrupted(turns: Turns, running: threading.Event) -> None:
    with turns.take(urgent=False):
        running.set()
        while True:
            turns.give_way()


def test_ordinary_work_gives_way_and_the_urgent_comes_before_it_again() -> None:
    turns, order, running = Turns(), [], threading.Event()

    def ordinary() -> None:
        with pytest.raises(Interrupted):
            work_until_interrupted(turns, running)
        with turns.take(urgent=False):
            order.append("ordinary")

    def urgent() -> None:
        with turns.take(urgent=True):
            order.append("urgent")

    first = start(threading.Thread(target=ordinary))
    assert running.wait(DEADLINE_S)
    second = start(threading.Thread(target=urgent))
    for work in (first, second):
        work.join(DEADLINE_S)
        assert not work.is_alive()
    assert order == ["urgent", "ordinary"]


def test_the_turn_is_given_back_after_an_error() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="broken"), turns.take(urgent=True):
        raise ValueError("broken")
    with turns.take(urgent=False):
        turns.give_way()


def test_urgent_work_does_not_interrupt_urgent_work() -> None:
    turns, inside = Turns(), threading.Event()
    with turns.take(urgent=True):
        other = start(threading.Thread(target=lambda: enter(turns, inside)))
        assert not inside.is_set()
    assert inside.wait(DEADLINE_S)
    other.join(DEADLINE_S)


def enter(turns: Turns, inside: threading.Event) -> None:
    with turns.take(urgent=True):
        inside.set()

"""The main loop, its timers, the threads that must last, and the courier."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.courier import IN_FLIGHT, Courier
from agent.events import Call, Sent, Stop
from agent.loop import BROKEN_STATUS, Loop
from agent.threads import Aside, lasting
from agent.timers import Timers
from player.model import Reply, Verb
from tests.agent.bench import Bench
from tests.waiting import DEADLINE_S


class Time:
    def __init__(self) -> None:
        self.s = 100.0

    def __call__(self) -> float:
        return self.s


def test_timers_run_when_due_in_order() -> None:
    time, ran = Time(), list[str]()
    timers = Timers(time)
    assert timers.wait_s(60) == 60
    timers.later(5, lambda: ran.append("five"))
    timers.later(2, lambda: ran.append("two"))
    timers.every(3, lambda: ran.append("three"))
    assert timers.wait_s(60) == 2
    time.s += 6.5
    timers.run_due()
    assert ran == ["two", "three", "five"]
    assert timers.wait_s(60) == 3
    time.s += 100
    timers.run_due()
    assert ran[3:] == ["three"]


def fail() -> None:
    raise ZeroDivisionError


def test_a_failing_action_does_not_end_its_repetition() -> None:
    time = Time()
    timers = Timers(time)
    timers.every(1, fail)
    time.s += 1
    with pytest.raises(ZeroDivisionError):
        timers.run_due()
    assert timers.wait_s(60) == 1


def test_events_go_to_their_handlers_until_the_stop() -> None:
    handled: list[Any] = []
    loop = Loop(Time(), lambda: handled.append("after"))
    loop.on(Sent, handled.append)
    loop.post(Sent(1))
    loop.post(Call(lambda: handled.append("called")))
    loop.post(Stop(75))
    loop.post(Sent(2))
    assert loop.run() == 75
    assert handled == [Sent(1), "after", "called", "after"]


@pytest.mark.parametrize("body", [lambda: None, lambda: 1 / 0], ids=["returns", "raises"])
def test_a_lasting_thread_takes_the_process_with_it(body: Callable[[], None]) -> None:
    loop = Loop(Time(), lambda: None)
    lasting("short", body, loop.post)
    assert loop.run() == BROKEN_STATUS


def test_errands_run_aside_and_end_on_the_loop() -> None:
    loop, done = Loop(Time(), lambda: None), list[str]()
    aside = Aside(loop.post)
    thread = lasting("aside", aside.run, lambda event: None)

    def finish() -> None:
        done.append("finished")
        loop.post(Stop())

    aside.do(lambda: Call(finish))
    loop.run()
    assert done == ["finished"]
    aside.leave()
    thread.join(DEADLINE_S)
    assert not thread.is_alive()


class Line:
    """A link that takes messages and delivers when told to."""

    def __init__(self) -> None:
        self.connected = True
        self.sent: list[tuple[str, bytes]] = []

    def publish(self, leaf: str, payload: bytes, retain: bool = False, topic: str = "") -> int | None:
        if not self.connected:
            return None
        self.sent.append((topic, payload))
        return len(self.sent)


def test_the_courier_carries_everything_a_few_at_a_time(bench: Bench) -> None:
    line = Line()
    courier = Courier(bench.desk.outbox, line)
    for number in range(IN_FLIGHT + 5):
        bench.desk.outbox.put_reply(Reply(f"c{number}", Verb.STOP, True))
    courier.carry()
    courier.carry()
    assert len(line.sent) == IN_FLIGHT
    for mid in range(1, IN_FLIGHT + 6):
        courier.sent(mid, taken=True)
    assert len(line.sent) == IN_FLIGHT + 5
    assert bench.desk.outbox.depth() == 0
    courier.sent(999, taken=True)


def test_the_courier_keeps_what_nobody_took(bench: Bench) -> None:
    line = Line()
    courier = Courier(bench.desk.outbox, line)
    for number in range(3):
        bench.desk.outbox.put_reply(Reply(f"c{number}", Verb.STOP, True))
    courier.carry()
    courier.sent(1, taken=True)
    courier.sent(2, taken=False)
    courier.carry()
    assert len(line.sent) == 3
    courier.again()
    assert line.sent[3:] == [line.sent[1]]
    courier.sent(3, taken=True)
    courier.sent(4, taken=True)
    assert bench.desk.outbox.depth() == 0


def test_the_courier_sends_again_what_a_broker_may_have_forgotten(bench: Bench) -> None:
    line = Line()
    courier = Courier(bench.desk.outbox, line)
    for number in range(2):
        bench.desk.outbox.put_reply(Reply(f"c{number}", Verb.STOP, True))
    courier.carry()
    courier.sent(1, taken=True)
    courier.connected()  # the second is still under way: the MQTT client repeats it by itself
    assert line.sent[2:] == [line.sent[0]]
    courier.sent(2, taken=True)
    courier.sent(3, taken=True)
    assert bench.desk.outbox.depth() == 0


def test_the_courier_waits_for_a_connection(bench: Bench, tmp_path: Path) -> None:
    line = Line()
    line.connected = False
    courier = Courier(bench.desk.outbox, line)
    bench.desk.outbox.put_reply(Reply("c1", Verb.STOP, True))
    courier.carry()
    assert line.sent == []
    assert bench.desk.outbox.depth() == 1
    line.connected = True
    courier.carry()
    assert len(line.sent) == 1

"""Two lanes into one sink: what comes out, when the sink is opened and let go, and what a broken one does."""

from __future__ import annotations

import threading
import weakref
from array import array
from collections.abc import Callable, Iterator

import pytest

from drivers.speaker import RATE_HZ, SpeakerError
from drivers.speakers.deck import Deck
from drivers.speakers.ducking import DOWN_S, DUCKED_DB
from drivers.speakers.pace import AHEAD_S, Pace
from tests.waiting import DEADLINE_S

WaitUntil = Callable[[Callable[[], bool]], None]
TENTH = array("h", [1000] * (RATE_HZ // 10)).tobytes()


class Tape:
    """A sink that keeps what it gets, waits at `gate` if told to, and breaks when told to."""

    def __init__(self) -> None:
        self.blocks: list[bytes] = []
        self.gate = threading.Event()
        self.gate.set()
        self.waits = threading.Event()
        self.finished = 0
        self.drops = 0
        self.broken = ""

    def write(self, block: bytes) -> None:
        if self.broken:
            raise SpeakerError(self.broken)
        self.blocks.append(block)
        self.waits.set()
        self.gate.wait(DEADLINE_S)

    def finish(self) -> None:
        self.finished += 1

    def drop(self) -> None:
        self.drops += 1
        self.gate.set()

    def samples(self) -> array[int]:
        return array("h", b"".join(self.blocks))


def test_what_went_in_comes_out_whatever_the_sizes(wait_until: WaitUntil) -> None:
    tape, sound = Tape(), array("h", range(-10_000, 10_000))
    raw = sound.tobytes()
    deck = Deck(lambda: tape)
    deck.play(raw[at : at + 777] for at in range(0, len(raw), 777))
    wait_until(lambda: not deck.busy())
    assert tape.samples() == sound
    assert tape.finished == 1


def test_the_volume_holds_for_the_next_block(wait_until: WaitUntil) -> None:
    tape = Tape()
    tape.gate.clear()
    deck = Deck(lambda: tape)
    deck.play([TENTH])
    assert tape.waits.wait(DEADLINE_S)
    deck.set_volume(25)
    tape.gate.set()
    wait_until(lambda: not deck.busy())
    assert array("h", tape.blocks[0])[0] == 1000
    assert array("h", tape.blocks[-1])[0] == 250


def test_speech_turns_the_bed_down_within_its_time(wait_until: WaitUntil) -> None:
    tape = Tape()
    tape.gate.clear()
    deck = Deck(lambda: tape)
    deck.play_bed([TENTH] * 20)
    assert tape.waits.wait(DEADLINE_S)
    deck.play([bytes(len(TENTH))] * 5)
    tape.gate.set()
    wait_until(lambda: not deck.bed_busy())

    heard = tape.samples()
    low = [index for index, sample in enumerate(heard) if sample <= round(1000 * 10 ** (DUCKED_DB / 20))]
    down_s = (low[0] - len(tape.blocks[0]) // 2) / RATE_HZ
    assert DOWN_S - 0.01 <= down_s <= DOWN_S + 0.2  # a moment may pass until the speech is at hand
    assert heard[-1] == 1000
    assert len(heard) == 2 * RATE_HZ


def test_a_bed_does_not_wait_for_a_voice_that_thinks(wait_until: WaitUntil) -> None:
    tape, thinks = Tape(), threading.Event()

    def voice() -> Iterator[bytes]:
        yield TENTH
        thinks.wait(DEADLINE_S)
        yield TENTH

    deck = Deck(lambda: tape)
    deck.play(voice())
    wait_until(lambda: len(tape.blocks) >= 2)
    deck.play_bed([TENTH] * 5)
    wait_until(lambda: not deck.bed_busy())
    assert deck.busy()
    thinks.set()
    wait_until(lambda: not deck.busy())


def test_a_sink_is_opened_for_sound_and_let_go_in_silence(wait_until: WaitUntil) -> None:
    tapes: list[Tape] = []

    def fresh() -> Tape:
        assert all(tape.finished for tape in tapes), "the device was opened while it was still held"
        tapes.append(Tape())
        return tapes[-1]

    deck = Deck(fresh)
    for _ in range(3):
        deck.play([TENTH])
        wait_until(lambda: not deck.busy())
    deck.play([TENTH] * 1000)
    deck.play([TENTH])
    wait_until(lambda: not deck.busy())
    assert [tape.finished for tape in tapes] == [1] * 5


def test_stopping_one_lane_leaves_the_sink_to_the_other() -> None:
    tape = Tape()
    tape.gate.clear()
    deck = Deck(lambda: tape)
    deck.play_bed([TENTH] * 100)
    deck.play([TENTH] * 100)
    deck.stop()
    assert tape.drops == 0
    assert tape.waits.wait(DEADLINE_S)
    deck.stop_bed()
    assert tape.drops == 1
    deck.close()
    assert tape.finished == 1


def test_a_sink_that_breaks_ends_both_lanes_and_is_told(wait_until: WaitUntil) -> None:
    broken, good = Tape(), Tape()
    broken.broken = "the cable was pulled"
    sinks = iter([broken, good])
    deck = Deck(lambda: next(sinks))
    deck.play([TENTH] * 100)
    wait_until(lambda: deck.error != "")
    assert deck.error == "the cable was pulled"
    assert not deck.busy()
    assert broken.finished == 1

    deck.play([TENTH])
    wait_until(lambda: not deck.busy())
    assert deck.error == ""
    assert len(good.samples()) == RATE_HZ // 10


def test_a_sink_that_cannot_be_opened_is_told(wait_until: WaitUntil) -> None:
    def none() -> Tape:
        raise SpeakerError("no such device")

    deck = Deck(none)
    deck.play([TENTH])
    wait_until(lambda: deck.error == "no such device")
    assert not deck.busy()


def test_half_a_sample_at_the_end_is_left_out(wait_until: WaitUntil) -> None:
    tape = Tape()
    deck = Deck(lambda: tape)
    deck.play([TENTH + b"\x01"])
    deck.play_bed([TENTH] * 3)
    wait_until(lambda: not deck.bed_busy())
    assert len(tape.samples()) >= 3 * RATE_HZ // 10


def test_the_pace_is_that_of_a_loudspeaker(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(Pace, "_wait", lambda pace, seconds: waited.append(seconds))
    pace = Pace(True, now_s=lambda: 100.0)
    for _ in range(3):
        pace.advance(2 * RATE_HZ)
    pace.settle()
    assert [round(seconds, 6) for seconds in waited] == [1 - AHEAD_S, 2 - AHEAD_S, 3 - AHEAD_S, 3.0]


def test_a_dropped_pace_waits_no_more() -> None:
    pace = Pace(True)
    pace.drop()
    pace.advance(2 * RATE_HZ * 3600)
    pace.settle()
    assert pace._dropped.is_set()


def test_a_lane_that_is_silent_holds_no_sound_and_no_source(wait_until: WaitUntil) -> None:
    class Film:
        def sound(self) -> Iterator[bytes]:
            while True:
                yield TENTH

    tape, film = Tape(), Film()
    tape.gate.clear()
    held = weakref.ref(film)
    deck = Deck(lambda: tape)
    deck.play_bed(film.sound())
    del film
    assert tape.waits.wait(DEADLINE_S)
    assert held() is not None
    deck.stop_bed()
    wait_until(lambda: held() is None)
    assert not deck.bed_busy()

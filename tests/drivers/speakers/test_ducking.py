"""Speech over a bed: how far and how fast the bed gives way, and that nothing of either is lost."""

from __future__ import annotations

import math
from array import array
from itertools import pairwise

import pytest

from drivers.speaker import RATE_HZ
from drivers.speakers.ducking import DOWN_S, DUCKED_DB, STEP_BYTES, STEP_S, UP_S, Ducking, blend

SECOND = array("h", [10_000, -10_000] * (RATE_HZ // 2)).tobytes()


def settled(speaking: bool) -> Ducking:
    ducking = Ducking()
    ducking.step(10.0, speaking)
    return ducking


def level_db(pcm: bytes) -> float:
    samples = array("h", pcm)
    return 20 * math.log10(max(abs(sample) for sample in samples) / 10_000)


def test_the_bed_is_down_after_its_time_and_not_before() -> None:
    ducking = Ducking()
    levels = [20 * math.log10(ducking.step(STEP_S, True)) for _ in range(round(DOWN_S / STEP_S))]
    assert levels[-1] == pytest.approx(DUCKED_DB)
    assert levels[len(levels) // 2 - 1] == pytest.approx(DUCKED_DB / 2, abs=0.5)
    assert ducking.settled(True)


def test_the_bed_comes_back_slower_than_it_went() -> None:
    ducking = settled(True)
    steps = 0
    while not ducking.settled(False):
        ducking.step(STEP_S, False)
        steps += 1
    assert steps * STEP_S == pytest.approx(UP_S, abs=2 * STEP_S)
    assert ducking.gain == 1.0


def test_no_step_can_be_heard() -> None:
    ducking = Ducking()
    gains = [1.0, *(ducking.step(STEP_S, True) for _ in range(50))]
    steps_db = [20 * math.log10(a / b) for a, b in pairwise(gains)]
    assert max(steps_db) < 0.5


def test_a_bed_alone_passes_untouched() -> None:
    assert blend(b"", SECOND, 1.0, Ducking(), False) == SECOND


def test_speech_alone_passes_untouched_and_moves_nothing() -> None:
    ducking = Ducking()
    assert blend(SECOND, b"", 1.0, ducking, True) == SECOND
    assert ducking.gain == 1.0


def test_the_bed_lies_fifteen_decibels_lower_under_speech() -> None:
    silent_speech = bytes(len(SECOND))
    assert level_db(blend(silent_speech, SECOND, 1.0, settled(True), True)) == pytest.approx(DUCKED_DB, abs=0.05)


def test_the_fade_is_drawn_into_the_samples() -> None:
    out = blend(bytes(len(SECOND)), SECOND, 1.0, Ducking(), True)
    assert len(out) == len(SECOND)
    begin, middle, end = out[:STEP_BYTES], out[20 * STEP_BYTES : 21 * STEP_BYTES], out[-STEP_BYTES:]
    assert level_db(begin) > -0.5
    assert level_db(middle) == pytest.approx(DUCKED_DB / 2, abs=0.5)
    assert level_db(end) == pytest.approx(DUCKED_DB, abs=0.05)


def test_both_are_heard_and_loud_sums_are_cut_not_wrapped() -> None:
    loud = array("h", [32_000, -32_000] * 100).tobytes()
    mixed = array("h", blend(loud, loud, 1.0, settled(True), True))
    assert (max(mixed), min(mixed)) == (32_767, -32_768)


def test_the_longer_one_goes_on_alone() -> None:
    short = array("h", [100] * 10).tobytes()
    long = array("h", [1000] * 30).tobytes()
    mixed = array("h", blend(long, short, 1.0, settled(True), True))
    assert len(mixed) == 30
    assert mixed[0] > 1000
    assert mixed[-1] == 1000


def test_the_volume_is_that_of_both() -> None:
    assert level_db(blend(SECOND, b"", 0.5, Ducking(), True)) == pytest.approx(-6.02, abs=0.01)
    assert level_db(blend(b"", SECOND, 0.5, Ducking(), False)) == pytest.approx(-6.02, abs=0.01)
    assert not any(array("h", blend(SECOND, SECOND, 0.0, Ducking(), True)))

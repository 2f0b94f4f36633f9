"""How two loops are set against each other on a machine whose mood changes: turn about, and all of it counted."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from player.bench import pacing
from player.bench.figures import Effort, NotMeasured
from player.bench.pacing import HZ, lateness_p99

EFFORT = Effort(turn_s=1.0, pacing_rounds=4, pacing_s=5.0)


@contextmanager
def nothing(*_: object) -> Iterator[None]:
    yield


class Loops:
    """Both loops by the test's word: each frame comes so late after its line of the grid."""

    def __init__(self) -> None:
        self.turns: list[tuple[str, float]] = []
        self.late_s = {"ours": 0.001, "sleeping": 0.0005}
        self.mute = ""

    def take(self, whose: str, length_s: float) -> list[float]:
        self.turns.append((whose, length_s))
        if whose == self.mute:
            return []
        bad = 10 if len(self.turns) in (5, 6) else 1  # somebody else is busy during one turn of each
        return [(frame + 0.0) / HZ + bad * self.late_s[whose] for frame in range(1000, 1000 + round(length_s * HZ))]


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> Loops:
    made = Loops()
    monkeypatch.setattr(pacing, "running_stage", nothing)
    monkeypatch.setattr(pacing, "busy_machine", nothing)
    monkeypatch.setattr(pacing, "_real_time", nothing)
    monkeypatch.setattr(pacing, "_presented", lambda _stage, length_s: made.take("ours", length_s))
    monkeypatch.setattr(pacing, "_slept", lambda length_s: made.take("sleeping", length_s))
    return made


def measured() -> dict[str, Any]:
    return lateness_p99(Path(), EFFORT)


def test_the_loops_take_short_turns_one_after_the_other(loops: Loops) -> None:
    measured()
    assert loops.turns[:-1] == [("ours", 1.0), ("sleeping", 1.0)] * 4
    assert loops.turns[-1] == ("ours", 10.0), "the stretch under real-time scheduling is one and comes last"


def test_what_disturbs_both_alike_leaves_their_ratio_alone(loops: Loops) -> None:
    found = measured()
    assert (found["ours"], found["baseline"], found["value"]) == (10.0, 5.0, 2.0)
    assert found["n"] == 4 * 59


@pytest.mark.parametrize("mute", ["ours", "sleeping"])
def test_a_loop_without_a_frame_is_not_measured(mute: str, loops: Loops) -> None:
    loops.mute = mute
    with pytest.raises(NotMeasured, match="no frame"):
        measured()

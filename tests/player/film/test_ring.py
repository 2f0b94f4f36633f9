"""The memory between a film process and the player: both sides at once, in one process."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import pytest

from drivers.speaker import RATE_HZ
from player.film.ring import SOUND_S, Ring, State


@pytest.fixture
def ring() -> Iterator[Ring]:
    made = Ring.create(800, 600)
    yield made
    made.close()


def put(ring: Ring, pts_us: int, grey: int = 0) -> int:
    slot = ring.free()
    assert slot is not None
    ring.room(slot)[:] = bytes([grey]) * (800 * 600 * 4)
    ring.show(slot, pts_us)
    return slot


def fill(ring: Ring) -> list[int]:
    """Frames every 100 ms until there is no room."""
    frames: list[int] = []
    while ring.free() is not None:
        put(ring, len(frames) * 100_000)
        frames.append(len(frames) * 100_000)
    return frames


def test_the_other_side_sees_the_same_frames(ring: Ring) -> None:
    writer = Ring(ring.fd)
    assert (writer.size, writer.wanted_us, writer.state) == ((800, 600), 0, State.STARTING)
    slot = put(writer, 0, 7)
    due = ring.due()
    assert due == (0, slot)
    assert ring.surface(slot).get_at((799, 599))[:3] == (7, 7, 7)


def test_the_frame_due_is_the_last_one_not_after_the_wanted_position(ring: Ring) -> None:
    for pts in (200_000, 0, 100_000):
        put(ring, pts)
    for wanted, pts, after in [(0, 0, 100_000), (99_999, 0, 100_000), (100_000, 100_000, 200_000)]:
        ring.want(wanted)
        due = ring.due()
        assert due is not None
        assert (due.pts_us, ring.next_us()) == (pts, after)
    ring.want(5_000_000)
    assert ring.next_us() is None


def test_nothing_is_due_before_the_first_frame(ring: Ring) -> None:
    assert ring.due() is None
    put(ring, 50_000)
    assert ring.due() is None
    assert ring.next_us() == 50_000


def test_frames_to_come_and_the_one_that_is_due_are_never_written_over(ring: Ring) -> None:
    frames = fill(ring)
    assert 3 <= len(frames) <= 16
    ring.want(100_000)
    freed = ring.free()
    assert freed is not None, "the first frame was followed by another"
    put(ring, len(frames) * 100_000)
    assert ring.free() is None
    due = ring.due()
    assert due is not None
    assert due.pts_us == 100_000


def test_a_slot_in_the_making_is_no_frame(ring: Ring) -> None:
    slot = put(ring, 0)
    put(ring, 10)
    ring.want(10)
    assert ring.free() == slot or ring.free() is not None
    ring.room(slot)
    due = ring.due()
    assert due is not None
    assert due.pts_us == 10


def test_large_frames_have_few_slots_and_no_picture_has_none() -> None:
    small, large, mute = Ring.create(64, 32), Ring.create(3840, 2160), Ring.create(0, 0)
    try:
        assert len(fill_slots(small)) == 16
        assert len(fill_slots(large)) == 3
        assert mute.free() is None
    finally:
        for one in (small, large, mute):
            one.close()


def fill_slots(ring: Ring) -> list[int]:
    slots: list[int] = []
    while (slot := ring.free()) is not None:
        ring.show(slot, len(slots) + 1)
        slots.append(slot)
    return slots


def samples(first: int, count: int) -> memoryview:
    return memoryview(array("h", ((first + n) % 30_000 for n in range(count)))).cast("B")


def test_sound_is_read_by_the_number_of_its_sample(ring: Ring) -> None:
    ring.hear(0, samples(0, 5000))
    ring.hear(5000, samples(5000, 5000))
    assert ring.sound(4990, 20) == bytes(samples(4990, 20))
    assert ring.sound_to == 10_000


def test_sound_goes_round_its_circle(ring: Ring) -> None:
    size = SOUND_S * RATE_HZ
    ring.hear(0, samples(0, size))
    ring.hear(size, samples(size, 1000))
    assert ring.sound(size - 10, 20) == bytes(samples(size - 10, 20))
    assert ring.sound(0, 10) == bytes(20), "what was written over is not taken for sound"


def test_what_is_not_there_is_silence(ring: Ring) -> None:
    ring.hear(100, samples(100, 50))
    assert ring.sound(90, 20) == bytes(20) + bytes(samples(100, 10))
    assert ring.sound(145, 20) == bytes(samples(145, 5)) + bytes(30)
    assert ring.sound(9000, 20) == bytes(40)


def test_a_piece_longer_than_the_circle_leaves_its_end(ring: Ring) -> None:
    size = SOUND_S * RATE_HZ
    ring.hear(0, samples(0, size + 500))
    assert ring.sound(size + 490, 10) == bytes(samples(size + 490, 10))


def test_sound_after_a_jump_replaces_what_was_there(ring: Ring) -> None:
    ring.hear(0, samples(0, 1000))
    ring.hear(50_000, samples(50_000, 100))
    assert ring.sound(0, 10) == bytes(20)
    assert ring.sound(50_000, 10) == bytes(samples(50_000, 10))


def test_emptied_it_knows_nothing(ring: Ring) -> None:
    put(ring, 0)
    ring.hear(0, samples(5, 10))
    ring.empty()
    assert ring.due() is None
    assert ring.sound(0, 10) == bytes(20)


def test_it_tells_how_far_it_is_and_why_it_failed(ring: Ring) -> None:
    ring.tell(State.ENDED)
    assert (ring.state, ring.reason) == (State.ENDED, "")
    ring.tell(State.FAILED, reason="truncated: ảnh " * 100)
    assert ring.state is State.FAILED
    assert ring.reason.startswith("truncated: ảnh")
    ring.drop()
    assert ring.dropped == 1

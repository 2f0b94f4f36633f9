"""The memory between a film process and the player: both sides at once, in one process."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import cast

import pytest

from drivers.film import Coding
from drivers.speaker import RATE_HZ
from player.film.footage import Layout
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


def test_it_counts_the_frames_that_lie_between_two_positions(ring: Ring) -> None:
    for pts in (200_000, 0, 100_000):
        put(ring, pts)
    counted = [ring.between(*pair) for pair in ((0, 200_000), (0, 199_999), (-1, 0), (100_000, 100_000), (200_000, 0))]
    assert counted == [2, 1, 1, 0, 0]


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


def put_planes(ring: Ring, layout: Layout) -> int:
    """Planes of which each byte says in which plane it is."""
    slot = ring.free()
    assert slot is not None
    height, half = layout.size[1], (layout.size[1] + 1) // 2
    data = b"y" * (layout.pitch_y * height) + b"u" * (layout.pitch_uv * half) + b"v" * (layout.pitch_uv * half)
    ring.room(slot)[: len(data)] = data
    ring.show(slot, 0, layout)
    return slot


def test_planes_lie_on_the_other_side_as_they_were_left(ring: Ring) -> None:
    layout = Layout((701, 499), Coding.BT709, 704, 352, 180)
    slot = put_planes(ring, layout)
    planes = Ring(ring.fd).planes(slot)
    assert planes is not None
    assert Layout(planes.size, planes.coding, planes.pitch_y, planes.pitch_uv, planes.turn) == layout
    assert bytes(planes.y) == b"y" * (704 * 499)
    assert (bytes(planes.u), bytes(planes.v)) == (b"u" * (352 * 250), b"v" * (352 * 250))


def test_a_slot_that_held_planes_may_hold_pixels_next(ring: Ring) -> None:
    slot = put_planes(ring, Layout((64, 32), Coding.BT601, 64, 32))
    ring.room(slot)[:] = bytes([9]) * (800 * 600 * 4)
    ring.show(slot, 100_000)
    assert ring.planes(slot) is None
    assert ring.surface(slot).get_at((0, 0))[:3] == (9, 9, 9)


def test_planes_are_left_only_while_the_player_takes_them(ring: Ring) -> None:
    writer = Ring(ring.fd)
    assert not writer.planes_welcome
    ring.take_planes(True)
    assert writer.planes_welcome
    ring.take_planes(False)
    assert not writer.planes_welcome


@pytest.mark.parametrize(
    "numbers",
    [
        (9, 64, 32, 64, 32, 0),  # a coding there is not
        (-1, 64, 32, 64, 32, 0),
        (1, 801, 32, 832, 416, 0),  # larger than the box
        (1, 64, 601, 64, 32, 0),
        (1, 601, 800, 640, 320, 90),  # larger than the box once it is turned
        (1, 64, 32, 64, 32, 45),
        (1, 64, 32, 63, 32, 0),  # rows that overlap
        (1, 64, 32, 64, -32, 0),
        (1, -64, -32, 64, 32, 0),
        (1, 800, 600, 1 << 40, 400, 0),  # beyond the slot
        (1, 800, 600, 3000, 400, 0),
    ],
)
def test_nonsense_about_planes_is_no_planes_and_reads_no_memory_of_others(ring: Ring, numbers: tuple[int, ...]) -> None:
    slot = put_planes(ring, Layout((64, 32), Coding.BT601, 64, 32))
    coding, width, height, pitch_y, pitch_uv, turn = numbers
    ring.show(slot, 0, Layout((width, height), cast("Coding", coding), pitch_y, pitch_uv, turn))
    assert ring.planes(slot) is None


def test_what_is_said_of_the_last_slot_does_not_reach_the_reason_of_a_failure() -> None:
    ring = Ring.create(8, 8)
    last = max(slot for slot in range(64) if slot in ring._slots)
    ring.tell(State.FAILED, "truncated: phim dài")
    ring.show(last, 5, Layout((8, 8), Coding.BT601, 64, 64))
    assert ring.reason == "truncated: phim dài"
    assert ring.planes(last) is None  # 64 bytes a row are more than the slot has
    ring.close()


def test_a_state_nobody_knows_is_a_failure(ring: Ring) -> None:
    """The decoder works off whatever a file holds: what it leaves in the memory must not end the player."""
    ring._fields[4] = 77
    assert ring.state is State.FAILED

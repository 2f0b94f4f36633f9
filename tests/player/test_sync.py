"""Two boards with one playlist, as two processes that know nothing of each other, show the same to a frame."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

import pytest

from drivers.exported import Exported, ExportError
from player import motion
from player.model import SCHEMA, Item, Playlist, Priority, Unit, Version

if TYPE_CHECKING:
    from tests.player.conftest import Screen

NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)
Until = Callable[[Callable[[], object]], None]
DWELL_S = 10.0
TICKER = ("Mời bà con đưa trẻ đi tiêm chủng sáng thứ sáu tại trạm y tế.", "Nước sạch tạm ngừng từ tám giờ.")
BODY = "Sáng chủ nhật, 7 giờ, tại nhà văn hóa khu phố 3. " * 12
HZ = 60.0


def playlist(begin: datetime, ticker: tuple[str, ...] = TICKER, count: int = 3) -> Playlist:
    items = tuple(
        Item(f"i{n}", 1, Priority.ROUTINE, (Version("vi", f"Tin số {n}", BODY if n == 1 else ""),), dwell_s=DWELL_S)
        for n in range(count)
    )
    unit = Unit("25318", "Xã Tân Hưng")
    return Playlist(SCHEMA, "s-abcdef", 1, begin, begin + timedelta(days=1), unit, items, ticker=ticker)


def at(begin: datetime, instant_s: float) -> tuple[str, datetime]:
    """The item on air that long after the loop begins anew, and the instant."""
    loop_s = 3 * DWELL_S
    anew = begin + timedelta(seconds=loop_s - begin.timestamp() % loop_s)
    return f"i{int(instant_s // DWELL_S) % 3}", anew + timedelta(seconds=instant_s)


@pytest.fixture
def pair(screens: Callable[..., Screen], agent_db: Any) -> tuple[Screen, Screen]:
    boards = screens("left", kind="hdmi"), screens("right", kind="hdmi")
    for board in boards:
        agent_db(board.folder).playlist(playlist(NOON))
    return boards


def show(board: Screen, name: str, now: datetime, until: Until) -> bytes:
    board.set_clock(now)
    until(lambda: board.shows(name, now))
    return board.pixels()


@pytest.mark.parametrize("instants_s", [(1.0, 9.9, 10.2, 10.4, 14.0, 17.3, 29.95, 30.3)])
def test_at_every_instant_both_show_the_same_pixels_in_a_fade_too(
    pair: tuple[Screen, Screen], until: Until, instants_s: tuple[float, ...]
) -> None:
    for board in pair:
        board.start()
    seen = []
    for instant_s in instants_s:
        name, now = at(NOON, instant_s)
        left, right = (show(board, name, now, until) for board in pair)
        assert left == right, f"at {instant_s} s"
        seen.append(left)
    assert len(set(seen)) == len(instants_s)  # the ticker alone has moved between any two of them


def test_the_scroll_stands_the_same_frame_by_frame(pair: tuple[Screen, Screen], until: Until) -> None:
    for board in pair:
        board.start()
    seen = []
    for frame in range(12):
        name, now = at(NOON, 3.0 + frame / HZ + 0.001)
        left, right = (show(board, name, now, until) for board in pair)
        assert left == right, f"frame {frame}"
        seen.append(left)
    assert len(set(seen)) == 12


def test_one_that_was_killed_comes_back_in_step(pair: tuple[Screen, Screen], until: Until) -> None:
    left, right = pair
    left.start()
    name, now = at(NOON, 12.5)
    wanted = show(left, name, now, until)
    right.start()
    assert show(right, name, now, until) == wanted
    right.stop()
    (right.folder / "run" / "player.json").unlink()
    right.start()
    assert show(right, name, now, until) == wanted


def test_under_the_machine_s_own_clock_both_scroll_in_step(
    screens: Callable[..., Screen], agent_db: Any, until: Until
) -> None:
    """Each frame carries the instant at which it was presented: equal pictures bear the same frame number.

    Beside other work a player is now and then held up between drawing and presenting: looked at again until it was not.
    """
    boards = screens("left"), screens("right")
    for board in boards:
        agent_db(board.folder).playlist(playlist(datetime.now(UTC) - timedelta(hours=1), count=1))
        board.start(by_hand=False)
    until(lambda: all(board.status()["showing"]["item"] == "i0" for board in boards))
    until(lambda: in_step(boards, until))


def in_step(boards: tuple[Screen, Screen], until: Until) -> bool:
    """Whether sixty pictures that both show, seen from now on, come in the same frame on both."""
    left, right = Seen(boards[0]), Seen(boards[1])
    until(lambda: (left.look(), right.look()) and len(left.numbers.keys() & right.numbers.keys()) >= 60)
    apart = [abs(left.numbers[picture] - right.numbers[picture]) for picture in left.numbers.keys() & right.numbers]
    return median(apart) == 0 and sum(frames <= 1 for frames in apart) > 0.9 * len(apart)


class Seen:
    """The pictures one board presented, each with the number of the frame in which it came first."""

    def __init__(self, board: Screen) -> None:
        self._board = board
        self.numbers: dict[bytes, int] = {}

    def look(self) -> bool:
        frame = self._read()
        if frame is not None:
            self.numbers.setdefault(frame.rgb, motion.frame_number(frame.real_ns / 1e9, HZ))
        return True

    def _read(self) -> Exported | None:
        try:
            return self._board.frame.read()
        except ExportError:
            return None

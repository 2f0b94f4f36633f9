from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygame
import pytest

from drivers.panel import Frame
from player import wire
from player.model import Reply, Verb
from player.requests import Requests, png
from player.store import Request

NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def request(name: str = "r1", verb: str = "identify", created: datetime = NOON) -> Request:
    return Request(name, verb, created, created + MINUTE)


@pytest.fixture
def requests(tmp_path: Path) -> Iterator[Requests]:
    made = Requests(tmp_path / "answers", NOON)
    yield made
    made.close()


def answer(tmp_path: Path, name: str = "r1") -> Reply:
    return wire.decode((tmp_path / "answers" / f"{name}.json").read_bytes(), Reply)


def test_a_request_is_served_once(requests: Requests) -> None:
    assert requests.fresh([request()], NOON) == (request(),)
    assert requests.fresh([request()], NOON) == ()


def test_what_the_agent_has_taken_away_is_not_remembered_for_ever(requests: Requests) -> None:
    requests.fresh([request(f"r{number}") for number in range(3)], NOON)
    requests.fresh([request("r2")], NOON)
    assert requests.fresh([request("r0"), request("r2")], NOON) == (request("r0"),)


def test_one_answered_before_a_restart_is_not_served_again(requests: Requests, tmp_path: Path) -> None:
    requests.answer(request(), True)
    assert Requests(tmp_path / "answers", NOON).fresh([request()], NOON) == ()


def test_one_that_came_too_late_is_refused(requests: Requests, tmp_path: Path) -> None:
    assert requests.fresh([request()], NOON + MINUTE) == ()
    assert (answer(tmp_path).ok, answer(tmp_path).verb) == (False, Verb.IDENTIFY)
    assert "expired" in answer(tmp_path).detail


def test_a_restart_asked_for_before_this_start_is_done(requests: Requests, tmp_path: Path) -> None:
    old = request(verb="restart", created=NOON - timedelta(seconds=1))
    assert requests.fresh([old], NOON) == ()
    assert answer(tmp_path).ok


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", ".hidden", ""])
def test_an_id_that_is_no_file_name_is_ignored(requests: Requests, tmp_path: Path, name: str) -> None:
    assert requests.fresh([request(name)], NOON + 2 * MINUTE) == ()
    assert list(tmp_path.rglob("*.json")) == []


def test_a_screenshot_is_the_frame_bit_for_bit_and_complete_before_its_answer(
    requests: Requests, tmp_path: Path
) -> None:
    data = bytes(range(256)) * 3
    requests.screenshot(request(verb="screenshot"), Frame(32, 8, data, 7))
    requests.close()
    assert answer(tmp_path) == Reply("r1", Verb.SCREENSHOT, True, "32x8, frame 7")
    image = pygame.image.load(tmp_path / "answers" / "r1.png")
    assert image.get_size() == (32, 8)
    assert pygame.image.tobytes(image, "RGB") == data
    assert sorted(path.name for path in (tmp_path / "answers").iterdir()) == ["r1.json", "r1.png"]


def test_a_picture_that_cannot_be_written_is_answered_as_such(tmp_path: Path) -> None:
    requests = Requests(tmp_path / "answers", NOON)
    (tmp_path / "answers" / ".r1.png.part").mkdir()
    requests.screenshot(request(verb="screenshot"), Frame(1, 1, b"abc", 1))
    requests.close()
    assert answer(tmp_path).ok is False


def test_the_png_of_a_large_frame_is_read_back_by_others() -> None:
    data = bytes(1920 * 1080 * 3)
    image = pygame.image.load(io.BytesIO(png(Frame(1920, 1080, data, 1))), "frame.png")
    assert image.get_at((1919, 1079))[:3] == (0, 0, 0)

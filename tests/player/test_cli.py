from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pygame
import pytest
from click.testing import CliRunner, Result

from bangtin import main
from drivers.loading import driver_module
from drivers.panel import DRIVERS, PanelError
from player import wire
from player.model import Item, Playlist, Priority, Unit, Version, Window

NOON = datetime(2025, 9, 2, 5, 0, tzinfo=UTC)


def bangtin(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture
def playlist_file(tmp_path: Path) -> Path:
    items = (
        Item("a", 1, Priority.ROUTINE, (Version("vi", "Tin một"),), dwell_s=10),
        Item("b", 2, Priority.ROUTINE, (Version("vi", "Tin hai"),), dwell_s=20, windows=(Window(None, NOON),)),
    )
    playlist = Playlist(1, "s-abcdef", 1, NOON, NOON + timedelta(days=1), Unit("1", "Xã"), items)
    path = tmp_path / "playlist.json"
    path.write_bytes(wire.encode(playlist))
    return path


def test_timeline_prints_what_will_show(playlist_file: Path) -> None:
    result = bangtin(
        "timeline", playlist_file, "--from", "2025-09-02T11:59:30+07:00", "--to", "2025-09-02T12:00:10+07:00"
    )
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0].endswith("10.000 s  item    a r1  Tin một")
    assert lines[1] == "2025-09-02 11:59:40.000+07:00    20.000 s  item    b r2  Tin hai"
    assert lines[2] == "2025-09-02 12:00:00.000+07:00    10.000 s  item    a r1  Tin một"
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--from", "noon"), "for instance 2025-09-02T07:30+07:00"),
        (("--from", "2025-09-02T12:00"), "has no zone"),
        (("--from", "2025-09-02T12:00Z", "--to", "2025-09-02T11:00Z"), "is not after"),
    ],
)
def test_timeline_refuses_instants_that_make_no_sense(
    playlist_file: Path, arguments: tuple[str, ...], says: str
) -> None:
    result = bangtin("timeline", playlist_file, *arguments)
    assert result.exit_code != 0
    assert says in result.output


def test_play_writes_every_page_of_a_text(tmp_path: Path) -> None:
    text = tmp_path / "thong-bao.txt"
    text.write_text("Lịch cắt điện\n" + "Ngày mai cắt điện tại ấp 3 từ 7 giờ đến 11 giờ. " * 60, encoding="utf-8")
    result = bangtin("play", text, "--panel", "png", "--out", tmp_path / "out", "--size", "640x360")
    assert result.exit_code == 0, result.output
    pictures = [pygame.image.load(path) for path in sorted((tmp_path / "out").glob("*.png"))]
    assert len(pictures) >= 2
    assert result.output.startswith(f"{len(pictures)} trang")
    assert {picture.get_size() for picture in pictures} == {(640, 360)}
    assert len({pygame.image.tobytes(picture, "RGB") for picture in pictures}) == len(pictures)


def test_play_stops_after_the_seconds_it_was_given(playlist_file: Path) -> None:
    result = bangtin("play", playlist_file, "--panel", "memory", "--size", "192x96", "--seconds", "0.2")
    assert result.exit_code == 0, result.output


def test_play_refuses_on_a_claimed_screen(playlist_file: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    (state / "identity.json").write_text("{}", encoding="utf-8")
    settings = tmp_path / "screen.yaml"
    settings.write_text(f"state_dir: {state}\n", encoding="utf-8")
    result = bangtin("play", playlist_file, "--panel", "memory", "--config", settings)
    assert result.exit_code == 1
    assert "bảng chỉ hiển thị tin đã ký" in result.output
    assert "signed content only" in result.output


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "The file holds no text"),
        (b"  \n ", "The file holds no text"),
        ("Thông báo".encode("utf-16"), "This is not UTF-8 text"),
        (b'{"schema": 1}', "The playlist cannot be read"),
        (b"x\n" + b"a" * 70_000, "The text is too long"),
    ],
)
def test_play_says_what_is_wrong_with_a_file(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "tin.txt"
    path.write_bytes(data)
    result = bangtin("play", path, "--panel", "memory", "--seconds", "1")
    assert result.exit_code == 1
    assert says in result.output


def test_play_names_a_file_that_is_missing(tmp_path: Path) -> None:
    result = bangtin("play", tmp_path / "none.txt", "--panel", "memory")
    assert result.exit_code == 1
    assert "none.txt" in result.output


@pytest.mark.parametrize("size", ["1920", "0x0", "axb", "99999x10"])
def test_play_refuses_a_size_no_panel_has(playlist_file: Path, size: str) -> None:
    result = bangtin("play", playlist_file, "--size", size)
    assert result.exit_code == 2
    assert "for instance 1920x1080" in result.output


def test_panels_lists_every_driver_with_all_its_options_defaults_and_help() -> None:
    result = bangtin("panels")
    assert result.exit_code == 0
    for name in DRIVERS:
        assert f"{name}: " in result.output
        for option, declared in driver_module("panel", name, DRIVERS, PanelError).OPTIONS.items():
            assert f"    {option} = " in result.output
            assert declared.help in result.output
    for line in ("export = null", "row_mark = 8,136", "sync = true", "resend_ms = 0", "multiplex = direct"):
        assert f"    {line}  (" in result.output


def test_panels_tells_of_one_driver_alone() -> None:
    result = bangtin("panels", "ddp")
    assert result.output.startswith("ddp: ")
    assert "universe" not in result.output


def test_panels_names_the_drivers_there_are() -> None:
    result = bangtin("panels", "dpp")
    assert result.exit_code == 2
    assert "'dpp' is none of memory, sdl" in result.output
    assert "did you mean 'ddp'?" in result.output

"""One file the whole way by `bangtin demo --once`: what the folder holds afterwards, what is refused with one line."""

from __future__ import annotations

import json
import wave
from datetime import UTC, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import pygame
import pytest
from click.testing import CliRunner

from player.model import DayPart
from player.schedule.hours import Hours, zone_named
from publisher.demo.children import DemoError
from publisher.demo.cli import demo
from publisher.demo.once import STEPS, publish_once, quiet_far_from

pytestmark = pytest.mark.xdist_group("journey")

DATA: Final = Path(__file__).parents[3] / "shared" / "data"
NOTICE: Final = "Tạm ngừng cấp nước từ 8 giờ đến 11 giờ ngày mai."
SIZES: Final = {"hdmi": (1920, 1080), "led": (192, 96)}


def once(folder: Path, text: str, name: str = "notice.txt") -> tuple[dict[str, Any], Path]:
    file, out = folder / name, folder / "out"
    file.write_text(text, "utf-8")
    return publish_once(file, None, out, lambda line: None), out


def check(report: dict[str, Any], out: Path) -> None:
    """What holds for every bulletin."""
    names = {path.name for path in out.iterdir()}
    assert names == {*report["pages"]["hdmi"], *report["pages"]["led"], "speech.wav", "report.json"}
    for screen, size in SIZES.items():
        assert report["pages"][screen]
        assert {pygame.image.load(out / page).get_size() for page in report["pages"][screen]} == {size}
        assert len({(out / page).read_bytes() for page in report["pages"][screen]}) == len(report["pages"][screen])
        steps = report["steps"][screen]
        assert tuple(steps) == STEPS
        assert all(steps[before] <= steps[after] for before, after in pairwise(STEPS)), steps
    assert json.loads((out / "report.json").read_text("utf-8")) == report
    assert {"hdmi-player", "led-player", "hdmi-agent", "led-agent", "publisher"} == report["memory_pss_mb"].keys()
    assert all(used > 1 for used in report["memory_pss_mb"].values())


def reading_s(out: Path) -> float:
    """The length of speech.wav, which must be 16-bit mono PCM and not silence."""
    with wave.open(str(out / "speech.wav")) as clip:
        assert (clip.getsampwidth(), clip.getnchannels(), clip.getcomptype()) == (2, 1, "NONE")
        samples = memoryview(clip.readframes(clip.getnframes())).cast("h")
        assert max(samples) > 1000
        return float(clip.getnframes() / clip.getframerate())


def test_a_short_notice(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "hdmi-007.png").write_bytes(b"of another bulletin")
    report, out = once(tmp_path, NOTICE)
    check(report, out)
    assert 3 < reading_s(out) < 9  # sixteen syllables: read once, not twice


@pytest.mark.parametrize("hour", range(24))
def test_it_speaks_at_every_hour_of_the_day(hour: int) -> None:
    now = datetime(2026, 11, 23, hour, 17, tzinfo=UTC)
    typed = {name: time.fromisoformat(text) for name, text in quiet_far_from(now).items()}
    start, end = (typed[name] for name in ("quiet_from", "quiet_to"))
    part = DayPart(start_min=start.hour * 60 + start.minute, end_min=end.hour * 60 + end.minute)
    quiet = Hours((part,), zone_named("Asia/Ho_Chi_Minh"))
    assert quiet.spans(int(now.timestamp()) - 3600, int(now.timestamp()) + 6 * 3600) == ()
    assert quiet.spans(int(now.timestamp()), int(now.timestamp()) + 24 * 3600) != ()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (None, "không đọc được / cannot be read"),
        (b" \n\xc2\xa0\n", "tệp rỗng / the file is empty"),
        ("Thông báo".encode("utf-16"), "không đọc được / cannot be read"),
    ],
    ids=["missing", "empty", "not UTF-8"],
)
def test_a_file_that_cannot_be_a_bulletin_ends_with_one_line(tmp_path: Path, data: bytes | None, said: str) -> None:
    file = tmp_path / "x.txt"
    if data is not None:
        file.write_bytes(data)
    run = CliRunner().invoke(demo, ["--once", str(file), "--out", str(tmp_path / "out")])
    assert run.exit_code != 0
    assert run.stderr.startswith(f"Error: {file}: ")
    assert said in run.stderr
    assert run.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_script_that_no_font_covers_is_named(tmp_path: Path) -> None:
    with pytest.raises(DemoError, match="𐎀") as refused:
        once(tmp_path, "Thông báo: 𐎀𐎁𐎂")
    assert "\n" not in str(refused.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is not there")
@pytest.mark.parametrize("name", ["plan", "notice"])
def test_real_texts(tmp_path: Path, name: str) -> None:
    if name == "plan":
        text = (DATA / "plan-hon-quan-2023.txt").read_text("utf-8")
    else:
        text = (DATA / "notices.txt").read_text("utf-8").split("\n---\n")[0]
    report, out = once(tmp_path, text)
    check(report, out)
    assert reading_s(out) > 5

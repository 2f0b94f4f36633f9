"""The screen that is measured: a notice above a ticker, as a commune would have it, on a panel without glass."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import yaml
from msgspec import structs

from config.loader import load_screen
from config.settings import ScreenSettings
from drivers import panel as panels
from drivers.panel import Panel
from player import app, wire
from player.clock import WallClock
from player.layout.fonts import FontBook
from player.model import SCHEMA, Desired, Item, Playlist, Priority, Unit, Version
from player.motion import Moment
from player.painter import Painter
from player.prepare import frames
from player.prepare.cache import FrameCache
from player.prepare.workshop import Workshop
from player.schema import AGENT_DB, AGENT_TABLES
from player.shelf import Done, Shelf
from player.show import PanelShape, Prepared, Show, Strip, key
from player.stage import Stage
from player.trial import LocalSource

HDMI: Final = PanelShape(1920, 1080)
LED: Final = PanelShape(320, 160, "led")
UNIT: Final = Unit("25357", "Ủy ban nhân dân phường Tân Khai")
NOTICE: Final = Version("vi", "Tổng vệ sinh đường làng", "Sáng chủ nhật, 7 giờ, tại nhà văn hóa khu phố 3.")
TICKER: Final = (
    "Mời bà con đưa trẻ dưới sáu tuổi đến trạm y tế uống vắc xin sáng thứ sáu, nhớ mang theo sổ tiêm chủng.",
    "Từ ngày mùng một, bộ phận một cửa nhận hồ sơ từ bảy giờ rưỡi đến mười một giờ rưỡi, trừ ngày lễ.",
    "Nước sạch tạm ngừng tại khu phố hai và khu phố năm từ tám giờ đến mười sáu giờ để thay đường ống.",
    "Đề nghị các hộ nuôi gà, vịt phun khử trùng chuồng trại và báo ngay cho thú y khi có gia cầm ốm chết.",
    "Lớp dạy nghề sửa máy nông nghiệp còn nhận học viên; đăng ký miễn phí tại hội nông dân của phường.",
    "Chiều thứ bảy có bóng đá thiếu niên giữa các khu phố tại sân trường, mời bà con đến cổ vũ các cháu.",
    "Người nhặt được giấy tờ tên Nguyễn Thị Thắm xin gửi về công an phường để trả lại cho người mất.",
)
_BEGIN_S: Final = 1_790_000_000.0
_DWELL_S: Final = 3600.0  # longer than any measurement: no page turns during one
_FADES_S: Final = 3.0
_SETTLE_S: Final = 0.02
_SETTLE_LOOKS: Final = 1500


class TickerScene(NamedTuple):
    """A picture with a moving ticker, on an open panel."""

    panel: Panel
    painter: Painter
    prepared: Prepared
    strip: Strip
    shelf: Shelf

    def on(self, panel: Panel) -> TickerScene:
        """The same surfaces painted on another panel, its first frame included."""
        scene = self._replace(panel=panel, painter=Painter(panel, self.shelf))
        scene.paint()
        return scene

    def paint(self) -> None:
        """The whole picture, as when it comes up."""
        self.painter.paint(self.prepared, Moment(1.0, _DWELL_S, _BEGIN_S, "07:30"))

    def step(self, frame: int) -> None:
        """The `frame`-th frame, a 60th of a second after the one before, as the stage draws it while nothing is due."""
        self.painter.step(_BEGIN_S + frame / 60.0)


def item() -> Item:
    return Item("tong-ve-sinh", 1, Priority.ROUTINE, (NOTICE,), dwell_s=_DWELL_S)


def playlist(now: datetime) -> Playlist:
    """The notice and the ticker, on all day."""
    return Playlist(
        SCHEMA, "s-phongdo", 1, now, now + timedelta(days=1), UNIT, (item(),), ticker=TICKER, desired=Desired(quiet=())
    )


@contextmanager
def open_panel(driver: str, shape: PanelShape) -> Iterator[Panel]:
    """The named driver at that size, without a screen behind it."""
    options = {"mode": "headless"} if driver == "sdl" else {}
    panel = panels.create(driver, shape.width_px, shape.height_px, options)
    panel.open()
    try:
        yield panel
    finally:
        panel.close()


def ticker_scene(panel: Panel, shape: PanelShape, work: Path) -> TickerScene:
    """The scene prepared by the real workshop, in this process, and its first frame on the panel."""
    show = Show(UNIT, shape, item(), TICKER)
    cache_dir = work / f"cache-{shape.width_px}x{shape.height_px}"
    made = list(Workshop(FrameCache(cache_dir), FontBook()).make(key(show), show))[-1]
    if made is None or made.ticker is None:
        raise ValueError(f"no ticker was made for {shape.width_px}x{shape.height_px}")
    shelf = Shelf(_NoWorker(), lambda name: frames.load(cache_dir / name))
    scene = TickerScene(panel, Painter(panel, shelf), made, made.ticker, shelf)
    scene.paint()
    return scene


def settings(work: Path, driver: str, shape: PanelShape, transition: str = "auto") -> ScreenSettings:
    """The settings of a throw-away screen in `work`; they lie in `work/screen.yaml` too."""
    options = {"mode": "headless"} if driver == "sdl" else {}
    panel = {"driver": driver, "width_px": shape.width_px, "height_px": shape.height_px, "kind": shape.kind}
    panel |= {"transition": transition}
    values = {
        "publisher": {"url": "http://127.0.0.1:1"}, "state_dir": str(work / "state"), "run_dir": str(work / "run"),
        "clock": "trusted", "panel": panel | {"options": options}, "speaker": {"driver": "silent"},
        "log_level": "warning",
    }  # fmt: skip
    path = work / "screen.yaml"
    path.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    return load_screen(path)


@contextmanager
def running_stage(work: Path, clock: WallClock) -> Iterator[Stage]:
    """The player's own stage at 1080p with everything it has, the ticker already on its panel."""
    with ExitStack() as stack:
        source = LocalSource(playlist(clock.now() - timedelta(minutes=1)))
        stage = app.build(stack, settings(work, "sdl", HDMI), clock, source, (), slate_first=False)
        for _ in range(_SETTLE_LOOKS):
            stage.turn()
            if stage.settled:
                break
            stage.rest(_SETTLE_S)
        else:
            raise TimeoutError("the ticker was not prepared in time")
        yield stage


def fading(now: datetime) -> Playlist:
    """The same notice and another, giving way to each other every few seconds."""
    other = Version("vi", "Tiêm chủng", "Chiều thứ năm, 14 giờ, tại trạm y tế phường.")
    items = (
        structs.replace(item(), dwell_s=_FADES_S),
        structs.replace(item(), id="tiem", versions=(other,), dwell_s=_FADES_S),
    )
    return structs.replace(playlist(now), items=items)


def write_agent_db(state_dir: Path) -> None:
    """The playlist that fades, as the agent commits it, for a player in a process of its own."""
    state_dir.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    body = wire.encode(fading(now - timedelta(minutes=1)))
    with closing(sqlite3.connect(state_dir / AGENT_DB)) as connection, connection:
        connection.executescript(AGENT_TABLES)
        row = (1, hashlib.sha256(body).hexdigest(), b"", body, now.isoformat())
        connection.execute("INSERT INTO playlist VALUES (1, ?, ?, ?, ?, ?)", row)


class _NoWorker:
    """All is prepared before the shelf is asked."""

    def cached(self, show: Show) -> Prepared | None:
        return None

    def request(self, show: Show, urgent: bool = False) -> str:
        raise ValueError("nothing is to be prepared during a measurement")

    def finished(self) -> Sequence[Done]:
        return ()

    def discard(self, key: str) -> None:
        raise ValueError(f"a frame of {key} was lost during a measurement")

    def fileno(self) -> int:
        raise ValueError("there is no worker to wait for")

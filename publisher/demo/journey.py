"""`bangtin bench journey`: how long the whole road takes, and what a screen costs, all processes real."""

from __future__ import annotations

import io
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pygame

from drivers import process
from drivers.exported import ExportedFrame
from player.model import Item, Unit
from publisher.demo.commune import COMMUNE, COMMUNE_NAME, Commune
from publisher.demo.screen import HDMI, LED
from publisher.demo.sight import Sight, both, plain_alert, plain_item

ROUNDS: Final = 20
ITEMS: Final = 20
MEMORY_S: Final = 300.0
MEMORY_EVERY_S: Final = 2.0
STILL_S: Final = 30.0
LIMIT_S: Final = 10.0
KEYS: Final = (
    "approve_to_pixels_ms", "alert_to_pixels_ms", "withdraw_to_gone_ms", "first_picture_s",
    "memory_pss_mb", "still_cpu_percent", "still_frames",
)  # fmt: skip


class Journey:
    """One commune with twenty bulletins on air, measured in turn."""

    def __init__(self, commune: Commune, folder: Path, say: Callable[[str], None]) -> None:
        self._commune = commune
        self._say = say
        self._writer, self._approver = commune.staff("soan"), commune.staff("duyet")
        unit = Unit(code=COMMUNE, name=COMMUNE_NAME)
        self._sights = [Sight(screen, unit, folder / name) for name, screen in commune.screens.items()]
        self._on_air: list[str] = []

    def close(self) -> None:
        for sight in self._sights:
            sight.close()

    def fill(self) -> None:
        """Twenty bulletins in two languages, each with a picture."""
        self._say(f"{ITEMS} bulletins on air")
        for number in range(ITEMS):
            picture = self._writer.upload_picture(f"anh-{number}.jpg", photograph(number))
            body = f"Tin số {number}: đề nghị bà con giữ vệ sinh chung, tổng dọn dẹp đường làng ngõ xóm."
            second = {"lang2": "en", "body2": f"Notice {number}: please help to keep our streets clean."}
            uid = self._writer.write(COMMUNE, body, picture=picture, **second)
            self._approver.step(uid, "approve")
            self._on_air.append(uid)
        self._commune.children.wait_for("all playlists", self._all_current, 60)

    def approvals(self) -> tuple[list[float], list[float]]:
        """Milliseconds from the approve click to pixels on both screens, and from withdraw to gone."""
        there, gone = [], []
        for number in range(ROUNDS):
            self._say(f"approve and withdraw, round {number + 1} of {ROUNDS}")
            body = f"Họp dân số {number}, {17 + number % 3} giờ"
            pages = self._pages(plain_item(body))
            uid = self._writer.write(COMMUNE, body)
            clicked = self._approver.step(uid, "approve")
            there.append(_ms(clicked, both(self._sights, pages, True, LIMIT_S)))
            clicked = self._approver.step(uid, "withdraw")
            gone.append(_ms(clicked, both(self._sights, pages, False, LIMIT_S)))
        return there, gone

    def alerts(self) -> list[float]:
        """Milliseconds from publishing an emergency to pixels on both screens."""
        there = []
        for number in range(ROUNDS):
            self._say(f"emergency, round {number + 1} of {ROUNDS}")
            body = f"Bão số {number + 1}, ở trong nhà"
            pages = self._pages(plain_alert(body, 3, datetime.now(UTC)))
            uid = self._writer.alert(COMMUNE, body, 3)
            clicked = self._writer.step(uid, "publish")
            there.append(_ms(clicked, both(self._sights, pages, True, LIMIT_S)))
            self._writer.step(uid, "end")
            both(self._sights, pages, False, LIMIT_S)
        return there

    def still(self) -> tuple[float, int]:
        """The player's share of one core in percent, and frames presented, in 30 s of one still page."""
        self._say("one still page for 30 s")
        for uid in self._on_air[1:]:
            self._approver.step(uid, "withdraw")
        keep, pages = self._still_page()
        pid = self._commune.children.pid("hdmi-player")
        both(self._sights, pages, True, LIMIT_S)
        _wait_for_second(range(2, 28))
        family = [pid, *process.children(pid)]
        sight = self._sights[0]
        before_s, frames_before = sum(map(_cpu_s, family)), sight.presented()
        time.sleep(STILL_S)
        used_s, presented = sum(map(_cpu_s, family)) - before_s, sight.presented() - frames_before
        self._approver.step(keep, "withdraw")
        return used_s / STILL_S * 100, presented

    def first_pictures(self) -> list[float]:
        """Seconds from the start of the player's process to its first picture, from the store, without an agent."""
        self._commune.children.stop("hdmi-agent")
        screen, children = self._commune.screens["hdmi"], self._commune.children
        taken = []
        for number in range(ROUNDS):
            self._say(f"first picture, round {number + 1} of {ROUNDS}")
            children.stop("hdmi-player")
            screen.export.unlink(missing_ok=True)
            started = time.time_ns()
            screen.start_player(children)
            children.wait_for("a first picture", lambda: _has_picture(screen.export), LIMIT_S)
            taken.append((ExportedFrame.open(screen.export).read().real_ns - started) / 1e9)
        return taken

    def memory(self) -> dict[str, float]:
        """Megabytes of the HDMI screen's processes over five minutes of playing; its speech worker apart."""
        player, agent = (self._commune.children.pid(name) for name in ("hdmi-player", "hdmi-agent"))
        screen: list[float] = []
        worker: list[float] = []
        end_s = time.monotonic() + MEMORY_S
        while (left_s := end_s - time.monotonic()) > 0:
            if len(screen) % 15 == 0:
                self._say(f"playing on for memory, {left_s:.0f} s left")
            screen.append(_pss([player, *process.children(player), agent]))
            worker.append(_pss(process.children(agent)))
            time.sleep(MEMORY_EVERY_S)
        return {
            "value": round(statistics.median(screen), 1),
            "peak": round(max(screen), 1),
            "speech_worker": round(statistics.median(worker), 1),
            "n": len(screen),
        }

    def _still_page(self) -> tuple[str, list[bytes]]:
        keep, body = self._on_air[0], "Trang đứng yên"
        self._approver.step(keep, "withdraw")
        uid = self._writer.write(COMMUNE, body)
        pages = self._pages(plain_item(body))
        self._approver.step(uid, "approve")
        return uid, pages

    def _pages(self, item: Item) -> list[bytes]:
        return [sight.page_of(item) for sight in self._sights]

    def _all_current(self) -> bool:
        page = self._writer.page(f"/tin/{self._on_air[-1]}/hien-thi")
        return "2/2" in page


def measure(only: Sequence[str], say: Callable[[str], None]) -> dict[str, Any]:
    """The figures asked for by name (none: all), each with its n. Raises DemoError when something does not arrive."""
    wanted = set(only) or set(KEYS)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="bangtin-bench-") as root, ExitStack() as stack:
        folder = Path(root)
        commune = stack.enter_context(Commune(folder / "commune", (HDMI, LED), say))
        journey = Journey(commune, folder, say)
        stack.callback(journey.close)
        journey.fill()
        if wanted & {"approve_to_pixels_ms", "withdraw_to_gone_ms"}:
            there, gone = journey.approvals()
            found |= {"approve_to_pixels_ms": percentiles(there), "withdraw_to_gone_ms": percentiles(gone)}
        if "alert_to_pixels_ms" in wanted:
            found["alert_to_pixels_ms"] = percentiles(journey.alerts())
        if "memory_pss_mb" in wanted:
            found["memory_pss_mb"] = journey.memory()
        if wanted & {"still_cpu_percent", "still_frames"}:
            share, frames = journey.still()
            found |= {"still_cpu_percent": round(share, 2), "still_frames": frames}
        if "first_picture_s" in wanted:
            taken = journey.first_pictures()
            found["first_picture_s"] = {"value": round(statistics.median(taken), 3), "worst": round(max(taken), 3),
                                        "n": len(taken)}  # fmt: skip
    return {key: found[key] for key in KEYS if key in wanted}


def percentiles(values: Sequence[float]) -> dict[str, float]:
    """Median and 99th percentile (nearest rank) of `values`, in their own unit."""
    ordered = sorted(values)
    rank = min(len(ordered) - 1, int(0.99 * len(ordered)))
    return {"p50": round(statistics.median(ordered), 1), "p99": round(ordered[rank], 1), "n": len(ordered)}


def photograph(number: int) -> bytes:
    """A JPEG of 1600x900 with a smooth gradient and bars, different for each number."""
    surface = pygame.Surface((160, 90))
    for y in range(90):
        for x in range(160):
            surface.set_at((x, y), ((x + number * 11) % 256, (y * 2 + number * 7) % 256, (x + y) % 256))
    big = pygame.transform.smoothscale(surface, (1600, 900))
    stream = io.BytesIO()
    pygame.image.save(big, stream, "picture.jpg")
    return stream.getvalue()


def _pss(pids: Sequence[int]) -> float:
    total = 0.0
    for pid in pids:
        try:
            total += process.pss_mb(pid)
        except OSError:  # a worker that retired between two looks
            continue
    return total


def _cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / 100


def _has_picture(export: Path) -> bool:
    if not export.is_file():
        return False
    panel = ExportedFrame.open(export)
    try:
        return panel.presented() > 0
    finally:
        panel.close()


def _wait_for_second(wanted: range) -> None:
    """Returns at a moment of the minute from which 30 s lie within it."""
    while datetime.now(UTC).second not in wanted:
        time.sleep(0.2)


def _ms(start: datetime, end: datetime) -> float:
    return (end - start) / timedelta(milliseconds=1)

"""One file, the whole way: written, approved, announced, trusted, prepared, committed, shown and proved.

Throw-away state, free ports, and a clock for the players that is set by hand: pages are captured
at chosen instants, so nothing waits in real time. Every picture is what the running player's panel
holds; the sound is the clip that the running player played.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from drivers import process
from player.schedule.hours import zone_named
from player.timeline import HOME_ZONE
from publisher.demo.camera import Camera
from publisher.demo.children import DemoError
from publisher.demo.commune import COMMUNE, Commune
from publisher.demo.screen import HDMI, LED, ScreenSpec, VirtualScreen

SHOW_LIMIT_S: Final = 60.0
SPEECH_LIMIT_S: Final = 45.0
STEPS: Final = ("write", "approve", "announce", "trust", "prepare", "commit", "show", "prove")


@dataclass(frozen=True, slots=True)
class Published:
    """One bulletin on air: who it is, and the instants at the publisher."""

    uid: str
    started: datetime
    written: datetime
    approved: datetime


def publish_once(text_file: Path, picture: Path | None, out: Path, progress: Callable[[str], None]) -> dict[str, Any]:
    """Runs the whole road for `text_file`, fills `out` and gives back the report.

    Raises DemoError with one clear line when something did not arrive.
    """
    text = _read(text_file)
    with tempfile.TemporaryDirectory(prefix="bangtin-once-") as folder:
        with Commune(Path(folder), _specs(), progress, file_clock=True) as commune:
            commune.staff("quantri").decide(COMMUNE, **quiet_far_from(datetime.now(UTC)))
            progress("Soạn và duyệt / writing and approving")
            bulletin = _publish(commune, text, picture)
            _empty(out)
            shown = _first_sights(commune, bulletin)
            pages = {"led": _capture(commune, "led", bulletin, out, progress)}
            _speech(commune, bulletin, out, progress)
            pages["hdmi"] = _capture(commune, "hdmi", bulletin, out, progress)
            progress("Chờ nhật ký phát / waiting for the proof of play")
            report = _report(commune, bulletin, shown, pages)
        (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=2), "utf-8")
    return report


def quiet_far_from(now: datetime) -> dict[str, str]:
    """The quiet hours of a unit, as its form wants them, at the other end of the day: at night it is to speak too."""
    other_end = now.astimezone(zone_named(HOME_ZONE)) + timedelta(hours=12)
    return {"quiet_from": f"{other_end:%H:%M}", "quiet_to": f"{other_end + timedelta(hours=1):%H:%M}"}


def _specs() -> tuple[ScreenSpec, ScreenSpec]:
    spoken = {"speaker": "wav"}
    hdmi = ScreenSpec(HDMI.name, HDMI.label, HDMI.width_px, HDMI.height_px, HDMI.kind, **spoken)  # type: ignore[arg-type]
    return hdmi, LED


def _read(text_file: Path) -> str:
    try:
        text = text_file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise DemoError(f"{text_file}: không đọc được / cannot be read: {exc}") from exc
    if not text.strip():
        raise DemoError(f"{text_file}: tệp rỗng / the file is empty")
    return text


def _empty(out: Path) -> None:
    """The folder will hold this bulletin only; files of other names are left alone."""
    out.mkdir(parents=True, exist_ok=True)
    for pattern in ("hdmi-*.png", "led-*.png", "speech.wav", "report.json"):
        for old in out.glob(pattern):
            old.unlink()


def _publish(commune: Commune, text: str, picture: Path | None) -> Published:
    writer, approver = commune.staff("soan"), commune.staff("duyet")
    fields: dict[str, str] = {"speak_at_debut": "on"}
    started = datetime.now(UTC)
    if picture is not None:
        fields["picture"] = writer.upload_picture(picture.name, picture.read_bytes())
    uid = writer.write(COMMUNE, text, **fields)
    written = datetime.now(UTC)
    for screen in commune.screens.values():
        screen.set_clock(written.isoformat())
    return Published(uid, started, written, approver.step(uid, "approve"))


def _first_sights(commune: Commune, bulletin: Published) -> dict[str, datetime]:
    """When the bulletin's pixels were first presented, by screen."""
    cameras = {name: Camera(screen) for name, screen in commune.screens.items()}
    found: dict[str, datetime] = {}
    for screen in commune.screens.values():
        screen.set_clock((bulletin.approved + timedelta(seconds=1)).isoformat())

    def all_show() -> bool:
        for name, camera in cameras.items():
            if name not in found and camera.shows(bulletin.uid):
                found[name] = camera.presented_at()
        return len(found) == len(cameras)

    commune.children.wait_for("tin lên hai bảng / the bulletin on the screens", all_show, SHOW_LIMIT_S)
    return found


def _capture(commune: Commune, name: str, bulletin: Published, out: Path, progress: Callable[[str], None]) -> list[str]:
    screen = commune.screens[name]
    progress(f"Chụp {screen.spec.label} / capturing the screen")
    camera = Camera(screen)
    return camera.read_all(bulletin.uid, out, name, commune.children)


def _speech(commune: Commune, bulletin: Published, out: Path, progress: Callable[[str], None]) -> None:
    """Waits until the player has played the clip, then keeps the very file it played."""
    screen = commune.screens["hdmi"]
    progress("Chờ giọng đọc / waiting for the speech")
    played = screen.sound_dir
    commune.children.wait_for("tiếng đọc / the speech", lambda: any(played.glob("clip-*.wav")), SPEECH_LIMIT_S)
    shutil.copyfile(_clip(screen, bulletin.uid), out / "speech.wav")


def _clip(screen: VirtualScreen, uid: str) -> Path:
    with closing(sqlite3.connect(f"file:{screen.state_dir / 'agent.db'}?mode=ro", uri=True)) as db:
        row = db.execute("SELECT file FROM clip WHERE item = ? ORDER BY lang DESC", [uid]).fetchone()
    if row is None:
        raise DemoError("Bảng không có tiếng đọc của tin. / The screen has no clip of the bulletin.")
    return screen.state_dir / "speech" / str(row[0])


# --- the report ---------------------------------------------------------------------------------------------------


def _report(
    commune: Commune, bulletin: Published, shown: dict[str, datetime], pages: dict[str, list[str]]
) -> dict[str, Any]:
    ids = {name: screen.identity for name, screen in commune.screens.items()}
    commune.children.wait_for(
        "nhật ký phát / the proof of play",
        lambda: all(_delivery(commune, bulletin.uid, ids[name]).get("proved") for name in ids),
        SHOW_LIMIT_S,
    )
    return {
        "bulletin": bulletin.uid,
        "started": bulletin.started.isoformat(),
        "steps": {name: _steps(commune, bulletin, ids[name], shown[name]) for name in ids},
        "pages": pages,
        "speech": "speech.wav",
        "memory_pss_mb": memory_of(commune),
    }


def _steps(commune: Commune, bulletin: Published, screen: str, shown: datetime) -> dict[str, int]:
    row = _delivery(commune, bulletin.uid, screen)
    instants = {
        "write": bulletin.written,
        "approve": row["approved"],
        "announce": row["announced"],
        "trust": row["trusted"],
        "prepare": row["prepared"],
        "commit": row["committed"],
        "show": shown,
        "prove": row["proved"],
    }
    return {name: round((instants[name] - bulletin.started).total_seconds() * 1000) for name in STEPS}


def _delivery(commune: Commune, uid: str, screen: str) -> dict[str, datetime]:
    """The instants the publisher keeps of this bulletin on this screen; those not reached yet are missing."""
    names = ("approved", "announced", "trusted", "prepared", "committed", "proved")
    with closing(sqlite3.connect(f"file:{commune.database}?mode=ro", uri=True)) as db:
        row = db.execute(
            "SELECT b.approved, d.announced, d.trusted, d.prepared, d.committed, d.proved FROM screens_delivery d "
            "JOIN bulletins_bulletin b ON b.id = d.bulletin_id WHERE b.uid = ? AND d.screen_id = ?",
            [uid, screen],
        ).fetchone()
    pairs = zip(names, row or (), strict=False)
    return {name: datetime.fromisoformat(value).replace(tzinfo=UTC) for name, value in pairs if value}


def memory_of(commune: Commune) -> dict[str, float]:
    """Proportional memory of every process by the name of its child, helpers of a child added to it."""
    return {
        child: round(sum(process.pss_mb(pid) for pid in _family(commune.children.pid(child))), 1)
        for child in commune.children.names
    }


def _family(pid: int) -> list[int]:
    return [pid, *process.children(pid)]

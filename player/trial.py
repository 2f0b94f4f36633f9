"""Trying a local file on a panel, without publisher or broker, and never on a screen that belongs to a commune."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from player import wire
from player.clock import SettableClock
from player.model import SCHEMA, Clock, ClockQuality, Desired, Item, Playlist, Priority, Unit, Version
from player.scene import estimate
from player.show import PanelShape
from player.stage import Stage
from player.store import Snapshot
from player.timeline import Programme

IDENTITY: Final = "identity.json"  # in the state folder: the screen was claimed
UNIT: Final = Unit(code="0", name="Xem thử")
PATIENCE_S: Final = 30.0  # for one picture to be prepared
LOOK_S: Final = 0.05
LOOKS: Final = int(PATIENCE_S / LOOK_S)
SIZE_LIMIT_B: Final = wire.BODY_LIMIT_B


class TrialError(Exception):
    """The file cannot be tried; the message says why, in Vietnamese and English."""


class LocalSource:
    """A snapshot that never changes, in place of the agent's database."""

    def __init__(self, playlist: Playlist) -> None:
        self.snapshot = Snapshot(playlist=playlist, clock=Clock(ClockQuality.TRUSTED))
        self.trouble = ""

    def poll(self, monotonic_s: float) -> bool:
        """Nothing ever comes."""
        return False


def may_be_there(path: Path) -> bool:
    """Whether a file lies at `path`, or may: only a path that surely leads nowhere counts as none.

    `Path.exists` says no, in some versions of Python, where nobody but the screen's own users may look.
    """
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def refuse_on_a_claimed_screen(state_dirs: tuple[Path, ...]) -> None:
    """Raises TrialError if one of the folders belongs, or may belong, to a screen that shows signed content only."""
    for folder in state_dirs:
        if may_be_there(folder / IDENTITY):
            raise TrialError(
                f"Bảng này đã được nhận về một đơn vị ({folder / IDENTITY}): bảng chỉ hiển thị tin đã ký. "
                "Hãy xem thử trên máy khác.\n"
                f"This screen belongs to a unit ({folder / IDENTITY}): it shows signed content only. "
                "Try the file on another machine."
            )


def read_file(path: Path, shape: PanelShape, now: datetime) -> Playlist:
    """The playlist in `path`: JSON as it is signed for screens, or plain text, whose first line is the title.

    Raises TrialError.
    """
    data = _bytes(path)
    if data.lstrip().startswith(b"{"):
        try:
            return wire.decode(data, Playlist)
        except wire.WireError as exc:
            raise TrialError(f"{path}: lịch phát không đọc được. / The playlist cannot be read: {exc}") from exc
    return _from_text(path, data, shape, now)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > SIZE_LIMIT_B:
            raise TrialError(f"{path}: tệp lớn hơn 16 MB. / The file is larger than 16 MB.")
        return path.read_bytes()
    except OSError as exc:
        raise TrialError(f"{path}: không đọc được tệp. / The file cannot be read: {exc.strerror}") from exc


def _from_text(path: Path, data: bytes, shape: PanelShape, now: datetime) -> Playlist:
    try:
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig")).strip()
    except UnicodeDecodeError as exc:
        raise TrialError(
            f"{path}: không phải văn bản UTF-8 (byte {exc.start}). / This is not UTF-8 text (byte {exc.start})."
        ) from exc
    if not text:
        raise TrialError(f"{path}: tệp không có chữ nào. / The file holds no text.")
    title, _, body = text.partition("\n")
    if len(title) > 300:
        title, body = "", text
    name = re.sub(r"[^A-Za-z0-9_-]", "-", path.stem)[:60].lstrip("-_") or "tin"
    item = Item(name, 1, Priority.ROUTINE, (Version("vi", title.strip(), body.strip()),), dwell_s=1.0)
    dwell_s = min(3600.0, estimate(item, UNIT, shape).dwell_s)
    item = Item(name, 1, Priority.ROUTINE, item.versions, dwell_s=dwell_s)
    playlist = Playlist(
        SCHEMA, "s-xemthu", 1, now, now + timedelta(days=3650), UNIT, (item,), desired=Desired(quiet=())
    )  # fmt: skip
    try:
        return wire.decode(wire.encode(playlist), Playlist)  # the limits of the wire hold here too
    except wire.WireError as exc:
        raise TrialError(f"{path}: văn bản quá dài. / The text is too long: {exc}") from exc


def leaf_through(stage: Stage, clock: SettableClock, playlist: Playlist) -> int:
    """Shows everything in `playlist` once, page by page, however long it would take; how many looks that took.

    Raises TrialError if a picture is not ready in time.
    """
    programme = Programme(playlist, (), Clock(ClockQuality.TRUSTED))
    seen: set[tuple[str, int]] = set()
    looks = 0
    for slot in programme.slots(clock.now()):
        name = (slot.item.id, slot.item.revision) if slot.item is not None else (slot.kind.value, 0)
        if name in seen and slot.offset_s == 0:
            break
        seen.add(name)
        clock.set(slot.start)
        for moment in _planned(stage):
            clock.set(moment)
            _settle(stage)
            looks += 1
    return looks


def _planned(stage: Stage) -> tuple[datetime, ...]:
    for _ in range(LOOKS):
        plan = stage.plan()
        if plan is not None:
            return plan
        stage.rest(LOOK_S)
    raise _late()


def _settle(stage: Stage) -> None:
    """Turns the stage at one instant until its panel shows what it should."""
    for _ in range(LOOKS):
        stage.turn()
        if stage.settled:
            return
        stage.rest(LOOK_S)
    raise _late()


def _late() -> TrialError:
    return TrialError(f"Hình không chuẩn bị kịp trong {PATIENCE_S:g} giây. / The picture took over {PATIENCE_S:g} s.")

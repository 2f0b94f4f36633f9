"""How a screen stands, read from its files without disturbing a running agent."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent import identity
from agent.health import read_player
from player.model import Alert, Playlist
from player.schema import AGENT_DB, OUTBOX_DB, PLAYER_STATUS
from player.wire import WireError, decode


class StandingError(Exception):
    """A file of the board cannot be read; the message, Vietnamese and English, names it and says what to do."""


def read(state_dir: Path, run_dir: Path) -> dict[str, Any]:
    """Identity, what is accepted, and what waits to be sent. Raises identity.IdentityError, StandingError."""
    known = identity.load(state_dir)
    return {
        "screen": known.answer.screen,
        "unit": known.answer.unit.name,
        "publisher": known.publisher,
        "broker": f"{known.answer.mqtt.host}:{known.answer.mqtt.port}",
        **_accepted(state_dir / AGENT_DB),
        "outbox": _count(state_dir / OUTBOX_DB, "message"),
        "player": read_player(run_dir / PLAYER_STATUS, datetime.now(UTC)),
    }


def _accepted(file: Path) -> dict[str, Any]:
    bodies = _rows(file, "SELECT body FROM playlist")
    try:
        playlist = decode(bodies[0][0], Playlist) if bodies else None
        alerts = [decode(body, Alert) for (body,) in _rows(file, "SELECT body FROM alert")]
    except WireError as exc:
        raise _unreadable(file, exc) from exc
    status = dict(_rows(file, "SELECT name, value FROM status WHERE name IN ('stopped', 'clock')"))
    return {
        "seq": playlist.seq if playlist else 0,
        "issued": playlist.issued.isoformat() if playlist else None,
        "items": len(playlist.items) if playlist else 0,
        "groups": list(playlist.groups) if playlist else [],
        "alerts": [alert.id for alert in alerts],
        "clips": _count(file, "clip"),
        "stopped": status.get("stopped") == "1",
        "clock": status.get("clock"),
    }


def _count(file: Path, table: str) -> int:
    rows = _rows(file, f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of ours
    return int(rows[0][0]) if rows else 0


def _rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []  # not made yet
    except sqlite3.DatabaseError as exc:
        raise _unreadable(file, exc) from exc


def _unreadable(file: Path, why: Exception) -> StandingError:
    return StandingError(
        f"{file} bị hỏng hoặc do bản khác ghi ({why}): khởi động lại agent, nó cất tệp hỏng đi và lấy lại từ máy chủ. "
        f"/ {file} is damaged or of another release ({why}): restart the agent, "
        "which moves a damaged file aside and has everything sent again."
    )

"""The hand-over between the two processes of a screen: the tables of agent.db and plays.db and the files beside them.

The agent is the only writer of agent.db, the player of plays.db; each reads the other's file
read-only. Instants are stored as RFC 3339 text in UTC.
"""

from __future__ import annotations

from typing import Final

AGENT_DB: Final = "agent.db"
PLAYS_DB: Final = "plays.db"
OUTBOX_DB: Final = "outbox.db"
MEDIA_DIR: Final = "media"  # in the state folder: content-addressed files, named by SHA-256
CLIP_DIR: Final = "speech"  # in the state folder: finished clips, named by audio key + ".wav"
ANSWER_DIR: Final = "answers"  # in the run folder: <request id>.json and <request id>.png, renamed into place
PLAYER_STATUS: Final = "player.json"  # in the run folder: the player's figures, renamed into place

AGENT_TABLES: Final = """
CREATE TABLE IF NOT EXISTS playlist (
    slot INTEGER PRIMARY KEY CHECK (slot = 1),
    seq INTEGER NOT NULL, sha256 TEXT NOT NULL,
    pointer BLOB NOT NULL, body BLOB NOT NULL, accepted_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS alert (
    grp TEXT NOT NULL, id TEXT NOT NULL,
    seq INTEGER NOT NULL, envelope BLOB NOT NULL, body BLOB NOT NULL, accepted_at TEXT NOT NULL,
    PRIMARY KEY (grp, id)
);
CREATE TABLE IF NOT EXISTS seq_floor (
    kind TEXT NOT NULL, target TEXT NOT NULL,
    seq INTEGER NOT NULL, sha256 TEXT NOT NULL,
    PRIMARY KEY (kind, target)
);
CREATE TABLE IF NOT EXISTS media (
    sha256 TEXT PRIMARY KEY, size INTEGER NOT NULL, mime TEXT NOT NULL, fetched_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS clip (
    item TEXT NOT NULL, revision INTEGER NOT NULL, lang TEXT NOT NULL,
    file TEXT NOT NULL, duration_s REAL NOT NULL, engine TEXT NOT NULL,
    PRIMARY KEY (item, revision, lang)
);
CREATE TABLE IF NOT EXISTS request (
    id TEXT PRIMARY KEY, verb TEXT NOT NULL, created_at TEXT NOT NULL, expires_at TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS status (
    name TEXT PRIMARY KEY, value TEXT NOT NULL
);
"""
# status rows: "stopped" = "1" while the emergency stop holds; "clock" = a model.Clock as JSON;
# "unit" = a model.Unit as JSON (known from the claim, before any playlist).

PLAYS_TABLES: Final = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS play (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL, item TEXT NOT NULL, revision INTEGER NOT NULL,
    started_at TEXT NOT NULL, ended_at TEXT, outcome TEXT NOT NULL DEFAULT ''
);
"""
# meta row: "uuid" names this file for ever; (uuid, play.id) is the key of a play everywhere.

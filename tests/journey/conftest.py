"""One commune of real processes for the whole folder: a publisher with its Mosquitto, an HDMI and an LED screen.

One worker runs these tests (see the xdist group in each file). Before each of them everything runs
and nothing is on air, whatever the one before left behind.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from player.model import Item, Unit
from publisher.demo.commune import COMMUNE, COMMUNE_NAME, Commune
from publisher.demo.screen import HDMI, LED, VirtualScreen
from publisher.demo.sight import Sight, both
from publisher.demo.staff import Staff
from tests.waiting import DEADLINE_S, eventually

ARRIVES_S = DEADLINE_S  # each thing takes a fraction of a second on a quiet machine
STARTS_S = 60.0
_COMMUNE = pytest.StashKey[Commune]()


def until(what: str, condition: Callable[[], Any], limit_s: float = ARRIVES_S) -> Any:
    """What `condition` returns as soon as it is true; fails with `what` at the deadline."""
    return eventually(condition, what, limit_s)


@dataclass
class Town:
    """The commune with its people at work, and eyes on both screens."""

    commune: Commune
    sights: Sequence[Sight]

    @property
    def screens(self) -> Sequence[VirtualScreen]:
        return tuple(self.commune.screens.values())

    @property
    def writer(self) -> Staff:
        return self.commune.staff("soan")

    @property
    def approver(self) -> Staff:
        return self.commune.staff("duyet")

    def publish(self, body: str, **fields: Any) -> str:
        """Written by one, approved by the other; its uid."""
        uid = self.writer.write(COMMUNE, body, **fields)
        self.approver.step(uid, "approve")
        return uid

    def pages(self, item: Item) -> list[bytes]:
        """What `item` looks like on each screen."""
        return [sight.page_of(item) for sight in self.sights]

    def wait_pages(self, pages: Sequence[bytes], shown: bool, limit_s: float = ARRIVES_S) -> None:
        """Until all screens show their page, or none does any more."""
        both(self.sights, pages, shown, limit_s)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the publisher's database holds now; [] while it is not to be read."""
        with suppress(sqlite3.OperationalError), reading(self.commune.database) as db:
            return db.execute(sql, values).fetchall()
        return []

    def stop_all(self) -> None:
        """Every process ends, in order; the folders stay."""
        self.commune.children.stop_all()

    def run_all(self) -> None:
        """Start again whatever does not run, as systemd would."""
        children = self.commune.children
        children.forget_ended()
        if "publisher" not in children.names:
            self.commune.start_publisher()
        for screen in self.screens:
            if f"{screen.spec.name}-player" not in children.names:
                screen.start_player(children)
            if f"{screen.spec.name}-agent" not in children.names:
                screen.start_agent(children)

    def restart(self, *names: str) -> None:
        """A clean stop and a start of some children."""
        for name in names:
            self.commune.children.stop(name)
        self.run_all()

    def restart_agents(self) -> None:
        """New connections: each ships all that is over."""
        for screen in self.screens:
            if f"{screen.spec.name}-agent" in self.commune.children.names:
                self.commune.children.stop(f"{screen.spec.name}-agent")
            screen.start_agent(self.commune.children)

    def play_count(self) -> int:
        """Plays begun on all screens so far."""
        return sum(len(plays_of(screen)) for screen in self.screens)

    def check_plays(self) -> int:
        """Every play of both screens is counted once at the publisher, with its end; how many there are.

        The players and agents stop on the way: then every play is over and nothing may wait in an outbox.
        """
        children = self.commune.children
        for screen in self.screens:
            children.stop(f"{screen.spec.name}-player")
        self.restart_agents()
        played = {key: play for screen in self.screens for key, play in plays_of(screen).items()}
        until("every play at the publisher", lambda: self.counted().keys() >= played.keys())
        with suppress(AssertionError):
            until("every end at the publisher", lambda: self.counted() == played)
        assert self.counted() == played
        for screen in self.screens:
            children.stop(f"{screen.spec.name}-agent")
            assert self.outbox(screen) == []
        self.run_all()
        return len(played)

    def outbox(self, screen: VirtualScreen) -> list[tuple[Any, ...]]:
        """What a screen's agent has not handed over; what it has may stand here until it takes stock or stops."""
        with reading(screen.state_dir / "outbox.db") as db:
            return db.execute("SELECT topic, payload FROM message").fetchall()

    def shipped(self, screen: VirtualScreen) -> bool:
        """Whether every play so far has at least come into the outbox."""
        with reading(screen.state_dir / "outbox.db") as db:
            ((mark,),) = db.execute("SELECT max(play) FROM mark").fetchall()
        return bool(mark == max(key.row for key in plays_of(screen)))

    def counted(self) -> dict[PlayKey, Shown]:
        """The publisher's rows, one a play: `rows` would show a second one as another row of the same key."""
        rows = self.rows(
            "SELECT screen_id, uuid, row, bulletin_uid, revision, kind, outcome, started, ended FROM screens_playrecord"
        )
        found = {PlayKey(screen, uuid, row): shown(*rest) for screen, uuid, row, *rest in rows}
        assert len(found) == len(rows)
        return found

    def clear(self) -> None:
        """Nothing on air, nothing stopped."""
        for screen, stopped in self.rows("SELECT id, stopped FROM screens_screen"):
            if stopped:
                self.approver.command(screen, "release")
        for uid, priority in self.rows("SELECT uid, priority FROM bulletins_bulletin WHERE status = 'on_air'"):
            self.approver.step(uid, "end" if priority == "emergency" else "withdraw")
        until("nothing on air", lambda: all(self.shows(screen) == "slate" for screen in self.screens))

    def shows(self, screen: VirtualScreen) -> str:
        """The kind of what stands on a panel, by the player's own word."""
        return str(screen.status().get("showing", {}).get("kind", ""))


class PlayKey(NamedTuple):
    screen: str
    uuid: str
    row: int


class Shown(NamedTuple):
    item: str
    revision: int
    kind: str
    outcome: str
    started: datetime | None
    ended: datetime | None


def plays_of(screen: VirtualScreen) -> dict[PlayKey, Shown]:
    """What the screen itself holds in plays.db."""
    with reading(screen.state_dir / "plays.db") as db:
        ((uuid,),) = db.execute("SELECT value FROM meta WHERE name = 'uuid'").fetchall()
        rows = db.execute("SELECT id, item, revision, kind, outcome, started_at, ended_at FROM play").fetchall()
    return {PlayKey(screen.identity, uuid, row): shown(*rest) for row, *rest in rows}


def shown(item: str, revision: int, kind: str, outcome: str, *span: str | None) -> Shown:
    return Shown(item, revision, kind, outcome, *map(instant, span))


def instant(text: str | None) -> datetime | None:
    """An instant of either database, both in UTC and to the millisecond."""
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A database of another process, read-only."""
    with closing(sqlite3.connect(path.absolute().as_uri() + "?mode=ro", uri=True, timeout=5)) as db:
        yield db


@pytest.fixture(scope="session")
def _town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    root = tmp_path_factory.mktemp("journey")
    said: list[str] = []
    with Commune(root / "commune", (HDMI, LED), said.append) as commune:
        unit = Unit(code=COMMUNE, name=COMMUNE_NAME)
        sights = [Sight(screen, unit, root / f"sight-{name}") for name, screen in commune.screens.items()]
        yield Town(commune, sights)
        for sight in sights:
            sight.close()


@pytest.fixture
def town(_town: Town, request: pytest.FixtureRequest) -> Town:
    """Everything runs, nothing is on air."""
    request.node.stash[_COMMUNE] = _town.commune
    _town.run_all()
    _town.clear()
    return _town


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """What the processes said last stands below a failed test: whoever reads it cannot look into the folder."""
    report = yield
    if report.failed and (commune := item.stash.get(_COMMUNE, None)) is not None:
        report.sections += [(log.name, tail(log)) for log in sorted((commune.root / "logs").glob("*.log"))]
    return report


def tail(log: Path, lines: int = 30) -> str:
    return "\n".join(log.read_text("utf-8", "replace").splitlines()[-lines:])


@pytest.fixture(name="until")
def _until() -> Callable[..., Any]:
    return until

"""What the screen says of itself: its state (retained, the counterpart of the last will) and its health."""

from __future__ import annotations

import logging
from collections import deque
from datetime import datetime, timedelta
from typing import Any, Final

from agent.commands import Commands
from agent.courier import Line
from agent.desk import Desk
from agent.events import ClipMade, Disconnected, VoiceTrouble
from agent.health import Parts, Reporter
from agent.playlists import Playlists
from agent.speech import Speech
from agent.supply import Supply
from agent.voicewatch import VoiceWatch
from player.model import State
from player.wire import encode

log = logging.getLogger(__name__)

FLAPPING: Final = 5  # connections ...
FLAPPING_SPAN: Final = timedelta(minutes=5)


class Reports:
    """Collects from the parts and publishes. Health goes out when due and whenever its alarms change."""

    def __init__(
        self,
        desk: Desk,
        link: Line,
        reporter: Reporter,
        *,
        playlists: Playlists,
        commands: Commands,
        speech: Speech,
        supply: Supply,
        voice: VoiceWatch,
    ) -> None:
        self._desk = desk
        self._link = link
        self._reporter = reporter
        self._playlists = playlists
        self._commands = commands
        self._speech = speech
        self._supply = supply
        self._voice_watch = voice
        self._linked: bool | None = None  # nobody knows before the first attempt
        self._link_problem = ""
        self._connections: deque[datetime] = deque(maxlen=FLAPPING)
        self._told: list[str] = []
        self.standing: set[str] = set()  # alarms that hold until this process ends

    def state(self) -> None:
        """Say who is here and what is in place."""
        machine = self._reporter.machine
        state = State(self._desk.screen, True, machine.boot, self._playlists.seq, machine.version, self._desk.now())
        self._link.publish("state", encode(state), retain=True)

    def health(self) -> None:
        """Say how it goes."""
        self._told = self.alarms()
        parts = Parts(self._playlists.seq, self._desk.clock.clock, self._figures(), self._voice(), tuple(self._told))
        health = self._reporter.report(self._desk.now(), parts)
        self._link.publish("health", encode(health))

    def health_if_changed(self) -> None:
        """Do not wait for the next turn when something began or ceased to be wrong."""
        if self.alarms() != self._told:
            self.health()

    def voice(self, trouble: VoiceTrouble) -> None:
        self._voice_watch.trouble(trouble)
        self.health_if_changed()

    def clip(self, made: ClipMade) -> None:
        self._voice_watch.made(made)
        self.health_if_changed()

    def connected(self) -> None:
        log.info("connected to the broker")
        self._linked, self._link_problem = True, ""
        self._connections.append(self._desk.now())

    def disconnected(self, lost: Disconnected) -> None:
        """Attempts go on for as long as there is no network: only the loss is news, and another reason for it."""
        if self._linked is not False or lost.problem != self._link_problem:
            log.warning("no connection to the broker%s", f": {lost.problem}" if lost.problem else "")
        self._linked, self._link_problem = False, lost.problem

    def alarms(self) -> list[str]:
        """One word for each thing that is wrong."""
        found = {f"refused-{word}" for word in self._desk.refusals.alarms()} | self.standing
        checks = self._voice_watch.alarms() | {
            "stopped": self._commands.stopped,
            f"playlist-{self._playlists.problem}": bool(self._playlists.problem),
            "keys-overdue": self._desk.keys.overdue(self._desk.now()),
            "outbox-overflow": self._desk.outbox.dropped > 0,
            "connection-contested": self._flaps(),
        }
        return sorted(found | {name for name, wrong in checks.items() if wrong})

    def _flaps(self) -> bool:
        """Thrown out and let in again and again: most likely another device has this screen's credentials."""
        connections = self._connections
        return len(connections) == FLAPPING and self._desk.now() - connections[0] < FLAPPING_SPAN

    def _figures(self) -> dict[str, Any]:
        return self._desk.refusals.figures() | {
            "outbox": self._desk.outbox.depth(),
            "outbox_dropped": self._desk.outbox.dropped,
            "stopped": "yes" if self._commands.stopped else "no",
            "keys_seq": self._desk.keys.ring.keys.seq,
            "playlist_problem": self._playlists.problem,
            "link_problem": self._link_problem,
            "groups": self._playlists.groups,
        }

    def _voice(self) -> dict[str, Any]:
        return self._voice_watch.figures() | {
            "waiting": self._speech.depth(),
            "recordings_missing": self._supply.depth(),
            "recordings_problem": self._supply.problem,
        }

"""Emergency texts: verified and committed in one go, because the envelope carries all there is to show."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime

from msgspec.structs import replace

from agent import trust
from agent.desk import Desk
from player.model import Alert, Applied
from player.wire import TOPIC_ROOT, decode

log = logging.getLogger(__name__)


def parse_topic(topic: str) -> tuple[str, str] | None:
    """(group, alert id) of an alert topic, None for any other."""
    parts = topic.removeprefix(TOPIC_ROOT + "/").split("/")
    if len(parts) == 5 and parts[0] == "group" and parts[2:4] == ["down", "alert"]:
        return parts[1], parts[4]
    return None


class Alerts:
    """Keeps the alerts in the store right. `done(alert)` hears of each that was taken, and of each that is ended, be it
    by the clock: its `ended` is set then too."""

    def __init__(self, desk: Desk, done: Callable[[Alert], None]) -> None:
        self._desk = desk
        self._done = done

    def take(self, topic: tuple[str, str], envelope: bytes, received: datetime, groups: tuple[str, ...]) -> None:
        """Judge and commit one alert. A cleared topic ends nothing: only a signed end does."""
        if not envelope:
            return
        floor, now = self._desk.store.floor("alert", "/".join(topic)), self._desk.clock.instant()
        found = self._desk.judged(
            lambda: trust.alert(envelope, self._desk.keys.ring, topic, groups, floor=floor, now=now)
        )
        if found is None:
            return
        alert = found.value
        trusted = self._desk.now()
        self._desk.store.accept_alert(found, envelope, trusted)
        committed = self._desk.now()
        log.warning("alert %s of group %s: %s", alert.id, alert.group, "ended" if alert.ended else "on air")
        self._desk.accepted("alert", alert.issued)
        self._done(alert)
        target = f"{alert.group}/{alert.id}"
        applied = Applied("alert", target, alert.seq, received, trusted, trusted, committed)
        self._desk.outbox.put_event(committed, applied)

    def current(self) -> list[Alert]:
        """The alerts in the store."""
        return [decode(body, Alert) for body in self._desk.store.alert_bodies()]

    def forget_old(self) -> None:
        """Drop alerts that ended for certain; the player has stopped showing them by itself."""
        instant = self._desk.clock.instant()
        over = [alert for alert in self.current() if alert.expires <= instant.at]
        if over:
            self._desk.store.drop_alerts((alert.group, alert.id) for alert in over)
        for alert in over:
            self._done(replace(alert, ended=True))

"""A screen's link on a thread of its own, and what it posts."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any, Final, Self

from agent.link import Link, LinkTimes
from config.certificates import ClientTls
from player.enrolment import MqttAccess
from tests.waiting import DEADLINE_S

QUICK: Final = LinkTimes(keepalive_s=5, will_delay_s=0, first_pause_s=0.02, longest_pause_s=0.1)


class Linked:
    """The link of the screen that `access` is for; not yet started."""

    def __init__(self, access: MqttAccess, tls: ClientTls | None = None) -> None:
        self.posted: SimpleQueue[Any] = SimpleQueue()
        self.link = Link(access, access.username, self.posted.put, lambda: datetime.now(UTC), tls=tls, times=QUICK)
        self.thread = threading.Thread(target=self.link.run)

    def start(self) -> Self:
        self.thread.start()
        return self

    def next(self, kind: type) -> Any:
        """The next event of that class; others are passed over."""
        while not isinstance(event := self.posted.get(timeout=DEADLINE_S), kind):
            continue
        return event

    def leave(self) -> None:
        self.link.leave()
        self.thread.join(DEADLINE_S)
        assert not self.thread.is_alive()

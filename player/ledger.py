"""One play after another: notices from what stands on the panel when a play begins and how it ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from player.aim import Aim
from player.plays import Plays
from player.timeline import Kind

ROUNDING: Final = timedelta(milliseconds=100)  # a picture that turns a frame early was still shown in full


class Ledger:
    """Writes to `plays`; only bulletins and emergencies are plays, slate, blank and commands are not.

    `since` is when what stands there came up.
    """

    def __init__(self, plays: Plays) -> None:
        self._plays = plays
        self._aim: Aim | None = None
        self._token = 0
        self.since: datetime | None = None

    @property
    def aim(self) -> Aim | None:
        """What stands on the panel."""
        return self._aim

    def show(self, aim: Aim, now: datetime) -> None:
        """`aim` stands on the panel at `now`."""
        old = self._aim
        if old is aim:
            return
        if old is not None and old.what == aim.what:
            same_slot = aim.slot.start == old.slot.start or now < old.slot.end - ROUNDING
            if same_slot or aim.item is None:  # the time line changed around it, the picture did not
                self._aim = aim
                return
        self.end(now)
        self._aim, self.since = aim, now
        if aim.item is not None:
            kind = "alert" if aim.kind == Kind.ALERT else "item"
            self._token = self._plays.begin(kind, aim.item.id, aim.item.revision, now)

    def end(self, now: datetime) -> None:
        """What stood there is gone; it was shown if its slot had run out, else cut."""
        if self._aim is not None and self._aim.item is not None:
            full = now >= self._aim.slot.end - ROUNDING
            self._plays.end(self._token, now, "shown" if full else "cut")
        self._aim = None

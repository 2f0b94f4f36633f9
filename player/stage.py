"""The loop that shows: it follows the agent's commits and the time line, and presents only when a pixel changes.

Each turn: take what is new, ask the director what should stand on the panel, bring it there if it
is prepared (the old picture stays until then), let speech and requests have their word, and sleep
until the next instant at which anything can change.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from drivers.notify import Notifier
from drivers.panel import Panel, PanelError, Power
from player.aim import Aim, names
from player.clock import WallClock
from player.dimming import Dimmer
from player.director import Director
from player.film.bed import Bed
from player.film.projector import Projector
from player.grip import Grip
from player.leafing import reading_instants
from player.ledger import Ledger
from player.lookahead import Lookahead
from player.model import Verb
from player.motion import NEVER_S, Moment, Said
from player.painter import Painter
from player.report import Report
from player.requests import Requests
from player.shelf import Shelf
from player.speech import Desk
from player.store import Request, Snapshot
from player.wake import Waker

log = logging.getLogger(__name__)

IDLE_S: Final = 0.25  # the longest sleep: what nobody tells of is seen then
QUICK_S: Final = 0.002  # how often to look while something is known to be on its way
QUICK_FOR_S: Final = 0.5  # after a write to the state folder the commit may still be on its way
PICTURES: Final = {Verb.IDENTIFY: ("identify", 10.0), Verb.TEST_PATTERN: ("test-pattern", 30.0)}
RESTART_CODE: Final = 75  # EX_TEMPFAIL: the service manager starts the player again


class Source(Protocol):
    """Where snapshots come from: the agent's database, or a file that is tried out."""

    snapshot: Snapshot
    trouble: str

    def poll(self, monotonic_s: float) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything the stage works with, made and closed by whoever starts it."""

    clock: WallClock
    source: Source
    panel: Panel
    grip: Grip
    shelf: Shelf
    painter: Painter
    director: Director
    projector: Projector
    desk: Desk
    bed: Bed
    ledger: Ledger
    requests: Requests
    report: Report
    notifier: Notifier
    waker: Waker
    dimmer: Dimmer = field(default_factory=Dimmer)


@dataclass(frozen=True, slots=True)
class _Calm:
    """A stretch in which nothing but what runs round can change, by both clocks: either may be moved."""

    begin: datetime
    end: datetime
    until_s: float

    def holds(self, now: datetime, monotonic_s: float) -> bool:
        return monotonic_s < self.until_s and self.begin <= now < self.end


class Stage:
    """`run` until `stop` is called or the panel is closed; `turn` is one round of it."""

    def __init__(self, parts: Parts, *, slate_first: bool = True) -> None:
        self._p = parts
        self._slate_first = slate_first
        self._ahead = Lookahead(parts.director, parts.shelf, parts.painter)
        self._settled = False  # the panel shows what the director asks for
        self._power: bool | None = None
        self._brightness_pct: int | None = None
        self._quick_until_s = -math.inf
        self._calm: _Calm | None = None
        self._turned_s: float | None = None  # when the last turn began
        self._stopping = False
        self._code = 0
        self._take_news(parts.clock.now())

    @property
    def signal_fd(self) -> int:
        """Bytes written here end the sleep: for `signal.set_wakeup_fd`."""
        return self._p.waker.signal_fd

    @property
    def stopping(self) -> bool:
        return self._stopping

    def stop(self, code: int = 0) -> None:
        """Ends `run` after this turn; `code` is its result."""
        self._stopping, self._code = True, code

    @property
    def settled(self) -> bool:
        """Whether the panel shows what it should at the instant of the last turn."""
        return self._settled

    @property
    def turning(self) -> bool:
        """Whether one picture is still giving way to the next."""
        return self._p.painter.turning

    @property
    def rolling(self) -> bool | None:
        """Whether what moves on the panel has its first frame, or none is to come; None if nothing moves there."""
        return self._p.projector.rolling

    @property
    def showing(self) -> str:
        """The key of the picture on the panel; empty for none."""
        return self._p.painter.key

    def plan(self) -> tuple[datetime, ...] | None:
        """The instants at which to look at this slot to read all of it; None while it is being prepared.

        Draws nothing. A blank slot has none.
        """
        p = self._p
        monotonic_s = p.clock.monotonic()
        p.shelf.collect(monotonic_s)
        aim = p.director.wanted(p.clock.now(), monotonic_s)
        if aim.show is None:
            return ()
        prepared = p.shelf.prepared(aim.show)
        if prepared is None:
            p.shelf.want(aim.show, aim.name, urgent=True)
            return None
        return reading_instants(prepared, aim.slot, aim.dwell_s)

    def rest(self, seconds: float) -> None:
        """Sleeps, unless something happens that a turn should see to."""
        p = self._p
        if p.waker.wait(seconds, (p.shelf.fileno(),)):
            self._quick_until_s = p.clock.monotonic() + QUICK_FOR_S
            self._calm = None

    def run(self, for_s: float | None = None) -> int:
        """Shows until stopped, or for that long; the exit code for the process."""
        p = self._p
        end_s = math.inf if for_s is None else p.clock.monotonic() + for_s
        p.notifier.ready()
        fed_s = -math.inf
        due_s = begun_s = p.clock.monotonic()
        while not self._stopping and begun_s < end_s:
            p.report.began(begun_s - due_s, 1.0 / p.panel.refresh_hz)
            rest_s = self.turn()
            due_s = min((self._turned_s or begun_s) + rest_s, end_s)
            if begun_s - fed_s >= 1.0:
                p.notifier.alive()
                fed_s = begun_s
            self.rest(max(0.0, due_s - p.clock.monotonic()))
            begun_s = p.clock.monotonic()
        p.notifier.stopping()
        p.ledger.end(p.clock.now())
        p.desk.close(p.clock.now())
        p.bed.close()
        return self._code

    def turn(self) -> float:
        """One round; seconds until the next is needed."""
        p = self._p
        monotonic_s = p.clock.monotonic()
        now = p.clock.now()
        first, self._turned_s = self._turned_s is None, monotonic_s
        news = p.source.poll(monotonic_s)
        # the first picture comes from the cache, if it can, before any worker is started
        finished = not first and p.shelf.collect(monotonic_s)
        if self._calm is not None and not news and not finished and self._calm.holds(now, monotonic_s):
            return self._coast(self._calm, now, monotonic_s)
        if news or p.director.outgrown(now, p.clock.running_s()):
            self._take_news(now)
        rest_s = self._see_to(now, monotonic_s)
        return 0.0 if first else rest_s

    def _coast(self, calm: _Calm, now: datetime, monotonic_s: float) -> float:
        """A frame of what runs round, and nothing else."""
        unix_s = now.timestamp()
        try:
            self._p.painter.step(unix_s)
        except PanelError as exc:
            self._lose_panel(exc, now, monotonic_s)
        return max(0.0005, min(self._p.painter.next_step_s(unix_s), calm.until_s - monotonic_s))

    def _see_to(self, now: datetime, monotonic_s: float) -> float:
        """Everything in its turn; seconds until any of it is due again."""
        p = self._p
        aim = p.director.wanted(now, monotonic_s)
        if p.grip.holds(monotonic_s):
            try:
                self._show(aim, now, monotonic_s)
            except PanelError as exc:
                self._lose_panel(exc, now, monotonic_s)
        self._ahead.order(aim, now, monotonic_s)
        if self._settled:
            self._ahead.load(aim, self._moment(aim, now), now)
        self._answer(now, monotonic_s)
        p.desk.tick(now)
        if self._settled:
            p.bed.tick(aim, now)
        if p.projector.trouble and aim.show is not None:
            p.shelf.fault(aim.show, aim.name, p.projector.trouble, monotonic_s)
        p.report.tick(monotonic_s, now, settled=self._settled, aim=aim)
        return self._rest_s(aim, now, monotonic_s)

    # --- what is new ------------------------------------------------------------------------------------------------

    def _take_news(self, now: datetime) -> None:
        p = self._p
        snapshot = p.source.snapshot
        if p.director.take(snapshot, now, p.clock.running_s()):
            p.dimmer.forget()  # staff who change the brightness see it at once
        p.desk.take(snapshot, p.director.clock, now)
        p.bed.take(snapshot, p.director.clock)
        p.shelf.hold(names(snapshot))
        p.waker.watch()
        self._ahead.forget()

    def _set_brightness(self, pct: int) -> None:
        if pct != self._brightness_pct:
            self._p.panel.set_brightness(pct)
            self._p.painter.renew()
            self._brightness_pct = pct

    def _set_power(self, on: bool) -> None:
        if on is not self._power:
            confirmed = self._p.panel.set_power(on)
            log.info("panel asked to be %s, it says: %s", Power.ON if on else Power.OFF, confirmed)
            self._power = on

    def _answer(self, now: datetime, monotonic_s: float) -> None:
        for request in self._p.requests.fresh(self._p.source.snapshot.requests, now):
            self._serve(request, now, monotonic_s)

    def _serve(self, request: Request, now: datetime, monotonic_s: float) -> None:
        p = self._p
        if request.verb == Verb.SCREENSHOT:
            self._take_screenshot(request, now, monotonic_s)
        elif request.verb == Verb.RESTART:
            p.requests.answer(request, True, "restarting")
            self.stop(RESTART_CODE)
        elif request.verb in PICTURES:
            layout, length_s = PICTURES[Verb(request.verb)]
            shown = p.director.command(layout, monotonic_s + length_s)
            p.requests.answer(request, shown, f"{length_s:g} s" if shown else "an emergency or the stop goes first")

    def _take_screenshot(self, request: Request, now: datetime, monotonic_s: float) -> None:
        """A panel may go just then: on one with a graphics chip, reading a picture back is asking the device."""
        p = self._p
        if not p.grip.trouble:
            try:
                p.requests.screenshot(request, p.panel.capture())
            except PanelError as exc:
                self._lose_panel(exc, now, monotonic_s)
        if p.grip.trouble:
            p.requests.answer(request, False, p.grip.trouble)

    # --- the panel --------------------------------------------------------------------------------------------------

    def _show(self, aim: Aim, now: datetime, monotonic_s: float) -> None:
        """What the panel has to do with it. Raises PanelError when there is none any more."""
        scheduled = self._p.director.brightness_pct(now)
        if scheduled is not None:
            self._set_brightness(self._p.dimmer.level(scheduled, monotonic_s))
        self._bring(aim, now, monotonic_s)
        if not self._p.panel.pump():
            self.stop()

    def _lose_panel(self, why: PanelError, now: datetime, monotonic_s: float) -> None:
        """Nobody sees the picture any more: its play is over. A panel that comes back gets everything anew."""
        p = self._p
        p.grip.lost(why, monotonic_s)
        p.painter.forget()
        p.dimmer.forget()
        p.ledger.end(now)
        self._settled, self._power, self._brightness_pct, self._calm = False, None, None, None

    def _bring(self, aim: Aim, now: datetime, monotonic_s: float) -> None:
        """Puts `aim` on the panel if it is ready; what stood there stays until then."""
        p = self._p
        self._settled = self._blank() if aim.show is None else self._paint(aim, now)
        if self._settled:
            p.ledger.show(aim, now)
        elif aim.show is not None:
            p.shelf.want(aim.show, aim.name, urgent=True)
            if self._slate_first and not p.painter.showing:
                self._bring_slate(now, monotonic_s)

    def _blank(self) -> bool:
        self._p.painter.blank()
        self._set_power(False)
        return True

    def _paint(self, aim: Aim, now: datetime) -> bool:
        p = self._p
        prepared = p.shelf.prepared(aim.show) if aim.show is not None else None
        if prepared is None or not p.painter.paint(prepared, self._moment(aim, now)):
            return False
        self._set_power(True)
        return True

    def _bring_slate(self, now: datetime, monotonic_s: float) -> None:
        """Something must stand there while the first picture is being made: the slate, if it is at hand."""
        p = self._p
        slate = p.director.slate()
        prepared = p.shelf.prepared(slate)
        if prepared is not None:
            moment = Moment(0.0, 1.0, now.timestamp(), p.director.time_text(now), day=p.director.day(now))
            p.painter.paint(prepared, moment)
        elif not p.shelf.skipped(slate, monotonic_s):
            p.shelf.want(slate, "slate", urgent=True)

    def _moment(self, aim: Aim, now: datetime) -> Moment:
        since_s = (now - aim.slot.start).total_seconds() if aim.gives_way else NEVER_S
        time_text = self._p.director.time_text(now)
        day, said = self._p.director.day(now), self._said(aim, now)
        return Moment(aim.offset_s(now), aim.dwell_s, now.timestamp(), time_text, since_s, day, said)

    def _said(self, aim: Aim, now: datetime) -> Said | None:
        """The sentence being read, if it is of the text that shows."""
        saying = self._p.desk.saying(now)
        if saying is None or aim.item is None or (saying.item, saying.revision) != (aim.item.id, aim.item.revision):
            return None
        known = saying.end > saying.start  # a recording is one sentence, whose words nobody knows
        return Said(saying.lang, saying.sentence if known else None, saying.sentences)

    # --- rest -------------------------------------------------------------------------------------------------------

    def _rest_s(self, aim: Aim, now: datetime, monotonic_s: float) -> float:
        """Until anything can change. What has an instant is met at that instant, the rest is looked for."""
        p = self._p
        self._calm = None
        if self._stopping:
            return 0.0
        moment = self._moment(aim, now)
        others_s = self._others_s(aim, moment, now, monotonic_s)
        if self._settled and p.painter.coasting and others_s > 0.0:
            self._calm = _Calm(now, now + timedelta(seconds=others_s), monotonic_s + others_s)
        return max(0.0005, min(others_s, p.painter.next_change_s(moment)))

    def _others_s(self, aim: Aim, moment: Moment, now: datetime, monotonic_s: float) -> float:
        """Until something may change that is not a strip."""
        p = self._p
        turn = p.painter.next_page(moment)
        waits = [
            QUICK_S if monotonic_s < self._quick_until_s else IDLE_S,
            (aim.slot.end - now).total_seconds(),
            NEVER_S if turn is None else turn[1],
            p.desk.next_s(now),
            p.report.next_s(monotonic_s),
            p.grip.next_s(monotonic_s),
            p.director.override_s(monotonic_s),
        ]
        if moment.time_text:
            waits.append(60.0 - moment.unix_s % 60.0)
        return min(waits)

"""What screens report, written into the database once however often it arrives.

A report is believed only about the screen whose topic it came on: the broker lets a screen write
nowhere else. One that cannot be read or stored is dropped with a line in the log: it will not get
better, and the broker would bring it again to every process that it had ended.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final

import msgspec
from django.db import DataError, IntegrityError, transaction

from player import wire
from player.model import Applied, Event, Health, Plays, Refused, Reply, State, Verb
from publisher.broadcast import delivery
from publisher.broadcast.models import SentCommand
from publisher.screens import commands
from publisher.screens.models import PlayRecord, Screen, ScreenEvent

Report = State | Health | Event | Reply

# What a report does that names a number or an instant no row can hold. Any other error is the database's own.
_UNFIT: Final = (IntegrityError, DataError, OverflowError, ValueError)

log = logging.getLogger(__name__)


class Uplink:
    """Takes the reports of all screens."""

    def take(self, topic: str, payload: bytes, now: datetime) -> bool:
        """Store one report in one transaction; False if it cannot be read or stored, or names no screen of ours.

        Raises django.db.DatabaseError when the database itself fails: the report is then still the broker's.
        """
        try:
            screen, leaf = wire.parse_up(topic)
            value = _decode(leaf, payload)
        except wire.WireError as exc:
            log.warning("A report on %s cannot be read: %s", topic, exc)
            return False
        if not Screen.objects.filter(pk=screen).exists():
            log.warning("A report on %s names no screen of ours", topic)
            return False
        try:
            with transaction.atomic():
                _store(screen, value, now)
        except _UNFIT as exc:
            log.warning("A report on %s cannot be stored: %s", topic, exc)
            return False
        return True


def _decode(leaf: str, payload: bytes) -> Report:
    match leaf:
        case "state":
            return wire.decode(payload, State)
        case "health":
            return wire.decode(payload, Health)
        case "event":
            return wire.decode(payload, Event)
        case "reply":
            return wire.decode(payload, Reply)
        case _:
            raise wire.WireError(f"{leaf!r} is not a kind of report")


def _store(screen: str, report: Report, now: datetime) -> None:
    match report:
        case State():
            _take_state(screen, report, now)
        case Health():
            _take_health(screen, report, now)
        case Event():
            _take_event(screen, report, now)
        case Reply():
            _take_reply(screen, report, now)


def _take_state(screen: str, state: State, now: datetime) -> None:
    row = Screen.objects.only("online").get(pk=screen)
    if row.online != state.online:
        log.info("Screen %s is %s", screen, "online" if state.online else "offline")
    seen = {"seen": now, "applied_seq": state.seq, "state": msgspec.to_builtins(state)} if state.online else {}
    Screen.objects.filter(pk=screen).update(online=state.online, **seen)


def _take_health(screen: str, health: Health, now: datetime) -> None:
    Screen.objects.filter(pk=screen).update(
        health=msgspec.to_builtins(health), health_at=now, seen=now, applied_seq=health.seq
    )
    if health.agent.get("stopped") == "no":
        _stop_again(screen, now)


def _stop_again(screen: str, now: datetime) -> None:
    """A stop lives for a minute, and a board without a network was not there in that minute: its page says "stopped",
    and it plays on. A release is not repeated: that a board shows again is for a person to ask.
    """
    row = Screen.objects.filter(pk=screen, stopped=True).first()
    on_way = SentCommand.objects.filter(screen=screen, verb=Verb.STOP.value, answered=None, expires__gt=now)
    if row is not None and not on_way.exists():
        log.warning("Screen %s was to stop and has not: it is asked again", screen)
        commands.send(row, Verb.STOP, None, now)


def _take_event(screen: str, event: Event, now: datetime) -> None:
    Screen.objects.filter(pk=screen).update(seen=now)
    if isinstance(event.plays, Plays):
        _take_plays(screen, event.plays, now)
    if isinstance(event.applied, Applied):
        _take_applied(screen, event.applied)
    if isinstance(event.refused, Refused):
        _take_refused(screen, event, event.refused)


def _take_plays(screen: str, plays: Plays, now: datetime) -> None:
    """A play may come twice: while it shows, and again with its end. It is one row all the same.

    One that a kill cut off ends "lost", and nobody knows when.
    """
    records = [
        PlayRecord(
            screen_id=screen,
            uuid=plays.uuid,
            row=play.id,
            kind=play.kind,
            bulletin_uid=play.item,
            revision=play.revision,
            started=play.started,
            ended=play.ended,
            outcome=play.outcome,
            received=now,
        )
        for play in plays.rows
    ]
    begun = [record for record in records if not record.outcome]
    over = [record for record in records if record.outcome]
    PlayRecord.objects.bulk_create(begun, ignore_conflicts=True, batch_size=500)  # a late copy undoes no end
    PlayRecord.objects.bulk_create(
        over,
        update_conflicts=True,
        unique_fields=["screen", "uuid", "row"],
        update_fields=["ended", "outcome"],
        batch_size=500,
    )
    delivery.note_plays(screen, _first_seen(plays), now)


def _first_seen(plays: Plays) -> dict[tuple[str, int], datetime]:
    first: dict[tuple[str, int], datetime] = {}
    for play in plays.rows:
        if play.kind != "speech":
            key = (play.item, play.revision)
            first[key] = min(first.get(key, play.started), play.started)
    return first


def _take_applied(screen: str, applied: Applied) -> None:
    if applied.kind == "desired":
        Screen.objects.filter(pk=screen, applied_seq__lt=applied.seq).update(applied_seq=applied.seq)
        delivery.note_applied(screen, applied)
    elif applied.kind == "alert":
        delivery.note_alert_applied(screen, applied.target.rpartition("/")[2], applied)


def _take_refused(screen: str, event: Event, refused: Refused) -> None:
    log.warning("Screen %s refuses a %s: %s %s", screen, refused.kind, refused.reason, refused.detail)
    detail = {"id": event.id, "kind": refused.kind, "reason": refused.reason, "detail": refused.detail}
    if not ScreenEvent.objects.filter(screen=screen, at=event.at, kind="refused", detail__id=event.id).exists():
        ScreenEvent.objects.create(screen_id=screen, at=event.at, kind="refused", detail=detail)


def _take_reply(screen: str, reply: Reply, now: datetime) -> None:
    Screen.objects.filter(pk=screen).update(seen=now)
    answered = SentCommand.objects.filter(uid=reply.id, screen=screen, answered=None).update(
        answered=now, ok=reply.ok, detail=reply.detail[:2000]
    )
    if answered and reply.verb in (Verb.STOP, Verb.RELEASE) and reply.ok:
        Screen.objects.filter(pk=screen).update(stopped=reply.verb is Verb.STOP)

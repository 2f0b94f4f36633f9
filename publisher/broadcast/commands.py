"""Signed commands: few, short-lived, each answered. Signed here, asked for by screens.commands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from player import wire
from player.model import SCHEMA, Command, Verb
from publisher.broadcast.keys import Signer
from publisher.broadcast.models import SentCommand
from publisher.broadcast.sequences import next_seq


@dataclass(frozen=True)
class CommandMessage:
    """A command as it is published: not retained, gone after `expiry_s`, answered on `response_topic`."""

    topic: str
    payload: bytes
    expiry_s: int
    response_topic: str
    correlation: bytes


def issue(row: SentCommand, signer: Signer, now: datetime) -> CommandMessage | None:
    """Sign a command that was asked for; None if its time is over. Belongs in a transaction."""
    if row.expires <= now:
        return None
    command = Command(
        schema=SCHEMA,
        id=row.uid,
        screen=row.screen_id,
        seq=next_seq("command", row.screen_id, now),
        verb=Verb(row.verb),
        issued=wire.utc(now),
        expires=wire.utc(row.expires),
    )
    row.envelope = signer.seal("command", wire.encode(command))
    row.save(update_fields=["envelope"])
    return _message(row, now)


def waiting(signer: Signer, now: datetime) -> Iterable[CommandMessage]:
    """Signed commands that are neither answered nor over, for a broker that forgot them, oldest first."""
    rows = SentCommand.objects.filter(answered=None, expires__gt=now).order_by("pk")
    return (_message(row, now) for row in rows if signer.signed(bytes(row.envelope)))


def _message(row: SentCommand, now: datetime) -> CommandMessage:
    return CommandMessage(
        topic=wire.screen_down(row.screen_id, "command"),
        payload=bytes(row.envelope),
        expiry_s=max(1, int((row.expires - now).total_seconds())),
        response_topic=wire.screen_up(row.screen_id, "reply"),
        correlation=row.uid.encode(),
    )

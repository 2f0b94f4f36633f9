"""Asking a screen for something: the few verbs there are, signed and sent by the broadcast process."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from player.model import Verb
from publisher.accounts.models import User
from publisher.broadcast import outbox
from publisher.broadcast.models import SentCommand
from publisher.screens.models import Picture, Screen

LIFE: Final = timedelta(seconds=60)


@transaction.atomic
def send(screen: Screen, verb: Verb, user: User | None, now: datetime) -> SentCommand:
    """Ask `screen` for `verb`; the row returned shows the answer when it comes, within 60 s or never.

    Stop and release are also remembered on the screen: a page must show what was asked for.
    """
    verb = Verb(verb)
    if verb in (Verb.STOP, Verb.RELEASE):
        Screen.objects.filter(pk=screen.pk).update(stopped=verb is Verb.STOP)
    command = SentCommand.objects.create(
        uid=secrets.token_hex(16), screen=screen, verb=verb.value, asked_by=user, expires=now + LIFE
    )
    outbox.put("command", command.uid)
    return command


def fresh_picture(screen: Screen, now: datetime, max_age_s: float = 2.0) -> Picture | None:
    """The newest picture of what the screen shows; asks for another if it is older and none is on its way."""
    newest = Picture.objects.filter(screen=screen).first()
    old = newest is None or (now - newest.at).total_seconds() > max_age_s
    if old and screen.online and not _pending(screen, now):
        send(screen, Verb.SCREENSHOT, None, now)
    return newest


def _pending(screen: Screen, now: datetime) -> bool:
    asked = SentCommand.objects.filter(screen=screen, verb=Verb.SCREENSHOT.value, answered=None, expires__gt=now)
    return asked.exists()

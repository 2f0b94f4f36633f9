"""Claiming: an installer types a one-time code on a new screen, which then gets all it needs for life.

Only the SHA-256 of the code's secret is stored. A code is good for 24 hours and for one device; the
same device may ask again until the screen has reported for the first time, because an answer can be
lost on the way. Each answer brings new credentials and voids those before.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from player import claimcode
from player.enrolment import ClaimAnswer, ClaimRequest, MqttAccess
from player.model import Unit
from publisher.accounts.models import User
from publisher.broadcast import outbox, passwords
from publisher.broadcast.keys import Signer
from publisher.broadcast.onair import groups_for, linked_units
from publisher.screens.models import Claim, Screen
from publisher.units.models import GroupMember

LIFE: Final = timedelta(hours=24)
_SECRET_B: Final = 10


class ClaimRefusedError(Exception):
    """The code is unknown, used, expired or void. One answer for all: a guesser learns nothing."""


@dataclass(frozen=True)
class Broker:
    """Where screens find the broker."""

    host: str
    port: int
    tls: bool = False


def new_screen_id() -> str:
    """An id nobody had before: `s-` and ten letters and digits."""
    alphabet = "abcdefghijkmnpqrstuvwxyz23456789"
    return "s-" + "".join(secrets.choice(alphabet) for _ in range(10))


@transaction.atomic
def create_code(screen: Screen, user: User | None, root_hex: str, now: datetime) -> str:
    """A new claim code for the screen, shown once; codes given out before are void."""
    secret = secrets.token_bytes(_SECRET_B)
    Claim.objects.filter(screen=screen, used=None).update(expires=now)
    Claim.objects.create(screen=screen, digest=_digest(secret.hex()), created_by=user, expires=now + LIFE)
    return claimcode.compose(secret, root_hex)


def void_unused(now: datetime) -> int:
    """Make all codes worthless that nobody has used yet; how many."""
    return Claim.objects.filter(used=None, expires__gt=now).update(expires=now)


@transaction.atomic
def answer(request: ClaimRequest, signer: Signer, broker: Broker, now: datetime) -> ClaimAnswer:
    """Use up the code and give the screen new credentials. Raises ClaimRefusedError."""
    claim = _take(request, now)
    screen = claim.screen
    token, password = secrets.token_urlsafe(32), passwords.generate()
    screen.token_digest = _digest(token)
    screen.password_hash = passwords.hashed(password)
    screen.claimed, screen.revoked, screen.seen, screen.online = now, None, None, False
    if request.width_px and request.height_px:
        screen.width_px, screen.height_px = request.width_px, request.height_px
    screen.save()
    _announce(screen)
    return _answer(screen, signer, token, MqttAccess(broker.host, broker.port, screen.id, password, broker.tls))


@transaction.atomic
def revoke(screen: Screen, now: datetime) -> None:
    """Shut a lost or stolen screen out: its credentials are void and its connection is cut."""
    Claim.objects.filter(screen=screen, expires__gt=now).update(expires=now)
    screen.token_digest, screen.revoked, screen.online = "", now, False
    screen.save(update_fields=["token_digest", "revoked", "online"])
    outbox.put("access", screen.id)


def _take(request: ClaimRequest, now: datetime) -> Claim:
    """Mark the claim as used by this device, in one conditional update: of two askers one comes second."""
    fresh = Q(used=None) | Q(used_by_device=request.device, screen__seen=None)
    found = Claim.objects.filter(fresh, digest=_digest(request.secret), expires__gt=now)
    if found.update(used=now, used_by_device=request.device) != 1:
        raise ClaimRefusedError
    return Claim.objects.select_related("screen").get(digest=_digest(request.secret))


def _announce(screen: Screen) -> None:
    outbox.put("access", screen.id)
    outbox.put("keys", screen.id)
    outbox.put("desired", screen.id)


def _answer(screen: Screen, signer: Signer, token: str, mqtt: MqttAccess) -> ClaimAnswer:
    unit = linked_units()[screen.unit_id]
    free = GroupMember.objects.filter(screen=screen).order_by("group_id").values_list("group_id", flat=True)
    return ClaimAnswer(
        screen=screen.id,
        root=signer.root_public,
        keys=signer.keyset.decode(),
        token=token,
        mqtt=mqtt,
        unit=Unit(code=unit.code, name=unit.name),
        groups=groups_for(screen, unit, free),
    )


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()

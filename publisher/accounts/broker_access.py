"""A technician's own MQTT credential: what it may read follows from the person's units (see broadcast.access)."""

from __future__ import annotations

import secrets

from django.db import transaction

from publisher.accounts.models import BrokerAccess, User
from publisher.broadcast import outbox, passwords


def of(user: User) -> BrokerAccess | None:
    """The credential of `user`, without its password."""
    return BrokerAccess.objects.filter(user=user).first()


@transaction.atomic
def renew(user: User) -> tuple[BrokerAccess, str]:
    """A new credential in place of the old one, and its password, which is kept nowhere."""
    password = passwords.generate()
    access, _created = BrokerAccess.objects.update_or_create(
        user=user,
        defaults={"password_hash": passwords.hashed(password)},
        create_defaults={"username": f"t-{secrets.token_hex(6)}", "password_hash": passwords.hashed(password)},
    )
    outbox.put("access", access.username)
    return access, password


@transaction.atomic
def drop(user: User) -> None:
    """Take the credential away."""
    for access in BrokerAccess.objects.filter(user=user):
        access.delete()
        outbox.put("access", access.username)


def role_changed(user: User) -> None:
    """Have the broker hear what `user` may read now; belongs in the transaction that changed a role."""
    for access in BrokerAccess.objects.filter(user=user):
        outbox.put("access", access.username)

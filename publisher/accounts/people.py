"""People, their roles and their secrets: generated passwords, API tokens.

A secret is shown once, to the person who asked for it; the database keeps a hash.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from publisher import names
from publisher.accounts import broker_access
from publisher.accounts.models import ApiToken, Membership, User
from publisher.units.models import Unit

USERNAME: Final = r"^[a-z0-9][a-z0-9._-]{1,39}$"
BAD_USERNAME: Final = _("Tên đăng nhập chỉ gồm chữ thường không dấu, số, dấu chấm và gạch.")
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that a telephone reading would confuse


def generated_password() -> str:
    """Sixteen letters and digits in four groups: 79 bits, readable over a telephone."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


@transaction.atomic
def add_person(username: str, full_name: str, unit: Unit, role: str, emergency: bool = False) -> tuple[User, str]:
    """A new person with one role, and the password to hand over; it must be changed at the first log-in.

    Raises django.core.exceptions.ValidationError for a user name or a full name that may not be, and
    django.db.IntegrityError if the user name is taken.
    """
    if not re.fullmatch(USERNAME, username):
        raise ValidationError(BAD_USERNAME, "username")
    kept = names.checked(User, full_name=full_name)
    password = generated_password()
    user = User(username=username, must_change_password=True, **kept)
    user.set_password(password)
    user.save()
    Membership.objects.create(user=user, unit=unit, role=role, emergency=emergency)
    return user, password


@transaction.atomic
def give_role(user: User, unit: Unit, role: str, *, emergency: bool) -> None:
    """One more role, or the same one with or without the right to publish emergencies."""
    Membership.objects.update_or_create(user=user, unit=unit, role=role, defaults={"emergency": emergency})
    broker_access.role_changed(user)


@transaction.atomic
def take_role(user: User, membership: int, within: Iterable[str]) -> None:
    """Take a role away if it is one of `user` in these units; what it let them read at the broker ends with it."""
    user.memberships.filter(pk=membership, unit_id__in=within).delete()
    broker_access.role_changed(user)


def reset_password(user: User) -> str:
    """A new generated password for somebody who forgot theirs."""
    password = generated_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    return password


def change_password(user: User, password: str) -> None:
    """The person's own new password. Raises django.core.exceptions.ValidationError if it is too weak."""
    validate_password(password, user)
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])


def new_token(user: User, name: str) -> str:
    """A bearer token for the HTTP API; it acts with the person's own rights."""
    token = f"bt_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(user=user, name=name[:80], digest=_digest(token))
    return token


def bearer_of(token: str, now: datetime) -> User | None:
    """The person a token belongs to, if it is known, and the person active and past the first password."""
    found = ApiToken.objects.select_related("user").filter(digest=_digest(token)).first()
    if found is None or not found.user.is_active or found.user.must_change_password:
        return None
    if found.last_used is None or (now - found.last_used).total_seconds() > 60:
        ApiToken.objects.filter(pk=found.pk).update(last_used=now)
    return found.user


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""Log-in by name and password, slowed down for those who guess."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from publisher.accounts.models import LoginFailure, User

WINDOW: Final = timedelta(minutes=15)
NAME_LIMIT: Final = 8
ADDRESS_LIMIT: Final = 40  # a commune's office shares one address


class LimitedBackend(ModelBackend):
    """Refuses even the right password after too many wrong ones, until the window has passed."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **kwargs: Any
    ) -> User | None:
        """The person, or None. Raises PermissionDenied, which ends the attempt, when there were too many."""
        name, address, now = (username or "").strip().lower()[:150], address_of(request), timezone.now()
        if too_many(name, address, now):
            raise PermissionDenied("too many wrong passwords")
        person = super().authenticate(request, username=username, password=password, **kwargs)
        if isinstance(person, User):
            LoginFailure.objects.filter(name=name).delete()
            return person
        LoginFailure.objects.filter(at__lt=now - WINDOW).delete()
        LoginFailure.objects.create(name=name, address=address, at=now)
        return None


def too_many(name: str, address: str, now: datetime) -> bool:
    """Whether this name or this address has used up its wrong passwords at `now`."""
    recent = LoginFailure.objects.filter(at__gt=now - WINDOW)
    if recent.filter(name=name).count() >= NAME_LIMIT:
        return True
    return bool(address) and recent.filter(address=address).count() >= ADDRESS_LIMIT


def address_of(request: HttpRequest | None) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:64] if request is not None else ""

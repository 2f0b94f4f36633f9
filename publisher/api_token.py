"""Whose request to the API it is."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from publisher.accounts import people
from publisher.accounts.models import User


class Token(HttpBearer):
    """`Authorization: Bearer bt_…`; the person's own rights hold."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        return people.bearer_of(token, timezone.now())


def bearer(request: HttpRequest) -> User:
    """The person whose token came with `request`."""
    user = request.auth  # type: ignore[attr-defined]
    assert isinstance(user, User)  # noqa: S101 - Token gives nothing else
    return user

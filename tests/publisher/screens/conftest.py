"""A claimed and an unclaimed screen, keys, and a broker's address where a supervisor would have left it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from publisher.accounts.models import User
from publisher.broadcast.keys import KeyStore, Signer
from publisher.broadcast.link import BrokerAddress
from publisher.home import Home
from publisher.screens import device
from publisher.screens.models import Screen
from publisher.units.models import Unit

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)


@pytest.fixture
def signer(home: Home) -> Signer:
    store = KeyStore(home.keys)
    store.create(NOON)
    return store.load()


@dataclass
class Place:
    """A commune, a person and a screen nobody has claimed yet."""

    unit: Unit
    user: User
    screen: Screen


@pytest.fixture
def place(db: None) -> Place:
    province = Unit.objects.create(code="75", name="Tỉnh Đồng Nai", kind="Tỉnh")
    unit = Unit.objects.create(code="25450", name="Xã Lộc Thạnh", kind="Xã", parent=province)
    user = User.objects.create_user("an", password="mot-mat-khau-dai")
    return Place(unit, user, Screen.objects.create(id="s-test0001", unit=unit, name="Bảng 1"))


@pytest.fixture
def running(home: Home, signer: Signer, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """As if a supervisor ran: the broker's address is known; nobody waits for a broadcast that is not there."""
    home.run.mkdir()
    BrokerAddress("127.0.0.1", 1883, "publisher", "secret").save(home.run)
    monkeypatch.setattr(device, "ADMITTED_S", 0.0)
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The views' clock: the one entry is now."""
    moment: list[Any] = [NOON]
    monkeypatch.setattr("django.utils.timezone.now", lambda: moment[0])
    return moment

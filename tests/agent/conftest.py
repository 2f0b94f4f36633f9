"""A small publisher for the agent's tests: real keys, a real Mosquitto and a real HTTP server, all on loopback."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.store import Store
from agent.trust import Instant
from player import claimcode
from tests.agent.bench import Bench, make_desk
from tests.agent.broker import Broker, Office
from tests.agent.claimed import Screen
from tests.agent.signer import Signer
from tests.agent.web import Web
from tests.mosquitto import find_mosquitto
from tests.waiting import eventually


@pytest.fixture(name="eventually")
def eventually_fixture() -> Callable[..., Any]:
    return eventually


@pytest.fixture
def signer() -> Signer:
    return Signer()


@pytest.fixture
def instant(signer: Signer) -> Instant:
    return Instant(signer.now, trusted=True)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path / "state")
    yield store
    store.close()


@pytest.fixture
def bench(tmp_path: Path, signer: Signer) -> Iterator[Bench]:
    time_ = [signer.now]
    desk = make_desk(tmp_path / "state", signer, lambda: time_[0])
    yield Bench(desk, signer, time_)
    desk.outbox.close()
    desk.store.close()


@pytest.fixture
def web() -> Iterator[Web]:
    web = Web()
    yield web
    web.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    if find_mosquitto() is None:
        pytest.skip("mosquitto is not installed")
    broker = Broker(tmp_path / "broker")
    yield broker
    broker.kill()


@pytest.fixture
def office(broker: Broker) -> Iterator[Office]:
    office = Office(broker.port)
    yield office
    office.close()


@pytest.fixture
def screen(tmp_path: Path, signer: Signer, web: Web, broker: Broker, office: Office) -> Iterator[Screen]:
    screen = Screen(tmp_path, signer, web, broker, office)
    yield screen
    screen.kill()


@pytest.fixture
def code(signer: Signer) -> str:
    return claimcode.compose(b"0123456789", signer.root_hex)

"""Emergencies: committed at once, ended only by a signed end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agent.alerts import Alerts, parse_topic
from player import wire
from player.model import Alert
from tests.agent.bench import Bench

TOPIC = ("25357", "bao-so-3")
GROUPS = ("25357",)


@pytest.fixture
def spoken() -> list[Alert]:
    return []


@pytest.fixture
def alerts(bench: Bench, spoken: list[Alert]) -> Alerts:
    return Alerts(bench.desk, spoken.append)


def take(alerts: Alerts, bench: Bench, alert: Alert) -> None:
    alerts.take(TOPIC, bench.signer.seal(alert), bench.signer.now, GROUPS)


def test_an_alert_is_stored_spoken_and_reported(alerts: Alerts, bench: Bench, spoken: list[Alert]) -> None:
    alert = bench.signer.alert()
    take(alerts, bench, alert)
    assert alerts.current() == [alert]
    assert spoken == [alert]
    assert bench.applied() == [alert.seq]


def test_a_repetition_changes_nothing(alerts: Alerts, bench: Bench, spoken: list[Alert]) -> None:
    alert = bench.signer.alert()
    take(alerts, bench, alert)
    take(alerts, bench, alert)
    assert spoken == [alert]
    assert bench.applied() == [alert.seq]


def test_a_higher_seq_replaces_and_an_end_takes_off(alerts: Alerts, bench: Bench, spoken: list[Alert]) -> None:
    take(alerts, bench, bench.signer.alert())
    second = bench.signer.alert(revision=2)
    take(alerts, bench, second)
    assert alerts.current() == [second]
    end = bench.signer.alert(ended=True, versions=())
    take(alerts, bench, end)
    assert alerts.current() == []
    assert spoken[-1] == end, "nobody fetches its recording any more"


def test_whoever_speaks_hears_of_an_alert_that_ran_out(alerts: Alerts, bench: Bench, spoken: list[Alert]) -> None:
    alert = bench.signer.alert()
    take(alerts, bench, alert)
    bench.set(alert.expires)
    alerts.forget_old()
    assert alerts.current() == []
    assert (spoken[-1].id, spoken[-1].ended) == (alert.id, True)
    alerts.forget_old()
    assert len(spoken) == 2


def test_an_ended_alert_does_not_come_back(alerts: Alerts, bench: Bench) -> None:
    first = bench.signer.alert()
    take(alerts, bench, first)
    take(alerts, bench, bench.signer.alert(ended=True, versions=()))
    take(alerts, bench, first)
    assert alerts.current() == []
    assert bench.refused() == [("alert", "seq")]


def test_a_cleared_topic_ends_nothing(alerts: Alerts, bench: Bench) -> None:
    alert = bench.signer.alert()
    take(alerts, bench, alert)
    alerts.take(TOPIC, b"", bench.signer.now, GROUPS)
    assert alerts.current() == [alert]


def test_alerts_that_are_over_are_forgotten(alerts: Alerts, bench: Bench) -> None:
    take(alerts, bench, bench.signer.alert())
    alerts.forget_old()
    assert len(alerts.current()) == 1
    bench.set(bench.signer.now + timedelta(hours=7))
    alerts.forget_old()
    assert alerts.current() == []


@pytest.mark.parametrize(
    ("topic", "parsed"),
    [
        (wire.alert_topic("25357", "a1"), ("25357", "a1")),
        ("bangtin/v1/group/25357/down/desired", None),
        ("bangtin/v1/group/25357/down/alert/a/b", None),
        ("bangtin/v2/group/25357/down/alert/a1", None),
        ("", None),
    ],
)
def test_only_alert_topics_are_parsed(topic: str, parsed: tuple[str, str] | None) -> None:
    assert parse_topic(topic) == parsed

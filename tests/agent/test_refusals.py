"""Refusals reach the publisher, and an attacker's flood does not."""

from __future__ import annotations

from datetime import timedelta

from agent.trust import Refusal
from tests.agent.bench import Bench


def test_a_flood_is_counted_and_told_once(bench: Bench) -> None:
    for number in range(1000):
        bench.desk.refusals.note(Refusal("alert", "signature", str(number), alarm=True))
    assert bench.refused() == [("alert", "signature")]
    assert bench.desk.refusals.figures() == {"refused": 1000, "refused_last": "alert: signature: 999"}
    assert bench.desk.refusals.alarms() == ["alert-signature"]


def test_what_goes_on_is_told_again_later(bench: Bench) -> None:
    bench.desk.refusals.note(Refusal("alert", "signature", ""))
    bench.set(bench.signer.now + timedelta(minutes=11))
    bench.desk.refusals.note(Refusal("alert", "signature", ""))
    assert len(bench.refused()) == 2


def test_other_reasons_are_told_each(bench: Bench) -> None:
    bench.desk.refusals.note(Refusal("alert", "signature", ""))
    bench.desk.refusals.note(Refusal("alert", "expired", ""))
    assert bench.refused() == [("alert", "signature"), ("alert", "expired")]


def test_after_an_acceptance_the_next_refusal_is_news(bench: Bench) -> None:
    bench.desk.refusals.note(Refusal("alert", "signature", ""))
    bench.desk.refusals.accepted("alert")
    bench.desk.refusals.note(Refusal("alert", "signature", ""))
    assert len(bench.refused()) == 2


def test_alarms_end_after_a_day(bench: Bench) -> None:
    bench.desk.refusals.note(Refusal("alert", "signature", "", alarm=True))
    bench.set(bench.signer.now + timedelta(hours=25))
    assert bench.desk.refusals.alarms() == []

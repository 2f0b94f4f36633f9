"""The key ring: only the root changes it, only forwards, and a restart does not change it back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.keys import Keys
from agent.trust import Refusal
from player import seal
from tests.agent.bench import Bench, make_desk
from tests.agent.signer import Signer


def test_a_new_key_set_is_in_force_at_once_and_after_a_restart(bench: Bench) -> None:
    fresh = Ed25519PrivateKey.generate()
    claimed = bench.signer.key_envelope()
    keys = Keys(bench.desk.store, bench.signer.root_hex, claimed)
    assert keys.take(bench.signer.key_envelope(bench.signer.keys(fresh)), bench.desk.clock.instant())
    for ring in (keys.ring, Keys(bench.desk.store, bench.signer.root_hex, claimed).ring):
        assert ring.allowed("desired") == (seal.public_hex(fresh),)


def test_a_repetition_is_nothing_new(bench: Bench) -> None:
    envelope = bench.signer.key_envelope()
    keys = bench.desk.keys
    assert keys.take(envelope, bench.desk.clock.instant())
    assert keys.take(envelope, bench.desk.clock.instant()) is None


def test_nobody_but_the_root_changes_the_keys(bench: Bench) -> None:
    before = bench.desk.keys.ring
    for private in (bench.signer.key, Ed25519PrivateKey.generate()):
        with pytest.raises(Refusal, match="signature"):
            bench.desk.keys.take(bench.signer.key_envelope(by=private), bench.desk.clock.instant())
    assert bench.desk.keys.ring == before


def test_a_set_older_than_the_claims_is_refused_before_any_was_stored(bench: Bench) -> None:
    old = bench.signer.key_envelope(bench.signer.keys(seq=3))
    with pytest.raises(Refusal, match="older"):
        bench.desk.keys.take(old, bench.desk.clock.instant())
    assert bench.desk.store.floor("keys", "root") is None


def test_a_newer_claim_beats_an_older_stored_set(bench: Bench) -> None:
    bench.desk.keys.take(bench.signer.key_envelope(), bench.desk.clock.instant())
    newest = bench.signer.keys(Ed25519PrivateKey.generate())
    keys = Keys(bench.desk.store, bench.signer.root_hex, bench.signer.key_envelope(newest))
    assert keys.ring.keys == newest


def test_an_identity_with_a_foreign_key_set_is_not_used(bench: Bench) -> None:
    with pytest.raises(Refusal, match="signature"):
        Keys(bench.desk.store, bench.signer.root_hex, bench.signer.key_envelope(by=bench.signer.key))


def test_an_overdue_set_stays_in_force(bench: Bench) -> None:
    keys = bench.desk.keys
    assert not keys.overdue(bench.signer.now)
    assert keys.overdue(bench.signer.now + timedelta(days=400))
    assert keys.ring.allowed("alert")


def test_a_set_taken_over_tells_the_clock_how_late_it_is_at_least(tmp_path: Path, signer: Signer) -> None:
    desk = make_desk(tmp_path / "offline", signer, lambda: signer.now, synchronised=False)
    newer = signer.keys(issued=signer.now + timedelta(days=90), expires=signer.now + timedelta(days=900))
    assert desk.take_keys(signer.key_envelope(newer))
    assert desk.clock.instant().at == newer.issued
    assert not desk.take_keys(signer.key_envelope(newer))
    desk.outbox.close()
    desk.store.close()

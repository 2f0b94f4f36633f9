"""The key ring: only the root changes it, only forwards, and a restart does not change it back."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.keys import Keys
from agent.trust import Refusal
from player import roots, seal
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


# --- another root


def changed(signer: Signer, new: Ed25519PrivateKey, *by: Ed25519PrivateKey) -> bytes:
    """A key set under the root `new`, which follows each of `by` in turn."""
    line = [*by, new]
    chain = tuple(roots.change(old, following) for old, following in pairwise(line))
    return signer.key_envelope(signer.keys(roots=chain), by=new)


def test_the_root_that_the_old_one_named_is_obeyed_at_once_and_after_a_restart(bench: Bench) -> None:
    new, claimed, signing = Ed25519PrivateKey.generate(), bench.signer.key_envelope(), Ed25519PrivateKey.generate()
    keys = Keys(bench.desk.store, bench.signer.root_hex, claimed)
    assert keys.take(changed(bench.signer, new, bench.signer.root), bench.desk.clock.instant())
    again = Keys(bench.desk.store, bench.signer.root_hex, claimed)
    for each in (keys, again):
        assert each.ring.root == seal.public_hex(new)
        with pytest.raises(Refusal, match="signature"):
            each.take(bench.signer.key_envelope(), bench.desk.clock.instant())
    chain = again.ring.keys.roots
    assert again.take(
        bench.signer.key_envelope(bench.signer.keys(signing, roots=chain), new), bench.desk.clock.instant()
    )
    assert again.ring.allowed("alert") == (seal.public_hex(signing),)


def test_a_screen_that_was_away_for_two_changes_follows_both(bench: Bench) -> None:
    between, last = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    assert bench.desk.keys.take(changed(bench.signer, last, bench.signer.root, between), bench.desk.clock.instant())
    assert bench.desk.keys.ring.root == seal.public_hex(last)


def test_nobody_but_the_root_names_another(bench: Bench) -> None:
    before = bench.desk.keys.ring
    foreign = Ed25519PrivateKey.generate()
    for envelope in (
        changed(bench.signer, foreign, foreign),
        changed(bench.signer, foreign, bench.signer.key),
        bench.signer.key_envelope(
            bench.signer.keys(roots=(roots.change(bench.signer.root, foreign),)), by=bench.signer.root
        ),
    ):
        with pytest.raises(Refusal, match="signature"):
            bench.desk.keys.take(envelope, bench.desk.clock.instant())
    assert bench.desk.keys.ring == before


def test_a_change_under_an_old_number_is_refused(bench: Bench) -> None:
    new = Ed25519PrivateKey.generate()
    chain = (roots.change(bench.signer.root, new),)
    with pytest.raises(Refusal, match="older"):
        bench.desk.keys.take(
            bench.signer.key_envelope(bench.signer.keys(seq=3, roots=chain), new), bench.desk.clock.instant()
        )
    assert bench.desk.keys.ring.root == bench.signer.root_hex


def test_a_claim_by_another_root_beats_what_is_stored(bench: Bench) -> None:
    bench.desk.keys.take(bench.signer.key_envelope(), bench.desk.clock.instant())
    other = Signer()
    keys = Keys(bench.desk.store, other.root_hex, other.key_envelope())
    assert keys.ring.root == other.root_hex

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from player import claimcode, seal, wire
from player.model import KeySet
from publisher.broadcast.keys import KEYSET_LIFE, KeyStore, KeyStoreError, key_store
from publisher.home import Home

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)


def test_init_makes_keys_only_their_owner_can_read(home: Home, keys: KeyStore) -> None:
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in home.keys.iterdir()}
    private = {name: mode for name, mode in modes.items() if name.endswith(".key")}
    assert len(private) == 2
    assert set(private.values()) == {0o600}
    assert stat.S_IMODE(home.keys.stat().st_mode) == 0o700


def test_a_second_init_changes_nothing(home: Home, keys: KeyStore) -> None:
    before = keys.load()
    assert keys.create(NOON + timedelta(days=1)) is False
    assert keys.load().keyset == before.keyset


def test_the_root_vouches_for_the_signing_key_and_the_claim_code_for_the_root(keys: KeyStore) -> None:
    signer = keys.load()
    keyset = wire.decode(seal.unseal("keys", signer.keyset, (signer.root_public,)), KeySet)
    assert [key.public for key in keyset.keys] == [seal.public_hex(signer.private)]
    assert set(keyset.keys[0].kinds) == {"desired", "alert", "command"}
    assert keyset.expires - keyset.issued == KEYSET_LIFE
    code = claimcode.parse(claimcode.compose(b"0123456789", signer.root_public))
    assert code.vouches_for(signer.root_public)


def test_rotation_keeps_the_root_and_voids_the_old_key(home: Home, keys: KeyStore) -> None:
    before = keys.load()
    keys.rotate(NOON)
    after = keys.load()
    assert after.root_public == before.root_public
    assert after.key_id != before.key_id
    assert not after.signed(before.seal("desired", b"{}"))
    assert after.signed(after.seal("desired", b"{}"))
    assert not (home.keys / f"{before.key_id}.key").exists()


def test_the_key_sets_seq_rises_even_when_the_clock_went_back(keys: KeyStore) -> None:
    first = keys.keyset().seq
    assert first == int(NOON.timestamp())
    assert keys.rotate(NOON - timedelta(days=400)).seq == first + 1


def test_the_root_may_be_away_except_for_a_rotation(home: Home) -> None:
    elsewhere = home.root / "stick" / "root.key"
    elsewhere.parent.mkdir()
    store = key_store(home.keys, str(elsewhere))
    store.create(NOON)
    elsewhere.rename(elsewhere.with_name("away"))
    assert store.load().root_public
    with pytest.raises(KeyStoreError, match="the root key is not here"):
        store.rotate(NOON)


def test_another_root_is_refused_before_it_silences_every_screen(home: Home, keys: KeyStore) -> None:
    (home.keys / "root.key").write_text(Ed25519PrivateKey.generate().private_bytes_raw().hex(), "ascii")
    with pytest.raises(KeyStoreError, match="not the root key the screens know"):
        keys.rotate(NOON)


def test_a_key_set_the_root_did_not_sign_is_refused(home: Home, keys: KeyStore) -> None:
    forged = seal.seal("keys", wire.encode(keys.keyset()), Ed25519PrivateKey.generate())
    (home.keys / "keyset.json").write_bytes(forged)
    with pytest.raises(KeyStoreError, match=r"keyset\.json: signature"):
        keys.load()


@pytest.mark.parametrize("text", ["", "zz" * 32, "00" * 31])
def test_a_broken_private_key_is_named(home: Home, keys: KeyStore, text: str) -> None:
    path = home.keys / f"{keys.load().key_id}.key"
    path.write_text(text, "ascii")
    with pytest.raises(KeyStoreError, match="needs 64 hex digits"):
        keys.load()


def test_without_init_it_says_what_to_run(home: Home) -> None:
    with pytest.raises(KeyStoreError, match="bangtin publisher init"):
        KeyStore(home.keys).load()


def test_a_lost_signing_key_is_said_plainly(home: Home, keys: KeyStore) -> None:
    (home.keys / f"{keys.load().key_id}.key").unlink()
    with pytest.raises(KeyStoreError, match="none of the key set's private keys"):
        keys.load()

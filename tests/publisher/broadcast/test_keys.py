from __future__ import annotations

import io
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import call_command
from django.utils import timezone

from drivers.disk import replace_file
from player import claimcode, roots, seal, wire
from player.enrolment import ClaimRequest, KeySet
from publisher.broadcast.keys import KEYSET_LIFE, KeyStore, KeyStoreError, key_store
from publisher.broadcast.models import Task
from publisher.home import Home
from publisher.screens import claims

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


# --- another root


def steps_of(monkeypatch: pytest.MonkeyPatch, fail_at: int) -> None:
    """Let the disk fail at the so-manieth file that is put in place."""
    real, count = replace_file, [0]

    def place(path: Path, data: bytes, mode: int = 0o600, *, durable: bool = True) -> None:
        count[0] += 1
        if count[0] == fail_at:
            raise OSError("the power is cut")
        real(path, data, mode, durable=durable)

    monkeypatch.setattr("publisher.broadcast.keys.replace_file", place)


def test_the_old_root_leads_to_the_new_and_the_signing_key_stays(home: Home, keys: KeyStore) -> None:
    before = keys.load()
    old = (home.keys / "root.key").read_bytes()
    keys.rotate_root(NOON)
    after = keys.load()
    assert after.root_public != before.root_public
    assert after.key_id == before.key_id
    assert roots.follow(after.keyset, before.root_public) == after.root_public
    assert keys.keyset().seq > wire.decode(seal.unverified("keys", before.keyset), KeySet).seq
    assert (home.keys / "root.key").read_bytes() != old
    assert stat.S_IMODE((home.keys / "root.key").stat().st_mode) == 0o600
    assert not (home.keys / "root.next").exists()


def test_later_key_sets_still_show_the_way_from_the_first_root(keys: KeyStore) -> None:
    first = keys.load().root_public
    keys.rotate_root(NOON)
    keys.rotate(NOON)
    keys.rotate_root(NOON)
    last = keys.load()
    assert roots.follow(last.keyset, first) == last.root_public
    assert len(keys.keyset().roots) == 2


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_a_change_cut_off_at_any_step_loads_and_is_finished_with_the_same_root(
    step: int, home: Home, keys: KeyStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = keys.load().root_public
    with monkeypatch.context() as patch:
        steps_of(patch, step)
        with pytest.raises(OSError, match="power"):
            keys.rotate_root(NOON)
    between = KeyStore(home.keys).load()
    assert roots.follow(between.keyset, first) == between.root_public
    if step > 1:
        with pytest.raises(KeyStoreError, match="rotate-root"):
            keys.rotate(NOON)
    keys.rotate_root(NOON)
    after = keys.load()
    assert roots.follow(after.keyset, first) == roots.follow(after.keyset, between.root_public) == after.root_public
    assert len(keys.keyset().roots) == 1
    keys.rotate(NOON)


def test_so_many_changes_that_no_screen_could_take_them_are_refused_before_anything_is_written(
    home: Home, keys: KeyStore
) -> None:
    def change_for_ever() -> None:
        while True:
            keys.rotate_root(NOON)

    with pytest.raises(KeyStoreError, match="no more changes fit"):
        change_for_ever()
    assert len(keys.keyset().roots) >= 3
    assert len(keys.load().keyset) <= wire.ENVELOPE_LIMIT_B
    assert not (home.keys / "root.next").exists()
    keys.rotate(NOON)


def test_a_root_that_is_away_is_not_changed(home: Home, keys: KeyStore) -> None:
    (home.keys / "root.key").unlink()
    with pytest.raises(KeyStoreError, match="the root key is not here"):
        keys.rotate_root(NOON)
    assert not (home.keys / "root.next").exists()


@pytest.mark.django_db
def test_the_command_tells_the_boards_voids_codes_and_says_so_in_both_languages(commune: Any, keys: KeyStore) -> None:
    first = keys.load()
    code = claims.create_code(commune.screen(), None, first.root_public, timezone.now())
    said = io.StringIO()
    call_command("keys", "rotate-root", stdout=said)
    assert "Đã đổi khoá gốc." in said.getvalue()
    assert "Unused claim codes that are void now: 1." in said.getvalue()
    assert f"root key     {keys.load().root_public}" in said.getvalue()
    assert Task.objects.filter(kind="keys").exists()
    asked = ClaimRequest(secret=claimcode.parse(code).secret, device="d" * 32)
    with pytest.raises(claims.ClaimRefusedError):
        claims.answer(asked, keys.load(), claims.Broker("h", 1), timezone.now())

"""Which root key must have signed a key set: only a root names the one that follows it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from player import roots, seal, wire
from player.enrolment import KeySet, RootChange

NOON = datetime(2026, 5, 3, 5, 0, tzinfo=UTC)
FIRST, SECOND, THIRD, FOREIGN = (Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(4))


def hexed(private: Ed25519PrivateKey) -> str:
    return seal.public_hex(private)


def key_set(*changes: str, by: Ed25519PrivateKey = THIRD) -> bytes:
    keys = KeySet(1, 1000, NOON, NOON + timedelta(days=1), (), changes)
    return seal.seal("keys", wire.encode(keys), by)


def named(new: Ed25519PrivateKey, *signers: Ed25519PrivateKey) -> str:
    """A change that these keys signed, whether they should have or not."""
    return seal.seal("root", wire.encode(RootChange(1, hexed(new))), *signers).decode()


CHAIN = (roots.change(FIRST, SECOND), roots.change(SECOND, THIRD))


@pytest.mark.parametrize("known", [FIRST, SECOND, THIRD])
def test_whoever_knows_any_root_of_the_line_comes_to_the_last(known: Ed25519PrivateKey) -> None:
    assert roots.follow(key_set(*CHAIN), hexed(known)) == hexed(THIRD)


def test_a_stranger_goes_nowhere() -> None:
    assert roots.follow(key_set(*CHAIN), hexed(FOREIGN)) == hexed(FOREIGN)


def test_without_changes_the_root_stays() -> None:
    assert roots.follow(key_set(by=FIRST), hexed(FIRST)) == hexed(FIRST)


@pytest.mark.parametrize(
    "change",
    [
        named(FOREIGN, FOREIGN),
        named(FOREIGN, FIRST),
        named(SECOND, FIRST, FOREIGN),
        named(FOREIGN, SECOND, FOREIGN),
        seal.seal("keys", wire.encode(RootChange(1, hexed(SECOND))), FIRST, SECOND).decode(),
        seal.seal("root", b'{"schema":1}', FIRST, SECOND).decode(),
        seal.seal("root", b'{"schema":2,"root":"' + hexed(SECOND).encode() + b'"}', FIRST, SECOND).decode(),
        "{}",
        "",
    ],
    ids=["by itself alone", "by the old alone", "the new did not sign", "by the root after", "of another kind",
         "without a key", "of another schema", "no envelope", "empty"],
)  # fmt: skip
def test_a_change_that_both_did_not_sign_leads_nowhere(change: str) -> None:
    assert roots.follow(key_set(change), hexed(FIRST)) == hexed(FIRST)


def test_changes_count_in_their_order_only() -> None:
    assert roots.follow(key_set(*reversed(CHAIN)), hexed(FIRST)) == hexed(SECOND)


@pytest.mark.parametrize(
    "envelope",
    [b"", b"{}", b"\xff", key_set(*CHAIN)[:-5], seal.seal("alert", b"{}", FIRST), key_set(*CHAIN * 20)],
    ids=["empty", "no envelope", "no text", "torn", "another kind", "too large"],
)
def test_what_cannot_be_read_changes_nothing(envelope: bytes) -> None:
    assert roots.follow(envelope, hexed(FIRST)) == hexed(FIRST)


def test_three_changes_fit_in_an_envelope() -> None:
    chain = [roots.change(FIRST, SECOND)] * 3
    assert len(key_set(*chain)) + 300 < wire.ENVELOPE_LIMIT_B  # and a signing key

from __future__ import annotations

import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from player import seal

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
PUBLIC = seal.public_hex(KEY)


@given(st.binary(max_size=2000))
def test_what_was_sealed_comes_back_byte_for_byte(payload: bytes) -> None:
    assert seal.unseal("alert", seal.seal("alert", payload, KEY), [PUBLIC]) == payload


def test_one_of_several_keys_in_force_is_enough() -> None:
    envelope = seal.seal("desired", b"{}", KEY)
    assert seal.unseal("desired", envelope, [seal.public_hex(OTHER), PUBLIC]) == b"{}"
    assert seal.signers(envelope) == (seal.key_id(PUBLIC),)


@pytest.mark.parametrize("kind", [kind for kind in seal.KINDS if kind != "alert"])
def test_an_envelope_of_one_kind_is_no_other(kind: str) -> None:
    with pytest.raises(seal.SealError) as refused:
        seal.unseal(kind, seal.seal("alert", b"{}", KEY), [PUBLIC])
    assert refused.value.reason == "kind"


def test_a_foreign_key_is_refused() -> None:
    with pytest.raises(seal.SealError) as refused:
        seal.unseal("alert", seal.seal("alert", b"{}", OTHER), [PUBLIC])
    assert refused.value.reason == "signature"


def test_a_foreign_signature_under_the_name_of_a_trusted_key_is_refused() -> None:
    envelope = json.loads(seal.seal("alert", b"{}", OTHER))
    envelope["signatures"][0]["keyid"] = seal.key_id(PUBLIC)
    with pytest.raises(seal.SealError) as refused:
        seal.unseal("alert", json.dumps(envelope).encode(), [PUBLIC])
    assert refused.value.reason == "signature"


def test_without_a_key_in_force_nothing_is_believed() -> None:
    with pytest.raises(seal.SealError) as refused:
        seal.unseal("alert", seal.seal("alert", b"{}", KEY), [])
    assert refused.value.reason == "signature"


@given(st.integers(0, 200), st.integers(1, 255))
def test_one_changed_byte_of_the_payload_is_found(place: int, change: int) -> None:
    payload = b"x" * 201
    envelope = json.loads(seal.seal("alert", payload, KEY))
    forged = bytearray(payload)
    forged[place] ^= change
    envelope["payload"] = base64.b64encode(forged).decode()
    with pytest.raises(seal.SealError) as refused:
        seal.unseal("alert", json.dumps(envelope).encode(), [PUBLIC])
    assert refused.value.reason == "signature"


@given(st.binary(max_size=400))
def test_no_bytes_do_more_than_raise_seal_error(data: bytes) -> None:
    with pytest.raises(seal.SealError):
        seal.unseal("alert", data, [PUBLIC])


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"payload": "", "payloadType": seal.payload_type("alert"), "signatures": []},
        {"payload": "e30=", "payloadType": 5, "signatures": [{"keyid": 1, "sig": 2}]},
        {"payload": "e30=", "payloadType": seal.payload_type("alert"), "signatures": [{"keyid": "a", "sig": "%%"}]},
        [],
        None,
    ],
)
def test_an_envelope_of_another_shape_is_refused(envelope: object) -> None:
    with pytest.raises(seal.SealError):
        seal.unseal("alert", json.dumps(envelope).encode(), [PUBLIC])

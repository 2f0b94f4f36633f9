"""Signed envelopes: DSSE over the exact bytes, Ed25519, the kind bound into the payload type.

Sealing needs a private key and is the publisher's; opening needs the keys allowed for the kind
and is the screen's. Source: the DSSE specification 1.0; the implementation is securesystemslib's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.dsse import Envelope
from securesystemslib.exceptions import Error as SslError
from securesystemslib.exceptions import FormatError, VerificationError
from securesystemslib.signer import CryptoSigner, SSlibKey

KINDS: Final = ("desired", "alert", "command", "keys", "root")


class SealError(ValueError):
    """The envelope cannot be believed. `reason` is one word: malformed, kind, signature."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def payload_type(kind: str) -> str:
    return f"application/vnd.bangtin.{kind}+json"


def key_id(public_hex: str) -> str:
    """The first 16 hex digits of the key's SHA-256: what an envelope names its signer by."""
    return hashlib.sha256(bytes.fromhex(public_hex)).hexdigest()[:16]


def public_hex(private: Ed25519PrivateKey) -> str:
    return private.public_key().public_bytes_raw().hex()


def seal(kind: str, payload: bytes, *privates: Ed25519PrivateKey) -> bytes:
    """An envelope of `kind` over exactly `payload`, signed by each of the keys, as compact JSON bytes."""
    envelope = Envelope(payload, payload_type(kind), {})
    for private in privates:
        envelope.sign(CryptoSigner(private, _key(public_hex(private))))
    return json.dumps(envelope.to_dict(), separators=(",", ":")).encode()


def unseal(kind: str, envelope: bytes, keys: Iterable[str]) -> bytes:
    """The payload, if one of `keys` (public, hex) signed this envelope as `kind`; SealError otherwise."""
    parsed = _parse_as(kind, envelope)
    try:
        parsed.verify([_key(public) for public in keys], 1)
    except (VerificationError, ValueError) as exc:
        raise SealError("signature", "no key in force signed this") from exc
    return bytes(parsed.payload)


def unverified(kind: str, envelope: bytes) -> bytes:
    """The payload, whoever signed it: to be believed in nothing. SealError if it is not of `kind`."""
    return bytes(_parse_as(kind, envelope).payload)


def signers(envelope: bytes) -> tuple[str, ...]:
    """The key ids an envelope claims; SealError if it cannot be parsed. Nothing is verified."""
    return tuple(_parse(envelope).signatures)


def _parse_as(kind: str, envelope: bytes) -> Envelope:
    parsed = _parse(envelope)
    if parsed.payload_type != payload_type(kind):
        raise SealError("kind", f"the envelope holds {parsed.payload_type}, not {payload_type(kind)}")
    return parsed


def _parse(envelope: bytes) -> Envelope:
    try:
        return Envelope.from_dict(json.loads(envelope))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, FormatError, SslError) as exc:
        raise SealError("malformed", "the envelope cannot be read") from exc


def _key(public: str) -> SSlibKey:
    return SSlibKey(key_id(public), "ed25519", "ed25519", {"public": public})

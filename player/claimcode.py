"""The claim code an installer types: a one-time secret and 80 bits of the root key's SHA-256.

Twenty bytes in Crockford's base32, eight groups of four: 80 bits of secret (single use, hashed
at rest, rate-limited) and the first 80 bits of SHA-256(root key). A network that answers the
claim with another root key is found out by the screen itself.
"""

from __future__ import annotations

import hashlib
from typing import Final, NamedTuple

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HALF_B: Final = 10


class ClaimCodeError(ValueError):
    """The code was mistyped; the message says how a right one looks."""


class ClaimCode(NamedTuple):
    """`secret` goes to the publisher; `root_hash` (10 bytes) stays and judges the answer."""

    secret: str
    root_hash: bytes

    def vouches_for(self, root_hex: str) -> bool:
        return hashlib.sha256(bytes.fromhex(root_hex)).digest()[:_HALF_B] == self.root_hash


def compose(secret: bytes, root_hex: str) -> str:
    """The code for ten secret bytes and a root key (hex), grouped for reading aloud."""
    if len(secret) != _HALF_B:
        raise ValueError(f"a claim secret has {_HALF_B} bytes, not {len(secret)}")
    raw = secret + hashlib.sha256(bytes.fromhex(root_hex)).digest()[:_HALF_B]
    number = int.from_bytes(raw, "big")
    digits = "".join(_ALPHABET[number >> shift & 31] for shift in range(155, -1, -5))
    return "-".join(digits[i : i + 4] for i in range(0, 32, 4))


def parse(typed: str) -> ClaimCode:
    """The two halves of a typed code; O, I and L are read as 0, 1 and 1, spaces and dashes are ignored.

    Raises ClaimCodeError.
    """
    text = "".join(typed.upper().split()).translate(str.maketrans("OIL", "011", "-"))
    if len(text) != 32 or any(letter not in _ALPHABET for letter in text):
        raise ClaimCodeError(
            f"Mã nhận bảng {typed!r} không đúng: cần 32 chữ và số, tám nhóm bốn. / "
            f"The claim code {typed!r} is not right: 32 letters and digits in eight groups of four."
        )
    number = 0
    for letter in text:
        number = number << 5 | _ALPHABET.index(letter)
    raw = number.to_bytes(20, "big")
    return ClaimCode(raw[:_HALF_B].hex(), raw[_HALF_B:])

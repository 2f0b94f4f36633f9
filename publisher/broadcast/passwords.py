"""Passwords as Mosquitto's password file holds them: PBKDF2 with SHA-512, `$7$<iterations>$<salt>$<hash>`."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Final

# A password here is 192 random bits, not a word somebody chose: stretching protects nothing, and the
# broker would pay for it in the very moment when a whole fleet comes back.
ITERATIONS: Final = 101
_SALT_B: Final = 12


def generate() -> str:
    """A new random password."""
    return secrets.token_urlsafe(24)


def hashed(password: str) -> str:
    """The password's hash with a fresh salt, as it stands after the user name in the file."""
    salt = secrets.token_bytes(_SALT_B)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"

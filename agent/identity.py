"""Who this screen is: what it was given at its claim, in a file that only its agent can read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from agent.fetch import sync_folder
from player.model import ClaimAnswer, Value
from player.wire import WireError, decode, encode

IDENTITY: Final = "identity.json"  # in the state folder


class IdentityError(Exception):
    """The screen has no usable identity; the message says what to do."""


class Identity(Value, frozen=True):
    """The claim's answer and the address that gave it."""

    publisher: str
    answer: ClaimAnswer


def load(state_dir: Path) -> Identity:
    """The screen's identity. Raises IdentityError."""
    file = state_dir / IDENTITY
    try:
        return decode(file.read_bytes(), Identity)
    except FileNotFoundError:
        raise IdentityError(
            f"Bảng này chưa được nhận: chạy bangtin agent claim. / This screen is not claimed ({file} is missing): "
            "run bangtin agent claim."
        ) from None
    except (OSError, WireError) as exc:
        raise IdentityError(f"Không đọc được / cannot read {file}: {exc}") from exc


def save(state_dir: Path, identity: Identity) -> None:
    """Write the identity so that a power cut leaves the old file or the new one, readable by its owner alone."""
    write_private(state_dir / IDENTITY, encode(identity))


def write_private(file: Path, data: bytes) -> None:
    """Replace `file` durably, mode 0600."""
    part = file.with_name(file.name + ".part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as out:
        os.fchmod(out.fileno(), 0o600)
        out.write(data)
        out.flush()
        os.fsync(out.fileno())
    part.rename(file)
    sync_folder(file.parent)

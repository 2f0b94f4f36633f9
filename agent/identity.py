"""Who this screen is: what it was given at its claim, in a file that only its agent can read."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from agent.disk import PRIVATE
from drivers.disk import replace_file
from player.enrolment import ClaimAnswer
from player.model import Value
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
    replace_file(state_dir / IDENTITY, encode(identity), PRIVATE)

"""The wire format: strict JSON for every value, the topics, and the limits both ends keep.

`decode` refuses unknown fields, wrong types, naive instants and other schema versions, and
says where. Bytes are decoded from what was signed, never re-serialised before a check.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, TypeVar, cast

import msgspec

from player.model import SCHEMA, Value

T = TypeVar("T", bound=Value)

ENVELOPE_LIMIT_B: Final = 4096
POINTER_LIMIT_B: Final = 1024
BODY_LIMIT_B: Final = 16 * 1024 * 1024

TOPIC_ROOT: Final = "bangtin/v1"


class WireError(ValueError):
    """The bytes are not the value they should be; the message names the place and the reason."""


def encode(value: Value) -> bytes:
    """The value as JSON bytes, fields in the order of their definition, instants as RFC 3339 in UTC."""
    return _ENCODER.encode(value)


def decode(data: bytes | str, kind: type[T]) -> T:
    """The value of class `kind` in `data`.

    Raises WireError for anything but exactly that value of a schema version this code knows.
    """
    try:
        value = _decoder(kind).decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as exc:
        raise WireError(f"{kind.__name__}: {exc}") from exc
    schema = getattr(value, "schema", SCHEMA)
    if schema != SCHEMA:
        raise WireError(f"{kind.__name__}: schema version {schema} is unknown, this screen knows {SCHEMA}")
    _refuse_naive(value, kind.__name__)
    return value


def _refuse_naive(value: object, path: str) -> None:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise WireError(f"{path}: an instant without a zone")
    elif isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            _refuse_naive(getattr(value, name), f"{path}.{name}")
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            _refuse_naive(part, f"{path}[{index}]")


def _encode_other(value: object) -> object:
    raise TypeError(f"{type(value).__name__} has no place on the wire")


_ENCODER = msgspec.json.Encoder(enc_hook=_encode_other)
_DECODERS: dict[type[Value], msgspec.json.Decoder[Any]] = {}


def _decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    if kind not in _DECODERS:
        _DECODERS[kind] = msgspec.json.Decoder(kind)
    return cast(msgspec.json.Decoder[T], _DECODERS[kind])


def utc(instant: datetime) -> datetime:
    """The same instant in UTC, cut to milliseconds as the wire carries it."""
    moment = instant.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


# --- topics -------------------------------------------------------------------------------------------------------


def screen_down(screen: str, leaf: str) -> str:
    """`leaf` is desired, command or keys."""
    return f"{TOPIC_ROOT}/screen/{screen}/down/{leaf}"


def screen_up(screen: str, leaf: str) -> str:
    """`leaf` is state, health, event or reply."""
    return f"{TOPIC_ROOT}/screen/{screen}/up/{leaf}"


def alert_topic(group: str, alert: str) -> str:
    return f"{TOPIC_ROOT}/group/{group}/down/alert/{alert}"


def alert_filter(group: str) -> str:
    return f"{TOPIC_ROOT}/group/{group}/down/alert/+"


def content_url(sha256: str) -> str:
    """Where a file of that name lies, relative to the publisher's address."""
    return f"/content/{sha256}"


UP_FILTER: Final = f"{TOPIC_ROOT}/screen/+/up/+"


def parse_up(topic: str) -> tuple[str, str]:
    """(screen, leaf) of an up topic. Raises WireError for any other topic."""
    parts = topic.split("/")
    if len(parts) != 6 or parts[:3] != [*TOPIC_ROOT.split("/"), "screen"] or parts[4] != "up":
        raise WireError(f"{topic!r} is not an up topic")
    return parts[3], parts[5]

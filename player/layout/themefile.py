"""A unit's theme file: YAML or JSON with colours by kind of page, read whole or refused with every fault named.

    routine:
      ground: "#09162b"
      text: "#f0f4fa"

Kinds: routine, priority, led, emergency. Colours: ground, text, title, header, header_text, accent, dim.
What is left out keeps the house's own colour.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import msgspec
import yaml

from config.faults import ConfigError, Fault, nearest
from player.layout.theme import LEAST_ALARM_CONTRAST, LEAST_CONTRAST, ThemeError, theme_of
from player.model import Colours, UnitTheme

MAX_BYTES: Final = 16 * 1024
_KINDS: Final = UnitTheme.__struct_fields__
_NAMES: Final = Colours.__struct_fields__
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_NOT_ONE: Final = "không phải tệp giao diện / not a theme file"


def read(data: bytes, file: Path) -> UnitTheme:
    """The theme in `data`; `file` is its name for the faults. Raises ConfigError, which holds every fault found."""
    root = _root(data, file)
    faults: list[Fault] = []
    chosen: dict[str, Colours] = {}
    for key, kind, value in _entries(root, "", _KINDS, faults, file):
        chosen[key] = _colours(value, kind, faults, file)
    if faults:
        raise ConfigError(faults)
    theme = UnitTheme(**chosen)
    try:
        theme_of(theme)
    except ThemeError as exc:
        allowed = f"≥ {LEAST_CONTRAST:g}:1; emergency ≥ {LEAST_ALARM_CONTRAST:g}:1"
        raise ConfigError(
            Fault(file, 0, "", "khó đọc, độ tương phản thấp / hard to read, too little contrast", fault, allowed)
            for fault in exc.faults
        ) from exc
    return theme


def _root(data: bytes, file: Path) -> yaml.MappingNode:
    if len(data) > MAX_BYTES:
        raise ConfigError([Fault(file, 0, "", _NOT_ONE, f"{len(data)} B", f"≤ {MAX_BYTES} B")])
    try:
        node = yaml.compose(data.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as exc:
        raise ConfigError([Fault(file, 0, "", _NOT_ONE, " ".join(str(exc).split()), "YAML, JSON (UTF-8)")]) from exc
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError([Fault(file, 0, "", _NOT_ONE, "", ", ".join(_KINDS))])
    return node


def _colours(node: yaml.Node, kind: str, faults: list[Fault], file: Path) -> Colours:
    if not isinstance(node, yaml.MappingNode):
        line = node.start_mark.line + 1
        faults.append(Fault(file, line, kind, "cần các màu / wants colours", _text(node), ", ".join(_NAMES)))
        return Colours()
    found: dict[str, str] = {}
    for key, path, value in _entries(node, f"{kind}.", _NAMES, faults, file):
        text = _text(value)
        if not _COLOUR.fullmatch(text):
            line = value.start_mark.line + 1
            faults.append(Fault(file, line, path, "không phải màu / not a colour", text, '"#rrggbb"'))
        found[key] = text.lower()
    return msgspec.convert(found, Colours) if not faults else Colours()


def _entries(
    node: yaml.MappingNode, prefix: str, known: tuple[str, ...], faults: list[Fault], file: Path
) -> list[tuple[str, str, yaml.Node]]:
    """(key, path, value) of each known key, once; the others are faults."""
    entries: dict[str, tuple[str, str, yaml.Node]] = {}
    for key_node, value in node.value:
        key, line = _text(key_node), key_node.start_mark.line + 1
        if key not in known:
            problem = "không có mục này / there is no such key"
            faults.append(Fault(file, line, prefix + key, problem, "", ", ".join(known), nearest(key, known)))
        elif key in entries:
            faults.append(Fault(file, line, prefix + key, "ghi hai lần / written twice"))
        else:
            entries[key] = (key, prefix + key, value)
    return list(entries.values())


def _text(node: yaml.Node) -> str:
    return node.value if isinstance(node, yaml.ScalarNode) else node.tag.rpartition(":")[2]

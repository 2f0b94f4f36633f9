"""From a YAML file to `ScreenSettings`, or to a ConfigError that names every fault at once.

The file is walked as YAML nodes, which still know their lines, and each value is read by its rule.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import yaml

from config.faults import ConfigError, Fault, nearest
from config.rules import RULES, Rule
from config.settings import (
    LightSettings,
    MediaSettings,
    PanelSettings,
    PrepareSettings,
    PublisherSettings,
    ScreenSettings,
    SpeakerSettings,
    VoiceSettings,
)

DEFAULTS: Final = Path(__file__).with_name("defaults.yaml")
MAX_BYTES: Final = 256 * 1024
_SECTIONS: Final = {
    "publisher": PublisherSettings,
    "panel": PanelSettings,
    "light": LightSettings,
    "speaker": SpeakerSettings,
    "voice": VoiceSettings,
    "prepare": PrepareSettings,
    "media": MediaSettings,
}
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def load_screen(path: Path, known: Mapping[str, Collection[str]] | None = None) -> ScreenSettings:
    """The settings of the screen whose file is `path`; what it does not name has its default.

    `known` narrows a setting to names only the caller knows, such as
    {"panel.driver": drivers.panel.DRIVERS}. Relative paths count from the file's folder.
    Raises ConfigError with every fault of the file.
    """
    reading = _Reading(path, known or {})
    reading.file(_node(path, _text(path)))
    if reading.faults:
        raise ConfigError(reading.faults)
    return _build(_defaults() | reading.values, path.absolute().parent)


def effective(settings: ScreenSettings) -> str:
    """The whole of `settings` as a YAML file that would give them again."""
    return yaml.safe_dump(_plain(asdict(settings)), allow_unicode=True, sort_keys=False)


def _defaults() -> dict[str, Any]:
    reading = _Reading(DEFAULTS, {})
    reading.file(_node(DEFAULTS, _text(DEFAULTS)))
    if reading.faults:
        raise ConfigError(reading.faults)
    return reading.values


def _build(values: Mapping[str, Any], folder: Path) -> ScreenSettings:
    parts: dict[str, Any] = {}
    for dotted, value in values.items():
        section, _, key = dotted.rpartition(".")
        placed = folder / value if isinstance(value, Path) else value
        if section:
            parts.setdefault(section, {})[key] = placed
        else:
            parts[key] = placed
    sections = {name: make(**parts.pop(name)) for name, make in _SECTIONS.items()}
    return ScreenSettings(**sections, **parts)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    return str(value) if isinstance(value, Path) else value


def _text(path: Path) -> str:
    """The file's text in whatever form Windows or Linux saved it. Raises ConfigError."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as exc:
        raise ConfigError([Fault(path, 0, "", f"không đọc được / cannot be read ({exc.strerror})")]) from exc
    if len(raw) > MAX_BYTES:
        raise ConfigError([Fault(path, 0, "", "tệp quá lớn / file too large", allowed=f"≤ {MAX_BYTES // 1024} KiB")])
    encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), "utf-8")
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as exc:
        line = raw.count(b"\n", 0, exc.start) + 1
        fault = Fault(path, line, "", "không phải văn bản UTF-8 / not UTF-8 text", allowed="UTF-8")
        raise ConfigError([fault]) from exc


def _node(path: Path, text: str) -> yaml.Node | None:
    try:
        return yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as exc:
        mark = exc.problem_mark or exc.context_mark
        line = mark.line + 1 if mark else 0
        problem = f"sai cú pháp YAML / not YAML ({exc.problem})"
        raise ConfigError([Fault(path, line, "", problem, _line(text, line))]) from exc
    except RecursionError as exc:
        raise ConfigError([Fault(path, 0, "", "các mục lồng nhau quá sâu / nested too deeply")]) from exc
    except yaml.YAMLError as exc:
        problem = "sai cú pháp YAML / not YAML (ký tự lạ / odd character)"
        raise ConfigError([Fault(path, 0, "", problem, str(exc).split("\n", 1)[0])]) from exc


def _line(text: str, line: int) -> str:
    lines = text.splitlines()
    return lines[line - 1].strip() if 0 < line <= len(lines) else ""


class _Reading:
    """One walk through one file: `values` by dotted path, `faults` as they are met."""

    def __init__(self, path: Path, known: Mapping[str, Collection[str]]) -> None:
        self.values: dict[str, Any] = {}
        self.faults: list[Fault] = []
        self._path = path
        self._known = known
        self._seen: set[str] = set()

    def file(self, root: yaml.Node | None) -> None:
        if root is not None:
            self._section("", root)

    def _section(self, prefix: str, node: yaml.Node) -> None:
        if _empty(node):
            return  # a heading with everything below it commented out: all defaults
        if not isinstance(node, yaml.MappingNode):
            self._fault(node, prefix, "phải là các mục «tên: giá trị» / must be a block of name: value", _shown(node))
            return
        for key, value in node.value:
            self._entry(prefix, key, value)

    def _entry(self, prefix: str, key: yaml.Node, value: yaml.Node) -> None:
        dotted = f"{prefix}.{key.value}" if prefix else str(key.value)
        if dotted in self._seen:
            self._fault(key, dotted, "khai báo hai lần / given twice", _shown(value))
            return
        self._seen.add(dotted)
        if dotted in _SECTIONS:
            self._section(dotted, value)
        elif dotted in RULES:
            self._value(dotted, value)
        else:
            self._unknown(prefix, key, value)

    def _value(self, dotted: str, node: yaml.Node) -> None:
        rule = self._narrowed(dotted)
        plain = _construct(node)
        try:
            value = rule.read(plain)
            if dotted in self._known and value not in self._known[dotted]:
                raise ValueError
        except ValueError:
            suggestion = nearest(str(plain).strip("“”‘’"), rule.choices)
            problem = "giá trị sai / wrong value"
            self._fault(node, dotted, problem, _shown(node), allowed=rule.allowed, suggestion=suggestion)
        else:
            self.values[dotted] = value

    def _narrowed(self, dotted: str) -> Rule:
        rule = RULES[dotted]
        if dotted not in self._known:
            return rule
        names = tuple(self._known[dotted])
        return Rule(rule.read, f"một trong / one of: {', '.join(names)}", names)

    def _unknown(self, prefix: str, key: yaml.Node, value: yaml.Node) -> None:
        inside = f"{prefix}." if prefix else ""
        names = {path[len(inside) :].split(".")[0] for path in RULES if path.startswith(inside)}
        dotted = f"{inside}{key.value}"
        allowed = ", ".join(sorted(names))
        suggestion = nearest(str(key.value), names)
        problem = "không có mục này / no such setting"
        self._fault(key, dotted, problem, _shown(value), allowed=allowed, suggestion=suggestion)

    def _fault(
        self, node: yaml.Node, path: str, problem: str, value: str, *, allowed: str = "", suggestion: str = ""
    ) -> None:
        self.faults.append(Fault(self._path, node.start_mark.line + 1, path, problem, value, allowed, suggestion))


def _construct(node: yaml.Node) -> Any:
    """The node as a plain value; what cannot be one (a bad date, a strange tag) stays text and fails its rule.

    A tag that somebody wrote out before what it does not fit (`!!bool maybe`) is answered by PyYAML with whatever
    error its own reading ran into.
    """
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError):
        return str(node.value)
    finally:
        loader.dispose()


def _empty(node: yaml.Node) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    return "[…]" if isinstance(node, yaml.SequenceNode) else "{…}"

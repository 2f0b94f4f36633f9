"""The publisher's folder: its database, keys, content and secrets, and the one YAML file that sets it up."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import yaml

from player.model import MEDIA_LIMIT_MB

CONFIG_FILE: Final = "publisher.yaml"
HOME_VARIABLE: Final = "BANGTIN_PUBLISHER_HOME"


class HomeError(ValueError):
    """publisher.yaml cannot be used; the message names every wrong field, its value and what is allowed."""


@dataclass(frozen=True)
class Home:
    """Paths inside the publisher's folder. Nothing is created by asking for a path."""

    root: Path

    @property
    def database(self) -> Path:
        return self.root / "publisher.db"

    @property
    def content(self) -> Path:
        """Content-addressed files, named by their SHA-256."""
        return self.root / "content"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def run(self) -> Path:
        """Sockets and addresses of the running processes: worth nothing after they end."""
        return self.root / "run"

    @property
    def broker(self) -> Path:
        """The private broker's configuration, its credentials and what it remembers."""
        return self.root / "broker"

    @property
    def scratch(self) -> Path:
        """Uploads waiting for their check, previews, listening clips: may be emptied at any time."""
        return self.root / "scratch"

    @property
    def secret_file(self) -> Path:
        return self.root / "secret.key"

    @property
    def config_file(self) -> Path:
        return self.root / CONFIG_FILE

    def ensure(self) -> Home:
        """The same home, its folder made if it was missing; closed to other users."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self

    def secret_key(self) -> str:
        """Django's secret, made at the first start and readable by its owner alone."""
        self.ensure()
        try:
            handle = os.open(self.secret_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return self.secret_file.read_text("ascii")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        return self.secret_file.read_text("ascii")


@dataclass(frozen=True)
class Options:
    """What publisher.yaml may say. `broker` is None for the private Mosquitto, else the fields of an existing one."""

    url: str = ""  # as screens and people reach it; empty: as the request at hand did
    bind: str = "127.0.0.1"
    port: int = 8000
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost", "[::1]")
    trust_proxy: bool = False  # a reverse proxy in front sets X-Forwarded-Proto
    web_threads: int = 6
    prepare_workers: int = 1
    upload_mb: int = 20  # the largest picture, PDF or recording; a board takes none above MEDIA_LIMIT_MB
    film_mb: int = 200  # the largest film or sound to go with a text
    free_mb: int = 256  # what files leave free on the disk
    broker: Mapping[str, Any] | None = field(default=None)
    root_key: str | None = None  # where the root's private key lies, if not with the other keys

    @property
    def https(self) -> bool:
        return self.url.startswith("https://")


_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "port": (0, 65535),
    "web_threads": (1, 64),
    "prepare_workers": (1, 8),
    "upload_mb": (1, MEDIA_LIMIT_MB),
    "film_mb": (1, MEDIA_LIMIT_MB),
    "free_mb": (0, 1_000_000),
}
_SHAPES: Final[Mapping[str, tuple[type, str]]] = {
    "url": (str, "an address such as https://bangtin.example.vn"),
    "bind": (str, "an address to listen on"),
    "allowed_hosts": (list, "a list of host names"),
    "trust_proxy": (bool, "true or false"),
    "broker": (dict, "null or the fields of an existing broker"),
    "root_key": (str, "null or the path of the root key's file"),
    **{name: (int, f"a number from {low} to {high}") for name, (low, high) in _RANGES.items()},
}


def read_options(home: Home) -> Options:
    """The options of `home`; the defaults where the file is missing. Raises HomeError with every error at once."""
    if not home.config_file.is_file():
        return Options()
    try:
        given = yaml.safe_load(home.config_file.read_text("utf-8")) or {}
    except yaml.YAMLError as exc:
        raise HomeError(f"{home.config_file}: {exc}") from exc
    if not isinstance(given, dict):
        raise HomeError(f"{home.config_file}: needs fields like `port: 8000`, not {given!r}")
    errors = [error for name, value in given.items() if (error := _error_of(str(name), value))]
    if errors:
        raise HomeError("\n".join(f"{home.config_file}: {error}" for error in errors))
    if "allowed_hosts" in given:
        given["allowed_hosts"] = tuple(map(str, given["allowed_hosts"]))
    return Options(**given)


def _error_of(name: str, value: object) -> str:
    """What is wrong with one field, or an empty string."""
    if name not in _SHAPES:
        return f"{name}: unknown, known are {', '.join(sorted(_SHAPES))}"
    kind, allowed = _SHAPES[name]
    if value is None and name in ("broker", "root_key"):
        return ""
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return f"{name}: {value!r}, needs {allowed}"
    if isinstance(value, int) and name in _RANGES and not _RANGES[name][0] <= value <= _RANGES[name][1]:
        return f"{name}: {value!r}, needs {allowed}"
    return ""


def default_home() -> Home:
    """The folder named by HOME_VARIABLE (made if missing), else one in the user's data folder."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Home(Path(named).resolve()).ensure()
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Home(Path(data) / "bangtin-publisher")

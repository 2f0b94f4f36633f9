"""What the drivers' tests share: waiting with a deadline, a fake kernel tree, an environment of their own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.waiting import eventually

WaitUntil = Callable[[Callable[[], bool]], bool]
FakeTree = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def wait_until() -> WaitUntil:
    """Waits until a condition holds; fails at the deadline."""
    return eventually


@pytest.fixture
def tree(tmp_path: Path) -> FakeTree:
    """Makes a folder of small files that stands for /sys or /proc."""

    def make(files: Mapping[str, str]) -> Path:
        root = tmp_path / "kernel"
        root.mkdir(exist_ok=True)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return make


_CARD = """
import sys, threading
turn = threading.Event()
with open(sys.argv[1], "ab", buffering=0) as heard:
    while block := sys.stdin.buffer.read(2205):
        heard.write(block)
        turn.wait(0.05)
"""


@pytest.fixture
def alsa_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An ALSA device `card` that takes sound as fast as it would be heard, and `fast` that takes it all at once.

    What they heard is in the file returned (`fast`: beside it, `.fast`).
    """
    heard, reader, settings = (tmp_path / name for name in ("heard.raw", "card.py", "asound.conf"))
    reader.write_text(_CARD)
    settings.write_text(
        f'pcm.card {{ type file file "| {sys.executable} {reader} {heard}" format raw slave.pcm {{ type null }} }}\n'
        f'pcm.fast {{ type file file "{heard}.fast" format raw slave.pcm {{ type null }} }}\n'
    )
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(settings))
    return heard


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """SDL is told what to do by environment variables and some libraries write where they stand: both are put back."""
    before = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("SDL_") or name in {"DISPLAY", "WAYLAND_DISPLAY"}]:
        del os.environ[name]
    monkeypatch.chdir(tmp_path)
    yield
    for name in set(os.environ) - set(before):
        del os.environ[name]
    os.environ.update(before)

"""A file is what its first bytes say."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from player.bench.film import shoot
from player.prepare.kinds import Kind, kind_of


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF"])
def test_pictures(form: str) -> None:
    out = io.BytesIO()
    Image.new("RGB", (5, 5)).save(out, form)
    assert kind_of(out.getvalue()) is Kind.PICTURE


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv", "a.mov", "a.avi", "a.ts"])
def test_films(name: str, tmp_path: Path) -> None:
    shoot(tmp_path / name, [Image.new("RGB", (64, 48))] * 30)
    assert kind_of((tmp_path / name).read_bytes()[:4096]) is Kind.FILM


@pytest.mark.parametrize("name", ["a.mp3", "a.wav", "a.mp4", "a.webm"])
def test_sound_alone(name: str, tmp_path: Path) -> None:
    shoot(tmp_path / name, tone_s=0.5)
    assert kind_of((tmp_path / name).read_bytes()[:4096]) is Kind.FILM


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.7\n", Kind.DOCUMENT), (b"junk before it\n%PDF-1.4", Kind.DOCUMENT),
        (b"\0\0\0\x18ftypheic\0\0\0\0", Kind.HEIC), (b"\0\0\0\x18ftypmif1heic", Kind.HEIC),
        (b"\0\0\0\x18ftypisom\0\0\0\0", Kind.FILM), (b"\x1a\x45\xdf\xa3", Kind.FILM), (b"fLaC", Kind.FILM),
        (b"", Kind.NONE), (b"GI", Kind.NONE), (b"#EXTM3U\nhttp://x/", Kind.NONE), (b"<svg/>", Kind.NONE),
        (b"RIFF\0\0\0\0ACON", Kind.NONE), (b"MZ\x90", Kind.NONE), (b"ffconcat version 1.0", Kind.NONE),
        ("Thông báo".encode("utf-16"), Kind.NONE), (b"PK\x03\x04", Kind.NONE), (b"G" * 2000, Kind.FILM),
    ],
)  # fmt: skip
def test_by_mark(head: bytes, kind: Kind) -> None:
    assert kind_of(head) is kind

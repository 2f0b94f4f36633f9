"""That each file made for the day at speed is of its kind, by the judgement of the player's own decoders."""

from __future__ import annotations

from pathlib import Path

import pytest

from player.bench.files import FILMS, PICTURES, Kind, make
from player.film import file as films
from player.prepare.gallery import Gallery

MOVING = {"moving.png", "moving.gif", "moving.webp"}
CODECS = {"h264.mp4": "h264", "hevc.mp4": "hevc", "vp9.webm": "vp9", "av1.mp4": "av1"}


@pytest.mark.parametrize("kind", [*PICTURES, *FILMS], ids=lambda kind: kind.name)
def test_a_file_is_of_its_kind_and_lies_under_the_name_of_its_content(tmp_path: Path, kind: Kind) -> None:
    made = make(kind, tmp_path, 3)
    found = Gallery().inspect("k", tmp_path / made.sha256)
    assert (found.mime, made.mime) == (kind.mime, kind.mime)
    assert (tmp_path / made.sha256).stat().st_size == made.size
    assert (found.length_s > 0) is (kind in FILMS or kind.name in MOVING)
    assert found.pages == (3 if kind.name == "a.pdf" else 1)
    assert found.sound is (kind in FILMS)


@pytest.mark.parametrize("kind", [kind for kind in FILMS if kind.name in CODECS], ids=lambda kind: kind.name)
def test_every_codec_a_board_takes_is_among_the_films(tmp_path: Path, kind: Kind) -> None:
    made = make(kind, tmp_path, 0)
    with films.opened(tmp_path / made.sha256) as container:
        assert container.streams.video[0].codec_context.codec.canonical_name == CODECS[kind.name]


def test_no_film_is_of_a_codec_nobody_looked_at() -> None:
    assert {kind.name for kind in FILMS if kind.mime.startswith("video/")} == set(CODECS)


def test_each_number_is_a_content_of_its_own(tmp_path: Path) -> None:
    for kind in (*PICTURES, FILMS[-1]):
        assert make(kind, tmp_path, 0).sha256 != make(kind, tmp_path, 1).sha256


def test_a_photograph_that_was_held_upright_stands_upright(tmp_path: Path) -> None:
    turned = next(kind for kind in PICTURES if kind.name == "turned.jpg")
    found = Gallery().inspect("k", tmp_path / make(turned, tmp_path, 0).sha256)
    assert found.height_px > found.width_px

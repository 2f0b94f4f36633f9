"""Pictures on disk: one file for each picture that differs from the one before."""

from __future__ import annotations

from pathlib import Path

import pygame
import pytest

from drivers import panel
from drivers.panel import PanelError, Rect


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_a_picture_only_when_it_changed(tmp_path: Path) -> None:
    shown = panel.create("png", 32, 16, {"folder": str(tmp_path / "out")})
    shown.open()
    for colour in ((255, 0, 0), (255, 0, 0), (0, 0, 255)):
        shown.surface.fill(colour)
        shown.present()
    shown.surface.set_at((31, 15), (1, 1, 1))
    shown.present([Rect(0, 0, 1, 1)])

    assert names(tmp_path / "out") == ["frame-000001.png", "frame-000002.png"]
    assert shown.health() == {"driver": "png", "presented": 4, "written": 2}


def test_a_file_holds_exactly_the_capture(tmp_path: Path) -> None:
    shown = panel.create("png", 32, 16, {"folder": str(tmp_path)})
    shown.open()
    shown.set_brightness(50)
    shown.surface.fill((200, 100, 50), (3, 3, 9, 9))
    shown.present()

    loaded = pygame.image.load(tmp_path / "frame-000001.png")

    assert pygame.image.tobytes(loaded, "RGB") == shown.capture().data


def test_goes_on_counting_where_the_folder_ends(tmp_path: Path) -> None:
    for name in ("frame-000007.png", "frame-x.png", "other.png"):
        (tmp_path / name).touch()
    shown = panel.create("png", 32, 16, {"folder": str(tmp_path)})
    shown.open()
    shown.present()

    assert "frame-000008.png" in names(tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    shown = panel.create("png", 32, 16, {"folder": str(tmp_path / "file" / "out")})
    with pytest.raises(PanelError, match=r"folder=.*file/out"):
        shown.open()

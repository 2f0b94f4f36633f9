"""Crest and colours of a unit: taken as files, inherited down the tree, carried by the playlist."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from agent.sync import media_of
from player.model import Desired, UnitTheme
from publisher.accounts.models import User
from publisher.broadcast.compose import Face, compose
from publisher.broadcast.models import Task
from publisher.home import Home
from publisher.media.models import Asset
from publisher.screens.models import Screen
from publisher.units.dress import face_of
from publisher.units.models import Unit

pytestmark = pytest.mark.django_db

AsUser = Callable[[User], Client]
PAGE = "/don-vi/75/giao-dien"
THEME = b'routine: {ground: "#001a00", accent: "#00ff88"}\n'


def png(width_px: int = 2, height_px: int = 2) -> bytes:
    """A whole PNG of black pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"".join(b"\0" + bytes(width_px) for _ in range(height_px)))
    head = struct.pack(">IIBBBBB", width_px, height_px, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def sent(client: Client, **given: Any) -> str:
    """The page one comes back to."""
    files = {name: SimpleUploadedFile(f"{name}.file", value) if isinstance(value, bytes) else value
             for name, value in given.items()}  # fmt: skip
    answer = client.post(PAGE, files, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def admin(commune: Any, as_user: AsUser) -> Client:
    return as_user(commune.admin)


def face(code: str) -> Any:
    return face_of(Unit.objects.get(pk=code))


def test_both_are_worn_by_the_units_below_and_told_to_their_screens(admin: Client, commune: Any, home: Home) -> None:
    Screen.objects.create(id="s-abcdef", name="A", unit_id="25357", width_px=64, height_px=32, claimed=timezone.now())
    sent(admin, crest=png(), theme=THEME)
    worn = face("25357")
    assert worn.name == commune.unit.name
    assert worn.crest.mime == "image/png"
    assert (home.content / worn.crest.sha256).read_bytes() == png()
    assert worn.theme.routine.ground == "#001a00"
    assert Task.objects.filter(kind="desired", target="s-abcdef").exists()


def test_a_unit_s_own_goes_before_that_of_the_unit_above(admin: Client) -> None:
    sent(admin, crest=png(), theme=THEME)
    own = Asset.objects.create(sha256="ab" * 32, kind="picture", mime="image/png", size=9)
    Unit.objects.filter(pk="25357").update(crest=own, theme={"routine": {"ground": "#000044"}})
    assert face("25357").crest.sha256 == "ab" * 32
    assert face("25357").theme.routine.ground == "#000044"
    assert face("25345").theme.routine.ground == "#001a00"


def test_what_is_ticked_is_dropped(admin: Client) -> None:
    sent(admin, crest=png(), theme=THEME)
    sent(admin, drop_theme="on")
    assert face("75").theme is None
    assert face("75").crest is not None
    sent(admin, drop_crest="on")
    assert face("75").crest is None


@pytest.mark.parametrize(
    "data",
    [b"GIF89a" + bytes(40), png()[:-20], png(1025, 1), png() + b"x" * 2_000_000, png().replace(b"IDAT", b"IDAX")],
    ids=["gif", "cut", "large", "heavy", "damaged"],
)
def test_a_crest_that_is_no_small_whole_png_is_refused_in_words(data: bytes, admin: Client, home: Home) -> None:
    assert "Biểu trưng phải là ảnh PNG còn nguyên vẹn" in sent(admin, crest=data)
    assert face("75").crest is None
    assert not Asset.objects.exists()
    assert not list((home.scratch / "uploads").iterdir())


def test_a_theme_is_refused_with_every_fault_and_nothing_of_it_is_taken(admin: Client) -> None:
    page = sent(admin, crest=png(), theme=b"routine: {ground: xanh}\nledd: {}\n")
    assert "theme.file:1: routine.ground" in page
    assert "#rrggbb" in page
    assert "theme.file:2: ledd" in page
    assert face("75").theme is None
    assert face("75").crest is None


def test_colours_nobody_could_read_are_refused(admin: Client) -> None:
    assert "emergency: text / ground" in sent(admin, theme=b'emergency: {ground: "#ff0000", text: "#00ff00"}')
    assert face("75").theme is None


def test_only_the_administrator_changes_them(commune: Any, as_user: AsUser) -> None:
    for user in (commune.writer, commune.technician, commune.approver):
        assert as_user(user).post(PAGE, {"drop_crest": "on"}).status_code in {403, 404}


def test_the_page_shows_what_is_worn(admin: Client) -> None:
    page = sent(admin, crest=png(), theme=THEME)
    assert face("75").crest.sha256 in page
    assert "Đang dùng màu riêng" in page


def test_a_playlist_carries_them_and_a_board_fetches_the_crest(admin: Client) -> None:
    sent(admin, crest=png(), theme=THEME)
    worn = face("25357")
    playlist = compose(Face("s-abcdef", worn, (), Desired()), ())
    assert playlist.unit == worn
    assert isinstance(playlist.unit.theme, UnitTheme)
    assert media_of(playlist) == (worn.crest,)

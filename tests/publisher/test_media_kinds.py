"""Documents, films and sounds on their way in: what staff may bring, how long it lasts, and why one is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from PIL import Image
from pillow_heif import from_pillow

from player.bench.film import shoot
from player.model import Item, Media, Priority, Unit, Version, placed
from player.show import PanelShape
from publisher.broadcast import compose
from publisher.broadcast.compose import OnAir
from publisher.broadcast.onair import Shape, guess_dwell_s
from publisher.bulletins import measure
from publisher.home import Home, Options
from publisher.media import store as stores
from publisher.media.limits import Limits
from publisher.media.models import Asset, Upload
from publisher.media.store import Store
from tests.waiting import eventually

pytestmark = pytest.mark.django_db
LED = PanelShape(192, 96, "led")


@pytest.fixture
def store(home: Home) -> Store:
    return Store(home, apps.get_app_config("media").desk, Limits.of(Options()))  # type: ignore[attr-defined]


def settled(store: Store, upload: Upload) -> Upload:
    eventually(lambda: store.settle(upload).status != "checking", "a look at it to its end")
    return upload


def brought(store: Store, owner: Any, path: Path) -> Upload:
    return settled(store, store.receive(owner, path.name, [path.read_bytes()]))


def greys(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (96, 64), (n, n, n)) for n in range(count)]


def a_film(folder: Path) -> Path:
    return shoot(folder / "phim.mp4", greys(90), tone_s=1.0)


def a_sound(folder: Path) -> Path:
    return shoot(folder / "nhac.mp3", tone_s=4.0)


def a_document(folder: Path, pages: int = 3) -> Path:
    path = folder / "van-ban.pdf"
    greys(1)[0].save(path, save_all=True, append_images=greys(pages - 1) if pages > 1 else [])
    return path


def a_photograph(folder: Path) -> Path:
    from_pillow(greys(1)[0]).save(folder / "anh.heic", quality=80)
    return folder / "anh.heic"


def a_moving_picture(folder: Path) -> Path:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue")]
    frames[0].save(folder / "a.gif", save_all=True, append_images=frames[1:], duration=700)
    return folder / "a.gif"


@pytest.mark.parametrize(
    ("make", "mime", "pages", "length_s"),
    [
        (a_film, "video/mp4", 1, 3.0), (a_sound, "audio/mpeg", 1, 4.0), (a_document, "application/pdf", 3, 0.0),
        (a_photograph, "image/heic", 1, 0.0), (a_moving_picture, "image/gif", 1, 1.4),
    ],
)  # fmt: skip
def test_every_kind_is_taken_for_what_it_is(  # noqa: PLR0917
    make: Any, mime: str, pages: int, length_s: float, commune: Any, store: Store, tmp_path: Path
) -> None:
    path = make(tmp_path)
    upload = brought(store, commune.writer, path.rename(tmp_path / "ten-khac.jpg"))
    assert upload.status == "accepted", upload.reason
    asset = Asset.objects.get()
    assert (asset.mime, asset.pages) == (mime, pages)
    assert asset.duration_s == pytest.approx(length_s, abs=0.15)
    assert asset.lasts == mime.startswith(("video/", "audio/"))


def test_what_is_too_long_is_refused(
    commune: Any, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert brought(store, commune.writer, a_document(tmp_path, 41)).reason == "pages"
    monkeypatch.setattr(stores, "FILM_LONGEST_S", 2)
    assert brought(store, commune.writer, a_film(tmp_path)).reason == "long"
    assert not Asset.objects.exists()


def test_a_film_of_four_hours_is_refused_for_its_length(commune: Any, store: Store, tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", greys(5), at_s=[0, 3600, 7200, 10_800, 14_400])
    upload = brought(store, commune.writer, path)
    assert (upload.status, upload.reason) == ("refused", "long")


# --- on the boards


@pytest.mark.parametrize(("mime", "film"), [("image/gif", False), ("application/pdf", False), ("video/mp4", True), ("audio/mpeg", True)])  # fmt: skip  # noqa: E501
def test_what_moves_with_sound_or_is_only_heard_is_a_film(mime: str, film: bool) -> None:
    media = Media("a" * 64, 9, mime)
    assert placed(media) == ((None, media) if film else (media, None))
    bulletin = OnAir(
        uid="a", revision=1, priority=Priority.ROUTINE, versions=(Version("vi", "Tin"),), dwell_s=9.0,
        approved=datetime(2026, 1, 1, tzinfo=UTC), picture=media,
    )  # fmt: skip
    item = compose._item(bulletin)
    assert (item.film is not None, item.picture is not None) == (film, not film)


def test_a_slot_is_as_long_as_its_film_or_its_document(commune: Any, store: Store, tmp_path: Path) -> None:
    unit = Unit("1", "UBND xã Tân Khai")

    def spot(mime: str, text: str = "", **facts: Any) -> measure.Spot:
        picture, film = placed(Media("a" * 64, 9, mime))
        item = Item("a", 1, Priority.ROUTINE, (Version("vi", "", text),), 1.0, picture=picture, film=film)
        return measure.spot(item, unit, LED, Asset(mime=mime, **facts))

    assert spot("video/mp4", duration_s=95.0).dwell_s == 95.0
    assert spot("audio/mpeg", "Quốc ca", duration_s=70.0).dwell_s == 70.0
    document = spot("application/pdf", pages=6)
    assert (document.pages, document.dwell_s) == (6, 90.0)
    assert spot("image/jpeg").dwell_s < 20


@pytest.mark.parametrize(("file_s", "dwell_s"), [(0.0, 12.0), (90.0, 90.0), (1700.0, 1700.0)])
def test_on_a_board_that_came_later_a_film_is_not_cut(file_s: float, dwell_s: float) -> None:
    bulletin = OnAir(
        uid="a", revision=1, priority=Priority.ROUTINE, versions=(Version("vi", "Tin"),), dwell_s=9.0, approved=None,
        picture=Media("a" * 64, 9, "video/mp4"), file_s=file_s,
    )  # fmt: skip
    assert guess_dwell_s(bulletin, Shape(64, 32, "led"), "UBND") == dwell_s

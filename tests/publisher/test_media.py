"""Files on their way in: what they are is decided by a worker, never by their name."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import struct
import wave
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from player.model import Item, Priority, Unit, Version
from player.show import PanelShape, Show
from publisher.accounts.models import User
from publisher.bulletins.models import BulletinText
from publisher.home import Home, Options
from publisher.media.desk import Look, PrepareDesk
from publisher.media.limits import Limits
from publisher.media.models import Asset, Upload
from publisher.media.store import RefusedError, Store
from tests.noise import noisy
from tests.waiting import eventually

pytestmark = pytest.mark.django_db

AsUser = Callable[[User], Client]


@pytest.fixture
def desk() -> PrepareDesk:
    found: PrepareDesk = apps.get_app_config("media").desk  # type: ignore[attr-defined]
    return found


@pytest.fixture
def store(home: Home, desk: PrepareDesk) -> Store:
    return Store(home, desk, Limits.of(Options()))


def picture(kind: str = "JPEG", size: tuple[int, int] = (320, 200), seed: int = 0) -> bytes:
    out = io.BytesIO()
    noisy(size, 80, seed).convert("RGB").save(out, kind)
    return out.getvalue()


def bomb() -> bytes:
    """A small PNG that claims 60000×60000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")


def settled(store: Store, upload: Upload) -> Upload:
    eventually(lambda: store.settle(upload).status != "checking")
    return upload


def test_a_picture_becomes_an_asset_named_by_its_hash(commune: Any, store: Store, home: Home) -> None:
    upload = settled(store, store.receive(commune.writer, "ảnh.jpg", [picture()]))
    assert upload.status == "accepted"
    asset = Asset.objects.get()
    assert (asset.kind, asset.mime, asset.width_px, asset.height_px) == ("picture", "image/jpeg", 320, 200)
    assert (home.content / asset.sha256).stat().st_size == asset.size
    assert not list((home.scratch / "uploads").iterdir())


def test_the_same_picture_again_is_not_looked_at_twice(commune: Any, store: Store) -> None:
    data = picture()
    settled(store, store.receive(commune.writer, "a.jpg", [data]))
    assert store.receive(commune.approver, "b.jpg", [data]).status == "accepted"
    assert Asset.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'></svg>", "format"),
        (b"<html><script>alert(1)</script></html>", "format"),
        (b"GIF89a", "format"),
        (picture()[:2000], "truncated"),
        (bomb(), "bomb"),
    ],
    ids=["svg", "html", "stump", "truncated", "bomb"],
)
def test_a_file_is_what_its_bytes_say(data: bytes, reason: str, commune: Any, store: Store) -> None:
    upload = settled(store, store.receive(commune.writer, "anh.png", [data]))
    assert upload.status == "refused"
    assert upload.reason == reason
    assert not Asset.objects.exists()


def test_a_full_disk_refuses_in_words_and_leaves_nothing(
    commune: Any, store: Store, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("publisher.media.store.os.fsync", full)
    with pytest.raises(RefusedError, match="full"):
        store.receive(commune.writer, "x.png", [picture()])
    assert not list((home.scratch / "uploads").iterdir())


def test_an_empty_file_is_refused(commune: Any, store: Store) -> None:
    with pytest.raises(RefusedError, match="empty"):
        store.receive(commune.writer, "x.png", [b""])


def test_forgotten_uploads_are_swept(commune: Any, store: Store) -> None:
    upload = settled(store, store.receive(commune.writer, "x.png", [b"<svg/>"]))
    assert store.sweep(upload.created + timedelta(hours=1)) == 0
    assert store.sweep(upload.created + timedelta(days=2)) == 1


def test_a_file_that_a_killed_process_left_is_swept_too(commune: Any, store: Store, home: Home) -> None:
    now = store.receive(commune.writer, "a.png", [picture("PNG")]).created
    folder = home.scratch / "uploads"
    for name, age in (("left", timedelta(days=2)), ("coming", timedelta(hours=1))):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, times=((now - age).timestamp(),) * 2)
    assert store.sweep(now) == 0
    assert not (folder / "left").exists()
    assert (folder / "coming").exists()


def test_a_page_that_asks_late_does_not_refuse_what_was_accepted(commune: Any, store: Store) -> None:
    upload = store.receive(commune.writer, "a.png", [picture("PNG")])
    late = Upload.objects.get(pk=upload.pk)
    assert settled(store, upload).status == "accepted"
    assert (store.settle(late).status, late.asset) == ("accepted", upload.asset)
    assert Upload.objects.get().status == "accepted"


def test_two_pages_that_learn_it_in_the_same_moment_are_told_the_same(
    commune: Any, store: Store, desk: PrepareDesk, home: Home
) -> None:
    class Overtaken:
        """Another page settles it between the worker's answer and what is made of it here."""

        def inspected(self, path: Path) -> object:
            found = eventually(lambda: desk.inspected(path))
            store.settle(Upload.objects.get(pk=path.name))
            return found

    upload = store.receive(commune.writer, "a.png", [picture("PNG")])
    desk_of_other: Any = Overtaken()
    other = Store(home, desk_of_other, Limits.of(Options()))
    assert other.settle(upload).status == "accepted"
    assert upload.asset == Asset.objects.get()


def recording(seconds: float, width: int = 2) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setnchannels(1)
        clip.setsampwidth(width)
        clip.setframerate(22_050)
        clip.writeframes(
            b"".join(bytes(width - 1) + (b"\x20" if n % 60 < 30 else b"\xe0") for n in range(int(22_050 * seconds)))
        )
    return out.getvalue()


@pytest.fixture(scope="module")
def opus() -> bytes:
    """A second of a tone as a browser records it: Opus in WebM."""
    av = pytest.importorskip("av", reason="the decoder of recordings is not installed")
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as target, av.open(io.BytesIO(recording(1)), "r", format="wav") as source:
        stream = target.add_stream("libopus", rate=48_000, layout="mono")
        cut = av.AudioResampler(stream.codec_context.format, "mono", 48_000, frame_size=960)
        frames = [piece for frame in (*source.decode(audio=0), None) for piece in cut.resample(frame)]
        for frame in (*frames, None):
            for packet in stream.encode(frame):
                target.mux(packet)
    return out.getvalue()


def test_a_recording_is_kept_as_it_is_sent_whatever_it_was(commune: Any, store: Store, home: Home, opus: bytes) -> None:
    for brought, seconds in ((recording(8), 8.0), (opus, 1.0)):
        asset = store.receive_audio(commune.writer, "khmer.wav", [brought])
        kept = (home.content / asset.sha256).read_bytes()
        assert (asset.kind, asset.mime, asset.name) == ("audio", "audio/ogg", "khmer.wav")
        assert asset.duration_s == pytest.approx(seconds, abs=0.1)
        assert (asset.size, asset.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
        assert kept[28:36] == b"OpusHead"
        assert len(kept) < 4000 * seconds + 2000
    assert not list((home.scratch / "uploads").iterdir())


def test_the_same_recording_brought_twice_is_one_file(commune: Any, store: Store) -> None:
    first, again = (store.receive_audio(commune.writer, name, [recording(2)]) for name in ("a.wav", "b.wav"))
    assert first == again
    assert again.name == "a.wav"


def test_a_recording_of_silence_is_told_apart(commune: Any, store: Store) -> None:
    out = io.BytesIO()
    with wave.open(out, "wb") as clip:
        clip.setparams((1, 2, 22_050, 0, "NONE", "not compressed"))
        clip.writeframes(bytes(44_100))
    with pytest.raises(RefusedError, match="silence"):
        store.receive_audio(commune.writer, "x.wav", [out.getvalue()])


@pytest.mark.parametrize("data", [b"RIFF", b"not sound", b"#EXTM3U\nfile:///etc/passwd", recording(0)])
def test_what_is_no_recording_is_refused(data: bytes, commune: Any, store: Store) -> None:
    with pytest.raises(RefusedError, match="audio"):
        store.receive_audio(commune.writer, "x.wav", [data])
    assert not Asset.objects.exists()


# --- the pages


def test_the_upload_field_comes_back_with_the_picture_in_it(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.writer)
    sent = client.post("/tep", {"file": SimpleUploadedFile("ảnh.jpg", picture())})
    assert "Đang kiểm tra tệp" in sent.content.decode()
    uid = Upload.objects.get().uid
    page = eventually(lambda: (text := client.get(f"/tep/{uid}").content.decode()) and "/tep/anh/" in text and text)
    assert Asset.objects.get().sha256 in page
    assert as_user(commune.approver).get(f"/tep/{uid}").status_code == 404


def test_a_refused_file_is_told_in_words(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.writer)
    client.post("/tep", {"file": SimpleUploadedFile("trang.png", b"<html>")})
    uid = Upload.objects.get().uid
    page = eventually(lambda: (text := client.get(f"/tep/{uid}").content.decode()) and 'role="alert"' in text and text)
    assert "không phải ảnh" in page


def test_a_recording_comes_back_in_its_field_and_again_with_the_draft(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.writer)
    page = client.post("/tep/ghi-am", {"recording": SimpleUploadedFile("stieng.wav", recording(1))}).content.decode()
    sha256 = Asset.objects.get().sha256
    assert f'value="{sha256}"' in page
    form = {"unit": commune.unit.code, "body": "Họp dân", "priority": "routine", "lang2": "sti", "audio2": sha256}
    client.post("/soan-tin", {**form, "action": "save"})
    text = BulletinText.objects.get(lang="sti")
    assert text.audio_id == sha256
    draft = client.get(f"/tin/{text.bulletin.uid}/sua").content.decode()
    assert f'name="audio2" value="{sha256}"' in draft
    assert f'src="/tep/anh/{sha256}"' in draft


def test_the_first_text_may_have_a_recording_too_and_lose_it_again(commune: Any, as_user: AsUser, opus: bytes) -> None:
    client = as_user(commune.writer)
    sent = {"slot": "audio", "recording": SimpleUploadedFile("loi.webm", opus)}
    page = client.post("/tep/ghi-am", sent).content.decode()
    sha256 = Asset.objects.get().sha256
    assert f'name="audio" value="{sha256}"' in page
    form = {"unit": commune.unit.code, "body": "Họp dân", "priority": "routine", "audio": sha256}
    client.post("/soan-tin", {**form, "action": "save"})
    text = BulletinText.objects.get(lang="vi")
    assert text.audio_id == sha256
    assert f'name="audio" value="{sha256}"' in client.get(f"/tin/{text.bulletin.uid}/sua").content.decode()

    empty = client.post("/tep/ghi-am", {"slot": "audio", "forget": "1"}).content.decode()
    assert 'name="audio" value=""' in empty
    assert 'role="alert"' not in empty


def test_the_microphone_is_allowed_where_a_voice_is_recorded_and_nowhere_else(commune: Any, as_user: AsUser) -> None:
    client = as_user(commune.writer)
    assert "microphone=(self)" in client.get("/soan-tin").headers["Permissions-Policy"]
    assert "microphone=()" in client.get("/tin").headers["Permissions-Policy"]


@pytest.mark.parametrize("data", [b"", b"not sound", recording(0)], ids=["empty", "text", "no sound"])
def test_what_is_no_recording_is_told_in_words(data: bytes, commune: Any, as_user: AsUser) -> None:
    sent = as_user(commune.writer).post("/tep/ghi-am", {"recording": SimpleUploadedFile("x.wav", data)})
    assert sent.status_code == 200
    assert 'role="alert"' in sent.content.decode()
    assert 'name="audio2" value=""' in sent.content.decode()


# --- previews


def show(body: str, shape: PanelShape) -> Show:
    item = Item(id="x", revision=1, priority=Priority.ROUTINE, versions=(Version(lang="vi", body=body),), dwell_s=1)
    return Show(Unit(code="25357", name="Phường Tân Khai"), shape, item)


@pytest.mark.parametrize("shape", [PanelShape(width_px=1920, height_px=1080), PanelShape(192, 96, "led")])
def test_a_preview_is_the_size_of_its_screen_and_shows_something(shape: PanelShape, desk: PrepareDesk) -> None:
    asked = show("Họp dân ấp 3 lúc 19h tại nhà văn hóa.", shape)
    ready: Look = eventually(lambda: (look := desk.look(asked)).views and look)
    png = desk.png(ready.key, 0)
    assert png is not None
    with Image.open(io.BytesIO(png)) as image:
        assert image.size == (shape.width_px, shape.height_px)
        assert len(image.getcolors(100_000) or ()) > 2


def test_a_long_text_on_a_low_panel_has_enough_pictures_to_be_read(desk: PrepareDesk) -> None:
    body = " ".join(f"Điều {number}: tuyên truyền ở ấp {number} của phường Tân Khai." for number in range(60))
    asked = show(body, PanelShape(192, 96, "led"))
    ready: Look = eventually(lambda: (look := desk.look(asked)).views and look)
    assert len(ready.views) >= 5
    assert len({desk.png(ready.key, number) for number in range(len(ready.views))}) == len(ready.views)


def test_pictures_that_do_not_exist_are_not_made(desk: PrepareDesk, tmp_path: Path) -> None:
    assert desk.png("0" * 32, 0) is None
    asked = show("Họp dân.", PanelShape(192, 96, "led"))
    ready: Look = eventually(lambda: (look := desk.look(asked)).views and look)
    assert desk.png(ready.key, 99) is None
    assert desk.png(ready.key, -1) is None


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_workers_that_could_not_start_are_started_with_the_next_question(tmp_path: Path) -> None:
    in_the_way = tmp_path / "scratch"
    in_the_way.write_bytes(b"")
    desk = PrepareDesk(in_the_way / "frames")
    asked = tmp_path / "no.png"
    assert desk.inspected(asked) is None
    eventually(lambda: desk._thread is not None and not desk._thread.is_alive())
    in_the_way.unlink()
    try:
        assert eventually(lambda: desk.inspected(asked)).reason.startswith("missing")
    finally:
        desk.close()


def test_a_missing_file_is_a_refusal_not_a_wait(desk: PrepareDesk, tmp_path: Path) -> None:
    found = eventually(lambda: desk.inspected(tmp_path / "nothing.png"))
    assert found.reason.startswith("missing")

"""Bundles on a stick obey the same rules as the air, and a hostile stick gets nothing more."""

from __future__ import annotations

import errno
import os
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.bundle import Bundles, BundleSource, drop, find
from agent.events import NotReady, Ready
from agent.fetch import FetchError
from agent.trust import digest
from player import wire
from player.model import Media, Playlist, Version
from tests.agent.bench import Bench
from tests.agent.rig import Rig
from tests.agent.signer import Signer

PICTURE = b"a picture" * 1000


class Stick(Rig):
    """A rig that looks for bundles in a folder, and has no publisher to ask."""

    def __init__(self, bench: Bench, folder: Path) -> None:
        super().__init__(bench, "http://127.0.0.1:9")
        self.folder = folder
        folder.mkdir()
        self.handed_over = folder.parent / "import"
        self.bundles = Bundles(self.handed_over, [folder], bench.desk, self.playlists)

    def playlist(self) -> Playlist:
        media = Media(digest(PICTURE), len(PICTURE), "image/png")
        return self.signer.playlist(self.signer.item(picture=media))


@pytest.fixture
def stick(bench: Bench, tmp_path: Path) -> Iterator[Stick]:
    stick = Stick(bench, tmp_path / "stick")
    yield stick
    stick.close()


def write(folder: Path, signer: Signer, playlist: Playlist, picture: bytes = PICTURE) -> Path:
    (folder / "media").mkdir(parents=True)
    (folder / "media" / digest(PICTURE)).write_bytes(picture)
    (folder / "body").write_bytes(wire.encode(playlist))
    (folder / "pointer.json").write_bytes(signer.seal(signer.pointer(playlist)))
    return folder


def pack(folder: Path, target: Path) -> Path:
    with tarfile.open(target, "w") as tar:
        for name in ("pointer.json", "body", f"media/{digest(PICTURE)}"):
            tar.add(folder / name, name)
    return target


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "tar"])
def test_a_signed_bundle_is_put_in_place(stick: Stick, tmp_path: Path, packed: bool) -> None:
    playlist = stick.playlist()
    made = write(tmp_path / "made", stick.signer, playlist)
    if packed:
        pack(made, stick.folder / "week.tar")
    else:
        made.rename(stick.folder / "week")
    stick.bundles.scan()
    assert isinstance(stick.turn(), Ready)
    store = stick.bench.desk.store
    assert store.playlist_body() == wire.encode(playlist)
    assert (store.media_dir / digest(PICTURE)).read_bytes() == PICTURE
    stick.bundles.scan()
    assert stick.posted.empty()
    assert stick.bench.refused() == []


def test_a_foreign_bundle_is_refused(stick: Stick) -> None:
    stranger = type(stick.signer)()
    write(stick.folder / "week", stranger, stick.playlist())
    stick.bundles.scan()
    assert stick.bench.refused() == [("desired", "signature")]


def test_an_older_bundle_is_refused(stick: Stick, tmp_path: Path) -> None:
    old, new = stick.playlist(), stick.playlist()
    write(stick.folder / "new", stick.signer, new)
    stick.bundles.scan()
    stick.turn()
    write(stick.folder / "old", stick.signer, old)
    stick.bundles.scan()
    assert stick.bench.refused() == [("desired", "seq")]
    assert stick.playlists.seq == new.seq


def test_a_bundle_may_bring_the_keys_that_signed_it(stick: Stick) -> None:
    fresh = Ed25519PrivateKey.generate()
    playlist = stick.playlist()
    folder = write(stick.folder / "week", stick.signer, playlist)
    (folder / "pointer.json").write_bytes(stick.signer.seal(stick.signer.pointer(playlist), by=fresh))
    (folder / "keys.json").write_bytes(stick.signer.key_envelope(stick.signer.keys(fresh)))
    stick.bundles.scan()
    assert isinstance(stick.turn(), Ready)


def test_a_bundle_cannot_bring_keys_of_its_own(stick: Stick) -> None:
    folder = write(stick.folder / "week", stick.signer, stick.playlist())
    (folder / "keys.json").write_bytes(type(stick.signer)().key_envelope())
    stick.bundles.scan()
    assert stick.bench.refused() == [("keys", "signature")]
    assert stick.posted.empty()


@pytest.mark.parametrize(
    ("change", "reason"),
    [("picture", "hash"), ("short picture", "size"), ("no picture", "bundle"), ("no body", "bundle"), ("body", "size")],
)
def test_an_incomplete_or_spoilt_bundle_applies_nothing(stick: Stick, change: str, reason: str) -> None:
    folder = write(stick.folder / "week", stick.signer, stick.playlist())
    picture = folder / "media" / digest(PICTURE)
    changes: dict[str, Callable[[], object]] = {
        "picture": lambda: picture.write_bytes(PICTURE[:-1] + b"!"),
        "short picture": lambda: picture.write_bytes(PICTURE[:-1]),
        "no picture": picture.unlink,
        "no body": (folder / "body").unlink,
        "body": lambda: (folder / "body").write_bytes(b"{}" * 99999),
    }
    changes[change]()
    stick.bundles.scan()
    event = stick.turn()
    assert isinstance(event, NotReady)
    assert event.reason == reason
    assert stick.bench.desk.store.playlist_body() is None
    assert list(stick.bench.desk.store.media_dir.iterdir()) == []


def test_a_link_on_a_stick_is_not_followed(stick: Stick, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PICTURE)
    folder = write(stick.folder / "week", stick.signer, stick.playlist())
    picture = folder / "media" / digest(PICTURE)
    picture.unlink()
    picture.symlink_to(secret)
    stick.bundles.scan()
    event = stick.turn()
    assert isinstance(event, NotReady)
    assert event.reason == "bundle"


def test_a_pipe_on_a_stick_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "body")
    with pytest.raises(FetchError, match="not a plain file"):
        BundleSource(tmp_path).body("", 10, "0" * 64)


def test_a_tar_with_links_and_devices_gives_nothing(tmp_path: Path) -> None:
    target = tmp_path / "evil.tar"
    with tarfile.open(target, "w") as tar:
        link = tarfile.TarInfo("pointer.json")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    assert BundleSource(target).read_small("pointer.json") is None


def test_a_broken_tar_is_a_clear_refusal(stick: Stick) -> None:
    (stick.folder / "week.tar").write_bytes(b"no tar" * 1000)
    stick.bundles.scan()
    assert stick.bench.refused() == [("bundle", "bundle")]


def test_what_is_no_bundle_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"")
    (tmp_path / "docs").mkdir()
    (tmp_path / "half.part").mkdir()
    (tmp_path / "half.part" / "pointer.json").write_bytes(b"")
    assert find(tmp_path) == []
    assert find(tmp_path / "nowhere") == []


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "tar"])
def test_a_bundle_is_handed_over_whole(signer: Signer, tmp_path: Path, packed: bool) -> None:
    made = write(tmp_path / "made", signer, signer.playlist())
    source = pack(made, tmp_path / "week.tar") if packed else made
    target = drop(source, tmp_path / "state")
    assert find(tmp_path / "state" / "import") == [target]
    drop(source, tmp_path / "state")
    assert len(find(tmp_path / "state" / "import")) == 2


@pytest.mark.parametrize("packed", [False, True], ids=["folder", "tar"])
def test_a_bundle_handed_over_goes_when_it_is_in_place_and_a_stick_is_left_alone(
    stick: Stick, tmp_path: Path, packed: bool
) -> None:
    made = write(tmp_path / "made", stick.signer, stick.playlist())
    on_stick = pack(made, stick.folder / "week.tar")
    target = drop(pack(made, tmp_path / "week.tar") if packed else made, tmp_path)
    stick.bundles.scan()
    assert target.exists()
    assert isinstance(stick.turn(), Ready)
    stick.bundles.scan()
    assert list(stick.handed_over.iterdir()) == []
    assert on_stick.exists()


def test_a_refused_bundle_handed_over_goes_too(stick: Stick, tmp_path: Path) -> None:
    stranger = type(stick.signer)()
    drop(write(tmp_path / "made", stranger, stick.playlist()), tmp_path)
    stick.bundles.scan()
    assert stick.bench.refused() == [("desired", "signature")]
    assert list(stick.handed_over.iterdir()) == []


def test_a_bundle_stays_and_is_tried_again_while_this_disk_is_full(
    stick: Stick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = drop(write(tmp_path / "made", stick.signer, stick.playlist()), tmp_path)
    with monkeypatch.context() as full:
        full.setattr("agent.bundle.has_room", lambda folder, size: False)
        stick.bundles.scan()
        event = stick.turn()
    assert isinstance(event, NotReady)
    assert event.reason == "disk-full"
    stick.bundles.scan()
    assert target.exists()
    stick.delays.pop()[1]()
    assert isinstance(stick.turn(), Ready)


def test_what_a_bundle_lacks_is_asked_of_the_publisher(stick: Stick) -> None:
    folder = write(stick.folder / "week", stick.signer, stick.playlist())
    (folder / "media" / digest(PICTURE)).unlink()
    stick.bundles.scan()
    assert isinstance(stick.turn(), NotReady)
    stick.delays.pop()[1]()
    event = stick.turn()
    assert isinstance(event, NotReady)
    assert event.reason == "network"  # there is none in this test


def test_a_copy_that_fails_leaves_nothing_behind(
    signer: Signer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", fail)
    packed = pack(write(tmp_path / "made", signer, signer.playlist()), tmp_path / "week.tar")
    with pytest.raises(OSError, match="No space"):
        drop(packed, tmp_path / "state")
    assert list((tmp_path / "state" / "import").iterdir()) == []


def test_a_bundle_brings_the_sound_of_its_texts_while_it_is_there(stick: Stick) -> None:
    """Afterwards there may be neither stick nor network."""
    sound = Media(digest(PICTURE), len(PICTURE), "audio/ogg")
    lost = Media("0" * 64, 9, "audio/ogg")
    versions = (Version("vi", title="a", audio=sound), Version("sti", title="b", audio=lost))
    playlist = stick.signer.playlist(stick.signer.item(versions=versions))
    write(stick.folder / "tin", stick.signer, playlist)
    stick.bundles.scan()
    assert isinstance(stick.turn(), Ready)
    assert stick.done == [playlist]
    assert [path.name for path in stick.bench.desk.store.media_dir.iterdir()] == [sound.sha256]

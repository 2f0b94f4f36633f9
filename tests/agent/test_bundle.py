"""Bundles on a stick obey the same rules as the air, and a hostile stick gets nothing more."""

from __future__ import annotations

import os
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.bundle import Bundles, BundleSource, drop, find
from agent.events import NotReady, Ready
from agent.fetch import Fetcher, FetchError
from agent.playlists import Playlists
from agent.sync import Preparer
from agent.threads import lasting
from agent.trust import digest
from player import wire
from player.model import Media, Playlist
from tests.agent.bench import Bench
from tests.agent.signer import Signer

PICTURE = b"a picture" * 1000


class Rig:
    def __init__(self, bench: Bench, folder: Path) -> None:
        self.bench = bench
        self.signer = bench.signer
        self.folder = folder
        folder.mkdir()
        self.posted: SimpleQueue[Any] = SimpleQueue()
        now = lambda: bench.signer.now  # noqa: E731
        self.preparer = Preparer(bench.desk.store.media_dir, self.posted.put, now)
        self.thread = lasting("preparer", self.preparer.run, lambda event: None)
        self.fetcher = Fetcher("http://127.0.0.1:9", "t")
        self.playlists = Playlists(
            bench.desk, self.preparer, self.fetcher, [], later=lambda *_: None, done=lambda playlist: None
        )
        self.bundles = Bundles([folder], bench.desk, self.playlists)

    def playlist(self) -> Playlist:
        media = Media(digest(PICTURE), len(PICTURE), "image/png")
        return self.signer.playlist(self.signer.item(picture=media))

    def settle(self) -> Ready | NotReady:
        event: Ready | NotReady = self.posted.get(timeout=10)
        if isinstance(event, Ready):
            self.playlists.commit(event)
        else:
            self.playlists.not_ready(event)
        return event

    def close(self) -> None:
        self.preparer.leave()
        self.thread.join(10)
        self.fetcher.close()


@pytest.fixture
def rig(bench: Bench, tmp_path: Path) -> Iterator[Rig]:
    rig = Rig(bench, tmp_path / "stick")
    yield rig
    rig.close()


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
def test_a_signed_bundle_is_put_in_place(rig: Rig, tmp_path: Path, packed: bool) -> None:
    playlist = rig.playlist()
    made = write(tmp_path / "made", rig.signer, playlist)
    if packed:
        pack(made, rig.folder / "week.tar")
    else:
        made.rename(rig.folder / "week")
    rig.bundles.scan()
    assert isinstance(rig.settle(), Ready)
    store = rig.bench.desk.store
    assert store.playlist_body() == wire.encode(playlist)
    assert (store.media_dir / digest(PICTURE)).read_bytes() == PICTURE
    rig.bundles.scan()
    assert rig.posted.empty()
    assert rig.bench.refused() == []


def test_a_foreign_bundle_is_refused(rig: Rig) -> None:
    stranger = type(rig.signer)()
    write(rig.folder / "week", stranger, rig.playlist())
    rig.bundles.scan()
    assert rig.bench.refused() == [("desired", "signature")]


def test_an_older_bundle_is_refused(rig: Rig, tmp_path: Path) -> None:
    old, new = rig.playlist(), rig.playlist()
    write(rig.folder / "new", rig.signer, new)
    rig.bundles.scan()
    rig.settle()
    write(rig.folder / "old", rig.signer, old)
    rig.bundles.scan()
    assert rig.bench.refused() == [("desired", "seq")]
    assert rig.playlists.seq == new.seq


def test_a_bundle_may_bring_the_keys_that_signed_it(rig: Rig) -> None:
    fresh = Ed25519PrivateKey.generate()
    playlist = rig.playlist()
    folder = write(rig.folder / "week", rig.signer, playlist)
    (folder / "pointer.json").write_bytes(rig.signer.seal(rig.signer.pointer(playlist), by=fresh))
    (folder / "keys.json").write_bytes(rig.signer.key_envelope(rig.signer.keys(fresh)))
    rig.bundles.scan()
    assert isinstance(rig.settle(), Ready)


def test_a_bundle_cannot_bring_keys_of_its_own(rig: Rig) -> None:
    folder = write(rig.folder / "week", rig.signer, rig.playlist())
    (folder / "keys.json").write_bytes(type(rig.signer)().key_envelope())
    rig.bundles.scan()
    assert rig.bench.refused() == [("keys", "signature")]
    assert rig.posted.empty()


@pytest.mark.parametrize(
    ("change", "reason"),
    [("picture", "hash"), ("short picture", "size"), ("no picture", "bundle"), ("no body", "bundle"), ("body", "size")],
)
def test_an_incomplete_or_spoilt_bundle_applies_nothing(rig: Rig, change: str, reason: str) -> None:
    folder = write(rig.folder / "week", rig.signer, rig.playlist())
    picture = folder / "media" / digest(PICTURE)
    changes: dict[str, Callable[[], object]] = {
        "picture": lambda: picture.write_bytes(PICTURE[:-1] + b"!"),
        "short picture": lambda: picture.write_bytes(PICTURE[:-1]),
        "no picture": picture.unlink,
        "no body": (folder / "body").unlink,
        "body": lambda: (folder / "body").write_bytes(b"{}" * 99999),
    }
    changes[change]()
    rig.bundles.scan()
    event = rig.settle()
    assert isinstance(event, NotReady)
    assert event.reason == reason
    assert rig.bench.desk.store.playlist_body() is None
    assert list(rig.bench.desk.store.media_dir.iterdir()) == []


def test_a_link_on_a_stick_is_not_followed(rig: Rig, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(PICTURE)
    folder = write(rig.folder / "week", rig.signer, rig.playlist())
    picture = folder / "media" / digest(PICTURE)
    picture.unlink()
    picture.symlink_to(secret)
    rig.bundles.scan()
    event = rig.settle()
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


def test_a_broken_tar_is_a_clear_refusal(rig: Rig) -> None:
    (rig.folder / "week.tar").write_bytes(b"no tar" * 1000)
    rig.bundles.scan()
    assert rig.bench.refused() == [("bundle", "bundle")]


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

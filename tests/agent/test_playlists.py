"""From pointer to place: nothing by halves, nothing lost, the newest wins, what failed is tried again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from agent.events import NotReady, Ready
from agent.sync import media_of
from player import wire
from player.model import Media, Playlist, Version
from tests.agent.bench import Bench
from tests.agent.rig import Rig
from tests.agent.signer import SCREEN, Signer
from tests.agent.web import Web
from tests.waiting import DEADLINE_S


class Online(Rig):
    """A rig whose publisher answers; `settled` has the sequence of each announcement that is dealt with."""

    def __init__(self, bench: Bench, web: Web) -> None:
        super().__init__(bench, web.url)
        self.web = web
        self.settled: list[int] = []

    def envelope(self, playlist: Playlist, **pointer: Any) -> bytes:
        body = wire.encode(playlist)
        self.web.put(body)
        return self.signer.seal(self.signer.pointer(playlist, body, **pointer))

    def announce(self, playlist: Playlist, **pointer: Any) -> bool:
        envelope = self.envelope(playlist, **pointer)
        return self.playlists.announce(envelope, self.signer.now, settled=lambda: self.settled.append(playlist.seq))


@pytest.fixture
def rig(bench: Bench, web: Web) -> Iterator[Online]:
    rig = Online(bench, web)
    yield rig
    rig.close()


def test_a_playlist_with_its_media_is_put_in_place(rig: Online) -> None:
    picture, film = rig.web.put(b"picture", "image/png"), rig.web.put(b"film", "video/mp4")
    playlist = rig.signer.playlist(rig.signer.item(picture=picture, film=film))
    assert rig.announce(playlist)
    assert isinstance(rig.turn(), Ready)
    store = rig.bench.desk.store
    assert store.playlist_body() == wire.encode(playlist)
    assert store.media_hashes() == {picture.sha256, film.sha256}
    assert (store.media_dir / picture.sha256).read_bytes() == b"picture"
    assert rig.done == [playlist]
    assert rig.playlists.groups == ("25357",)
    assert rig.bench.applied() == [playlist.seq]
    assert rig.settled == [playlist.seq]


def test_text_does_not_wait_for_the_sound_that_goes_with_it(rig: Online) -> None:
    lost = Media("0" * 64, 9, "audio/ogg")
    playlist = rig.signer.playlist(rig.signer.item(versions=(Version("vi", title="a", audio=lost),)))
    rig.announce(playlist)
    rig.turn()
    assert rig.done == [playlist]


def test_media_already_here_are_not_fetched_again(rig: Online) -> None:
    picture = rig.web.put(b"picture", "image/png")
    for _ in range(2):
        rig.announce(rig.signer.playlist(rig.signer.item(picture=picture)))
        rig.turn()
    assert sum(path.endswith(picture.sha256) for _, path, _ in rig.web.seen) == 1


def test_a_missing_picture_leaves_the_old_playlist_in_place(rig: Online) -> None:
    first = rig.signer.playlist(rig.signer.item("cũ"))
    rig.announce(first)
    rig.turn()
    picture = rig.web.put(b"picture", "image/png")
    del rig.web.files[f"/content/{picture.sha256}"]
    second = rig.signer.playlist(rig.signer.item("mới", picture=picture))
    rig.announce(second)
    assert isinstance(rig.turn(), NotReady)
    store = rig.bench.desk.store
    assert store.playlist_body() == wire.encode(first)
    floor = store.floor("desired", SCREEN)
    assert floor is not None
    assert floor.seq == first.seq
    assert rig.playlists.problem == "server"
    assert rig.settled == [first.seq, second.seq]
    rig.web.put(b"picture", "image/png")
    rig.delays.pop()[1]()
    assert isinstance(rig.turn(), Ready)
    assert store.playlist_body() == wire.encode(second)
    assert rig.playlists.problem == ""


def test_a_picture_swept_while_the_others_came_is_fetched_again(rig: Online) -> None:
    old, new = rig.web.put(b"old", "image/png"), rig.web.put(b"new", "image/png")
    rig.announce(rig.signer.playlist(rig.signer.item(picture=old)))
    rig.turn()
    second = rig.signer.playlist(rig.signer.item("a", picture=old), rig.signer.item("b", picture=new))
    rig.announce(second)
    ready = rig.posted.get(timeout=DEADLINE_S)
    store = rig.bench.desk.store
    (store.media_dir / old.sha256).unlink()
    rig.playlists.commit(ready)
    assert store.playlist_body() != wire.encode(second)
    assert isinstance(rig.turn(), Ready)
    assert store.playlist_body() == wire.encode(second)
    assert (store.media_dir / old.sha256).read_bytes() == b"old"


@pytest.mark.parametrize(
    ("change", "reason"), [({"sha256": "0" * 64}, "hash"), ({"size": 5}, "size"), ({"size": 10**6}, "network")]
)
def test_a_pointer_to_another_body_changes_nothing(rig: Online, change: dict[str, Any], reason: str) -> None:
    rig.announce(rig.signer.playlist(), **change)
    event = rig.turn()
    assert isinstance(event, NotReady)
    assert event.reason == reason
    assert rig.bench.desk.store.playlist_body() is None


def test_a_signed_body_that_is_not_the_announced_playlist_is_refused_for_good(rig: Online) -> None:
    other = rig.signer.playlist(screen="s-other1")
    body = wire.encode(other)
    rig.web.put(body)
    pointer = rig.signer.pointer(other, body, screen=SCREEN)
    rig.playlists.announce(rig.signer.seal(pointer), rig.signer.now)
    event = rig.turn()
    assert isinstance(event, NotReady)
    assert event.final
    assert rig.bench.refused() == [("desired", "target")]
    assert rig.delays == []


def test_pauses_grow_and_end_with_the_connection(rig: Online) -> None:
    playlist = rig.signer.playlist()
    rig.announce(playlist)
    rig.turn()
    newer = rig.signer.playlist()
    envelope = rig.envelope(newer)
    body = rig.web.files.pop(f"/content/{rig.signer.pointer(newer).sha256}")
    rig.playlists.announce(envelope, rig.signer.now)
    for _ in range(3):
        rig.turn()
        rig.delays[-1][1]()
    rig.turn()
    assert [seconds for seconds, _ in rig.delays] == [2.0, 4.0, 8.0, 16.0]
    rig.web.put(body)
    rig.playlists.connected()
    assert isinstance(rig.turn(), Ready)


def test_the_newest_announcement_wins(rig: Online) -> None:
    old, new = rig.signer.playlist(), rig.signer.playlist()
    released = threading.Event()
    body = wire.encode(old)
    path = f"/content/{rig.web.put(body).sha256}"

    def slowly(handler: Any) -> None:
        released.wait(DEADLINE_S)
        handler.serve(body)

    rig.web.answers[path] = slowly
    rig.announce(old)
    rig.announce(new)
    released.set()
    while rig.playlists.seq != new.seq:
        rig.turn()
    assert rig.bench.applied() == [new.seq]
    assert sorted(rig.settled) == [old.seq, new.seq]
    assert not rig.announce(old)
    assert rig.bench.refused() == [("desired", "seq")]


def test_an_announcement_repeated_while_it_is_fetched_is_fetched_once(rig: Online) -> None:
    playlist = rig.signer.playlist()
    assert rig.announce(playlist)
    assert rig.announce(playlist)
    rig.turn()
    assert len(rig.web.seen) == 1
    assert rig.settled == [playlist.seq, playlist.seq]


def test_what_could_not_be_fetched_is_wanted_after_a_restart(rig: Online) -> None:
    playlist = rig.signer.playlist()
    envelope = rig.envelope(playlist)
    body = rig.web.files.pop(f"/content/{rig.signer.pointer(playlist).sha256}")
    rig.playlists.announce(envelope, rig.signer.now)
    rig.turn()
    rig.playlists = rig.make()
    rig.web.put(body)
    rig.playlists.resume()
    assert isinstance(rig.turn(), Ready)
    assert rig.bench.desk.store.status("wanted") is None
    rig.playlists.resume()
    assert rig.posted.empty()


def test_an_accepted_playlist_plays_on_after_its_expiry(rig: Online) -> None:
    playlist = rig.signer.playlist(rig.signer.item())
    rig.announce(playlist)
    rig.turn()
    rig.bench.set(playlist.expires + timedelta(days=30))
    again = rig.make()
    assert again.current == playlist
    assert not rig.announce(playlist)
    assert rig.bench.refused() == []


def test_a_stored_playlist_of_an_unknown_release_is_no_obstacle(rig: Online, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rig.bench.desk.store, "playlist_body", lambda: b'{"schema":9}')
    again = rig.make()
    assert again.current is None
    assert again.groups == ("claimed",)


def test_a_file_needed_twice_is_named_once(signer: Signer, web: Web) -> None:
    picture = web.put(b"picture")
    playlist = signer.playlist(signer.item("a", picture=picture), signer.item("b", picture=picture))
    assert media_of(playlist) == (picture,)


def test_a_stumbling_preparer_sets_the_playlist_aside(
    rig: Online, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(rig.fetcher, "body", lambda *args: 1 / 0)
    rig.announce(rig.signer.playlist())
    event = rig.turn()
    assert isinstance(event, NotReady)
    assert (event.reason, event.final) == ("internal", True)
    assert rig.thread.is_alive()

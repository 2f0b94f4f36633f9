"""The whole agent as a process, against a real broker and a real server."""

from __future__ import annotations

from typing import Any


def test_an_announced_playlist_is_in_place_and_reported(screen: Any, eventually: Any) -> None:
    playlist = screen.signer.playlist(screen.signer.item("Lịch tiêm chủng"))
    screen.start()
    eventually(screen.online, "the screen's arrival")
    screen.announce(playlist)
    eventually(lambda: screen.applied(playlist.seq), "the playlist's commit")
    applied = next(event.applied for event in screen.events() if event.applied)
    assert applied.received <= applied.trusted <= applied.prepared <= applied.committed
    assert screen.stop() == 0

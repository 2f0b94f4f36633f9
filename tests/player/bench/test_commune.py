"""That the commune of the day at speed has something of everything."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from player.bench.commune import ALERT_EVERY_S, ALERT_FOR_S, BEGIN, Commune
from player.model import Priority


def test_the_commune_has_every_kind_of_bulletin_and_emergencies_that_come_and_go(tmp_path: Path) -> None:
    commune = Commune(tmp_path, 60)
    playlist = commune.snapshot.playlist
    assert playlist is not None
    assert {item.priority for item in playlist.items} == {Priority.ROUTINE, Priority.PRIORITY}
    assert {item.picture.mime for item in playlist.items if item.picture} == {"image/jpeg", "image/png", "image/gif"}
    films = {item.film for item in playlist.items if item.film}
    assert {film.mime for film in films} == {"video/mp4", "video/webm", "audio/mpeg"}
    assert all((tmp_path / film.sha256).stat().st_size == film.size for film in films)
    missing = [item for item in playlist.items if item.picture and not (tmp_path / item.picture.sha256).exists()]
    assert missing
    assert commune.poll(0.0)
    assert not commune.poll(0.0)
    commune.at(BEGIN + timedelta(seconds=ALERT_EVERY_S))
    assert [alert.id for alert in commune.snapshot.alerts] == ["bao-1"]
    commune.at(BEGIN + timedelta(seconds=ALERT_EVERY_S + ALERT_FOR_S))
    assert not list(commune.snapshot.alerts)
    before = commune.snapshot.playlist
    commune.at(BEGIN + timedelta(hours=9))
    assert commune.snapshot.playlist is not None
    assert before is not None
    assert commune.snapshot.playlist.ticker != before.ticker

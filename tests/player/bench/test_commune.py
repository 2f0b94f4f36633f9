"""That the commune of the day at speed has something of everything."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from player.bench.commune import ALERT_EVERY_S, ALERT_FOR_S, BEGIN, Commune
from player.bench.files import FILMS, PICTURES
from player.model import Priority, wordless


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("media")


@pytest.fixture(scope="module")
def commune(media: Path) -> Commune:
    return Commune(media, 200)


def test_the_commune_has_every_kind_of_bulletin(commune: Commune, media: Path) -> None:
    playlist = commune.snapshot.playlist
    assert playlist is not None
    assert len(playlist.items) == len({item.id for item in playlist.items}) == 200
    assert {item.priority for item in playlist.items} == {Priority.ROUTINE, Priority.PRIORITY}
    assert {len(item.versions) for item in playlist.items} == {1, 2}
    assert {item.times_a_day for item in playlist.items} == {0, 2}
    assert {wordless(item) for item in playlist.items if item.picture} == {True, False}
    missing = [item for item in playlist.items if item.picture and not (media / item.picture.sha256).exists()]
    assert missing


def test_every_file_that_was_made_is_in_a_bulletin(commune: Commune, media: Path) -> None:
    playlist = commune.snapshot.playlist
    assert playlist is not None
    pictures = {item.picture for item in playlist.items if item.picture and (media / item.picture.sha256).exists()}
    films = {item.film for item in playlist.items if item.film}
    assert Counter(picture.mime for picture in pictures) == Counter(2 * [kind.mime for kind in PICTURES])
    assert Counter(film.mime for film in films) == Counter(kind.mime for kind in FILMS)
    assert {file.sha256 for file in pictures | films} == {path.name for path in media.iterdir()}
    assert all((media / file.sha256).stat().st_size == file.size for file in pictures | films)


def test_emergencies_come_and_go_and_each_edition_has_its_ticker(commune: Commune) -> None:
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

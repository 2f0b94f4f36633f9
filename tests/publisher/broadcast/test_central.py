"""Speech made here for boards whose unit wants it: the text goes out at once, the sound with the next playlist."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from player import wire
from player.model import Media, Playlist
from publisher.broadcast import outbox
from publisher.broadcast.central import GATHERED
from publisher.broadcast.content import ContentStore
from publisher.bulletins.models import Bulletin, BulletinText
from publisher.home import Home
from publisher.media.models import Asset
from publisher.screens.models import Screen
from publisher.speech.models import SpokenClip
from publisher.speech.said import Said
from publisher.speech.shelf import KEPT
from publisher.speech.studio import Made, Spoken

pytestmark = pytest.mark.django_db(transaction=True)

WORDS = Said("vi", "Cắt nước từ 8 giờ.")  # of every bulletin of the commune
FILE = "5" * 64


@pytest.fixture
def central(commune: Any) -> Any:
    """The commune's boards are spoken for; those of its neighbour are not."""
    commune.unit.settings = {"speech": "central"}
    commune.unit.save()
    return commune


def shown(screen: Screen, store: ContentStore) -> Playlist:
    """What was composed last for the screen."""
    path = store.find(Screen.objects.get(pk=screen.pk).playlist_sha256)
    assert path is not None
    return wire.decode(path.read_bytes(), Playlist)


def audio(screen: Screen, store: ContentStore) -> list[Media | None]:
    return [version.audio for item in shown(screen, store).items for version in item.versions]


def announce(station: Any, *screens: Screen) -> None:
    outbox.put_many("desired", [screen.pk for screen in screens])
    station.work()


def spoken(station: Any, said: Said = WORDS, sha256: str = FILE, left: int = 0) -> None:
    station.events.put(Spoken(said, Made(sha256, 3000, 1.5, "piper:x"), left))
    station.broadcast.turn()
    station.work()


def test_a_text_goes_out_at_once_and_its_sound_with_the_next_playlist(station: Any, central: Any) -> None:
    screen = central.screen()
    central.bulletin()
    announce(station, screen)
    first = shown(screen, station.store)
    assert audio(screen, station.store) == [None]
    assert set(station.speaker.asked) == {WORDS}

    spoken(station)
    second = shown(screen, station.store)
    assert audio(screen, station.store) == [Media(sha256=FILE, size=3000, mime="audio/ogg")]
    assert second.seq > first.seq
    assert second.items[0].revision == first.items[0].revision


def test_a_unit_that_did_not_ask_for_it_gets_no_sound(station: Any, central: Any) -> None:
    near, far = central.screen(), central.screen(central.other)
    central.bulletin()
    central.bulletin(central.other)
    announce(station, near, far)
    spoken(station)
    announce(station, near, far)  # together, and both say the same words
    assert audio(near, station.store) != [None]
    assert audio(far, station.store) == [None]


def test_a_hamlet_may_have_its_boards_speak_for_themselves(station: Any, central: Any) -> None:
    central.hamlet.settings = {"speech": "board"}
    central.hamlet.save()
    screen = central.screen(central.hamlet)
    central.bulletin(central.hamlet)
    announce(station, screen)
    assert station.speaker.asked == []


def test_where_nobody_wants_it_nothing_is_asked(station: Any, commune: Any) -> None:
    commune.bulletin(status=Bulletin.Status.SUBMITTED)
    commune.bulletin()
    announce(station, commune.screen())
    assert station.speaker.asked == []


def test_a_persons_recording_goes_before_it(station: Any, central: Any) -> None:
    asset = Asset.objects.create(sha256="7" * 64, kind="audio", mime="audio/ogg", size=9)
    screen, bulletin = central.screen(), central.bulletin()
    BulletinText.objects.filter(bulletin=bulletin).update(audio=asset)
    announce(station, screen)
    assert station.speaker.asked == []
    assert [media.sha256 for media in audio(screen, station.store) if media] == ["7" * 64]


def test_what_waits_for_approval_is_made_and_goes_out_with_its_text(station: Any, central: Any) -> None:
    screen = central.screen()
    bulletin = central.bulletin(status=Bulletin.Status.SUBMITTED)
    station.work()
    station.work()
    assert station.speaker.asked == [WORDS], "a bulletin is looked at once"
    spoken(station)
    bulletin.status = Bulletin.Status.ON_AIR
    bulletin.save()
    announce(station, screen)
    assert [media.sha256 for media in audio(screen, station.store) if media] == [FILE]


def test_a_text_that_cannot_be_spoken_here_holds_nothing_up(station: Any, central: Any) -> None:
    screen = central.screen()
    central.bulletin()
    announce(station, screen)
    seq = shown(screen, station.store).seq
    station.events.put(Spoken(WORDS, None, 0))
    station.broadcast.turn()
    station.work()
    assert shown(screen, station.store).seq == seq
    assert not SpokenClip.objects.exists()


def test_files_that_are_made_one_after_another_come_in_one_playlist(station: Any, central: Any) -> None:
    screen = central.screen()
    for body in ("Một.", "Hai.", "Ba."):
        central.bulletin(body=body)
    announce(station, screen)
    seqs = [shown(screen, station.store).seq]
    for number, body in enumerate(("Một.", "Hai.")):
        spoken(station, Said("vi", body), str(number) * 64, left=2 - number)
        seqs.append(shown(screen, station.store).seq)
    assert seqs[0] == seqs[1] == seqs[2]
    station.clock[0] += GATHERED + timedelta(seconds=1)
    spoken(station, Said("vi", "Ba."), "3" * 64, left=9)
    assert shown(screen, station.store).seq > seqs[0]
    assert None not in audio(screen, station.store)


def test_after_a_restart_what_is_missing_is_asked_for_again(
    station: Any, central: Any, build_station: Callable[..., Any], broker: Any
) -> None:
    screen = central.screen()
    central.bulletin()
    announce(station, screen)
    again = build_station(broker)
    again.broadcast.start()
    assert again.speaker.asked == [WORDS]
    again.events.put(Spoken(WORDS, Made(FILE, 3000, 1.5, "piper:x"), 0))
    again.turn_until(lambda: None not in audio(screen, again.store))


def test_what_nobody_says_any_more_is_forgotten_after_a_while(station: Any, central: Any, home: Home) -> None:
    bulletin = central.bulletin()
    announce(station, central.screen())
    home.content.mkdir(exist_ok=True)
    (home.content / FILE).touch()
    spoken(station)
    for days, on_air, kept in ((3, True, True), (0, False, False)):
        station.clock[0] += timedelta(days=days)
        if not on_air:
            Bulletin.objects.filter(pk=bulletin.pk).update(status=Bulletin.Status.WITHDRAWN)
            station.clock[0] += KEPT
        station.work()
        assert SpokenClip.objects.exists() is kept
        assert (home.content / FILE).exists() is kept


def test_a_file_that_something_else_names_is_not_deleted_with_it(station: Any, central: Any, home: Home) -> None:
    announce(station, central.screen())
    home.content.mkdir(exist_ok=True)
    (home.content / FILE).touch()
    Asset.objects.create(sha256=FILE, kind="audio", mime="audio/ogg", size=9)
    spoken(station, Said("vi", "không còn ai nói"))
    station.clock[0] += KEPT + timedelta(hours=1)
    station.work()
    assert not SpokenClip.objects.exists()
    assert (home.content / FILE).exists()

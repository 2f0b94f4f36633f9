"""Sound made by others comes after the text: what is heard until it is here, and how it gets here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.events import ClipMade, Ready, Supplied, VoiceTrouble
from agent.supply import PATIENCE_S, Supply
from player import wire
from player.model import Media, Version
from tests.agent.bench import Bench
from tests.agent.lanes import RECORDING, Maker, recorded, spoken
from tests.agent.lanes import Rig as Lanes
from tests.agent.rig import Rig
from tests.agent.signer import Signer
from tests.agent.web import Web
from tests.waiting import DEADLINE_S
from tts.voice import VoiceError

MEDIA = Media(RECORDING, 1, "audio/ogg")


@pytest.fixture
def maker() -> Maker:
    return Maker()


@pytest.fixture
def lanes(maker: Maker, tmp_path: Path) -> Iterator[Lanes]:
    lanes = Lanes(maker, tmp_path)
    yield lanes
    lanes.close()


class Carrier:
    """Notes what it was asked to bring."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def bring(self, wanted: Any) -> None:
        self.asked.append([media.sha256[0] for media in wanted])


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture
def later() -> list[tuple[float, Callable[[], None]]]:
    return []


@pytest.fixture
def supply(lanes: Lanes, carrier: Carrier, later: list[Any], tmp_path: Path) -> Supply:
    return Supply(tmp_path, carrier, lanes.speech, lambda seconds, action: later.append((seconds, action)))


@pytest.fixture
def arrive(supply: Supply, tmp_path: Path) -> Callable[[], None]:
    """The recording is fetched."""

    def come() -> None:
        (tmp_path / RECORDING).touch()
        supply.take(Supplied(MEDIA))

    return come


# --- what is heard meanwhile


def test_a_text_waits_for_its_recording_and_then_is_heard_by_it(
    lanes: Lanes, supply: Supply, signer: Signer, maker: Maker, arrive: Callable[[], None]
) -> None:
    playlist = signer.playlist(signer.item("x", versions=(recorded("vi", "lời"),)))
    lanes.speech.playlist(playlist)
    supply.want(playlist, ())
    assert supply.depth() == 1
    arrive()
    assert lanes.next().engine == f"recording:{RECORDING}"
    assert supply.depth() == 0
    assert [emergency for _, emergency in maker.made] == [False], "the machine said nothing in between"


def test_the_machines_voice_stands_in_for_what_cannot_be_had(
    lanes: Lanes, supply: Supply, signer: Signer, later: list[Any], arrive: Callable[[], None]
) -> None:
    playlist = signer.playlist(signer.item("x", versions=(recorded("vi", "lời"),)))
    lanes.speech.playlist(playlist)
    supply.want(playlist, ())
    supply.take(Supplied(MEDIA, "hash: the bytes are 123…"))
    assert supply.problem == "hash: the bytes are 123…"
    assert lanes.next().engine == "silent"
    later[0][1]()
    arrive()
    assert lanes.next().engine == f"recording:{RECORDING}", "nothing was said twice in between"
    assert supply.problem == ""


def test_what_has_come_is_no_matter_of_patience(
    lanes: Lanes, supply: Supply, signer: Signer, later: list[Any], arrive: Callable[[], None]
) -> None:
    playlist = signer.playlist(signer.item("x", versions=(recorded("vi", "lời"),)))
    lanes.speech.playlist(playlist)
    supply.want(playlist, ())
    arrive()
    assert lanes.next().engine == f"recording:{RECORDING}"
    later[0][1]()
    assert lanes.speech.depth() == 0


def test_patience_with_a_slow_link_ends_where_the_machine_can_say_it(
    lanes: Lanes, supply: Supply, signer: Signer, later: list[Any], maker: Maker
) -> None:
    versions = (recorded("vi", "lời"), recorded("sti"))
    playlist = signer.playlist(signer.item("x", versions=versions))
    lanes.speech.playlist(playlist)
    supply.want(playlist, ())
    ((seconds, patience_ends),) = later
    assert seconds == PATIENCE_S
    patience_ends()
    assert lanes.next().engine == "silent"
    assert lanes.speech.depth() == 0, "without words there is nothing to do but wait"
    assert maker.made == [("lời", False)]


def test_a_recording_without_words_is_a_trouble_when_it_cannot_be_had(
    lanes: Lanes, supply: Supply, signer: Signer, maker: Maker, arrive: Callable[[], None]
) -> None:
    from_nobody = "the recording is not here"
    playlist = signer.playlist(signer.item("x", versions=(recorded("sti"),)))
    lanes.speech.playlist(playlist)
    supply.want(playlist, ())
    maker.recording_error = VoiceError(from_nobody)
    supply.take(Supplied(MEDIA, "network: no route"))
    posted = [lanes.next(), lanes.next()]
    assert VoiceTrouble(from_nobody) in posted
    assert [event.engine for event in posted if isinstance(event, ClipMade)] == ["tones"]
    maker.recording_error = None
    arrive()
    assert VoiceTrouble("") in [lanes.next(), lanes.next()]


def test_an_emergency_is_spoken_at_once_and_its_recording_follows(
    lanes: Lanes, supply: Supply, signer: Signer, arrive: Callable[[], None]
) -> None:
    alert = signer.alert(versions=(recorded("vi", "bão"), recorded("sti")))
    lanes.speech.alert(alert)
    supply.want(None, [alert])
    assert lanes.next().engine == "silent"
    arrive()
    assert {lanes.next().lang, lanes.next().lang} == {"vi", "sti"}


def test_a_clip_that_stood_in_is_made_anew_from_the_recording(lanes: Lanes, signer: Signer, tmp_path: Path) -> None:
    (tmp_path / RECORDING).touch()
    item = signer.item("x", versions=(recorded("vi", "lời"),))
    lanes.speech.playlist(signer.playlist(item), {(item.id, 1, "vi"): "espeak-ng"})
    assert lanes.next().engine == f"recording:{RECORDING}"
    lanes.speech.playlist(signer.playlist(item), {(item.id, 1, "vi"): f"recording:{RECORDING}"})
    assert lanes.speech.depth() == 0


def test_what_is_no_longer_said_is_not_made_when_its_recording_comes(
    lanes: Lanes, supply: Supply, signer: Signer, maker: Maker
) -> None:
    alert = signer.alert(versions=(recorded("sti"),))
    lanes.speech.alert(alert)
    lanes.speech.alert(signer.alert(revision=2, versions=(spoken("mới"),)))
    lanes.speech.playlist(signer.playlist(signer.item("x", versions=(recorded(),))))
    lanes.speech.playlist(signer.playlist())
    assert lanes.next().file == "mới.wav"
    supply.take(Supplied(MEDIA))
    assert lanes.speech.depth() == 0
    assert maker.made == [("mới", True)]


# --- what is asked for


def test_emergencies_are_asked_for_first_and_nothing_twice(
    supply: Supply, signer: Signer, carrier: Carrier, tmp_path: Path
) -> None:
    b, c = (Media(letter * 64, 1, "audio/ogg") for letter in "bc")
    (tmp_path / c.sha256).touch()
    items = [signer.item(str(n), versions=(Version("vi", title="x", audio=media),)) for n, media in enumerate((b, c))]
    alert = signer.alert(versions=(recorded(),))
    supply.want(signer.playlist(*items, signer.item("z", versions=(recorded(),))), [alert])
    assert carrier.asked == [["a", "b"]]
    supply.again()
    assert carrier.asked[-1] == ["a", "b"]
    supply.want(None, ())
    assert supply.depth() == 0
    assert carrier.asked[-1] == [], "what nobody says any more is not fetched on"


# --- how it is brought


@pytest.fixture
def rig(bench: Bench, web: Web) -> Iterator[Rig]:
    rig = Rig(bench, web.url)
    yield rig
    rig.close()


def test_a_sound_is_fetched_by_its_hash_and_a_forged_one_refused(rig: Rig, web: Web) -> None:
    good, forged = web.put(b"sound", "audio/ogg"), web.put(b"other", "audio/ogg")
    web.files[f"/content/{forged.sha256}"] = b"wrong"
    lost = Media("0" * 64, 5, "audio/ogg")
    rig.preparer.bring([forged, lost, good])
    told = [rig.posted.get(timeout=DEADLINE_S) for _ in range(3)]
    assert [(event.media, event.problem.partition(":")[0]) for event in told] == [
        (forged, "hash"), (lost, "server"), (good, ""),
    ]  # fmt: skip
    assert [path.name for path in rig.bench.desk.store.media_dir.iterdir()] == [good.sha256]


def test_a_playlist_goes_before_a_sound_in_mid_fetch_which_goes_on_where_it_was(rig: Rig, web: Web) -> None:
    data = bytes(range(256)) * 2000
    sound, begun, go_on = web.put(data, "audio/ogg"), threading.Event(), threading.Event()

    def dribble(handler: Any) -> None:
        del web.answers[handler.path]
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data[:200_000])
        begun.set()
        go_on.wait(DEADLINE_S)
        handler.wfile.write(data[200_000:])

    web.answers[f"/content/{sound.sha256}"] = dribble
    rig.preparer.bring([sound])
    assert begun.wait(DEADLINE_S)
    playlist = rig.signer.playlist(rig.signer.item("tin mới"))
    web.put(wire.encode(playlist))
    rig.playlists.announce(rig.signer.seal(rig.signer.pointer(playlist)), rig.signer.now)
    go_on.set()
    assert isinstance(rig.turn(), Ready)
    brought = rig.posted.get(timeout=DEADLINE_S)
    assert brought == Supplied(sound)
    assert (rig.bench.desk.store.media_dir / sound.sha256).read_bytes() == data


def test_a_stumble_over_one_sound_does_not_end_the_thread(rig: Rig, web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    sound, real = web.put(b"sound", "audio/ogg"), rig.fetcher.file
    monkeypatch.setattr(rig.fetcher, "file", lambda *args: 1 / 0)
    rig.preparer.bring([sound])
    assert "ZeroDivisionError" in rig.posted.get(timeout=DEADLINE_S).problem
    monkeypatch.setattr(rig.fetcher, "file", real)
    rig.preparer.bring([sound])
    assert rig.posted.get(timeout=DEADLINE_S) == Supplied(sound)

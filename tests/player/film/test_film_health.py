"""What the player tells of the film, the animated picture or the sound that plays: real files, real film processes."""

from __future__ import annotations

import itertools
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from agent.health import player_alarms
from player.bench.film import shoot
from player.film.footage import LONGEST_S
from tests.player.film.cinema import Cinema, greys, item

UNEVEN_S = [0.0, 0.1, 0.14, 1.2, 1.25, 2.9, 3.0, 3.04, 4.5]


def told(cinema: Cinema) -> dict[str, Any]:
    """The status file as it is written for another instant, a moment later."""
    cinema.clock.set(cinema.clock.now() + timedelta(microseconds=100))
    cinema.turn()
    return cinema.status()


def begins(cinema: Cinema) -> None:
    """The film's own first frame is up, not only the page that holds the same."""
    cinema.at(0.0)
    cinema.waits_for(lambda: told(cinema)["film"].get("shown") == 1)


def comes(cinema: Cinema, count: int) -> dict[str, Any]:
    """The film's figures once so many frames have come up since its beginning."""
    cinema.waits_for(lambda: told(cinema)["film"]["shown"] == count)
    found: dict[str, Any] = cinema.status()["film"]
    return found


def test_of_a_film_of_varying_pace_each_frame_stands_from_its_stamp_to_the_next(cinema: Cinema, tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", greys(len(UNEVEN_S), step=20), at_s=UNEVEN_S)
    media = cinema.bring(path, "video/mp4")
    cinema.play(item("film", film=media))
    begins(cinema)
    for number, stamp_s in enumerate(UNEVEN_S[1:], 1):
        cinema.at(stamp_s - 0.002)
        cinema.turn()
        assert abs(cinema.pixel()[0] - 20 * number) <= 6, "the frame before it still stands"
        cinema.at(stamp_s + 0.002)
        cinema.shows_grey(20 + 20 * number)
    cinema.at(4.6)
    assert told(cinema)["film"] == {
        "kind": "film", "file": media.sha256, "length_s": pytest.approx(4.5, abs=0.2), "position_s": 4.6,
        "shown": len(UNEVEN_S), "late": 0, "skipped": 0, "pace": "varying", "trouble": "",
    }  # fmt: skip


def test_a_frame_that_comes_up_after_its_time_is_late(cinema: Cinema, tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", greys(6, step=20), fps=2)
    cinema.play(item("film", film=cinema.bring(path, "video/mp4")))
    begins(cinema)
    for number, after_s in enumerate((0.002, 0.1, 0.002, 0.3), 1):
        cinema.at(number / 2 + after_s)
        film = comes(cinema, number + 1)
    assert (film["late"], film["skipped"], film["pace"]) == (2, 0, "even")


def test_frames_passed_by_while_the_player_was_held_up_are_skipped(cinema: Cinema, tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", greys(20, step=10), fps=10)
    cinema.play(item("film", film=cinema.bring(path, "video/mp4")))
    begins(cinema)
    ring = cinema.parts.projector._showing.film._ring
    cinema.waits_for(lambda: ring.between(0, 610_000) == 6)  # decoded ahead
    cinema.at(0.602)
    assert comes(cinema, 2)["skipped"] == 5
    cinema.shows_grey(80)
    cinema.play(item("text", text="Chữ"))
    cinema.waits_for(lambda: told(cinema)["film"] == {})
    assert cinema.status()["films"] == {"shown": 2, "late": 0, "skipped": 5}, "what is over stays counted"


def test_a_film_entered_in_its_middle_has_skipped_nothing(cinema: Cinema, tmp_path: Path) -> None:
    """On the way from the key frame before it the decoder passes by frames that were never due here."""
    path = shoot(tmp_path / "a.mp4", greys(100), gop=60)
    cinema.play(item("film", film=cinema.bring(path, "video/mp4")))
    cinema.at(1.91)
    cinema.waits_for(lambda: told(cinema)["film"].get("shown") == 1)
    film = cinema.status()["film"]
    assert (film["late"], film["skipped"], film["trouble"]) == (0, 0, "")


def test_an_animated_picture_is_told_as_one(cinema: Cinema, tmp_path: Path) -> None:
    frames = [Image.new("RGB", (128, 64), colour) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:], duration=[500, 500, 1000], loop=0)
    cinema.play(item("gif", picture=cinema.bring(tmp_path / "a.gif", "image/gif")))
    cinema.at(0.6)
    cinema.waits_for(lambda: told(cinema)["film"].get("shown"))
    film = cinema.status()["film"]
    assert (film["kind"], film["length_s"], film["trouble"]) == ("animation", 2.0, "")


def test_sound_alone_is_told_as_music_beside_its_page(cinema: Cinema, tmp_path: Path) -> None:
    media = cinema.bring(shoot(tmp_path / "a.mp3", tone_s=5.0), "audio/mpeg")
    cinema.play(item("song", text="Quốc ca", film=media))
    instants = itertools.count()

    def heard() -> bool:
        cinema.at(next(instants) % 100 / 50)
        status = told(cinema)
        return bool(status["music"].get("decoded") == "yes" and status["bed"]["playing"])

    cinema.waits_for(heard)
    status = cinema.status()
    assert status["film"] == {}
    assert (status["music"]["file"], status["music"]["trouble"]) == (media.sha256, "")
    assert 0 <= status["music"]["position_s"] <= 2.1
    assert status["bed"]["trouble"] == ""


def test_a_sound_of_hours_is_left_out_with_its_reason_and_the_words_stay(cinema: Cinema, tmp_path: Path) -> None:
    """A WAV file says its length in its head; the data is a hole on the disk."""
    head = bytearray(shoot(tmp_path / "a.wav", tone_s=0.1).read_bytes())
    at, rate_b = head.index(b"data") + 4, int.from_bytes(head[28:32], "little")
    length_b = rate_b * (LONGEST_S + 60)
    head[at : at + 4] = length_b.to_bytes(4, "little")
    media = cinema.bring(tmp_path / "a.wav", "audio/x-wav")
    with (cinema.media / media.sha256).open("wb") as file:
        file.write(head)
        file.truncate(at + 4 + length_b)
    cinema.play(item("song", text="Quốc ca", film=media))
    instants = itertools.count()

    def left_out() -> bool:
        cinema.at(next(instants) % 100 / 50)
        return bool(told(cinema)["skipped"])

    cinema.waits_for(left_out)
    assert cinema.skipped()["song r1"].startswith("long:")
    assert cinema.status()["showing"]["item"] == "song"


def test_a_film_replaced_by_one_of_hours_after_it_was_prepared_is_passed_over(cinema: Cinema, tmp_path: Path) -> None:
    media = cinema.bring(shoot(tmp_path / "a.mp4", greys(60)), "video/mp4")
    cinema.play(item("good", text="Chữ"), item("film", film=media))
    for seconds in (1.0, 11.0):
        cinema.at(seconds)
        cinema.waits_for(lambda: told(cinema)["settled"])
    endless = shoot(tmp_path / "b.mp4", greys(5), at_s=[0, 3600, 7200, 10_800, 14_400])
    endless.replace(cinema.media / media.sha256)
    for seconds in (21.0, 31.0):  # in one of the two it would be the film's turn
        cinema.at(seconds)
        cinema.waits_for(lambda: told(cinema)["settled"] and cinema.status()["showing"]["item"] == "good")
    assert cinema.skipped()["film r1"].startswith("long:")
    assert player_alarms(cinema.status()) == ["asset-skipped"]


def test_a_loudspeaker_without_a_card_is_no_fault_of_the_film(cinema: Cinema, tmp_path: Path) -> None:
    """What is said of the speaker does not cover what is said of the film, and is none of its reasons."""
    media = cinema.bring(shoot(tmp_path / "a.mp4", greys(60)), "video/mp4")
    cinema.parts.bed._trouble = "aplay: no card"
    cinema.play(item("film", film=media))
    begins(cinema)
    status = told(cinema)
    assert status["film"]["trouble"] == ""
    assert status["bed"] == {"playing": False, "trouble": "aplay: no card"}
    assert player_alarms(status) == []

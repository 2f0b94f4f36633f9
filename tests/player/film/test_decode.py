"""Films decoded: every codec, true colours, upright, from any position, and their sound in step."""

from __future__ import annotations

import itertools
import math
import os
from array import array
from pathlib import Path

import av
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from PIL import Image

from drivers.speaker import RATE_HZ
from player.bench.film import shoot
from player.film import decode
from player.film.decode import Brush, Film, Sound, reel
from player.film.file import FilmError
from tests.noise import noisy_film

CODECS = [("libx264", "a.mp4"), ("libx265", "a.mp4"), ("libvpx-vp9", "a.webm"), ("libsvtav1", "a.mp4")]


def counted(count: int, size: tuple[int, int] = (160, 96)) -> list[Image.Image]:
    """Frames whose grey says their number."""
    return [Image.new("RGB", size, (5 * n % 250,) * 3) for n in range(count)]


def halves(size: tuple[int, int] = (160, 96)) -> Image.Image:
    """Left half red, right half blue."""
    image = Image.new("RGB", size, "red")
    image.paste("blue", (size[0] // 2, 0, *size))
    return image


def made(path: Path, pictures: list[Image.Image], codec: str = "libx264", **options: object) -> Path:
    try:
        av.codec.Codec(codec, "w")
    except av.error.FFmpegError:
        pytest.skip(f"this build of the film library cannot write {codec}")
    return shoot(path, pictures, codec=codec, **options)  # type: ignore[arg-type]


def drawn(path: Path, size: tuple[int, int] = (160, 96), rotation: int = 0, from_us: int = 0) -> Image.Image:
    shot = next(iter(Film(path, size, rotation).shots(from_us)))
    room = bytearray(size[0] * size[1] * 4)
    shot.draw(memoryview(room))
    return Image.frombytes("RGB", size, bytes(room), "raw", "BGRX")


def near(found: object, wanted: tuple[int, int, int], by: int = 12) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) <= by for a, b in zip(found, wanted, strict=True))


@pytest.mark.parametrize(("codec", "name"), CODECS)
def test_every_codec_gives_all_frames_in_order(codec: str, name: str, tmp_path: Path) -> None:
    scheduling = os.sched_getscheduler(0)
    path = made(tmp_path / name, counted(30), codec)
    assert os.sched_getscheduler(0) == scheduling  # whatever an encoder does to its caller
    stamps = [shot.pts_us for shot in Film(path, (160, 96), 0).shots(0)]
    assert len(stamps) == 30
    assert stamps == sorted(stamps)
    assert stamps[0] == 0
    assert stamps[-1] == pytest.approx(29 / 30 * 1e6, abs=2000)
    last = list(Film(path, (160, 96), 0).shots(0))[-1]
    room = bytearray(160 * 96 * 4)
    last.draw(memoryview(room))
    assert abs(room[4 * (96 * 80 + 80)] - 145) <= 12


@pytest.mark.parametrize(("codec", "name"), CODECS)
def test_colours_are_those_that_were_filmed(codec: str, name: str, tmp_path: Path) -> None:
    picture = drawn(made(tmp_path / name, [halves()] * 5, codec))
    assert near(picture.getpixel((30, 50)), (255, 0, 0), 20)
    assert near(picture.getpixel((130, 50)), (0, 0, 255), 20)


def test_a_film_in_high_definition_that_says_nothing_is_taken_as_bt_709(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        frame = av.VideoFrame.from_image(Image.new("RGB", (1280, 720), (0, 200, 0)))  # type: ignore[no-untyped-call]
        by_709 = frame.reformat(format="yuv420p", dst_colorspace=1)
        by_709.colorspace = 2
        container.mux(stream.encode(by_709))
        container.mux(stream.encode(None))
    assert near(drawn(path).getpixel((80, 48)), (0, 200, 0))


@pytest.mark.parametrize("held", [0, 90, 180, -90])
@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_film_is_upright_and_turned_for_the_panel(held: int, rotation: int, tmp_path: Path) -> None:
    """The camera's word says how the stored picture is to be turned counter-clockwise to be seen upright."""
    path = shoot(tmp_path / "a.mp4", [halves()] * 3, rotation=held)
    upright = halves().rotate(held, expand=True)
    wanted = upright.rotate(-rotation, expand=True)
    assert _alike(drawn(path, wanted.size, rotation), wanted)


def _alike(found: Image.Image, wanted: Image.Image) -> bool:
    w, h = wanted.size
    places = [(w // 4, h // 4), (3 * w // 4, h // 4), (w // 4, 3 * h // 4), (3 * w // 4, 3 * h // 4)]
    return all(near(found.getpixel(at), wanted.getpixel(at), 25) for at in places)  # type: ignore[arg-type]


def test_frames_are_scaled_to_their_box_whatever_its_width(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", [halves()] * 3)
    for size in [(64, 32), (77, 33), (1, 1), (321, 200)]:
        assert drawn(path, size).size == size
    assert near(drawn(path, (77, 33)).getpixel((70, 30)), (0, 0, 255), 25)


def test_from_a_position_it_begins_at_the_key_frame_before(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", counted(90), gop=15)
    stamps = [shot.pts_us for shot in Film(path, (160, 96), 0).shots(2_000_000)]
    assert 1_400_000 <= stamps[0] <= 2_000_000
    assert len(stamps) == round((3_000_000 - stamps[0]) / 1e6 * 30)


def test_varying_pace_keeps_its_stamps(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mp4", counted(5), at_s=[0, 0.1, 1.5, 1.51, 3.0])
    stamps = [shot.pts_us for shot in Film(path, (160, 96), 0).shots(0)]
    assert stamps == pytest.approx([0, 100_000, 1_500_000, 1_510_000, 3_000_000], abs=1000)


def test_a_film_whose_end_is_missing_says_so_when_it_comes_to_it(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mkv", counted(300))
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    shots = Film(path, (160, 96), 0).shots(0)
    assert len(list(itertools.islice(shots, 30))) == 30
    with pytest.raises(FilmError, match="truncated"):
        list(shots)


def test_scratches_are_passed_over(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mkv", noisy_film((160, 96), 90, 90))
    data = bytearray(path.read_bytes())
    for place in range(len(data) // 3, len(data) // 3 + 400):
        data[place] ^= 0x5A
    path.write_bytes(data)
    assert len(list(Film(path, (160, 96), 0).shots(0))) > 60


# --- sound


def heard(path: Path, from_us: int = 0) -> tuple[int, array[int]]:
    first, samples = None, array("h")
    for at, piece in Sound(path).pieces(from_us):
        first = at if first is None else first
        assert at == first + len(samples), "pieces leave no gap"
        samples.frombytes(piece)
    assert first is not None
    return first, samples


def loudness(samples: array[int]) -> float:
    return math.sqrt(sum(s * s for s in samples) / max(1, len(samples)))


@pytest.mark.parametrize("name", ["a.mp4", "a.webm", "a.mp3", "a.wav"])
def test_sound_comes_in_the_format_of_the_house(name: str, tmp_path: Path) -> None:
    first, samples = heard(shoot(tmp_path / name, tone_s=2.0))
    assert abs(first) < RATE_HZ // 10
    assert len(samples) == pytest.approx(2 * RATE_HZ, rel=0.05)
    crossings = sum(1 for a, b in itertools.pairwise(samples) if a < 0 <= b)
    assert crossings / (len(samples) / RATE_HZ) == pytest.approx(440, rel=0.03)


@pytest.mark.parametrize("name", ["a.mp3", "a.m4a", "a.ogg", "a.flac", "a.wav"])
def test_a_whole_sound_ends_without_a_word_from_wherever_it_is_read(name: str, tmp_path: Path) -> None:
    path = shoot(tmp_path / name, tone_s=30.0)
    found = [sum(len(piece) for _, piece in Sound(path).pieces(from_s * 1_000_000)) for from_s in (0, 25, 40)]
    assert [round(size_b / 2 / RATE_HZ) for size_b in found] == [30, 5, 0]


@pytest.mark.parametrize("name", ["a.mp3", "a.m4a", "a.flac"])
def test_a_sound_that_is_shorter_than_it_says_is_told(name: str, tmp_path: Path) -> None:
    """Ogg and WAV say no other length than that of the file."""
    path = shoot(tmp_path / name, tone_s=30.0)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 3])
    with pytest.raises(FilmError, match=r"^(truncated|format)"):
        list(Sound(path).pieces(0))


def test_beside_pictures_a_sound_may_be_over_sooner(tmp_path: Path) -> None:
    path = shoot(tmp_path / "a.mkv", [Image.new("RGB", (64, 32))] * 30, at_s=range(30), tone_s=3.0)
    first, samples = heard(path)
    assert (first + len(samples)) / RATE_HZ == pytest.approx(3.0, abs=0.2)


def test_sound_from_a_position_is_where_it_says(tmp_path: Path) -> None:
    """Quiet, then loud from 3 s on: from wherever it is read, the loud part begins at the same sample."""

    def later_loud(at_s: float) -> float:
        return math.sin(2 * math.pi * 440 * at_s) if at_s >= 3 else 0.0

    path = shoot(tmp_path / "a.mp4", tone_s=6.0, tone=later_loud)
    for from_us in (0, 1_500_000, 2_900_000):
        first, samples = heard(path, from_us)
        assert first <= from_us * RATE_HZ // 1_000_000 + RATE_HZ // 20
        loud = next(n for n, sample in enumerate(samples) if abs(sample) > 5000)
        assert (first + loud) / RATE_HZ == pytest.approx(3.0, abs=0.05)


def test_a_file_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    both = reel(shoot(tmp_path / "a.mp4", counted(5), tone_s=0.3), (160, 96), 0)
    assert both.footage is not None
    assert both.sound is not None
    mute = reel(shoot(tmp_path / "b.mp4", counted(5)), (160, 96), 0)
    assert mute.footage is not None
    assert mute.sound is None
    alone = reel(shoot(tmp_path / "c.mp3", tone_s=0.3), (0, 0), 0)
    assert alone.footage is None
    assert loudness(heard(tmp_path / "c.mp3")[1]) > 1000


def test_what_converts_the_colours_is_set_up_once_for_a_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made_ones: list[VideoReformatter] = []

    def counting() -> VideoReformatter:
        made_ones.append(VideoReformatter())
        return made_ones[-1]

    monkeypatch.setattr(decode, "VideoReformatter", counting)
    room = bytearray(160 * 96 * 4)
    for shot in Film(made(tmp_path / "a.mp4", counted(30)), (160, 96), 0).shots(0):
        shot.draw(memoryview(room))
    assert len(made_ones) == 1


def test_one_brush_draws_frames_of_any_size_and_matrix(tmp_path: Path) -> None:
    brush = Brush((40, 24), 0)
    for turn, size in enumerate(((160, 96), (1280, 720), (160, 96))):
        path = made(tmp_path / f"{turn}.mp4", [halves(size)])
        with av.open(str(path)) as container:
            frame = next(container.decode(container.streams.video[0]))
        room = bytearray(40 * 24 * 4)
        brush.draw(frame, memoryview(room))
        assert bytes(room) == kept_apart(frame)


def kept_apart(frame: VideoFrame) -> bytes:
    room = bytearray(40 * 24 * 4)
    Brush((40, 24), 0).draw(frame, memoryview(room))
    return bytes(room)

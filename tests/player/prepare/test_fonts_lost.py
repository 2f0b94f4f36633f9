"""A damaged font file under real prepare workers: the board goes on, and health says what to install."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from drivers.surfaces import new_surface
from player import show as shows
from player.layout.fonts import BOLD, FIXED_13, FOLDERS, KHMER, KHMER_BOLD, REGULAR, Face
from player.model import Priority, Version
from player.prepare import frames
from player.prepare.jobs import Failed
from player.prepare.workers import Workers
from player.shelf import Shelf
from player.show import PanelShape, Prepared, Show
from tests.player.prepare.asked import LED, Collect, MakeShow, ready

KHMER_TEXT = (Version("km", "ជូនដំណឹង", "ការិយាល័យនឹងបិទ។"),)
HDMI = PanelShape(640, 360)


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[Callable[..., Workers]]:
    """Workers that find garbage where the files of these faces should be; warm for an HDMI panel."""
    made: list[Workers] = []

    def make(*faces: Face) -> Workers:
        for face in faces:
            path = tmp_path / "fonts" / face.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"not a font" * 50)
        made.append(Workers(tmp_path / "cache", warm=HDMI, fonts=(tmp_path / "fonts", *FOLDERS)))
        return made[-1]

    yield make
    for workers in made:
        workers.close()


def lit(folder: Path, prepared: Prepared) -> int:
    """Pixels of the first page that are not its ground."""
    surface = frames.load(folder / prepared.pages[0].frame)
    ground = surface.get_at((surface.get_width() // 2, surface.get_height() - 1))
    return sum(surface.get_at((x, y)) != ground for x in range(surface.get_width()) for y in range(40, 300))


def test_a_broken_script_font_is_a_problem_of_the_texts_that_need_it_alone(
    damaged: Callable[..., Workers], make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    workers = damaged(KHMER)
    khmer = make_show("", "", HDMI, versions=KHMER_TEXT)
    plain = make_show("HỌP DÂN", "19 giờ tại nhà văn hóa.", HDMI)
    found = collect(workers, workers.request(khmer), workers.request(plain))
    (problem,) = ready(found[shows.key(khmer)]).problems
    assert problem.startswith("font: Phông chữ Noto Sans Khmer hỏng")
    assert "apt install --reinstall fonts-noto-core" in problem
    assert ready(found[shows.key(plain)]).problems == ()
    assert lit(tmp_path / "cache", ready(found[shows.key(khmer)])) > 1000, "it is drawn in the face's bold"


def test_a_text_no_whole_font_can_draw_leaves_the_header_and_the_other_language(
    damaged: Callable[..., Workers], make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    workers = damaged(KHMER, KHMER_BOLD)
    both = make_show("", "", HDMI, versions=(Version("vi", "NGHỈ LỄ", "Chủ nhật cơ quan nghỉ."), *KHMER_TEXT))
    prepared = ready(collect(workers, workers.request(both))[shows.key(both)])
    assert len(prepared.problems) == 2
    assert lit(tmp_path / "cache", prepared) > 1000


@pytest.mark.parametrize("face", [REGULAR, BOLD, FIXED_13], ids=lambda face: face.name)
def test_a_broken_basic_font_leaves_the_board_as_it_is_with_another_drawing(
    face: Face, damaged: Callable[..., Workers], make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    workers = damaged(face)
    (pid,) = workers.pids()
    asked = [make_show("LŨ", "Nước lên nhanh, sơ tán ngay.", shape, priority=Priority.EMERGENCY)
             for shape in (HDMI, LED)]  # fmt: skip
    asked.append(Show(asked[0].unit, HDMI))  # the slate
    found = collect(workers, *(workers.request(show, urgent=True) for show in asked))
    told = [problem for show in asked for problem in ready(found[shows.key(show)]).problems]
    assert told
    assert all(f"Phông chữ {face.name} hỏng" in problem for problem in told)
    assert workers.pids() == (pid,), "no worker died of the garbage"
    assert lit(tmp_path / "cache", ready(found[shows.key(asked[0])])) > 1000


def test_without_any_basic_font_each_show_fails_with_the_package_to_install(
    damaged: Callable[..., Workers], make_show: MakeShow, collect: Collect
) -> None:
    workers = damaged(REGULAR, BOLD)
    (pid,) = workers.pids()
    for show in (make_show("Tin", "x", HDMI), make_show("Hai", "x", HDMI)):
        failed = collect(workers, workers.request(show))[shows.key(show)]
        assert isinstance(failed, Failed)
        assert "fonts-noto-core" in failed.reason
    assert workers.pids() == (pid,)


def test_health_names_the_font_and_forgets_it_when_it_is_whole_again(
    damaged: Callable[..., Workers], make_show: MakeShow, until: Callable[..., None], tmp_path: Path
) -> None:
    workers = damaged(KHMER)
    shelf = Shelf(workers, lambda name: new_surface(1, 1))
    show = make_show("", "", HDMI, versions=KHMER_TEXT)
    shelf.want(show, "tin-km")
    until(lambda: shelf.collect(0.0) and shelf.skips())
    ((name, reason, _),) = shelf.skips()
    assert name == "tin-km"
    assert "Noto Sans Khmer" in reason
    (tmp_path / "fonts" / KHMER.file).unlink()  # the package's own file is found again
    assert shelf.prepared(show) is not None
    shelf.want(show, "tin-km")
    until(lambda: shelf.collect(1.0) and not shelf.skips())


def test_what_was_drawn_without_a_font_is_not_taken_for_what_it_draws(
    damaged: Callable[..., Workers], make_show: MakeShow, collect: Collect, tmp_path: Path
) -> None:
    """The ticker's strip is shared among shows, and lies in the cache for longer than a font is broken."""
    workers = damaged(KHMER_BOLD)
    show = make_show("Tin", "x", HDMI, ticker=("ជូនដំណឹង",))
    asked = workers.request(show)
    lacking = ready(collect(workers, asked)[asked])
    assert lacking.problems
    (tmp_path / "fonts" / KHMER_BOLD.file).unlink()
    whole = ready(collect(workers, workers.request(show))[asked])
    assert whole.problems == ()
    assert lacking.ticker
    assert whole.ticker
    assert whole.ticker.frame != lacking.ticker.frame

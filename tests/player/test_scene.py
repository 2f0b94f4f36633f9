"""Scenes: nothing lost, nothing outside the panel, for any shape and any text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from player import scene, text
from player.layout.boxes import Band, Label, Scene, ScenePage
from player.layout.fonts import LED_FLOOR_PX, FontBook
from player.model import Item, Media, Priority, Version
from player.show import Box, PanelShape, Show

HDMI, LED, LOW = PanelShape(1920, 1080), PanelShape(192, 96, "led"), PanelShape(64, 32, "led")
SHAPES = [
    HDMI, LED, LOW, PanelShape(1080, 1920), PanelShape(3840, 2160), PanelShape(1280, 720), PanelShape(3840, 600),
    PanelShape(128, 64, "led"), PanelShape(320, 160, "led"), PanelShape(96, 192, "led"), PanelShape(256, 16, "led"),
    PanelShape(512, 128, "led"), PanelShape(96, 48, "led"), PanelShape(256, 64, "led"), PanelShape(512, 32, "led"),
]  # fmt: skip
SHAPE_IDS = [f"{shape.kind}-{shape.width_px}x{shape.height_px}" for shape in SHAPES]
STORM = (
    "Hồi 04 giờ ngày 27/9, tâm bão ở ngay trên vùng biển phía Đông. Sức gió mạnh nhất cấp 11-12, giật cấp 15. "
    "Bà con khẩn trương sơ tán khỏi vùng ven suối trước 18 giờ."
)
KHMER = Version("km", "ជូនដំណឹង", "ការិយាល័យនឹងបិទនៅថ្ងៃអាទិត្យ។")
MakeShow = Callable[..., Show]


def all_labels(page: ScenePage) -> list[Label]:
    return [*page.labels, *(page.band.labels if page.band else ())]


def shown_words(found: Scene) -> str:
    return "".join("".join(label.text for page in found.pages for label in all_labels(page)).split())


def assert_inside(labels: tuple[Label, ...], width: int, height: int, book: FontBook) -> None:
    for label in labels:
        assert label.x >= 0, label
        assert label.x + text.width(label.text, label.kind, book) <= width + 1, label
        assert label.y >= 0, label
        assert label.y + book.ascent(label.kind) <= height, label


def assert_well_formed(found: Scene, book: FontBook) -> None:
    w, h = found.shape.width_px, found.shape.height_px
    for page in found.pages:
        assert_inside(page.labels, w, h, book)
        assert page.read_s > 0
        if page.band:
            assert_band(page.band, w, h, book)
    if found.ticker:
        assert_band(found.ticker, w, h, book)
    if found.clock:
        assert_box(found.clock.box, w, h)


def assert_box(box: Box, width: int, height: int) -> None:
    assert min(box.x, box.y) >= 0
    assert min(box.w, box.h) > 0
    assert box.x + box.w <= width
    assert box.y + box.h <= height


def assert_band(band: Band, width: int, height: int, book: FontBook) -> None:
    assert_box(band.box, width, height)
    assert band.length_px >= (band.box.h if band.vertical else band.box.w)
    across, along = (band.box.w, band.length_px) if band.vertical else (band.length_px, band.box.h)
    assert_inside(band.labels, across, along, book)


@pytest.mark.parametrize("shape", SHAPES, ids=SHAPE_IDS)
def test_every_word_of_the_district_plan_is_shown(
    shape: PanelShape, plan: str, make_show: MakeShow, book: FontBook
) -> None:
    found = scene.compose(make_show("KẾ HOẠCH", plan, shape), book)
    assert_well_formed(found, book)
    flat, wanted = shown_words(found).replace("–", ""), "".join(text.clean(plan).split()).replace("–", "")
    cursor = 0
    for word in text.clean(plan).split():
        letters = word.replace("–", "")
        cursor = flat.find(letters, cursor)
        assert cursor >= 0, f"{word!r} is on no page"
        cursor += len(letters)
    assert len(flat) >= len(wanted)


def test_the_plan_reads_as_pages_on_hdmi_and_moves_on_led(plan: str, make_show: MakeShow, book: FontBook) -> None:
    pages = scene.compose(make_show("KẾ HOẠCH", plan, HDMI), book).pages
    assert 8 <= len(pages) <= 30
    assert not any(page.band for page in pages)
    assert all(page.band and page.band.vertical for page in scene.compose(make_show("K", plan, LED), book).pages)
    assert all(page.band and not page.band.vertical for page in scene.compose(make_show("K", plan, LOW), book).pages)


@pytest.mark.parametrize("shape", SHAPES, ids=SHAPE_IDS)
@pytest.mark.parametrize("priority", list(Priority))
def test_a_short_text_with_ticker_stands_inside_any_panel(
    shape: PanelShape, priority: Priority, make_show: MakeShow, book: FontBook
) -> None:
    show = make_show("BÃO SỐ 10 ĐỔ BỘ", STORM, shape, priority=priority, level=3, ticker=("Gọi 113", "Gọi 115"))
    found = scene.compose(show, book)
    assert_well_formed(found, book)
    for word in STORM.split():
        assert word in shown_words(found)


@pytest.mark.parametrize("shape", SHAPES, ids=SHAPE_IDS)
@pytest.mark.parametrize("layout", ["", "identify", "test-pattern", "blank"])
def test_the_sign_s_own_pages_fit_any_panel(
    shape: PanelShape, layout: str, make_show: MakeShow, book: FontBook
) -> None:
    unit = make_show("", "x").unit
    found = scene.compose(Show(unit, shape, layout=layout, label="s-7k2m9xq4"), book)
    assert_well_formed(found, book)
    if layout == "blank":
        assert found.pages == (ScenePage(found.pages[0].ground),)
        assert found.pages[0].ground == (0, 0, 0)
    if not layout:
        assert "TânKhai" in shown_words(found)
    if layout == "identify":
        assert "s-7k2m9xq4" in shown_words(found)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    width=st.integers(64, 2000), height=st.integers(16, 1200), led=st.booleans(),
    body=st.text(alphabet="aêộẾ gxyĐ.,\n-/5ក្រꪀ", max_size=300),
)  # fmt: skip
def test_any_text_on_any_panel_stays_inside(  # noqa: PLR0917
    width: int, height: int, led: bool, body: str, make_show: MakeShow, book: FontBook
) -> None:
    shape = PanelShape(width, height, "led" if led or height < 200 or width < 200 else "hdmi")
    found = scene.compose(make_show("Tin ngày", body, shape), book)
    assert found.pages
    assert sum(page.read_s for page in found.pages) == pytest.approx(found.dwell_s)
    for page in found.pages:
        assert all(label.y >= 0 and label.x >= 0 for label in all_labels(page))
        if page.band:
            assert page.band.length_px >= (page.band.box.h if page.band.vertical else page.band.box.w)


def test_dwell_follows_the_words(make_show: MakeShow, book: FontBook) -> None:
    hundred = make_show("", "một hai ba bốn năm sáu bảy tám chín mười " * 10)
    assert scene.compose(hundred, book).dwell_s == pytest.approx(40.0)


def test_a_scroll_has_time_for_one_whole_pass(make_show: MakeShow, book: FontBook) -> None:
    found = scene.compose(make_show("THÔNG BÁO", STORM, LOW), book)
    page = found.pages[0]
    assert page.band
    assert page.read_s >= (page.band.length_px - page.band.box.w) / page.band.speed_px_s


def test_estimate_agrees_with_the_scene_and_knows_the_least_slot(make_show: MakeShow, book: FontBook) -> None:
    show = make_show("Tin", "ngắn")
    assert show.item
    assert scene.estimate(show.item, show.unit, HDMI, book) == scene.Estimate(1, scene.LEAST_SLOT_S)
    long = make_show("Tin", "một hai ba bốn năm " * 400)
    assert long.item
    found = scene.compose(long, book)
    assert scene.estimate(long.item, long.unit, HDMI, book) == (len(found.pages), round(found.dwell_s, 1))


@pytest.mark.parametrize("shape", [HDMI, LED, LOW], ids=["hdmi", "led", "low"])
def test_the_longest_text_allowed_keeps_within_a_slot(shape: PanelShape, make_show: MakeShow, book: FontBook) -> None:
    show = make_show("Sách", "một hai ba bốn năm " * 3100, shape)
    assert show.item
    assert scene.estimate(show.item, show.unit, shape, book).dwell_s == scene.LONGEST_SLOT_S


def test_two_languages_stand_side_by_side_where_it_is_wide(make_show: MakeShow, book: FontBook) -> None:
    both = (Version("vi", "THÔNG BÁO", "Chủ nhật cơ quan nghỉ."), KHMER)
    wide = scene.compose(make_show("", "", HDMI, versions=both), book)
    tall = scene.compose(make_show("", "", PanelShape(1080, 1920), versions=both), book)
    assert (len(wide.pages), len(tall.pages)) == (1, 2)
    left = next(label for label in wide.pages[0].labels if "nghỉ" in label.text)
    right = next(label for label in wide.pages[0].labels if text.stacks(label.text))
    assert left.x < 960 < right.x


def test_long_languages_follow_each_other(plan: str, make_show: MakeShow, book: FontBook) -> None:
    both = (Version("vi", "KẾ HOẠCH", plan), KHMER)
    pages = scene.compose(make_show("", "", HDMI, versions=both), book).pages
    assert text.stacks("".join(label.text for label in pages[-1].labels))
    assert not text.stacks("".join(label.text for label in pages[0].labels))


def test_stacked_scripts_get_more_lamps_on_led(make_show: MakeShow, book: FontBook) -> None:
    pages = scene.compose(make_show("", "", LED, versions=(KHMER,)), book).pages
    body = [label for page in pages for label in page.labels if text.stacks(label.text)]
    assert min(label.kind.size_px for label in body) >= 16


@pytest.mark.parametrize("shape", [HDMI, LED], ids=["hdmi", "led"])
def test_an_emergency_names_its_level(shape: PanelShape, make_show: MakeShow, book: FontBook) -> None:
    show = make_show("BÃO", STORM, shape, priority=Priority.EMERGENCY, level=4)
    page = scene.compose(show, book).pages[0]
    assert any("KHẨN CẤP" in label.text and label.text.endswith("CẤP 4") for label in page.labels)


def test_nothing_runs_beside_an_emergency(make_show: MakeShow, book: FontBook) -> None:
    show = make_show("BÃO", STORM, priority=Priority.EMERGENCY, ticker=("Gọi 113",))
    assert scene.compose(show, book).ticker is None


def test_an_emergency_without_a_level_names_none(make_show: MakeShow, book: FontBook) -> None:
    show = make_show("CHÁY RỪNG", STORM, priority=Priority.EMERGENCY)
    assert any(label.text == "TIN KHẨN CẤP" for label in scene.compose(show, book).pages[0].labels)


@pytest.mark.parametrize(
    ("shape", "signs"),
    [(HDMI, 1), (PanelShape(1080, 1920), 1), (PanelShape(320, 160, "led"), 1), (LED, 1),
     (PanelShape(128, 64, "led"), 1), (PanelShape(112, 64, "led"), 0), (LOW, 0)],
)  # fmt: skip
def test_an_emergency_bears_the_warning_sign_where_no_word_has_to_go_for_it(
    shape: PanelShape, signs: int, make_show: MakeShow, book: FontBook
) -> None:
    for page in scene.compose(make_show("BÃO", STORM, shape, priority=Priority.EMERGENCY, level=3), book).pages:
        triangle = [one.points for one in page.polygons if len(one.points) == 3]
        assert len(triangle) == signs
        heading = next((label for label in page.labels if "KHẨN CẤP" in label.text), None)
        assert (heading is None) is (shape is LOW)
        assert heading is None or "…" not in heading.text
        for corners in triangle:
            assert heading is not None
            assert max(x for x, _ in corners) < heading.x
    routine = scene.compose(make_show("HỌP", STORM, shape), book)
    assert not any(page.polygons for page in routine.pages)


def test_pages_are_numbered_and_late_comers_see_the_title(make_show: MakeShow, book: FontBook) -> None:
    pages = scene.compose(make_show("LỊCH TIÊM CHỦNG", "một hai ba bốn năm " * 200), book).pages
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        said = [label.text for label in page.labels]
        assert f"{number}/{len(pages)}" in said
        assert "LỊCH TIÊM CHỦNG" in said


def test_one_page_has_no_number(make_show: MakeShow, book: FontBook) -> None:
    assert all("/" not in label.text for label in scene.compose(make_show("Tin", "ngắn"), book).pages[0].labels)


PHOTO = Media("0" * 64, 1000, "image/jpeg")


def test_a_picture_alone_fills_the_panel(make_show: MakeShow, book: FontBook) -> None:
    show = make_show("", "", picture=PHOTO, picture_path="photo.jpg")
    pages = scene.compose(show, book).pages
    assert [page.picture for page in pages] == [Box(0, 0, 1920, 1080)]
    assert not pages[0].labels


def test_a_short_text_stands_beside_its_picture(make_show: MakeShow, book: FontBook) -> None:
    show = make_show("HỘI CHỢ", "Mời bà con.", picture=PHOTO, picture_path="photo.jpg")
    (page,) = scene.compose(show, book).pages
    assert page.picture
    assert all(
        label.x + text.width(label.text, label.kind, book) <= page.picture.x
        for label in page.labels
        if label.y > page.picture.y
    )


def test_a_long_text_follows_its_picture(plan: str, make_show: MakeShow, book: FontBook) -> None:
    pages = scene.compose(make_show("K", plan, picture=PHOTO, picture_path="photo.jpg"), book).pages
    assert pages[0].picture
    assert not any(page.picture for page in pages[1:])


def test_an_item_of_sound_alone_shows_whose_it_is(make_show: MakeShow, book: FontBook) -> None:
    (page,) = scene.compose(make_show("", ""), book).pages
    assert [label.text for label in page.labels] == ["Ủy ban nhân dân phường Tân Khai"]


def test_a_long_unit_name_is_abbreviated_before_it_is_cut(make_show: MakeShow, book: FontBook) -> None:
    narrow = scene.compose(make_show("Tin", "x", LED), book).pages[0].labels[0]
    assert narrow.text == "UBND phường Tân Khai"


def test_a_ticker_is_longer_than_its_box_so_that_it_can_run_round(make_show: MakeShow, book: FontBook) -> None:
    ticker = scene.compose(make_show("Tin", "x", ticker=("Gọi 113",)), book).ticker
    assert ticker
    assert ticker.wraps
    assert ticker.length_px >= ticker.box.w


@pytest.mark.parametrize("floor_px", [0, 82, 163])
@pytest.mark.parametrize("size", [(640, 480), (800, 600), (1280, 720), (1080, 1920), (1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("kind", ["hdmi", "led"])
def test_a_ticker_runs_as_fast_as_it_can_be_read_on_any_panel(
    kind: str, size: tuple[int, int], floor_px: int, make_show: MakeShow, book: FontBook
) -> None:
    panel = PanelShape(*size, kind, floor_px) if kind == "hdmi" else PanelShape(size[0] // 6, size[1] // 6, kind)
    said = "Mời bà con đưa trẻ dưới sáu tuổi đến trạm y tế uống vắc xin sáng thứ sáu, nhớ mang theo sổ tiêm chủng."
    ticker = scene.compose(make_show("Tin", "x", panel, ticker=(said,)), book).ticker
    assert ticker
    words = sum(len(label.text.split()) for label in ticker.labels if label.text == said)
    in_four_seconds = 4 * words * ticker.speed_px_s / ticker.length_px
    assert 5 <= in_four_seconds <= 10
    assert ticker.speed_px_s % 60 == 0, "whole pixels a frame at 60 Hz"


def test_an_empty_ticker_takes_no_room(make_show: MakeShow, book: FontBook) -> None:
    assert scene.compose(make_show("Tin", "x", ticker=("", "\u202e")), book).ticker is None


def test_decomposed_text_gives_the_same_scene(make_show: MakeShow, book: FontBook) -> None:
    decomposed = make_show("BA\u0303O SO\u0302\u0301 10", "tie\u0302\u0301ng Vie\u0323\u0302t")
    assert scene.compose(decomposed, book) == scene.compose(make_show("BÃO SỐ 10", "tiếng Việt"), book)


def test_the_same_show_gives_the_same_scene(make_show: MakeShow) -> None:
    show = make_show("BÃO", STORM)
    assert scene.compose(show, FontBook()) == scene.compose(show, FontBook())


def test_items_differ_from_their_times(make_show: MakeShow, book: FontBook) -> None:
    show = make_show("BÃO", STORM)
    assert isinstance(show.item, Item)
    assert scene.compose(show, book) == scene.compose(make_show("BÃO", STORM, dwell_s=99.0, rank=4), book)


@pytest.mark.parametrize(
    "shape",
    [PanelShape(1920, 1080, floor_px=60), PanelShape(1080, 1920, floor_px=90), PanelShape(3840, 2160),
     PanelShape(96, 48, "led"), PanelShape(256, 64, "led"), PanelShape(320, 160, "led", floor_px=24)],
    ids=lambda shape: f"{shape.kind}-{shape.width_px}x{shape.height_px}-{shape.floor_px}",
)  # fmt: skip
def test_nothing_of_a_bulletin_lies_under_the_legibility_floor(
    shape: PanelShape, plan: str, make_show: MakeShow, book: FontBook
) -> None:
    floor_px = shape.floor_px if shape.kind == "hdmi" else LED_FLOOR_PX
    for body in (plan, "Mai họp lúc 19 giờ."):
        found = scene.compose(make_show("KẾ HOẠCH", body, shape, ticker=("Gọi 113",)), book)
        kinds = {label.kind for page in found.pages for label in all_labels(page)}
        kinds |= {face.kind for face in (found.clock, *found.dates) if face}
        assert min(book.height(kind) for kind in kinds) >= floor_px - 1


def test_the_dates_stand_beside_the_clock_and_not_beside_an_emergency(make_show: MakeShow, book: FontBook) -> None:
    calm = scene.compose(make_show("Tin", "x"), book)
    assert calm.clock
    assert [face.form for face in calm.dates] == ["solar", "lunar"]
    assert all(face.box.x + face.box.w < calm.clock.box.x for face in calm.dates)
    name = calm.pages[0].labels[0]
    assert name.x + text.width(name.text, name.kind, book) < calm.dates[0].box.x
    assert scene.compose(make_show("BÃO", "x", priority=Priority.EMERGENCY), book).dates == ()


def test_a_low_header_keeps_the_name_of_the_place(make_show: MakeShow, book: FontBook) -> None:
    page = scene.compose(make_show("Tin", "x", PanelShape(128, 64, "led")), book).pages[0]
    assert page.labels[0].text == "P. Tân Khai"


def test_a_title_alone_stands_below_its_picture(make_show: MakeShow, book: FontBook) -> None:
    found = scene.compose(make_show("Hội chợ", "", picture=PHOTO, picture_path="photo.jpg"), book)
    (page,) = found.pages
    assert page.picture
    assert (page.picture.x, page.picture.y, page.picture.w) == (0, 0, 1920)
    assert all(label.y >= page.picture.h for label in page.labels)
    assert found.clock is None

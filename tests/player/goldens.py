"""The golden frames: which layouts are looked at on which panels, and what stands on each.

One list for the approved pictures and for the machine that reads them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import pygame

from player.model import Media, Priority, Version
from player.motion import Said
from player.show import Box, PanelShape, Show

MakeShow = Callable[..., Show]
Shows = dict[str, Callable[[PanelShape], Show]]

LEDS: Final = (
    PanelShape(64, 32, "led"), PanelShape(128, 64, "led"), PanelShape(192, 96, "led"), PanelShape(320, 160, "led"),
)  # fmt: skip
HDMIS: Final = (PanelShape(1920, 1080), PanelShape(1080, 1920))
SHAPES: Final = LEDS + HDMIS
STORM: Final = "Hồi 04 giờ ngày 27/9, bão mạnh cấp 11-12, giật cấp 15. Bà con sơ tán trước 18 giờ."
CHECKUP: Final = (
    "Trạm y tế tổ chức khám sức khỏe cho người từ 60 tuổi trở lên từ ngày 07/12 đến hết ngày 11/12, buổi sáng từ "
    "7 giờ 30, buổi chiều từ 13 giờ 30.\n"
    "Ấp 1 và ấp 2: thứ Hai; ấp 3: thứ Ba; ấp 4 và ấp 5: thứ Tư; các hộ ở xa trung tâm: thứ Năm và thứ Sáu.\n"
    "Khi đi nhớ mang theo căn cước, thẻ bảo hiểm y tế và các giấy tờ khám bệnh trước đây; nhịn ăn sáng để thử máu. "
    "Người già yếu không đi lại được, gia đình báo trưởng ấp để cán bộ trạm đến khám tại nhà.\n"
    "Mọi thắc mắc xin hỏi chị Thủy, điện thoại 0900 123 456, trong giờ làm việc."
)
SCRIPTS: Final = "ជូនដំណឹង៖ ការិយាល័យនឹងបិទ។\nꨀꨇꩉ ꨌꩌ\nꪼꪕꪒꪾ ꪁꪫꪱꪣꪼꪕ\nƀuôn ƀơi ê̆ ô̆ ơ̆ ư̆ č ñ ŏ ŭ ĭ Ê̆ Ô̆"
PHOTO: Final = Media("ab" * 32, 100_000, "image/jpeg")
CREST: Final = Media("cd" * 32, 1_000, "image/png")


class Golden(NamedTuple):
    """One layout on one panel, as many pages as it takes there."""

    layout: str
    shape: PanelShape

    @property
    def name(self) -> str:
        return f"{self.layout}-{size_of(self.shape)}"

    @property
    def said(self) -> Said | None:
        """The sentence that is being read aloud there."""
        return Said("vi", 1, 3) if self.layout == "speaking" else None

    def file(self, page: int, *, strip: bool = False) -> str:
        """The name of the approved picture of a page, counted from 0, or of the strip that passes over it."""
        return f"{self.name}{f'-{page + 1}' if page else ''}{'-strip' if strip else ''}.png"


def size_of(shape: PanelShape) -> str:
    return f"{shape.width_px}x{shape.height_px}"


EVERYWHERE: Final = (
    "notice", "priority", "languages", "scripts", "picture", "caption", "illustrated", "slate", "identify",
    "test-pattern", "speaking", "emergency-3",
)  # fmt: skip
GOLDENS: Final = (
    *(Golden(layout, shape) for shape in SHAPES for layout in EVERYWHERE),
    *(Golden("modules", shape) for shape in LEDS[1:]),
    *(Golden("long", shape) for shape in (LEDS[2], *HDMIS)),
    *(Golden("crest", shape) for shape in HDMIS),
    *(Golden("crest-slate", shape) for shape in (LEDS[3], *HDMIS)),
    *(Golden(f"emergency-{level}", shape) for shape in (LEDS[2], *HDMIS) for level in (0, 1, 2, 4, 5)),
)


def shows(make_show: MakeShow, crest: Path) -> Shows:
    """What each layout shows, by name; `crest` is a file of `draw_crest`."""
    unit = make_show("", "x").unit
    khmer = Version("km", "ជូនដំណឹង", "ការិយាល័យនឹងបិទ។")
    vietnamese = Version("vi", "THÔNG BÁO", "Chủ nhật cơ quan nghỉ.")
    photo = {"picture": PHOTO, "picture_path": "photo.jpg"}
    notice = functools.partial(make_show, "CÚP NƯỚC", "Từ 8 giờ ngày 25/11 tại ấp 1 và ấp 2.", ticker=("Gọi 113",))
    return {
        "notice": notice,
        "priority": lambda shape: make_show("HỌP DÂN", "19 giờ tại nhà văn hóa ấp 3.", shape,
                                            priority=Priority.PRIORITY),
        "languages": lambda shape: make_show("", "", shape, versions=(vietnamese, khmer)),
        "scripts": lambda shape: make_show("Ƀuôn Êđê", SCRIPTS, shape),
        "picture": lambda shape: make_show("", "", shape, **photo),
        "caption": lambda shape: make_show("Hội chợ nông sản xã Tân Hưng", "", shape, **photo),
        "illustrated": lambda shape: make_show("HỘI CHỢ", "Mời bà con đến dự lúc 7 giờ.", shape, **photo),
        "speaking": lambda shape: make_show("HỌP DÂN", "19 giờ tại nhà văn hóa ấp 3. Đi đông đủ!", shape),
        "long": lambda shape: make_show(
            "KHÁM SỨC KHỎE NGƯỜI CAO TUỔI", CHECKUP, shape, ticker=("Cấp cứu: gọi 115", "Báo cháy: gọi 114")
        ),
        "crest": lambda shape: crested(notice(shape), crest),
        "slate": lambda shape: Show(unit, shape),
        "crest-slate": lambda shape: crested(Show(unit, shape), crest),
        "identify": lambda shape: Show(unit, shape, layout="identify", label="s-7k2m9xq4"),
        "test-pattern": lambda shape: Show(unit, shape, layout="test-pattern"),
        "modules": lambda shape: Show(unit, shape, layout="test-pattern", modules=eight(shape)),
        **{f"emergency-{level}": functools.partial(storm, make_show, level) for level in range(6)},
    }  # fmt: skip


def storm(make_show: MakeShow, level: int, shape: PanelShape) -> Show:
    return make_show("BÃO SỐ 10", STORM, shape, priority=Priority.EMERGENCY, level=level)


def eight(shape: PanelShape) -> tuple[Box, ...]:
    """Two chains of four modules."""
    w, h = shape.width_px // 4, shape.height_px // 2
    return tuple(Box(n % 4 * w, n // 4 * h, w, h) for n in range(8))


def crested(show: Show, crest: Path) -> Show:
    return msgspec.structs.replace(show, unit=msgspec.structs.replace(show.unit, crest=CREST), crest=str(crest))


def draw_crest(path: Path) -> Path:
    """A round emblem on nothing, with a star, a ring and a darker edge: what tells a fringe from a clean cut."""
    surface, middle, side = pygame.Surface((400, 400), pygame.SRCALPHA, 32), (200, 200), 400
    for colour, radius in (((150, 10, 16), 198), ((250, 206, 60), 186), ((206, 22, 30), 168)):
        pygame.draw.circle(surface, colour, middle, radius)
    points = []
    for n in range(10):
        angle, far = math.pi * n / 5 - math.pi / 2, side * (0.33 if n % 2 == 0 else 0.126)
        points.append((middle[0] + far * math.cos(angle), middle[1] + far * math.sin(angle)))
    pygame.draw.polygon(surface, (250, 206, 60), points)
    pygame.image.save(surface, path)
    return path

"""Boxes to pixels: pages, strips and clock figures as pygame surfaces, 32 bits, turned for a rotated panel."""

from __future__ import annotations

import pygame

from drivers.surfaces import new_surface
from player import text
from player.layout.boxes import Band, ClockPlan, Label, ScenePage
from player.layout.fonts import FontBook, Type, overhang
from player.show import Box, PanelShape


def page(  # noqa: PLR0917
    shape: PanelShape,
    drawn: ScenePage,
    book: FontBook,
    picture: pygame.Surface | None = None,
    canvas: pygame.Surface | None = None,
    crest: pygame.Surface | None = None,
) -> pygame.Surface:
    """The page at the panel's size, not yet turned. `picture` and `crest` already fit their boxes and are centred.

    A `canvas` of that size is drawn over and given back: memory that was just given costs more than the drawing.
    """
    size = (shape.width_px, shape.height_px)
    surface = canvas if canvas is not None and canvas.get_size() == size else new_surface(*size)
    surface.fill(drawn.ground)
    for fill in drawn.fills:
        surface.fill(fill.colour, tuple_of(fill.box))
    for polygon in drawn.polygons:
        pygame.draw.polygon(surface, polygon.colour, polygon.points)
    if picture is not None and drawn.picture is not None:
        surface.blit(picture, centred(picture, drawn.picture))
    if crest is not None and drawn.crest is not None:
        surface.blit(crest, centred(crest, drawn.crest), special_flags=pygame.BLEND_PREMULTIPLIED)
    for label in drawn.labels:
        draw_label(surface, label, book)
    return surface


def strip(band: Band, book: FontBook) -> pygame.Surface:
    """The whole band, opaque, not yet turned."""
    across = band.box.w if band.vertical else band.box.h
    size = (across, band.length_px) if band.vertical else (band.length_px, across)
    surface = new_surface(*size)
    surface.fill(band.ground)
    for label in band.labels:
        draw_label(surface, label, book)
    return surface


def figures(clock: ClockPlan, book: FontBook) -> tuple[pygame.Surface, ...]:
    """Every word of the clock or date on its ground, all digits of one width; not yet turned."""
    font = book.font(clock.kind)
    widest = max(font.size(figure)[0] for figure in "0123456789")
    drawn = []
    for figure in clock.words:
        ink = font.render(figure, True, clock.colour)
        width = widest if figure.isdigit() else ink.get_width()
        surface = new_surface(width, clock.box.h)
        surface.fill(clock.ground)
        surface.blit(ink, ((width - ink.get_width()) // 2, 0))
        drawn.append(surface)
    return tuple(drawn)


def draw_label(surface: pygame.Surface, label: Label, book: FontBook) -> None:
    """One line, its runs on a common baseline. Missing letters are left out, never drawn as boxes."""
    baseline = label.y + book.ascent(label.kind)
    x = label.x
    for run in text.runs(label.text, label.kind.face, book):
        kind = Type(run.face, label.kind.size_px)
        ink = book.font(kind).render(run.text, True, label.colour)
        surface.blit(ink, (x, max(0, baseline - book.ascent(kind) - overhang(ink, book.height(kind)).above_px)))
        x += ink.get_width()


def centred(surface: pygame.Surface, box: Box) -> tuple[int, int]:
    """Where the top left corner of `surface` goes so that it stands in the middle of `box`."""
    return box.x + (box.w - surface.get_width()) // 2, box.y + (box.h - surface.get_height()) // 2


def turn(surface: pygame.Surface, rotation: int) -> pygame.Surface:
    """The surface turned clockwise by 0, 90, 180 or 270 degrees."""
    return pygame.transform.rotate(surface, -rotation) if rotation else surface


def turn_box(box: Box, shape: PanelShape) -> Box:
    """Where `box` lies on the panel once its frame was turned."""
    w, h = shape.width_px, shape.height_px
    if shape.rotation == 90:
        return Box(h - box.y - box.h, box.x, box.h, box.w)
    if shape.rotation == 180:
        return Box(w - box.x - box.w, h - box.y - box.h, box.w, box.h)
    if shape.rotation == 270:
        return Box(box.y, w - box.x - box.w, box.h, box.w)
    return box


def runs_backwards(vertical: bool, rotation: int) -> bool:
    """Whether a strip's far end comes first once it was turned."""
    return rotation in (180, 90 if vertical else 270)


def tuple_of(box: Box) -> tuple[int, int, int, int]:
    return box.x, box.y, box.w, box.h

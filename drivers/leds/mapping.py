"""How small modules make up a large LED panel: which one hangs where, and in what order their pixels go out.

The picture is cut into cells, one a module. Modules are joined by cables into chains, and several
chains may run side by side (parallel). A receiver sees neither: it sees the *wire canvas*, all
modules of a chain beside each other, the chains below each other. `Grid.sources` says for each
pixel of that canvas which pixel of the picture it shows; it is a permutation, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from drivers import options
from drivers.options import Option

STARTS: Final = ("top-left", "top-right", "bottom-left", "bottom-right")


class GeometryError(ValueError):
    """Modules, chains and panel do not match; the message names all the numbers."""


class Place(NamedTuple):
    """One pixel."""

    x: int
    y: int


class Cell(NamedTuple):
    """One module in the picture. `number` counts from 1 along the cables; `turned` is how it hangs, clockwise."""

    number: int
    chain: int
    x: int
    y: int
    w: int
    h: int
    turned: int


class Multiplex(NamedTuple):
    """How a module's pixels lie on its wires: `stretch` times as wide and as many times lower; `place` moves one.

    The module's height is a multiple of `rows`.
    """

    stretch: int
    rows: int
    place: Callable[[int, int, int, int], Place]


def _direct(x: int, y: int, width: int, height: int) -> Place:
    return Place(x, y)


def _row_in_half(y: int, height: int) -> tuple[int, bool]:
    """Modules lit four rows at a time shift two rows in one go: the row on the wire, and whether it is the upper."""
    return y // (height // 2) * (height // 4) + y % (height // 4), y % (height // 2) < height // 4


def _stripe(x: int, y: int, width: int, height: int) -> Place:
    row, upper = _row_in_half(y, height)
    return Place(x + width if upper else x, row)


def _checker(x: int, y: int, width: int, height: int) -> Place:
    row, upper = _row_in_half(y, height)
    right = x >= width // 2
    if upper:
        return Place(x + width if right else x + width // 2, row)
    return Place(x + width // 2 if right else x, row)


def _z_stripe(x: int, y: int, width: int, height: int) -> Place:
    """In tiles of eight by four pixels: one of the upper four rows, then the one below it."""
    return Place(x // 8 * 16 + x % 8 + y // 4 % 2 * 8, y // 8 * 4 + y % 4)


MULTIPLEX: Final[Mapping[str, Multiplex]] = {
    "direct": Multiplex(1, 1, _direct),
    "stripe": Multiplex(2, 4, _stripe),
    "checker": Multiplex(2, 4, _checker),
    "zstripe": Multiplex(2, 8, _z_stripe),
}

OPTIONS: Final = {
    "module": Option(None, options.numbers(2, 1, 7680), "width,height of one LED module in pixels; none: one for all"),
    "chain": Option(None, options.whole(1, 1024), "modules on one cable; none: as many as the panel needs"),
    "parallel": Option(1, options.whole(1, 64), "cables (outputs) side by side"),
    "serpentine": Option(
        "straight",
        options.one_of("straight", "flip", "upright"),
        "every other line runs back: flip: upside down; upright: not",
    ),
    "start": Option("top-left", options.one_of(*STARTS), "the corner of the first module, seen from the front"),
    "run": Option("rows", options.one_of("rows", "columns"), "the way the cable runs from the first module"),
    "module_turn": Option(0, options.one_of(0, 90, 180, 270), "how each module hangs, in degrees clockwise"),
    "multiplex": Option("direct", options.one_of(*MULTIPLEX), "how the rows of one module lie on its wires"),
}


@dataclass(frozen=True, slots=True)
class Grid:
    """A panel of `width_px` × `height_px` made of modules. Raises GeometryError where the numbers do not match."""

    width_px: int
    height_px: int
    module: tuple[int, ...] | None = None
    chain: int | None = None
    parallel: int = 1
    serpentine: str = "straight"
    start: str = "top-left"
    run: str = "rows"
    module_turn: int = 0
    multiplex: str = "direct"

    def __post_init__(self) -> None:
        self._check_panel()
        self._check_chain()
        self._check_module()

    @property
    def module_px(self) -> tuple[int, int]:
        """One module as it is made."""
        return (self.module[0], self.module[1]) if self.module else self._turned(self.width_px, self.height_px)

    @property
    def cell_px(self) -> tuple[int, int]:
        """One module as it hangs."""
        return self._turned(*self.module_px)

    @property
    def columns(self) -> int:
        return self.width_px // self.cell_px[0]

    @property
    def lines(self) -> int:
        return self.height_px // self.cell_px[1]

    @property
    def chain_length(self) -> int:
        return self.chain or self.columns * self.lines // self.parallel

    @property
    def wire_px(self) -> tuple[int, int]:
        """The wire canvas: all modules of a chain beside each other, the chains below each other."""
        width, height = self.module_px
        stretch = MULTIPLEX[self.multiplex].stretch
        return width * stretch * self.chain_length, height // stretch * self.parallel

    @property
    def plain(self) -> bool:
        """Whether the wire canvas is the picture itself."""
        return self.sources() == list(range(self.width_px * self.height_px))

    def cells(self) -> tuple[Cell, ...]:
        """The modules in the order of their numbers."""
        return tuple(self._cell(number) for number in range(self.columns * self.lines))

    def sources(self) -> list[int]:
        """For each pixel of the wire canvas, row by row, the number of the picture's pixel, counted row by row."""
        wire_width, wire_height = self.wire_px
        sources = [0] * (wire_width * wire_height)
        for cell in self.cells():
            for wire, picture in self._pixels(cell):
                sources[wire.y * wire_width + wire.x] = picture.y * self.width_px + picture.x
        return sources

    def _pixels(self, cell: Cell) -> Iterator[tuple[Place, Place]]:
        """Each pixel of a module: where it is on the wire canvas and where in the picture."""
        width, height = self.module_px
        stretch, _, place = MULTIPLEX[self.multiplex]
        left = (cell.number - 1) % self.chain_length * width * stretch
        top = cell.chain * (height // stretch)
        for y in range(height):
            for x in range(width):
                wire = place(x, y, width, height)
                picture = _hung(x, y, width, height, cell.turned)
                yield Place(left + wire.x, top + wire.y), Place(cell.x + picture.x, cell.y + picture.y)

    def _cell(self, index: int) -> Cell:
        length, lines = (self.columns, self.lines) if self.run == "rows" else (self.lines, self.columns)
        line, along = divmod(index, length)
        back = self.serpentine != "straight" and line % (lines // self.parallel) % 2 == 1
        along = length - 1 - along if back else along
        column, row = (along, line) if self.run == "rows" else (line, along)
        column = self.columns - 1 - column if "right" in self.start else column
        row = self.lines - 1 - row if "bottom" in self.start else row
        turned = (self.module_turn + (180 if back and self.serpentine == "flip" else 0)) % 360
        width, height = self.cell_px
        return Cell(index + 1, index // self.chain_length, column * width, row * height, width, height, turned)

    def _turned(self, width: int, height: int) -> tuple[int, int]:
        return (height, width) if self.module_turn in {90, 270} else (width, height)

    def _check_panel(self) -> None:
        width, height = self.cell_px
        if self.width_px % width or self.height_px % height:
            raise GeometryError(
                f"a panel of {self.width_px}×{self.height_px} px cannot be made of whole modules of {width}×{height} px"
                f" (module={self.module_px[0]},{self.module_px[1]}, module_turn={self.module_turn})"
            )

    def _check_chain(self) -> None:
        needed = self.columns * self.lines
        lines = self.lines if self.run == "rows" else self.columns
        if needed % self.parallel or self.chain_length * self.parallel != needed or lines % self.parallel:
            raise GeometryError(
                f"a panel of {self.width_px}×{self.height_px} px is {self.columns} × {self.lines} = {needed} modules "
                f"of {self.cell_px[0]}×{self.cell_px[1]} px; chain={self.chain_length} × parallel={self.parallel} is "
                f"{self.chain_length * self.parallel}, and each chain takes whole {self.run}"
            )

    def _check_module(self) -> None:
        width, height = self.module_px
        rows = MULTIPLEX[self.multiplex].rows
        if self.multiplex != "direct" and (height % rows or width % 8):
            raise GeometryError(
                f"multiplex={self.multiplex} needs modules with a width divisible by 8 and a height divisible by "
                f"{rows}; these are {width}×{height} px"
            )


def _hung(x: int, y: int, width: int, height: int, turned: int) -> Place:
    """Where a module's pixel is in its cell when the module is turned clockwise."""
    return {
        0: Place(x, y),
        90: Place(height - 1 - y, x),
        180: Place(width - 1 - x, height - 1 - y),
        270: Place(y, width - 1 - x),
    }[turned]


def grid_of(width_px: int, height_px: int, given: Mapping[str, Any]) -> Grid:
    """The grid that a driver's options describe; options of other kinds are passed over. Raises GeometryError."""
    known = {name: OPTIONS[name].read(value) for name, value in given.items() if name in OPTIONS and value is not None}
    return Grid(width_px, height_px, **known)

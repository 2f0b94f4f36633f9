"""Modules into panels: nothing is lost whatever the geometry, known walls come out right, wrong ones are refused."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from drivers.leds.mapping import MULTIPLEX, STARTS, Cell, GeometryError, Grid, grid_of


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    module = (draw(st.sampled_from([8, 16, 24])), draw(st.sampled_from([4, 8, 16])))
    turn = draw(st.sampled_from([0, 90, 180, 270]))
    cell = module if turn in {0, 180} else module[::-1]
    columns, lines = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    run = draw(st.sampled_from(["rows", "columns"]))
    parallel = draw(st.integers(1, 4))
    multiplex = draw(st.sampled_from([name for name, way in MULTIPLEX.items() if module[1] % way.rows == 0]))
    assume((lines if run == "rows" else columns) % parallel == 0)
    return Grid(
        columns * cell[0], lines * cell[1], module, None, parallel,
        draw(st.sampled_from(["straight", "flip", "upright"])), draw(st.sampled_from(STARTS)), run, turn,
        multiplex,
    )  # fmt: skip


@settings(deadline=None)
@given(grids())
def test_every_pixel_goes_out_exactly_once(grid: Grid) -> None:
    sources = grid.sources()
    assert sorted(sources) == list(range(grid.width_px * grid.height_px))
    assert grid.wire_px[0] * grid.wire_px[1] == len(sources)


@settings(deadline=None)
@given(grids())
def test_the_cells_cover_the_picture_and_are_numbered_along_the_chains(grid: Grid) -> None:
    cells = grid.cells()
    assert [cell.number for cell in cells] == list(range(1, len(cells) + 1))
    assert [cell.chain for cell in cells] == sorted(cell.chain for cell in cells)
    assert {cell.chain for cell in cells} == set(range(grid.parallel))
    corners = {(cell.x, cell.y) for cell in cells}
    width, height = grid.cell_px
    assert corners == {(x, y) for x in range(0, grid.width_px, width) for y in range(0, grid.height_px, height)}


def numbers(grid: Grid) -> list[list[int]]:
    """The modules' numbers as somebody in front of the panel reads them."""
    width, height = grid.cell_px
    places = {(cell.x // width, cell.y // height): cell.number for cell in grid.cells()}
    return [[places[column, line] for column in range(grid.columns)] for line in range(grid.lines)]


@pytest.mark.parametrize(
    ("options", "seen"),
    [
        ({}, [[1, 2, 3], [4, 5, 6]]),
        ({"serpentine": "flip"}, [[1, 2, 3], [6, 5, 4]]),
        ({"serpentine": "flip", "parallel": 2}, [[1, 2, 3], [4, 5, 6]]),
        ({"start": "top-right"}, [[3, 2, 1], [6, 5, 4]]),
        ({"start": "bottom-left"}, [[4, 5, 6], [1, 2, 3]]),
        ({"start": "bottom-right", "serpentine": "upright"}, [[4, 5, 6], [3, 2, 1]]),
        ({"run": "columns"}, [[1, 3, 5], [2, 4, 6]]),
        ({"run": "columns", "serpentine": "upright"}, [[1, 4, 5], [2, 3, 6]]),
        ({"run": "columns", "parallel": 3}, [[1, 3, 5], [2, 4, 6]]),
    ],
)
def test_modules_are_numbered_as_the_cable_runs(options: dict[str, object], seen: list[list[int]]) -> None:
    assert numbers(grid_of(96, 32, {"module": [32, 16], **options})) == seen


def test_on_the_way_back_modules_hang_upside_down_only_if_said() -> None:
    flipped = Grid(16, 16, (16, 8), serpentine="flip")
    upright = Grid(16, 16, (16, 8), serpentine="upright")
    assert [cell.turned for cell in flipped.cells()] == [0, 180]
    assert [cell.turned for cell in upright.cells()] == [0, 0]
    assert flipped.sources()[16] == 16 * 16 - 1  # first on the wire of module 2: the last pixel of the picture
    assert upright.sources()[16] == 8 * 16


def test_a_string_of_lights_that_runs_to_and_fro() -> None:
    grid = Grid(3, 3, (3, 1), serpentine="flip")
    assert grid.wire_px == (9, 1)
    assert grid.sources() == [0, 1, 2, 5, 4, 3, 6, 7, 8]


@pytest.mark.parametrize(
    ("turn", "first_row"),
    [(0, [0, 1, 2]), (90, [1, 3, 5]), (180, [5, 4, 3]), (270, [4, 2, 0])],
)
def test_a_turned_module_shows_the_picture_upright(turn: int, first_row: list[int]) -> None:
    size = (3, 2) if turn in {0, 180} else (2, 3)
    assert Grid(*size, (3, 2), module_turn=turn).sources()[:3] == first_row


def test_a_module_lit_four_rows_at_a_time_gets_two_rows_in_one() -> None:
    grid = Grid(8, 8, (8, 8), multiplex="stripe")
    assert grid.wire_px == (16, 4)
    assert grid.sources()[:16] == [*range(16, 24), *range(8)]


UPPER, LOWER = range(16), range(4 * 16, 5 * 16)  # pixels of the first and the fifth row of a module of 16 × 16


@pytest.mark.parametrize(
    ("multiplex", "first_row"),
    [
        ("stripe", [*LOWER, *UPPER]),
        ("checker", [*LOWER[:8], *UPPER[:8], *LOWER[8:], *UPPER[8:]]),
        ("zstripe", [*UPPER[:8], *LOWER[:8], *UPPER[8:], *LOWER[8:]]),
    ],
)
def test_what_goes_out_first_of_a_module_is_what_its_makers_wired_first(multiplex: str, first_row: list[int]) -> None:
    """Under the names by which the modules are sold and drivers for them know the ways."""
    grid = Grid(16, 16, (16, 16), multiplex=multiplex)
    sources, wide = grid.sources(), grid.wire_px[0]
    assert sources[:wide] == first_row
    second_half = [pixel + 8 * 16 for pixel in first_row]
    assert sources[4 * wide : 5 * wide] == second_half


def test_z_stripes_are_tiles_of_four_rows_however_high_the_module() -> None:
    grid = Grid(16, 32, (16, 32), multiplex="zstripe")
    first_of_each_row = [grid.sources()[row * 32] // 16 for row in range(16)]
    assert first_of_each_row == [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]


def test_a_grid_without_modules_is_the_picture_itself() -> None:
    assert Grid(7, 5).plain
    assert Grid(7, 5).cells() == (Cell(1, 0, 0, 0, 7, 5, 0),)
    assert not Grid(16, 8, (8, 8), serpentine="flip", start="top-right").plain


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"module": "64,32"},
            r"320×150 px cannot be made of whole modules of 64×32 px \(module=64,32, module_turn=0\)",
        ),
        ({"module": [64, 30], "chain": 4}, "320×150 px is 5 × 5 = 25 modules of 64×30 px; chain=4 × parallel=1 is 4"),
        ({"module": [64, 30], "chain": 5, "parallel": 2}, "chain=5 × parallel=2 is 10"),
        ({"module": [64, 30], "parallel": 3}, "parallel=3"),
        ({"module": [32, 75], "parallel": 2, "run": "columns", "chain": 10, "multiplex": "stripe"}, "32×75"),
        ({"multiplex": "zstripe"}, "multiplex=zstripe needs .*320×150 px"),
        ({"module": [64, 30], "multiplex": "zstripe"}, "divisible by 8; these are 64×30 px"),
    ],
)
def test_geometry_that_does_not_match_is_refused_with_every_number(options: dict[str, object], message: str) -> None:
    with pytest.raises(GeometryError, match=message):
        grid_of(320, 150, options)


def test_options_of_other_kinds_are_not_the_grids() -> None:
    assert grid_of(64, 32, {"host": "10.0.0.9", "chain": None}) == Grid(64, 32)

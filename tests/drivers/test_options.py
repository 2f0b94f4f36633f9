"""Options of drivers as people write them in YAML: read as they were meant, or refused with what is allowed."""

from __future__ import annotations

from typing import Any

import pytest

from drivers import options
from drivers.options import Option, OptionError, read_options
from drivers.panel import create

TURN = options.one_of(0, 90, 180, 270)
PAIR = options.numbers(2, 1, 255)


def test_every_wrong_option_is_told_in_a_line_of_its_own() -> None:
    declared = {"port": Option(80, options.whole(1, 65_535), "of the receiver"), "host": Option(None, options.text, "")}
    with pytest.raises(OptionError) as refused:
        read_options("net", declared, {"port": 0, "hots": "a"})
    assert str(refused.value).split("\n") == [
        "net: port=0: must be a whole number 1 to 65535 (of the receiver)",
        "net: no option 'hots'; there are port, host; did you mean 'host'?",
    ]


def test_nothing_given_is_the_default() -> None:
    declared = {"port": Option(80, options.whole(1, 65_535), "")}
    assert read_options("net", declared, {"port": None}) == read_options("net", declared, {}) == {"port": 80}


@pytest.mark.parametrize("given", [90, 90.0])
def test_a_choice_is_that_of_the_list_however_it_was_written(given: object) -> None:
    assert repr(TURN(given)) == "90"


@pytest.mark.parametrize("given", [True, 45, "90", None, [90], float("nan")])
def test_what_is_none_of_the_choices_is_refused(given: object) -> None:
    with pytest.raises(ValueError, match="must be one of 0, 90, 180, 270"):
        TURN(given)


@pytest.mark.parametrize("given", [[1, 255], (1, 255), "1,255", " 1 , 255", ["1", 255]])
def test_numbers_come_as_a_list_or_as_text(given: object) -> None:
    assert PAIR(given) == (1, 255)


@pytest.mark.parametrize(
    "given", ["1,256", "0,1", "1", "1,2,3", "a,b", "", [1.5, 2], [True, 2], [[1], 2], 7, None, {"a": 1, "b": 2}]
)
def test_numbers_that_are_too_many_too_large_or_none_are_refused(given: object) -> None:
    with pytest.raises(ValueError, match="must be 2 whole numbers 1 to 255"):
        PAIR(given)


@pytest.mark.parametrize("given", [5, 3232235777, True, "192.168.1", "fe80::1", "", None])
def test_an_address_is_written_out(given: object) -> None:
    with pytest.raises(ValueError, match=r"must be an IPv4 address such as 192\.168\.1\.50"):
        options.address(given)


@pytest.mark.parametrize(
    ("driver", "raw", "said"),
    [
        ("colorlight", {"row_mark": "300,5"}, "row_mark='300,5': must be 2 whole numbers 0 to 255"),
        ("sdl", {"output": "0,0"}, "output='0,0': must be 2 whole numbers 1 to 16384"),
        ("ddp", {"module": [32.5, 16]}, "module=[32.5, 16]: must be 2 whole numbers 1 to 7680"),
    ],
)
def test_a_driver_refuses_before_it_is_opened(driver: str, raw: dict[str, Any], said: str) -> None:
    """Found out only in the helper, a number that no packet can hold ended it without a word of the option."""
    with pytest.raises(OptionError) as refused:
        create(driver, 64, 32, raw)
    assert said in str(refused.value)

"""A settings file is read whole, or every fault in it is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ConfigError, effective, load_screen
from config.loader import DEFAULTS, MAX_BYTES
from config.rules import RULES

FIVE_FAULTS = """\
publisher:
  url: "ftp://may-chu"
panel:
  widht_px: 1920
  height_px: 3
  kind: leb
clock: trused
"""


def write(folder: Path, text: str | bytes) -> Path:
    path = folder / "screen.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def faults(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_screen(write(folder, text))
    return str(caught.value).replace(str(folder) + "/", "").split("\n")


def test_five_faults_are_five_lines_with_place_value_and_suggestion(tmp_path: Path) -> None:
    url, width, height, kind, clock = faults(tmp_path, FIVE_FAULTS)

    assert url.startswith(
        "screen.yaml:2: publisher.url: giá trị sai / wrong value: ftp://may-chu; cho phép / allowed: "
    )
    assert width.startswith("screen.yaml:4: panel.widht_px: không có mục này / no such setting: 1920")
    assert width.endswith("ý bạn là / did you mean 'width_px'?")
    assert height.startswith("screen.yaml:5: panel.height_px: giá trị sai / wrong value: 3; ")
    assert height.endswith("số nguyên 16–7680 px / a whole number 16 to 7680 px")
    assert kind.startswith("screen.yaml:6: panel.kind: ")
    assert kind.endswith("một trong / one of: hdmi, led; ý bạn là / did you mean 'led'?")
    assert clock.endswith("một trong / one of: auto, trusted; ý bạn là / did you mean 'trusted'?")


def test_a_voice_has_the_accent_of_the_place_and_none_that_loses_the_tones(tmp_path: Path) -> None:
    assert load_screen(write(tmp_path, "clock: auto\n")).voice.accent == "north"
    assert load_screen(write(tmp_path, "voice: {accent: south}\n")).voice.accent == "south"
    (central,) = faults(tmp_path, "voice: {accent: central}\n")
    assert central.startswith("screen.yaml:1: voice.accent: ")
    assert central.endswith("một trong / one of: north, south")


def test_what_is_not_named_has_its_default(tmp_path: Path) -> None:
    settings = load_screen(write(tmp_path, "panel: {width_px: 192, height_px: 96, kind: led, distance_m: 12}\n"))

    assert (settings.panel.width_px, settings.panel.kind, settings.panel.distance_m) == (192, "led", 12.0)
    assert settings.panel.driver == "sdl"
    assert settings.publisher.url == "http://127.0.0.1:8000"
    assert settings.state_dir == Path("/var/lib/bangtin")
    assert settings.import_dir is None
    assert settings.health_interval_s == 60


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "panel:\n  # width_px: 192\n", "---\n", "panel: {}\n"])
def test_a_file_that_names_nothing_is_all_defaults(tmp_path: Path, text: str) -> None:
    assert load_screen(write(tmp_path, text)) == load_screen(DEFAULTS)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_saved_on_windows_is_read(tmp_path: Path, encoding: str) -> None:
    text = 'clock: trusted\r\npanel:\r\n  options: {title: "Bảng tin xã Lộc Thành"}\r\n'
    settings = load_screen(write(tmp_path, text.encode(encoding)))

    assert settings.clock == "trusted"
    assert settings.panel.options == {"title": "Bảng tin xã Lộc Thành"}


def test_a_file_in_another_code_page_says_on_which_line(tmp_path: Path) -> None:
    text = "clock: trusted\nstate_dir: /srv/b\u1ea3ng".encode("utf-8").replace("\u1ea3".encode(), b"\xe3")
    assert faults(tmp_path, text) == [
        "screen.yaml:2: không phải văn bản UTF-8 / not UTF-8 text; cho phép / allowed: UTF-8"
    ]


def test_broken_yaml_names_its_line_and_shows_it(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "clock: auto\npanel:\n\tdriver: sdl\n")
    assert fault.startswith("screen.yaml:3: sai cú pháp YAML / not YAML")
    assert "driver: sdl" in fault


def test_a_control_character_is_not_yaml(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "clock: \x07auto\n")
    assert "sai cú pháp YAML" in fault


def test_a_setting_given_twice_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "clock: auto\nclock: trusted\n")
    assert fault == "screen.yaml:2: clock: khai báo hai lần / given twice: trusted"


def test_curly_quotes_from_a_word_processor_are_seen_through(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "clock: “trusted”\n")
    assert fault.endswith("did you mean 'trusted'?")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("- a\n- b\n", "screen.yaml:1: phải là"),
        ("panel: 5\n", "screen.yaml:1: panel: phải là"),
        ("panel: [1, 2]\n", "screen.yaml:1: panel: phải là"),
        ("state_dir: null\n", "screen.yaml:1: state_dir: giá trị sai"),
        ("state_dir: 5\n", "screen.yaml:1: state_dir: giá trị sai"),
        ("health_interval_s: true\n", "screen.yaml:1: health_interval_s: giá trị sai"),
        ("health_interval_s: 1.5\n", "screen.yaml:1: health_interval_s: giá trị sai"),
        ("panel: {rotation: 45}\n", "screen.yaml:1: panel.rotation: giá trị sai"),
        ("panel: {rotation: false}\n", "screen.yaml:1: panel.rotation: giá trị sai"),
        ("panel: {distance_m: .nan}\n", "screen.yaml:1: panel.distance_m: giá trị sai"),
        ("panel: {options: {1: 2}}\n", "screen.yaml:1: panel.options: giá trị sai"),
        ("panel: {driver: ../../x}\n", "screen.yaml:1: panel.driver: giá trị sai"),
        ("clock: on\n", "screen.yaml:1: clock: giá trị sai"),
        ("clock: 2026-13-45\n", "screen.yaml:1: clock: giá trị sai"),
        ("clock: !!python/name:os.system x\n", "screen.yaml:1: clock: giá trị sai"),
        ("clock: {auto: 1}\n", "screen.yaml:1: clock: giá trị sai"),
        ("publisher: {url: 'http://u:pw@host'}\n", "screen.yaml:1: publisher.url: giá trị sai"),
        ("publisher: {url: 'http://host:99999'}\n", "screen.yaml:1: publisher.url: giá trị sai"),
        ("publisher: {url: 'http://'}\n", "screen.yaml:1: publisher.url: giá trị sai"),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_clear_fault(tmp_path: Path, text: str, place: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert fault.startswith(place)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("clock: !!bool maybe", "clock"),
        ("clock: !!timestamp soon", "clock"),
        ("publisher: {url: !!int ''}", "publisher.url"),
        ("panel: {distance_m: !!float ''}", "panel.distance_m"),
        ("state_dir: ~nobody-of-this-name/state", "state_dir"),
    ],
)
def test_what_its_reader_stumbles_over_is_one_clear_fault_too(tmp_path: Path, text: str, place: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert fault.startswith(f"screen.yaml:1: {place}: giá trị sai / wrong value")


def test_settings_within_settings_without_end_are_refused(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "panel: {options: " + "[" * 5000 + "]" * 5000 + "}")
    assert "nested too deeply" in fault


def test_a_fault_can_be_logged_whatever_stands_there(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, 'panel: {driver: "a\\ud800"}')
    assert "a\\ud800" in fault
    assert fault.encode()


def test_a_choice_written_with_a_point_is_the_same_choice(tmp_path: Path) -> None:
    assert repr(load_screen(write(tmp_path, "panel: {rotation: 90.0}")).panel.rotation) == "90"


def test_a_password_in_an_address_is_not_repeated(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, "publisher: {url: 'http://user:s3cret@host'}\n")
    assert "s3cret" not in fault


def test_a_long_wrong_value_is_cut_short(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, f"clock: {'x' * 5000}\n")
    assert len(fault) < 300


def test_relative_paths_count_from_the_files_folder(tmp_path: Path) -> None:
    settings = load_screen(write(tmp_path, "state_dir: state\npublisher: {ca_file: keys/ca.pem}\nrun_dir: /run/x\n"))

    assert settings.state_dir == tmp_path / "state"
    assert settings.publisher.ca_file == tmp_path / "keys/ca.pem"
    assert settings.run_dir == Path("/run/x")


def test_names_only_the_caller_knows_are_checked_with_the_rest(tmp_path: Path) -> None:
    path = write(tmp_path, "panel: {driver: memry}\nspeaker: {driver: wav}\nclock: never\n")
    with pytest.raises(ConfigError) as caught:
        load_screen(path, {"panel.driver": ("memory", "sdl"), "speaker.driver": ("sdl", "wav")})

    driver, clock = caught.value.faults
    assert (driver.path, driver.suggestion, driver.allowed) == (
        "panel.driver",
        "memory",
        "một trong / one of: memory, sdl",
    )
    assert clock.path == "clock"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.yaml: không đọc được / cannot be read \(No such file"):
        load_screen(tmp_path / "none.yaml")


def test_a_file_far_too_large_is_not_read(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, b"# " + b"x" * MAX_BYTES)
    assert "tệp quá lớn / file too large" in fault


def test_the_effective_settings_read_back_as_themselves(tmp_path: Path) -> None:
    text = "panel: {width_px: 192, options: {export: /tmp/f, deep: [1, {a: b}]}}\nimport_dir: usb\n"
    settings = load_screen(write(tmp_path, text))

    again = tmp_path / "again.yaml"
    again.write_text(effective(settings), encoding="utf-8")

    assert load_screen(again) == settings


def test_every_rule_has_a_default_and_every_default_a_rule() -> None:
    shown = effective(load_screen(DEFAULTS))
    for dotted in RULES:
        assert f"{dotted.rpartition('.')[2]}:" in shown


@given(st.text(max_size=200))
def test_no_text_whatever_makes_anything_but_settings_or_faults(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", errors="surrogatepass"))
    try:
        named = bool(load_screen(path).state_dir)
    except ConfigError as error:
        named = all(fault.problem for fault in error.faults)
    assert named

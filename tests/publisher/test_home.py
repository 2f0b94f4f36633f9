"""The publisher's folder and its one file of settings."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from player import wire
from player.model import MEDIA_LIMIT_MB, Media
from publisher.home import Home, HomeError, Options, default_home, read_options
from publisher.media.limits import Limits


def write(tmp_path: Path, text: str) -> Home:
    home = Home(tmp_path).ensure()
    home.config_file.write_text(text, "utf-8")
    return home


def test_without_a_file_everything_has_a_default(tmp_path: Path) -> None:
    options = read_options(Home(tmp_path))
    assert options == Options()
    assert (options.bind, options.https) == ("127.0.0.1", False)


def test_what_the_file_says_counts(tmp_path: Path) -> None:
    text = "url: https://bangtin.example.vn\nport: 9000\nallowed_hosts: [bangtin.example.vn]\nbroker: null\n"
    options = read_options(write(tmp_path, text))
    assert (options.url, options.port, options.https) == ("https://bangtin.example.vn", 9000, True)
    assert options.allowed_hosts == ("bangtin.example.vn",)


def test_every_error_of_the_file_is_told_at_once(tmp_path: Path) -> None:
    home = write(tmp_path, "port: 70000\nbind: 5\nprot: 1\ntrust_proxy: maybe\nweb_threads: true\n")
    with pytest.raises(HomeError) as caught:
        read_options(home)
    lines = str(caught.value).splitlines()
    assert len(lines) == 5
    assert "prot: unknown, known are" in str(caught.value)
    assert "port: 70000, needs a number from 0 to 65535" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("upload_mb", "0", "1 to 512"),
        ("film_mb", "513", "1 to 512"),
        ("film_mb", "200 MB", "1 to 512"),
        ("free_mb", "-1", "0 to 1000000"),
        ("free_mb", "true", "0 to 1000000"),
    ],
)
def test_a_size_out_of_range_is_told_with_its_range(name: str, value: str, allowed: str, tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=rf"{name}: .*{value}.*, needs a number from {allowed}".replace("true", "True")):
        read_options(write(tmp_path, f"{name}: {value}\n"))


def test_no_setting_lets_a_file_in_that_a_board_would_refuse(tmp_path: Path) -> None:
    options = read_options(write(tmp_path, f"upload_mb: {MEDIA_LIMIT_MB}\nfilm_mb: {MEDIA_LIMIT_MB}\n"))
    largest_b = max(Limits.of(options).file_b(film=film) for film in (False, True))
    taken = wire.decode(wire.encode(Media("a" * 64, largest_b, "video/mp4")), Media)
    assert taken.size == largest_b
    with pytest.raises(wire.WireError):
        wire.decode(wire.encode(Media("a" * 64, largest_b + 1, "video/mp4")), Media)


def test_a_fault_in_the_settings_is_told_without_a_traceback(tmp_path: Path) -> None:
    home = write(tmp_path, "port: 70000\nfilm_mb: 0\n")
    command = [sys.executable, "-m", "publisher", "--home", str(home.root), "run"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines() == [
        f"{home.config_file}: port: 70000, needs a number from 0 to 65535",
        f"{home.config_file}: film_mb: 0, needs a number from 1 to 512",
    ]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words", "url: [unclosed"])
def test_a_file_that_is_no_table_is_refused(text: str, tmp_path: Path) -> None:
    with pytest.raises(HomeError):
        read_options(write(tmp_path, text))


def test_the_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "new")
    secret = home.secret_key()
    assert len(secret) >= 64
    assert home.secret_key() == secret
    assert stat.S_IMODE(home.secret_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    assert Home(tmp_path / "other").secret_key() != secret


def test_the_folder_is_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BANGTIN_PUBLISHER_HOME", str(tmp_path / "here"))
    assert default_home().root == tmp_path / "here"
    monkeypatch.delenv("BANGTIN_PUBLISHER_HOME")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert default_home().root == tmp_path / "data" / "bangtin-publisher"
    assert not (tmp_path / "data").exists()

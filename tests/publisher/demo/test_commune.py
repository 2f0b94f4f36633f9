"""The parts of a commune that need no publisher: its people, its first start, and that it is alone in its folder."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from publisher.demo.batch import run_all
from publisher.demo.children import DemoError
from publisher.demo.commune import COMMUNE, PEOPLE, Account, Commune
from publisher.demo.screen import HDMI, LED, VirtualScreen


@pytest.fixture
def commune(tmp_path: Path) -> Commune:
    return Commune(tmp_path / "demo", (HDMI, LED), lambda line: None)


def test_nobody_is_there_before_the_first_start(commune: Commune) -> None:
    assert commune.accounts == {}
    assert commune.database == commune.root / "publisher" / "publisher.db"


def test_people_are_read_back_by_name(commune: Commune) -> None:
    commune.root.mkdir()
    soan = Account("soan", "ab-cd", "Nguyễn Thị Soạn", "writer")
    (commune.root / "accounts.json").write_text(json.dumps([soan]))
    assert commune.accounts == {"soan": soan}


def test_a_database_whose_passwords_are_lost_is_left_alone(commune: Commune) -> None:
    commune.database.parent.mkdir(parents=True)
    commune.database.write_text("somebody's bulletins")
    with pytest.raises(DemoError, match=r"accounts\.json is missing; choose another --dir\."):
        commune.__enter__()
    assert commune.database.read_text() == "somebody's bulletins"


def test_two_demos_in_one_folder_do_not_mix(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    other = Commune(commune.root, (), lambda line: None)
    said = []

    def try_the_other(*_: object) -> list[str]:
        with pytest.raises(DemoError, match="Another demo runs in this folder") as refused:
            other.__enter__()
        said.append(str(refused.value))
        raise DemoError("enough")

    monkeypatch.setattr(commune, "manage", try_the_other)
    with pytest.raises(DemoError, match="enough"):
        commune.__enter__()
    assert len(said) == 1


def test_a_first_start_that_was_cut_off_begins_anew(commune: Commune, monkeypatch: pytest.MonkeyPatch) -> None:
    commune.database.parent.mkdir(parents=True)
    commune.database.write_text("half a database")
    (commune.root / "beginning").touch()
    orders: list[str] = []

    def manage(*given: list[str]) -> list[str]:
        assert not commune.database.exists()
        orders.extend(order[0] for order in given)
        return ["name password"] * len(given)

    def no_publisher() -> None:
        raise DemoError("enough")

    monkeypatch.setattr(commune, "manage", manage)
    monkeypatch.setattr(commune, "start_publisher", no_publisher)
    with pytest.raises(DemoError, match="enough"):
        commune.__enter__()
    assert orders == ["migrate", "loadunits", *["adduser"] * len(PEOPLE)]
    assert commune.accounts.keys() == {person.username for person in PEOPLE}
    assert (commune.root / "accounts.json").stat().st_mode & 0o077 == 0
    assert not (commune.root / "beginning").exists()


def test_a_management_command_that_fails_is_one_line(commune: Commune) -> None:
    with pytest.raises(DemoError, match="'xx'") as refused:
        commune.manage(["loadunits", "xx"])
    assert "\n" not in str(refused.value)


@pytest.mark.django_db
def test_commands_of_a_batch_answer_in_order() -> None:
    units, person = run_all([["loadunits", "75"], ["adduser", "an", "--unit", COMMUNE, "--role", "writer"]])
    assert units.endswith("units of province 75 are in the database")
    assert person.startswith("an ")


def test_it_waits_for_the_processes_of_this_start(commune: Commune) -> None:
    """What a player of an earlier start wrote proves nothing."""
    playing: Callable[[], bool] = commune._all_playing
    commune.root.mkdir()
    commune.url = "http://127.0.0.1:1"
    commune.screens["led"] = screen = led(commune)
    child = commune.children.start("led-player", [sys.executable, "-c", "import signal; signal.pause()"])
    (screen.run_dir / "player.json").write_text('{"pid": 1}')
    assert not playing()
    (screen.run_dir / "player.json").write_text(json.dumps({"pid": child.process.pid}))
    assert playing()
    commune.children.stop_all()


def led(commune: Commune) -> VirtualScreen:
    screen = VirtualScreen(LED, commune.root / "led", commune.url)
    screen.configure()
    return screen

"""The agent's commands as a technician types them."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from agent.cli import cli
from agent.store import Store
from player import wire
from player.enrolment import ClaimAnswer, MqttAccess
from player.model import Unit
from tests.agent.signer import Signer
from tests.agent.web import Web


@pytest.fixture
def config(tmp_path: Path, web: Web) -> Path:
    file = tmp_path / "screen.yaml"
    settings = {
        "publisher": {"url": web.url}, "state_dir": str(tmp_path / "state"), "run_dir": str(tmp_path / "run"),
    }  # fmt: skip
    file.write_text(yaml.safe_dump(settings))
    return file


def call(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def serve_claim(web: Web, signer: Signer) -> None:
    answer = ClaimAnswer(
        "s-test01", signer.root_hex, signer.key_envelope().decode(), "t0ken",
        MqttAccess("127.0.0.1", 1883, "s-test01", "geheim"), Unit("25357", "Xã Tân Khai"),
    )  # fmt: skip
    body = wire.encode(answer)

    def respond(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    web.answers["/device/v1/claim"] = respond


@pytest.mark.parametrize("damage", ["database", "playlist"])
def test_a_damaged_store_is_told_in_words(config: Path, web: Web, signer: Signer, code: str, damage: str) -> None:
    serve_claim(web, signer)
    call("claim", "--publisher", web.url, "--code", code, "--config", config)
    file = config.parent / "state" / "agent.db"
    if damage == "database":
        file.write_bytes(b"no database" * 1000)
    else:
        Store(file.parent).close()
        with sqlite3.connect(file) as database:
            database.execute("INSERT INTO playlist VALUES (1, 1, '', '', '{}', '')")
    told = call("status", "--config", config)
    assert told.exit_code == 1
    assert "restart the agent" in told.output
    assert "agent.db" in told.output


def test_claim_and_status(config: Path, web: Web, signer: Signer, code: str, tmp_path: Path) -> None:
    serve_claim(web, signer)
    claimed = call("claim", "--publisher", web.url, "--code", code, "--config", config)
    assert claimed.exit_code == 0, claimed.output
    assert "s-test01" in claimed.output
    assert "Xã Tân Khai" in claimed.output
    fresh = json.loads(call("status", "--config", config).output)
    assert (fresh["screen"], fresh["seq"], fresh["stopped"]) == ("s-test01", 0, False)
    store = Store(tmp_path / "state")
    store.set_status("stopped", "1")
    assert json.loads(call("status", "--config", config).output)["stopped"] is True
    store.close()


def test_a_wrong_code_is_one_clear_line(config: Path, web: Web) -> None:
    result = call("claim", "--code", "1234", "--config", config)
    assert result.exit_code == 1
    assert "tám nhóm bốn" in result.output


def test_an_unclaimed_screen_says_what_to_do(config: Path) -> None:
    for command in ("status", "run"):
        result = call(command, "--config", config)
        assert result.exit_code == 1
        assert "bangtin agent claim" in result.output


def test_every_fault_of_the_configuration_is_named(tmp_path: Path) -> None:
    file = tmp_path / "screen.yaml"
    file.write_text("panel: {driver: sld, width_px: -1}\nclock: maybe\nhealth_interval_s: often\nfoo: 1\n")
    result = call("run", "--config", file)
    assert result.exit_code == 1
    assert len(result.output.strip().splitlines()) == 5
    assert "'sdl'" in result.output


def test_the_configuration_in_effect_is_printed(config: Path, tmp_path: Path) -> None:
    shown = yaml.safe_load(call("config", "--config", config).output)
    assert shown["health_interval_s"] == 60
    assert shown["state_dir"] == str(tmp_path / "state")


def test_a_bundle_is_handed_over(config: Path, tmp_path: Path) -> None:
    bundle = tmp_path / "week"
    bundle.mkdir()
    refused = call("import", bundle, "--config", config)
    assert refused.exit_code == 1
    assert "pointer.json" in refused.output
    (bundle / "pointer.json").write_bytes(b"{}")
    assert call("import", bundle, "--config", config).exit_code == 0
    assert len(list((tmp_path / "state" / "import").iterdir())) == 1


def test_help_reads_like_a_manual() -> None:
    output = call("--help").output
    for word in ("run", "claim", "status", "config", "import"):
        assert word in output


def test_a_missing_file_of_authorities_is_told_in_a_line(config: Path, web: Web, signer: Signer, code: str) -> None:
    serve_claim(web, signer)
    settings = yaml.safe_load(config.read_text())
    missing = config.with_name("ca.pem")
    told = f"ca_file {missing}: không đọc được"
    broken = settings | {"publisher": {"url": web.url, "ca_file": str(missing)}}
    config.write_text(yaml.safe_dump(broken))
    assert told in call("claim", "--code", code, "--config", config).output
    config.write_text(yaml.safe_dump(settings))
    assert call("claim", "--code", code, "--config", config).exit_code == 0
    config.write_text(yaml.safe_dump(broken))
    command = [sys.executable, "-m", "agent", "--config", str(config)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ended.returncode == 1
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr

"""A claimed screen whose agent is a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from agent.identity import Identity, save
from player import wire
from player.enrolment import ClaimAnswer, MqttAccess
from player.model import Alert, Command, Event, Health, Playlist, Reply, State, Unit
from tests.agent.broker import Broker, Office
from tests.agent.signer import GROUP, SCREEN, Signer
from tests.agent.web import Web
from tests.waiting import DEADLINE_S


class Screen:
    """A claimed screen whose agent is a process of its own, and the publisher it belongs to."""

    def __init__(self, folder: Path, signer: Signer, web: Web, broker: Broker, office: Office) -> None:
        self.signer = signer
        self.web = web
        self.broker = broker
        self.office = office
        self.state_dir = folder / "screen" / "state"
        self.run_dir = folder / "screen" / "run"
        self.config = folder / "screen" / "screen.yaml"
        self.log = folder / "screen" / "agent.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.state_dir.mkdir(parents=True)
        self.configure()
        answer = ClaimAnswer(
            screen=SCREEN, root=signer.root_hex, keys=signer.key_envelope().decode(), token="t0ken",
            mqtt=MqttAccess("127.0.0.1", broker.port, SCREEN, "geheim"), unit=Unit(GROUP, "Xã Tân Khai"),
            groups=(GROUP,),
        )  # fmt: skip
        save(self.state_dir, Identity(web.url, answer))

    def configure(self, **changes: Any) -> None:
        settings = {
            "publisher": {"url": self.web.url}, "state_dir": str(self.state_dir), "run_dir": str(self.run_dir),
            "clock": "trusted", "panel": {"driver": "memory"}, "speaker": {"driver": "silent"},
            "voice": {"engine": "espeak"}, "health_interval_s": 10,
        }  # fmt: skip
        fresh = self.config.with_suffix(".new")
        fresh.write_text(yaml.safe_dump(settings | changes))
        fresh.rename(self.config)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "agent", "--config", str(self.config), "--die-with-parent"],
                stdout=log, stderr=log,
            )  # fmt: skip

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> int:
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(DEADLINE_S)

    def announce(self, playlist: Playlist, **pointer: Any) -> None:
        body = wire.encode(playlist)
        self.web.put(body)
        envelope = self.signer.seal(self.signer.pointer(playlist, body, **pointer))
        self.office.publish(wire.screen_down(SCREEN, "desired"), envelope)

    def raise_alert(self, alert: Alert) -> None:
        self.office.publish(wire.alert_topic(alert.group, alert.id), self.signer.seal(alert))

    def order(self, command: Command) -> None:
        self.office.publish(wire.screen_down(SCREEN, "command"), self.signer.seal(command), retain=False)

    def events(self) -> list[Event]:
        return self.office.up("event", Event)

    def applied(self, seq: int) -> bool:
        return any(event.applied and event.applied.seq == seq for event in self.events())

    def refusals(self) -> list[str]:
        return [event.refused.reason for event in self.events() if event.refused]

    def online(self) -> bool:
        return any(state.online for state in self.office.up("state", State))

    def health(self) -> list[Health]:
        return self.office.up("health", Health)

    def replies(self) -> list[Reply]:
        return self.office.up("reply", Reply)

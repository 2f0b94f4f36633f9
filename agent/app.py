"""One screen's agent, from the first file opened to the last one closed.

`run` reads as the whole start, top to bottom; what each step opens is closed in reverse order,
whichever way the loop ends. Nothing here waits for a network.
"""

from __future__ import annotations

import gc
import logging
import secrets
import signal
import time
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from agent import identity as identities
from agent import tls
from agent.alerts import Alerts
from agent.bundle import IMPORT_DIR, Bundles
from agent.clockwatch import ClockWatch
from agent.commands import Commands
from agent.courier import Courier
from agent.desk import Desk
from agent.disk import has_room
from agent.events import (
    Answered,
    ClipMade,
    Connected,
    Disconnected,
    Dropped,
    Message,
    NotReady,
    PlaysChanged,
    Ready,
    Sent,
    SettingsChanged,
    Stop,
    Supplied,
    VoiceTrouble,
)
from agent.health import Machine, Reporter
from agent.keys import Keys
from agent.link import Link, LinkTimes
from agent.loop import Loop
from agent.network import Network, open_network
from agent.outbox import Outbox
from agent.playlists import Playlists
from agent.plays import PlaysLookout, Shipper
from agent.refusals import Refusals
from agent.reports import Reports
from agent.router import Router
from agent.speech import Speech
from agent.store import Store, shared_folder
from agent.supply import Supply
from agent.sweep import Sweeper
from agent.sync import Preparer
from agent.threads import Aside, lasting
from agent.voicewatch import VoiceWatch
from agent.watch import Watch
from config.faults import ConfigError
from config.loader import load_screen
from config.settings import ScreenSettings
from drivers.board import Board, clock_synchronised
from drivers.notify import Notifier
from player.model import Alert, ClockQuality, Playlist
from player.schema import ANSWER_DIR, CLIP_DIR, PLAYER_STATUS, PLAYS_DB
from player.wire import encode
from tts.clip import ClipMaker
from tts.voices import preference

log = logging.getLogger(__name__)

VOICES_DIR: Final = "voices"
RESTART_STATUS: Final = 75  # sysexits.h EX_TEMPFAIL: start me again, nothing is wrong
_TICK_S: Final = 5.0
_MINUTE_S: Final = 60.0
_HOUR_S: Final = 3600.0
_SUPPLY_S: Final = 600.0
_BUNDLE_REST_S: Final = 1.0


def run(settings: ScreenSettings, config_file: Path, link_times: LinkTimes = LinkTimes()) -> int:  # noqa: B008
    """Be the agent of one screen until asked to stop; the exit status.

    Raises identity.IdentityError if the screen is not claimed, trust.Refusal if its identity was tampered with,
    certificates.CertificateError if the authorities' file cannot be used.
    """
    with ExitStack() as stop:
        agent = Agent(settings, config_file, stop, link_times)
        agent.start(stop)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: agent.loop.post(Stop()))
        gc.collect()
        gc.freeze()  # what is here now stays: the collector need not walk, and so unshare, it again
        return agent.loop.run()


class Agent:
    """Holds the parts and says who hears what from whom. `loop.post(Stop())` ends it."""

    def __init__(self, settings: ScreenSettings, config_file: Path, stop: ExitStack, times: LinkTimes) -> None:
        self._settings = settings
        self._config_file = config_file
        self._identity = identities.load(settings.state_dir)
        self.loop = Loop(time.monotonic, self._after)
        self._aside = Aside(self.loop.post)
        self._notifier = Notifier()
        stop.callback(self._notifier.close)
        self._make_folders()
        self._desk = self._open_desk(stop)
        self._shipper = Shipper(settings.state_dir / PLAYS_DB, self._desk.outbox, _now, lambda: self._link.connected)
        stop.callback(self._shipper.close)
        self._network = self._open_network(stop)
        media_dir = self._desk.store.media_dir
        self._preparer = Preparer(
            media_dir, self._network.content, self.loop.post, _now, superseded=self._network.superseded
        )
        self._link = self._open_link(times)
        self._courier = Courier(self._desk.outbox, self._link)
        self._maker = self._open_voice()
        self._speech = Speech(self._maker, media_dir, self.loop.post)
        self._supply = Supply(media_dir, self._preparer, self._speech, self.loop.timers.later)
        self._build_receivers()
        self._build_reporters()

    # --- building ----------------------------------------------------------------------------------------------

    def _open_desk(self, stop: ExitStack) -> Desk:
        settings, answer = self._settings, self._identity.answer
        store = Store(settings.state_dir)
        stop.callback(store.close)
        store.set_unit(answer.unit)
        outbox = Outbox(settings.state_dir, answer.screen, lambda: secrets.token_hex(12), _now)
        stop.callback(outbox.close)
        clock = ClockWatch(settings.state_dir, settings.clock == "trusted", _synchronised, _now)
        stop.callback(clock.save)
        keys = Keys(store, answer.root, answer.keys.encode())
        clock.saw(keys.ring.keys.issued)
        return Desk(answer.screen, store, outbox, keys, clock, Refusals(outbox, _now), _now)

    def _make_folders(self) -> None:
        shared_folder(self._settings.run_dir)
        self._answer_dir = shared_folder(self._settings.run_dir / ANSWER_DIR)
        self._import_dir = shared_folder(self._settings.state_dir / IMPORT_DIR)

    def _open_network(self, stop: ExitStack) -> Network:
        trusted = self._desk.clock.clock.quality is ClockQuality.TRUSTED
        network = open_network(self._settings.publisher, self._identity.answer.token, clock_trusted=trusted)
        stop.callback(network.close)
        return network

    def _open_link(self, times: LinkTimes) -> Link:
        answer = self._identity.answer
        broker_tls = self._network.broker_tls(self._settings.publisher, answer.mqtt)
        return Link(answer.mqtt, answer.screen, self.loop.post, _now, tls=broker_tls, times=times)

    def _open_voice(self) -> ClipMaker:
        settings = self._settings
        return ClipMaker(
            settings.state_dir / CLIP_DIR,
            preference(settings.voice.engine, settings.voice.accent),
            settings.state_dir / VOICES_DIR,
            settings.voice.speed_wpm,
        )

    def _build_receivers(self) -> None:
        desk, groups = self._desk, self._identity.answer.groups
        self._playlists = Playlists(
            desk, self._preparer, self._network.content, groups,
            later=self.loop.timers.later, done=self._playlist_changed,
        )  # fmt: skip
        self._alerts = Alerts(desk, self._alert_changed)
        self._commands = Commands(
            desk, self._answer_dir, upload=self._network.pictures.put_picture, aside=self._aside.do,
            restart=lambda: self.loop.post(Stop(RESTART_STATUS)),
        )  # fmt: skip
        self._router = Router(
            desk, self._playlists, self._alerts, self._commands,
            acknowledge=self._link.acknowledge, keys_changed=self._link.refresh,
        )  # fmt: skip
        sticks = [self._settings.import_dir] if self._settings.import_dir else []
        self._bundles = Bundles(self._import_dir, sticks, desk, self._playlists)
        self._sweeper = Sweeper(desk.store, self._settings.media.budget_mb, self._maker.trim)

    def _build_reporters(self) -> None:
        board = Board(self._settings.state_dir)
        machine = Machine(self._desk.screen, program_version(), board.boot_id(), time.monotonic(), time.monotonic)
        reporter = Reporter(machine, self._settings.run_dir / PLAYER_STATUS, lambda: asdict(board.look()))
        self._reports = Reports(
            self._desk,
            self._link,
            reporter,
            playlists=self._playlists,
            commands=self._commands,
            speech=self._speech,
            supply=self._supply,
            voice=VoiceWatch(preference(self._settings.voice.engine), self._settings.state_dir / VOICES_DIR),
        )
        if self._desk.store.recovered or self._desk.outbox.recovered:
            self._reports.standing.add("store-damaged")

    # --- starting ----------------------------------------------------------------------------------------------

    def start(self, stop: ExitStack) -> None:
        """Wire the events, start the threads, take up what was left, and say that this screen is ready."""
        self._listen()
        self._time()
        self._write_clock()
        self._start_watch(stop)
        self._start_threads(stop)
        self._resume()
        self._notifier.ready()
        stop.callback(self._notifier.stopping)

    def _listen(self) -> None:
        on = self.loop.on
        on(Message, self._router.take)
        on(Connected, self._connected)
        on(Disconnected, self._disconnected)
        on(Sent, lambda event: self._courier.sent(event.mid, event.taken))
        on(Ready, self._playlists.commit)
        on(NotReady, self._not_ready)
        on(ClipMade, self._clip_made)
        on(Supplied, self._supply.take)
        on(VoiceTrouble, self._reports.voice)
        on(Answered, lambda event: self._commands.collect())
        on(PlaysChanged, lambda event: self._shipper.ship_first())
        on(Dropped, lambda event: self.loop.timers.later(_BUNDLE_REST_S, self._bundles.scan))
        on(SettingsChanged, self._settings_changed)

    def _time(self) -> None:
        every = self.loop.timers.every
        every(self._settings.health_interval_s, self._take_stock)
        every(_TICK_S, self._tick)
        every(_MINUTE_S, self._shipper.ship_all)
        every(_SUPPLY_S, self._supply.again)
        every(_HOUR_S, self._hourly)

    def _start_watch(self, stop: ExitStack) -> None:
        watch = Watch(self.loop.post, self._judge_settings)
        watch.answers(self._answer_dir)
        watch.settings(self._config_file)
        for folder in (self._import_dir, self._settings.import_dir):
            if folder is not None and folder.is_dir():
                watch.imports(folder)
        watch.start()
        stop.callback(watch.stop)

    def _start_threads(self, stop: ExitStack) -> None:
        lookout = PlaysLookout(self._settings.state_dir / PLAYS_DB, self.loop.post)
        for name, body, leave in (
            ("aside", self._aside.run, self._aside.leave),
            ("preparer", self._preparer.run, self._preparer.leave),
            ("speech", self._speech.ordinary.run, self._speech.leave),
            ("speech-urgent", self._speech.urgent.run, self._speech.leave),
            ("plays", lookout.run, lookout.leave),
            ("link", self._link.run, self._link.leave),
        ):
            thread = lasting(name, body, self.loop.post)
            stop.callback(thread.join, _TICK_S)
            stop.callback(leave)

    def _resume(self) -> None:
        current = self._playlists.current
        alerts = self._alerts.current()
        self._sweeper.sweep(current, alerts, everything=not has_room(self._desk.store.folder, 0))
        if current is not None:
            self._desk.clock.saw(current.issued)
            self._speech.playlist(current)
        for alert in alerts:
            self._desk.clock.saw(alert.issued)
            self._speech.alert(alert)
        self._supply.want(current, alerts)
        self._link.join(self._playlists.groups)
        self._playlists.resume()
        self._commands.collect()
        self._bundles.scan()

    # --- while it runs -----------------------------------------------------------------------------------------

    def _after(self) -> None:
        self._courier.carry()

    def _connected(self, event: Connected) -> None:
        self._reports.connected()
        self._courier.connected()
        self._reports.state()
        self._playlists.connected()
        self._supply.again()
        self._shipper.ship_all()
        self._reports.health()

    def _disconnected(self, event: Disconnected) -> None:
        self._reports.disconnected(event)

    def _playlist_changed(self, playlist: Playlist) -> None:
        self._link.join(self._playlists.groups)
        self._speech.playlist(playlist, self._desk.store.clips())
        self._supply.want(playlist, self._alerts.current())
        self._reports.state()

    def _alert_changed(self, alert: Alert) -> None:
        on_air = self._alerts.current()
        if not alert.ended:
            self._speech.alert(alert)
        elif alert.id not in {one.id for one in on_air}:  # it may go on for another group of this screen
            self._speech.alert_over(alert.id)
        self._supply.want(self._playlists.current, on_air)

    def _clip_made(self, event: ClipMade) -> None:
        self._desk.store.add_clip(event)
        self._reports.clip(event)

    def _not_ready(self, event: NotReady) -> None:
        if event.reason == "disk-full":
            self._sweeper.sweep(self._playlists.current, self._alerts.current(), everything=True)
        self._playlists.not_ready(event)

    def _tick(self) -> None:
        self._notifier.alive()
        self._courier.again()
        self._write_clock()
        self._commands.forget_old()
        self._alerts.forget_old()
        self._bundles.scan()  # a stick mounted on the folder is no event in it
        self._reports.health_if_changed()

    def _take_stock(self) -> None:
        self._desk.outbox.flush()  # at rest nothing is put after it, and the disk would not know for hours
        self._reports.health()

    def _hourly(self) -> None:
        self._sweeper.sweep(self._playlists.current, self._alerts.current())
        self._speech.retry()

    def _write_clock(self) -> None:
        clock = self._desk.clock.look()
        tls.check_time(self._network.context, clock.quality is ClockQuality.TRUSTED)
        self._desk.store.set_status("clock", encode(clock).decode())

    def _judge_settings(self, file: Path) -> str | None:
        try:
            changed = load_screen(file)
        except ConfigError as exc:
            return str(exc)
        return "" if changed != self._settings else None

    def _settings_changed(self, event: SettingsChanged) -> None:
        if event.problem:
            log.error("the changed configuration is not taken over: %s", event.problem)
            self._reports.standing.add("configuration")
            self._reports.health_if_changed()
        else:
            log.info("the configuration changed: starting again with it")
            self.loop.post(Stop(RESTART_STATUS))


def program_version() -> str:
    """The version of the installed program."""
    try:
        return version("bangtin")
    except PackageNotFoundError:
        return "0+source"


def _synchronised() -> bool:
    return clock_synchronised() is True


def _now() -> datetime:
    return datetime.now(UTC)

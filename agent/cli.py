"""The agent's commands: run it, claim a screen, ask how it stands, bring a bundle."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import click

import agent.lean  # noqa: F401  # isort: skip - before anything that imports what it keeps out
from agent import app, enrol, standing, tls
from agent.bundle import drop
from agent.bundle import find as find_bundles
from agent.identity import IdentityError
from agent.store import UMASK, shared_folder
from agent.trust import Refusal
from config.certificates import CertificateError
from config.faults import ConfigError
from config.loader import effective, load_screen
from config.logs import set_up
from config.settings import ScreenSettings
from drivers import process
from drivers.light import DRIVERS as LIGHTS
from drivers.panel import DRIVERS as PANELS
from drivers.speaker import DRIVERS as SPEAKERS
from player.claimcode import ClaimCodeError

_KNOWN = {"panel.driver": PANELS, "light.driver": LIGHTS, "speaker.driver": SPEAKERS}
_config = click.option(
    "--config", "config_file", type=click.Path(path_type=Path), default=Path("/etc/bangtin/screen.yaml"),
    show_default=True, help="The screen's configuration file.",
)  # fmt: skip


@click.group()
def cli() -> None:
    """The agent of a screen: it brings content that the commune signed, and reports how the screen stands."""


@cli.command()
@_config
@click.option("--die-with-parent", is_flag=True, help="End when the process that started this one ends.")
def run(config_file: Path, die_with_parent: bool) -> None:
    """Run until SIGTERM. Exit status 75 asks to be started again, as after a change of the configuration."""
    if die_with_parent:
        process.die_with_parent(os.getppid())
    settings = _load(config_file)
    set_up(settings.log_level)
    os.umask(UMASK)
    try:
        status = app.run(settings, config_file)
    except (IdentityError, Refusal, CertificateError) as exc:
        raise click.ClickException(str(exc)) from exc
    sys.exit(status)


@cli.command()
@_config
@click.option("--publisher", "publisher_url", help="Address of the publisher; default: the configuration's.")
@click.option("--code", required=True, help="The claim code from the publisher's page of this screen.")
def claim(config_file: Path, publisher_url: str | None, code: str) -> None:
    """Make this machine the screen that a claim code was issued for. May be repeated with the same code."""
    settings = _load(config_file)
    os.umask(UMASK)
    url = publisher_url or settings.publisher.url
    panel = settings.panel
    try:
        shared_folder(settings.state_dir)
        context = tls.context(settings.publisher.ca_file, clock_trusted=True)
        found = enrol.claim(url, code, settings.state_dir, panel.kind, (panel.width_px, panel.height_px), tls=context)
    except (enrol.ClaimError, ClaimCodeError, OSError) as exc:
        raise click.ClickException(str(exc)) from exc
    answer = found.answer
    click.echo(f"Đã nhận bảng {answer.screen} của {answer.unit.name}. / Claimed {answer.screen}, {answer.unit.name}.")


@cli.command()
@_config
def status(config_file: Path) -> None:
    """Say as JSON who this screen is and what is in place, whether the agent runs or not."""
    settings = _load(config_file)
    try:
        found = standing.read(settings.state_dir, settings.run_dir)
    except (IdentityError, standing.StandingError, OSError) as exc:
        raise click.ClickException(str(exc)) from exc
    click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@cli.command()
@_config
def config(config_file: Path) -> None:
    """Print the whole configuration in effect, defaults included."""
    click.echo(effective(_load(config_file)), nl=False)


@cli.command("import")
@_config
@click.argument("bundle", type=click.Path(exists=True, path_type=Path))
def import_(config_file: Path, bundle: Path) -> None:
    """Hand a signed bundle (a folder or a tar file) to the agent, which judges it as if it had come over the air."""
    settings = _load(config_file)
    os.umask(UMASK)
    if not find_bundles(bundle) and bundle.is_dir():
        raise click.ClickException(f"Không có gói tin trong / no bundle in {bundle}: pointer.json is missing")
    try:
        target = drop(bundle, settings.state_dir)
    except (OSError, shutil.Error) as exc:
        raise click.ClickException(f"{bundle}: {exc}") from exc
    click.echo(f"Đã chuyển cho bảng / handed to the agent: {target.name}")


def _load(config_file: Path) -> ScreenSettings:
    try:
        return load_screen(config_file, _KNOWN)
    except ConfigError as exc:
        raise click.ClickException(str(exc)) from exc

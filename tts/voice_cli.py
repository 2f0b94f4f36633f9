"""`bangtin voice`: list, install, check and remove voices on this machine."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from tts.installed import VoiceRecord, installed_voices
from tts.installer import Installer, InstallError
from tts.manifest import BUILT_IN, ManifestError, load_manifest, lookup
from tts.source import SourceError, open_source
from tts.voice_piper import try_voice
from tts.voices import AUTO, open_voice

DEFAULT_DIR: Final = Path("/var/lib/bangtin/voices")


class _Shop:
    """What every subcommand works on: the folder of voices and the manifest of known ones."""

    def __init__(self, voices_dir: Path, manifest: Mapping[str, VoiceRecord]) -> None:
        self.voices_dir = voices_dir
        self.manifest = manifest
        self.installer = Installer(voices_dir, try_voice)


@click.group()
@click.option("--voices-dir", type=click.Path(path_type=Path), default=DEFAULT_DIR, envvar="BANGTIN_VOICES",
              show_default=True, help="Where voices are installed.")  # fmt: skip
@click.option("--manifest", type=click.Path(path_type=Path), default=BUILT_IN, help="Another list of known voices.")
@click.pass_context
def voice(context: click.Context, voices_dir: Path, manifest: Path) -> None:
    """List, install, check and remove voices."""
    try:
        context.obj = _Shop(voices_dir, load_manifest(manifest))
    except ManifestError as error:
        raise click.ClickException(str(error)) from error


@voice.command("list")
@click.pass_obj
def list_voices(shop: _Shop) -> None:
    """Known voices, those installed, and which engine would speak now."""
    there = {found.record.name: found for found in installed_voices(shop.voices_dir)}
    for name, record in {**shop.manifest, **{name: found.record for name, found in there.items()}}.items():
        state = f"installed, {record.short_hash}" if name in there else "not installed"
        click.echo(f"{name}\t{record.language}\t{record.rate_hz} Hz\t{state}\t{record.licence}")
        click.echo(f"  {record.attribution}")
        if record.caveat:
            click.echo(f"  caveat: {record.caveat}")
    for name in AUTO:
        engine = open_voice(name, shop.voices_dir, 150)
        click.echo(f"{name}: {engine.available() or f'ready, {engine.id}'}")


@voice.command()
@click.argument("name")
@click.option("--from", "where", required=True, help="A mirror's http(s) address, a folder or a USB stick.")
@click.pass_obj
def install(shop: _Shop, name: str, where: str) -> None:
    """Fetch the voice NAME, verify it against the manifest, try it, and speak with it from then on."""
    try:
        record = lookup(shop.manifest, name)
        folder = shop.installer.install(record, open_source(where), _progress)
    except (ManifestError, SourceError, InstallError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name} is installed in {folder}")
    click.echo(f"licence: {record.licence}; {record.attribution}")
    if record.caveat:
        click.echo(f"caveat: {record.caveat}")


@voice.command()
@click.argument("name", required=False)
@click.pass_obj
def check(shop: _Shop, name: str | None) -> None:
    """Read the installed voice NAME, or all of them, from end to end, and let it say a sentence."""
    names = [name] if name else [found.record.name for found in installed_voices(shop.voices_dir)]
    if not names:
        click.echo(f"no voice is installed in {shop.voices_dir}")
    faults = {one: shop.installer.check(one, shop.manifest) for one in names}
    for one, wrong in faults.items():
        click.echo(f"{one}: {'; '.join(wrong) or 'sound'}")
    if any(faults.values()):
        sys.exit(1)


@voice.command()
@click.argument("name")
@click.pass_obj
def remove(shop: _Shop, name: str) -> None:
    """Remove the voice NAME; the next best engine speaks from then on."""
    try:
        shop.installer.remove(name)
    except InstallError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name} is removed")


def _progress(name: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{name}: {done * 100 // total} %", err=True, nl=done == total)

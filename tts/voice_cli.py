"""`bangtin voice`: list, install, pack, check and remove voices on this machine."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click

from tts.engines.piper import try_voice
from tts.install.installed import CURRENT, VoiceRecord, installed_voices, read_voice
from tts.install.installer import Installer, InstallError
from tts.install.manifest import BUILT_IN, ManifestError, load_manifest, lookup
from tts.install.source import FolderSource, SourceError, open_source
from tts.packing.packer import MANIFEST, pack_int8
from tts.voice import VoiceError
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
    """List, install, pack, check and remove voices."""
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
@click.option("--int8", is_flag=True, help="Then make a copy for little memory, and speak with that.")
@click.pass_obj
def install(shop: _Shop, name: str, where: str, int8: bool) -> None:
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
    if int8:
        with tempfile.TemporaryDirectory() as work:
            _install_packed(shop, name, Path(work))


@voice.command()
@click.argument("name")
@click.option("--to", "target", type=click.Path(path_type=Path), help="Leave the copy in this folder, to be carried.")
@click.pass_obj
def pack(shop: _Shop, name: str, target: Path | None) -> None:
    """Make an int8 copy of the installed voice NAME for boards with little memory, and compare the two.

    Without --to it is installed here beside the original and spoken with from then on. A folder made with --to is
    installed on a board by `bangtin voice --manifest FOLDER/voices.yaml install NAME --from FOLDER`.
    """
    if target is not None:
        _packed(shop, name, target)
        click.echo(f"{name} lies packed in {target}; its manifest is {target / MANIFEST}")
        return
    with tempfile.TemporaryDirectory() as work:
        _install_packed(shop, name, Path(work))


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


def _packed(shop: _Shop, name: str, target: Path) -> VoiceRecord:
    try:
        record, off = pack_int8(read_voice(shop.voices_dir / name / CURRENT), target)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{name} is not installed: {error}") from error
    except VoiceError as error:
        raise click.ClickException(str(error)) from error
    click.echo(
        f"compared with the original: length {off['duration_off']:.1%}, loudness {off['loudness_off_lu']:.2f} LU, "
        f"pitch {off['pitch_off_semitones']:.2f} semitones off"
    )
    return record


def _install_packed(shop: _Shop, name: str, work: Path) -> None:
    record = _packed(shop, name, work)
    try:
        folder = shop.installer.install(record, FolderSource(work), _progress)
    except InstallError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"the int8 copy of {name} is installed in {folder}")


def _progress(name: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{name}: {done * 100 // total} %", err=True, nl=done == total)

"""`bangtin voice`: list, install, pack, check and remove voices on this machine."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click

from tts.bilingual import Said, both, joined, reason
from tts.engines.piper import try_voice
from tts.install.installed import InstalledVoice, PlacedVoice, VoiceRecord, placed_voice, placed_voices
from tts.install.installer import Installer, InstallError, mending
from tts.install.manifest import BUILT_IN, ManifestError, load_manifest, lookup
from tts.install.source import FolderSource, SourceError, open_source
from tts.packing.packer import MANIFEST, pack_int8
from tts.voice import VoiceError
from tts.voices import AUTO, open_voice

DEFAULT_DIR: Final = Path("/var/lib/bangtin/voices")
_WPM: Final = 150
_UMASK: Final = 0o022  # a person installs as root; agent and publisher read as users of their own
_READY: Final = Said("sẵn sàng", "ready")
_SOUND: Final = Said("tốt", "sound")
_INSTALLED: Final = Said("đã cài", "installed")
_BROKEN: Final = Said("đã cài nhưng bị hỏng", "installed but broken")
_BAD: Final = Said("không dùng được", "not fit for use")
_ABSENT: Final = Said("chưa cài", "not installed")


class _Shop:
    """What every subcommand works on: the folder of voices and the manifest of known ones."""

    def __init__(self, voices_dir: Path, manifest: Mapping[str, VoiceRecord]) -> None:
        self.voices_dir = voices_dir
        self.manifest = manifest
        self.installer = Installer(voices_dir, try_voice)


class _Counter(click.Group):
    """The group of commands, which says in Vietnamese too what was typed wrong."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args:
            return super().parse_args(ctx, args)  # that asks for help, and is no slip
        with _slips_in_both():
            return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        with _slips_in_both():
            return super().invoke(ctx)


@click.group(cls=_Counter, short_help="Giọng máy / voices.")
@click.option("--voices-dir", type=click.Path(path_type=Path), default=DEFAULT_DIR, envvar="BANGTIN_VOICES",
              show_default=True, help="Thư mục cài giọng / where voices are installed.")  # fmt: skip
@click.option("--manifest", type=click.Path(path_type=Path), default=BUILT_IN,
              help="Danh mục giọng khác / another list of known voices.")  # fmt: skip
@click.pass_context
def voice(context: click.Context, voices_dir: Path, manifest: Path) -> None:
    """Liệt kê, cài, nén, kiểm tra và gỡ giọng máy.

    List, install, pack, check and remove voices.
    """
    os.umask(_UMASK)
    with _refusing():
        context.obj = _Shop(voices_dir, load_manifest(manifest))


@voice.command("list", short_help="Giọng đã biết, giọng đã cài / known and installed voices.")
@click.pass_obj
def list_voices(shop: _Shop) -> None:
    """Các giọng đã biết, giọng nào đã cài, có hỏng không, và máy đang đọc bằng giọng nào.

    Known voices, those installed and whether they are broken, and which one speaks now.
    """
    there = {found.name: found for found in placed_voices(shop.voices_dir)}
    for name in [*shop.manifest, *(name for name in there if name not in shop.manifest)]:
        _list_one(name, there.get(name), shop.manifest.get(name))
    for name in AUTO:
        engine = open_voice(name, shop.voices_dir, _WPM)
        click.echo(f"{name}: {engine.available() or f'{_READY}, {engine.id}'}")
    _say(_speaks(shop))


@voice.command(short_help="Cài giọng NAME / install the voice NAME.")
@click.argument("name")
@click.option("--from", "where", required=True,
              help="Địa chỉ http(s), thư mục hoặc USB / an http(s) address, a folder or a USB stick.")  # fmt: skip
@click.option("--int8", is_flag=True,
              help="Cài xong thì nén cho máy ít bộ nhớ và đọc bằng bản nén / then make a copy for little memory, and "
              "speak with that.")  # fmt: skip
@click.pass_obj
def install(shop: _Shop, name: str, where: str, int8: bool) -> None:
    """Lấy giọng NAME về, đối chiếu với danh mục, cho đọc thử, rồi từ đó đọc bằng giọng này.

    Fetch the voice NAME, verify it against the manifest, try it, and speak with it from then on.
    """
    with _refusing():
        record = lookup(shop.manifest, name)
        folder = shop.installer.install(record, open_source(where), _progress)
    _say(both("Đã cài giọng {name} vào {folder}", "{name} is installed in {folder}", name=name, folder=folder))
    click.echo(f"giấy phép / licence: {record.licence}; {record.attribution}")
    if record.caveat:
        click.echo(f"lưu ý / caveat: {record.caveat}")
    if int8:
        with tempfile.TemporaryDirectory() as work:
            _install_packed(shop, name, Path(work))


@voice.command(short_help="Nén giọng NAME cho máy ít bộ nhớ / pack the voice NAME for little memory.")
@click.argument("name")
@click.option("--to", "target", type=click.Path(path_type=Path),
              help="Để bản nén vào thư mục này để mang đi / leave the copy in this folder, to be carried.")  # fmt: skip
@click.pass_obj
def pack(shop: _Shop, name: str, target: Path | None) -> None:
    """Làm một bản nén int8 của giọng NAME đã cài cho bảng ít bộ nhớ, và so hai bản với nhau.

    Không có --to thì bản nén được cài ngay tại đây cạnh bản gốc và từ đó đọc bằng bản nén. Bản nén làm với --to được
    cài trên bảng bằng lệnh ở cuối trang này.

    Make an int8 copy of the installed voice NAME for boards with little memory, and compare the two.

    Without --to it is installed here beside the original and spoken with from then on. A folder made with --to is
    installed on a board by

    `bangtin voice --manifest FOLDER/voices.yaml install NAME --from FOLDER`
    """
    if target is None:
        with tempfile.TemporaryDirectory() as work:
            _install_packed(shop, name, Path(work))
        return
    _packed(shop, name, target)
    _say(
        both("Bản nén của giọng {name} nằm trong {folder}; danh mục của nó là {manifest}",
             "{name} lies packed in {folder}; its manifest is {manifest}",
             name=name, folder=target, manifest=target / MANIFEST)
    )  # fmt: skip


@voice.command(short_help="Kiểm tra giọng đã cài / check installed voices.")
@click.argument("name", required=False)
@click.pass_obj
def check(shop: _Shop, name: str | None) -> None:
    """Đọc lại toàn bộ tệp của giọng NAME, hoặc của mọi giọng đã cài, và cho đọc thử một câu.

    Read the installed voice NAME, or all of them, from end to end, and let it say a sentence.
    """
    names = [name] if name else [found.name for found in placed_voices(shop.voices_dir)]
    if not names:
        _say(both("Chưa cài giọng nào trong {it}", "no voice is installed in {it}", it=shop.voices_dir))
    faults = {one: shop.installer.check(one, shop.manifest) for one in names}
    for one, wrong in faults.items():
        click.echo(f"{one}: {_BAD if wrong else _SOUND}")
        for fault in wrong:
            _say(fault, "  ! ")
    if any(faults.values()):
        sys.exit(1)


@voice.command(short_help="Gỡ giọng NAME / remove the voice NAME.")
@click.argument("name")
@click.pass_obj
def remove(shop: _Shop, name: str) -> None:
    """Gỡ giọng NAME; từ đó máy đọc bằng giọng tốt nhất còn lại.

    Remove the voice NAME; the next best engine speaks from then on.
    """
    with _refusing():
        shop.installer.remove(name)
    _say(both("Đã gỡ giọng {name}", "{name} is removed", name=name))
    _say(_speaks(shop))


def _list_one(name: str, placed: PlacedVoice | None, known: VoiceRecord | None) -> None:
    record = placed.record if isinstance(placed, InstalledVoice) else known
    fault = placed.fault() if placed is not None else None
    state = _state(record if placed is not None else None, fault)
    if record is None:
        click.echo(f"{name}\t?\t?\t{state}\t?")
    else:
        click.echo(f"{name}\t{record.language}\t{record.rate_hz} Hz\t{state}\t{record.licence}")
        click.echo(f"  {record.attribution}")
        if record.caveat:
            click.echo(f"  lưu ý / caveat: {record.caveat}")
    if fault is not None:
        _say(fault, "  ! ")
        _say(mending(name), "  ! ")


def _state(installed: VoiceRecord | None, fault: Said | None) -> str:
    if fault is not None:
        return str(_BROKEN)
    return str(_ABSENT) if installed is None else f"{_INSTALLED}, {installed.short_hash}"


def _speaks(shop: _Shop) -> Said:
    engines = [open_voice(name, shop.voices_dir, _WPM) for name in AUTO]
    speaker = next((engine.id for engine in engines if not engine.available()), None)
    if speaker is None:
        return Said("Máy này không có giọng nào đọc được", "no voice can speak on this machine")
    return both("Máy này đọc bằng {it}", "this machine speaks with {it}", it=speaker)


def _packed(shop: _Shop, name: str, target: Path) -> VoiceRecord:
    placed = placed_voice(shop.voices_dir / name)
    if not isinstance(placed, InstalledVoice):
        raise click.ClickException(joined(shop.installer.check(name, shop.manifest)).lines)
    with _refusing():
        record, off = pack_int8(placed, target)
    _say(
        both("So với bản gốc: độ dài lệch {length:.1%}, độ to lệch {loudness:.2f} LU, cao độ lệch {pitch:.2f} nửa cung",
             "compared with the original: length {length:.1%}, loudness {loudness:.2f} LU, "
             "pitch {pitch:.2f} semitones off",
             length=off["duration_off"], loudness=off["loudness_off_lu"], pitch=off["pitch_off_semitones"])
    )  # fmt: skip
    return record


def _install_packed(shop: _Shop, name: str, work: Path) -> None:
    record = _packed(shop, name, work)
    with _refusing():
        folder = shop.installer.install(record, FolderSource(work), _progress)
    _say(
        both("Đã cài bản nén int8 của giọng {name} vào {folder}", "the int8 copy of {name} is installed in {folder}",
             name=name, folder=folder)
    )  # fmt: skip


def _progress(name: str, done: int, total: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\rĐang lấy / fetching {name}: {done * 100 // total} %", err=True, nl=done == total)


def _say(said: Said, before: str = "") -> None:
    """One line a language, each with `before` in front."""
    click.echo("\n".join(before + line for line in said.lines.split("\n")))


@contextmanager
def _refusing() -> Iterator[None]:
    """What cannot be done, as a refusal a person reads."""
    try:
        yield
    except (ManifestError, SourceError, InstallError, VoiceError) as error:
        raise click.ClickException(reason(error).lines) from error


@contextmanager
def _slips_in_both() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        raise click.UsageError(Said(_slip(error), error.format_message()).lines, error.ctx) from error


def _slip(error: click.UsageError) -> str:
    """In Vietnamese, what was typed wrong."""
    if isinstance(error, click.MissingParameter) and error.param is not None and error.ctx is not None:
        return f"còn thiếu {error.param.get_error_hint(error.ctx)}"
    if isinstance(error, click.NoSuchOption):
        return f"không có tuỳ chọn {error.option_name!r}"
    return "lệnh viết không đúng, xem --help"

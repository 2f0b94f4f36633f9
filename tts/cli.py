"""`bangtin read` and `bangtin voice`: the reader and the voices at the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from tts import legacy
from tts.lexicon import LexiconError, default_lexicon, load_lexicon
from tts.reader import Options, Reader, Reading
from tts.voice_cli import voice

__all__ = ["read", "voice"]


@click.command()
@click.option("--lines", is_flag=True, help="One line of output for each line of input, read on its own.")
@click.option("--lexicon", type=click.Path(path_type=Path), help="A unit's own table of abbreviations.")
@click.option("--explain", is_flag=True, help="Show which rule read which stretch.")
@click.option("--doubts", is_flag=True, help="List what the reader was unsure of.")
@click.option("--south", is_flag=True, help="ngàn and lẻ in place of nghìn and linh.")
@click.option("--short", is_flag=True, help="Leave out the letters of document numbers (đọc gọn).")
def read(*, lines: bool, lexicon: Path | None, explain: bool, doubts: bool, south: bool, short: bool) -> None:
    """Turn Vietnamese text on standard input into the words a voice says.

    Text in the letters of before Unicode (TCVN3, VNI) is turned into Unicode first; each such conversion is said
    on standard error. Places that --explain and --doubts name are those of the text in Unicode.
    """
    try:
        known = load_lexicon(lexicon) if lexicon else default_lexicon()
    except LexiconError as fault:
        raise click.ClickException(str(fault)) from fault
    options = Options("ngàn", "lẻ", slash=not short) if south else Options(slash=not short)
    reader = Reader(known, options)
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    text = text.removesuffix("\n")
    for number, written in enumerate(text.split("\n") if lines else [text], 1):
        piece = _in_unicode(written, f"line {number}" if lines else "the text")
        reading = reader.read(piece)
        click.echo(" ".join(reading.spoken.split()) if lines else reading.spoken)
        if explain:
            _explain(piece, reading)
        if doubts:
            _doubts(reading)


def _in_unicode(text: str, where: str) -> str:
    old = legacy.detect(text)
    if old is None:
        return text
    click.echo(f"{where} is in {old.encoding}; it is read as Unicode", err=True)
    return old.text


def _explain(text: str, reading: Reading) -> None:
    for span in reading.spans:
        click.echo(f"  {span.start}-{span.end}\t{span.rule}\t{text[span.start : span.end]!r}\t{span.spoken!r}")


def _doubts(reading: Reading) -> None:
    for doubt in reading.doubts:
        click.echo(f"  ? {doubt.start}-{doubt.end}\t{doubt.kind}\t{doubt.text!r}\t{doubt.message}")
